"""The daily round rehearsed: every step done on a copy of the workspace that is thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from crmcli.config import Settings
from crmcli.jobs.rounds.daily import run_daily
from crmcli.jobs.rounds.model import RoundResult
from crmcli.jobs.workspace import Workspace
from crmcli.store.copies import copy_database
from crmcli.store.database import open_database

_OUT = "files"


def rehearse_daily(workspace: Workspace, *, again: bool = False) -> RoundResult:
    """Return what the daily round would do now, each step upon those before it; nothing is kept and nothing is sent.

    The copy lies beside the database while it is needed: nobody else may read it.

    Raises:
        CrmError: there is no room for a copy, or it cannot be written.
    """
    with _copied(workspace) as copy:
        done = run_daily(copy, again=again)
    steps = [replace(step, done=replace(step.done, run=None, files=())) for step in done.steps]
    return replace(done, steps=tuple(steps), dry_run=True)


@contextmanager
def _copied(workspace: Workspace) -> Iterator[Workspace]:
    source = workspace.db.path
    with TemporaryDirectory(prefix=".rehearsal-", dir=source.parent) as folder:
        target = Path(folder) / source.name
        copy_database(workspace.db, target)
        with open_database(target) as db:
            yield replace(workspace, db=db, settings=_quiet(workspace.settings))


def _quiet(settings: Settings) -> Settings:
    """Return settings by which nothing is sent, and files go into the copy's folder."""
    remind = settings.remind.model_copy(update={"notify": ()})
    daily = settings.daily.model_copy(update={"out": _OUT})
    return settings.model_copy(update={"remind": remind, "daily": daily})
