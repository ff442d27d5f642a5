"""The daily round: backup, grades, owners, pools, reminders, snapshot.

Source: definitions.md, "Audit, snapshots, reminders, cron".
"""

from __future__ import annotations

from pathlib import Path

from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.jobs.assigning.assign import assign_opportunities
from crmcli.jobs.assigning.grading import grade_opportunities
from crmcli.jobs.pool.recycle import run_pool
from crmcli.jobs.reminders.collect import collect_reminders
from crmcli.jobs.reminders.files import write_file
from crmcli.jobs.reminders.notifying import Sent, send_reminders
from crmcli.jobs.rounds.model import Done, RoundResult, Step
from crmcli.jobs.rounds.running import run_round
from crmcli.jobs.safety.backups import daily_backup
from crmcli.jobs.safety.snapshots import take_snapshot
from crmcli.jobs.workspace import Workspace


class RemindersNotSent(CrmError):
    """Messages of the daily round did not arrive."""

    code = "round.not_sent"

    def __init__(self, failed: list[Sent], path: Path) -> None:
        told = [msg("{label}: {why}", label=one.label, why=one.why) for one in failed]
        super().__init__(msg("not sent: {told}", told=told), where=str(path))


def run_daily(workspace: Workspace, *, again: bool = False) -> RoundResult:
    """Return what the daily round of the workspace's present day did; a step done today already is not repeated.

    Raises:
        RoundRunning: a round is under way.
    """
    wanted = [_STEPS[name] for name in workspace.settings.daily.steps]
    return run_round(workspace, "daily", workspace.now()[:10], wanted, again=again)


def _backup(workspace: Workspace, folder: Path) -> Done:
    del folder
    made, dropped = daily_backup(workspace, workspace.settings.daily.keep_backups)
    return Done(counts={"dropped": len(dropped)}, files=(made,))


def _grade(workspace: Workspace, folder: Path) -> Done:
    del folder
    done = grade_opportunities(workspace)
    return Done(done.run, {"considered": len(done.deals), "changed": done.changed})


def _assign(workspace: Workspace, folder: Path) -> Done:
    del folder
    done = assign_opportunities(workspace)
    considered = len(done.decisions)
    counts = {"considered": considered, "assigned": considered - done.unassigned, "unassigned": done.unassigned}
    return Done(done.run, counts, attention=bool(done.unassigned), notes=done.notes if considered else ())


def _pool(workspace: Workspace, folder: Path) -> Done:
    del folder
    done = run_pool(workspace)
    notes = [msg("{number} of {owner}", number=number, owner=owner) for owner, number in done.by_owner.items()]
    if done.named:
        notes.append(msg("{number} whose source names a pool as their owner", number=done.named))
    counts = {"considered": done.looked_at, "fallen": len(done.fallen) + done.named}
    return Done(done.run, counts, notes=tuple(notes))


def _remind(workspace: Workspace, folder: Path) -> Done:
    found = collect_reminders(workspace)
    if not found.items:
        return Done(counts={"due": 0})
    path = folder / f"remind-{found.today}.xlsx"
    write_file(workspace, found, path)
    sent = send_reminders(workspace, found) if workspace.settings.remind.notify else []
    if failed := [one for one in sent if one.why is not None]:
        raise RemindersNotSent(failed, path)
    return Done(counts={"due": len(found.items), "sent": len(sent)}, files=(path,), due=True)


def _snapshot(workspace: Workspace, folder: Path) -> Done:
    del folder
    return Done(take_snapshot(workspace))


_STEPS = {
    step.name: step
    for step in (
        Step("backup", _backup, journals=False, vital=True),
        Step("grade", _grade, journals=True),
        Step("assign", _assign, journals=True),
        Step("pool", _pool, journals=True),
        Step("remind", _remind, journals=False),
        Step("snapshot", _snapshot, journals=True),
    )
}
