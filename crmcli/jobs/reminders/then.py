"""Reminders of an earlier day: what was due by what was known then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from crmcli.jobs.workspace import Workspace
from crmcli.store.past import as_known_at


@contextmanager
def as_known_then(workspace: Workspace, present: datetime) -> Iterator[bool]:
    """Show readers the records as they were at the workspace's time, where that is before `present`; yield whether.

    Before the first run nothing was known at all: then the records are shown as they are, and False is yielded. Of now
    and of days to come it is True, for they are known as they are.

    Raises:
        CrmError: the journal is damaged.
    """
    then = workspace.clock()
    first = workspace.db.value("SELECT min(started) FROM run")
    if then >= present:
        yield True
    elif first is None or datetime.fromisoformat(first) > then:
        yield False
    else:
        with as_known_at(workspace.db, then):
            yield True
