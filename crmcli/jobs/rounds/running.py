"""A round under way: one at a time, each step once a day or week, the rest after an interruption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from crmcli.errors import CrmError
from crmcli.jobs.rounds.model import Done, RoundResult, Step, StepResult
from crmcli.jobs.workspace import Workspace
from crmcli.reports.files import make_folder
from crmcli.store.journal import open_run
from crmcli.store.locks import round_lock

_DONE = "SELECT id FROM run WHERE part_of = ? AND status = 'done' ORDER BY id DESC LIMIT 1"


def run_round(workspace: Workspace, kind: str, key: str, steps: Sequence[Step], *, again: bool = False) -> RoundResult:
    """Return what became of each step of the round of a day or week; `again` repeats what was done earlier.

    A step that fails is told and the next one goes on, unless it was vital. Whatever a killed round had finished
    stays, and the next call does the rest.

    Raises:
        RoundRunning: another round is under way.
        FileNotWritten: there is no folder for its files and none can be made.
    """
    results: list[StepResult] = []
    folder = workspace.db.path.parent / workspace.settings.daily.out
    with round_lock(workspace.db.path, workspace.command):
        make_folder(folder)
        stopped = False
        for step in steps:
            mark = f"{kind} {key}/{step.name}"
            result = StepResult(step.name, "left") if stopped else _take(workspace, mark, step, folder, again=again)
            stopped = stopped or (step.vital and result.state == "failed")
            results.append(result)
    return RoundResult(kind, key, tuple(results))


def _take(workspace: Workspace, mark: str, step: Step, folder: Path, *, again: bool) -> StepResult:
    earlier = None if again else workspace.db.value(_DONE, (mark,))
    if earlier is not None:
        return StepResult(step.name, "earlier", Done(run=f"R{earlier}"))
    began = workspace.clock()
    part = replace(workspace, part_of=mark)
    try:
        done = step.act(part, folder)
        if not step.journals:
            done = _marked(part, step.name, done)
    except CrmError as failure:
        return StepResult(step.name, "failed", why=failure.message)
    return StepResult(step.name, "done", done, seconds=round((workspace.clock() - began).total_seconds(), 1))


def _marked(workspace: Workspace, name: str, done: Done) -> Done:
    """Return what a step did that writes files only, noted as a run, so that it is not repeated."""
    with open_run(workspace.db, workspace.start(name)) as run:
        run.counts.update(done.counts)
    return replace(done, run=run.shown_id)
