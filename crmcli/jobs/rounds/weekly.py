"""The weekly round: the manager's workbook and page, everybody's worklist, and the closed deals to review."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from crmcli.domain.metrics.period import last_complete_week
from crmcli.jobs.reporting.write_report import make_report, save_report
from crmcli.jobs.rounds.model import Done, RoundResult, Step
from crmcli.jobs.rounds.running import run_round
from crmcli.jobs.worklists.review import last_week, write_review
from crmcli.jobs.worklists.writing import write_worklists
from crmcli.jobs.workspace import Workspace

_FORMS = ("xlsx", "html")  # the workbook with every record, and the manager's page


def run_weekly(workspace: Workspace, *, again: bool = False) -> RoundResult:
    """Return what the weekly round of the workspace's present week did; a step done this week is not repeated.

    Raises:
        RoundRunning: a round is under way.
    """
    return run_round(workspace, "weekly", _week(workspace), _STEPS, again=again)


def _week(workspace: Workspace) -> str:
    return _named(date.fromisoformat(workspace.now()[:10]))


def _week_reported(workspace: Workspace) -> str:
    """Return the week that the report is on, which is over: the calendar week that most of it lies in."""
    now = datetime.fromisoformat(workspace.now()).replace(tzinfo=None)
    start = last_complete_week(now, workspace.settings.workspace.week_starts).start or now.date()
    return _named(start + timedelta(days=3))


def _week_reviewed(workspace: Workspace) -> str:
    return _named(last_week(workspace).start or date.max)


def _named(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _report(workspace: Workspace, folder: Path) -> Done:
    report, name = make_report(workspace, "weekly"), f"weekly-{_week_reported(workspace)}"
    return Done(files=tuple(path for form in _FORMS for path in save_report(report, folder / f"{name}.{form}", form)))


def _worklists(workspace: Workspace, folder: Path) -> Done:
    place = folder / f"worklists-{_week(workspace)}"
    written = write_worklists(workspace, place)
    return Done(counts={"opportunity": sum(one.rows for one in written)}, files=(place,) if written else ())


def _conclusions(workspace: Workspace, folder: Path) -> Done:
    written = write_review(workspace, folder / f"review-{_week_reviewed(workspace)}.xlsx")
    return Done(counts={"opportunity": written.rows}, files=(written.path,))


_STEPS = (
    Step("report", _report, journals=False),
    Step("worklists", _worklists, journals=False),
    Step("conclusions", _conclusions, journals=False),
)
