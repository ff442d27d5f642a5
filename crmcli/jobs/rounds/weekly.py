"""The weekly round: the manager's workbook, everybody's worklist, and the deals that were closed, to be reviewed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from crmcli.jobs.rounds.model import Done, RoundResult, Step
from crmcli.jobs.rounds.running import run_round
from crmcli.jobs.worklists.review import write_review
from crmcli.jobs.worklists.writing import write_worklists
from crmcli.jobs.workspace import Workspace
from crmcli.jobs.write_report import make_report, save_report


def run_weekly(workspace: Workspace, *, again: bool = False) -> RoundResult:
    """Return what the weekly round of the workspace's present week did; a step done this week is not repeated.

    Raises:
        RoundRunning: a round is under way.
    """
    return run_round(workspace, "weekly", _week(workspace), _STEPS, again=again)


def _week(workspace: Workspace) -> str:
    year, week, _ = date.fromisoformat(workspace.now()[:10]).isocalendar()
    return f"{year}-W{week:02d}"


def _report(workspace: Workspace, folder: Path) -> Done:
    path = folder / f"weekly-{_week(workspace)}.xlsx"
    save_report(make_report(workspace, "weekly"), path, "xlsx")
    return Done(files=(path,))


def _worklists(workspace: Workspace, folder: Path) -> Done:
    place = folder / f"worklists-{_week(workspace)}"
    written = write_worklists(workspace, place)
    return Done(counts={"opportunity": sum(one.rows for one in written)}, files=(place,) if written else ())


def _conclusions(workspace: Workspace, folder: Path) -> Done:
    written = write_review(workspace, folder / f"review-{_week(workspace)}.xlsx")
    return Done(counts={"opportunity": written.rows}, files=(written.path,))


_STEPS = (
    Step("report", _report, journals=False),
    Step("worklists", _worklists, journals=False),
    Step("conclusions", _conclusions, journals=False),
)
