"""A large file's stage events are read by a second connection while the first one reads the deals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crmcli.domain.metrics.event_columns import EventColumns, events_of
from crmcli.domain.metrics.unpacked import Packing, by_number, columns_of
from crmcli.store.database import Database, open_database
from crmcli.store.deal_columns import DEAL_GROUPS, EVENT_GROUPS, deals, stage_events
from crmcli.store.packed import PART, ROW

_LARGE = 50_000_000
"""Bytes of a file from which a second connection pays: SQLite reads for both at once."""
_NUMBERS = ("opportunity_id", "customer_id", "amount_fen")
Read = Callable[[], EventColumns]


@contextmanager
def events_beside(db: Database, timezone: str) -> Iterator[Read]:
    """Yield what gives all stage events; all that is read inside is of one state of the file.

    A second connection reads them where the file is large and shows what is in it: no run is under way, and no
    earlier state is looked at.
    """
    if db.in_transaction:
        yield lambda: events_in(db, timezone)
        return
    with db.one_state():
        if db.path.stat().st_size < _LARGE or db.shows_the_past:
            yield lambda: events_in(db, timezone)
            return
        with ThreadPoolExecutor(1) as beside:
            yield beside.submit(_read, db.path, timezone).result


def events_in(db: Database, timezone: str) -> EventColumns:
    """Return all stage events of a file."""
    return events_of(stage_events(db), Packing(EVENT_GROUPS, ROW.encode(), PART.encode()), timezone)


def deals_in(db: Database) -> dict[str, Any]:
    """Return all deals of a file by number: column -> array, of texts but for `_NUMBERS`."""
    packing = Packing(DEAL_GROUPS, ROW.encode(), PART.encode())
    return by_number(columns_of(deals(db), packing, _NUMBERS), "opportunity_id")


def _read(path: Path, timezone: str) -> EventColumns:
    with open_database(path) as db:
        return events_in(db, timezone)
