"""The whole journey on the samples: from a made-up company's mess to the weekly workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from crmcli.config import load_settings
from crmcli.demo_data.files import write_samples
from crmcli.demo_data.generate import generate
from crmcli.demo_data.model import AS_OF
from crmcli.demo_data.settings import demo_config
from crmcli.i18n import msg
from crmcli.jobs.assigning.assign import Assignment, assign_opportunities
from crmcli.jobs.dedupe.review import review_workbook
from crmcli.jobs.dedupe.run import DedupeResult, dedupe_customers
from crmcli.jobs.import_files import ImportOptions, ImportResult, import_files
from crmcli.jobs.reporting.write_report import make_report, save_report
from crmcli.jobs.setup import MadeWorkspace, make_workspace
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import open_database


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the journey made: the workspace, what each step did, and the workbooks to open."""

    made: MadeWorkspace
    samples: list[Path]
    imported: ImportResult
    deduped: DedupeResult
    assigned: Assignment
    review: Path
    weekly: Path


def run_demo(folder: Path, progress: Callable[[str], None]) -> DemoResult:
    """Return what the journey made in `folder`, as of the day the samples end.

    Raises:
        AlreadyThere: the folder holds a workspace.
        CrmError: the folder cannot be written.
    """
    demo = generate()
    made = make_workspace(folder, "zh", demo_config(demo))
    samples = write_samples(demo, _folder(folder / "samples"))
    settings = load_settings(made.config)
    zone = ZoneInfo(settings.workspace.timezone)
    moment = datetime.combine(AS_OF, datetime.max.time().replace(microsecond=0), zone)
    with open_database(made.db) as db:
        workspace = Workspace(db, settings, lambda: moment, "demo", "crmcli demo", made.config)

        def step(command: str) -> Workspace:
            progress(str(msg("$ {command}", command=command)))
            return replace(workspace, command=command)

        names = [str(path) for path in samples]
        imported = import_files(step("crmcli import samples/*"), names, ImportOptions())
        deduped = dedupe_customers(step("crmcli dedupe run"))
        review = folder / "dedupe-review.xlsx"
        review_workbook(step("crmcli dedupe review --out dedupe-review.xlsx"), review)
        assigned = assign_opportunities(step("crmcli assign run"))
        weekly = folder / "weekly.xlsx"
        save_report(make_report(step("crmcli report weekly --out weekly.xlsx"), "weekly"), weekly, "xlsx")
    return DemoResult(made, samples, imported, deduped, assigned, review, weekly)


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path
