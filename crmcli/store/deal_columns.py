"""Deals and their stage events for reports, read packed: a million of them must take seconds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from crmcli.store.database import Database, statement
from crmcli.store.packed import Block, packed
from crmcli.store.records import chunks

DEAL_GROUPS: tuple[tuple[str, ...], ...] = (
    ("opportunity_id",), ("customer_id",), ("amount_fen",),
    ("external_ids",), ("name",), ("customer",), ("created_at",), ("expected_close",), ("closed_at",), ("next_at",),
    ("owner", "product"), ("source", "province", "industry"),
    ("grade", "currency", "stage", "status", "competitor", "probability_source", "pipeline", "loss_reason"),
    ("probability",),
)  # fmt: skip
"""Columns of deals that are read together: the texts that few deals have alone apart from those that many share."""
EVENT_GROUPS: tuple[tuple[str, ...], ...] = (
    ("opportunity_id",), ("at",),
    ("value", "kind", "from_value", "probability", "inferred", "not_before", "not_after", "reason"),
)  # fmt: skip
_OF_DEALS = {"opportunity_id": "o.id", "customer": "c.name", "source": "coalesce(o.source, c.source)",
              "province": "c.province", "industry": "c.industry"}  # fmt: skip
# a whole number is written several times faster than one with a fraction
_OF_EVENTS = {
    "probability": "iif(probability = CAST(probability AS INTEGER), CAST(probability AS INTEGER), probability)"
}
_DEALS = "opportunity o LEFT JOIN customer c ON c.id = o.customer_id WHERE 1"
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
    """Yield every deal with its customer's fields, in blocks by number, packed as `DEAL_GROUPS` says."""
    groups = [tuple(_OF_DEALS.get(name, f"o.{name}") for name in group) for group in DEAL_GROUPS]
    return packed(db, groups, _DEALS, "o.id", "opportunity")


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
