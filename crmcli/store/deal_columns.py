"""Deals and their stage events for reports, read packed: a million of them must take seconds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from crmcli.store.database import Database, statement
from crmcli.store.packed import Block, packed
from crmcli.store.records import chunks

DEAL_GROUPS: tuple[tuple[str, ...], ...] = (
    ("opportunity_id",), ("customer_id",), ("amount_fen",),
    ("external_ids",), ("name",), ("created_at",), ("expected_close",), ("closed_at",), ("next_at",),
    ("owner", "product"),
    ("source", "grade", "currency", "stage", "status", "competitor", "probability_source", "pipeline", "loss_reason"),
    ("probability",),
)  # fmt: skip
"""Columns of deals that are read together: the texts that few deals have alone apart from those that many share."""
CUSTOMER_GROUPS: tuple[tuple[str, ...], ...] = (("id",), ("name",), ("source", "province", "industry"))
"""Columns of customers, as those of deals."""
BLANK = "\x1d"
"""What a deal's source is that was written and is empty: it has one, its customer's does not count."""
EVENT_GROUPS: tuple[tuple[str, ...], ...] = (
    ("opportunity_id",), ("at",),
    ("value", "kind", "from_value", "probability", "inferred", "not_before", "not_after", "reason"),
)  # fmt: skip
_OF_DEALS = {"opportunity_id": "id", "source": f"iif(source = '', '{BLANK}', source)"}
# a whole number is written several times faster than one with a fraction
_OF_EVENTS = {
    "probability": "iif(probability = CAST(probability AS INTEGER), CAST(probability AS INTEGER), probability)"
}
_WHOLE_EVENTS = """
SELECT id, opportunity_id, at, not_before, not_after, recorded, value, rank, kind, from_value, inferred, reason,
       probability
FROM event WHERE field = 'stage' AND opportunity_id IN ({marks}) ORDER BY opportunity_id, id
"""
_SOURCES = """
SELECT made.record_id, f.path, s.name, r.row FROM change made
JOIN source_row r ON r.id = made.source_row
JOIN source_sheet s ON s.id = r.source_sheet_id
JOIN source_file f ON f.id = s.source_file_id
WHERE made.entity = ? AND made.op = 'create' AND made.record_id IN ({marks}) ORDER BY made.id
"""


def deals(db: Database) -> Iterator[Block]:
    """Yield every deal, in blocks by number, packed as `DEAL_GROUPS` says."""
    groups = [tuple(_OF_DEALS.get(name, name) for name in group) for group in DEAL_GROUPS]
    return packed(db, groups, "opportunity WHERE 1", "id", "opportunity")


def customers(db: Database) -> Iterator[Block]:
    """Yield every customer, in blocks by number, packed as `CUSTOMER_GROUPS` says."""
    return packed(db, CUSTOMER_GROUPS, "customer WHERE 1", "id", "customer")


def stage_events(db: Database) -> Iterator[Block]:
    """Yield every stage event, in blocks by number, packed as `EVENT_GROUPS` says."""
    groups = [tuple(_OF_EVENTS.get(name, name) for name in group) for group in EVENT_GROUPS]
    return packed(db, groups, "event WHERE field = 'stage'", "id", "event")


def whole_events(db: Database, deal_ids: Collection[int]) -> Iterator[dict[str, Any]]:
    """Yield the stage events of some deals with all that is known of them, by deal and number."""
    for part in chunks(sorted(deal_ids)):
        yield from db.rows(_WHOLE_EVENTS.format(marks=",".join("?" * len(part))), part)


def source_places(db: Database, entity: str, ids: Collection[int]) -> dict[int, tuple[str, str, int]]:
    """Return record -> file, sheet and row that it was made from, of those that came from a file."""
    found: dict[int, tuple[str, str, int]] = {}
    for part in chunks(sorted(set(ids))):
        with statement(db.path):
            rows = db.connection.execute(_SOURCES.format(marks=",".join("?" * len(part))), (entity, *part))
            for number, path, sheet, row in rows:
                found.setdefault(number, (path, sheet, row))
    return found
