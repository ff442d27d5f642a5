"""A large file's stage events are read in a second process while this one reads the deals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

from crmcli.domain.metrics.event_columns import EventColumns, Places, events_of
from crmcli.store.collector import collector_paused
from crmcli.store.database import Database, open_database
from crmcli.store.deal_columns import PART, coded_events

_LARGE = 200_000_000
"""Bytes of a file from which a second process pays."""
Read = Callable[[], EventColumns]


@contextmanager
def events_beside(db: Database, timezone: str) -> Iterator[Read]:
    """Yield what gives all stage events; all that is read inside is of one state of the file.

    A second process reads them where the file is large and shows what is in it: no run is under way, and no earlier
    state is looked at.
    """
    if db.in_transaction:
        yield lambda: events_in(db, timezone)
        return
    with db.one_state():
        if (cpu_count() or 1) == 1 or db.path.stat().st_size < _LARGE or db.shows_the_past:
            yield lambda: events_in(db, timezone)
            return
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            future = pool.submit(_read, db.path, timezone)
            yield future.result


def events_in(db: Database, timezone: str) -> EventColumns:
    """Return all stage events of a file."""
    return events_of(coded_events(db), PART, timezone, Places())


def _read(path: Path, timezone: str) -> EventColumns:
    with collector_paused(), open_database(path) as db:
        return events_in(db, timezone)
