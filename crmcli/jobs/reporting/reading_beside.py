"""A large file's stage events are read by a second connection while the first one reads the deals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crmcli.domain.metrics.event_columns import EventColumns, events_of
from crmcli.domain.metrics.unpacked import Packing, by_number, columns_of, with_customers
from crmcli.store.database import Database, open_database
from crmcli.store.deal_columns import (
    BLANK,
    CUSTOMER_GROUPS,
    DEAL_GROUPS,
    EVENT_GROUPS,
    customers,
    deals,
    stage_events,
)
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
    return events_of(stage_events(db), _packing(EVENT_GROUPS), timezone)


def deals_in(db: Database) -> dict[str, Any]:
    """Return all deals of a file by number with what their customers say: column -> array, of texts but `_NUMBERS`."""
    found = by_number(columns_of(deals(db), _packing(DEAL_GROUPS), _NUMBERS), "opportunity_id")
    theirs = by_number(columns_of(customers(db), _packing(CUSTOMER_GROUPS), ("id",)), "id")
    return with_customers(found, theirs, BLANK)


def _packing(groups: Sequence[Sequence[str]]) -> Packing:
    return Packing(groups, ROW.encode(), PART.encode())


def _read(path: Path, timezone: str) -> EventColumns:
    with open_database(path) as db:
        db.keep_few_pages()
        return events_in(db, timezone)
