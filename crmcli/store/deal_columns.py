"""Deals and their stage events for reports, read as plain tuples: a million of them must take seconds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from crmcli.store.database import Database, statement
from crmcli.store.records import chunks

PART = "\x1f"
"""What parts the texts of an event that is read as one text: value, kind, from_value, reason, probability, marks."""
UNKNOWN_TIME = -(2**63)
_BLOCK = 100_000

DEALS = (
    "opportunity_id", "external_ids", "name", "customer_id", "customer", "owner", "product", "source", "province",
    "industry", "grade", "currency", "amount_fen", "stage", "status", "created_at", "expected_close", "closed_at",
    "loss_reason", "competitor", "probability", "probability_source", "next_at", "pipeline",
)  # fmt: skip
_DEALS = """
SELECT o.id, o.external_ids, o.name, o.customer_id, c.name, o.owner, o.product, coalesce(o.source, c.source),
       c.province, c.industry, o.grade, o.currency, o.amount_fen, o.stage, o.status, o.created_at, o.expected_close,
       o.closed_at, o.loss_reason, o.competitor, o.probability, o.probability_source, o.next_at, o.pipeline
FROM opportunity o LEFT JOIN customer c ON c.id = o.customer_id ORDER BY o.id
"""
# d: a day; i: inferred; b: only known to lie between two times
_EVENTS = """
SELECT opportunity_id, ifnull(CAST(strftime('%s', at) AS INTEGER), -9223372036854775807 - 1),
       ifnull(value, '') || char(31) || ifnull(kind, 'unknown') || char(31) || ifnull(from_value, '') || char(31)
       || ifnull(reason, '') || char(31) || ifnull(probability, '') || char(31)
       || CASE length(at) WHEN 10 THEN 'd' ELSE '' END || CASE WHEN inferred THEN 'i' ELSE '' END
       || CASE WHEN coalesce(not_before, not_after, '') <> '' THEN 'b' ELSE '' END
FROM event WHERE field = 'stage'
"""
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


def deals(db: Database) -> Iterator[list[tuple[Any, ...]]]:
    """Yield every deal with its customer's fields, by number, in blocks; the values are those of `DEALS`."""
    return _blocks(db, _DEALS)


def coded_events(db: Database) -> Iterator[list[tuple[int, int, str]]]:
    """Yield every stage event in the order of numbers, in blocks: its deal, when, and all it says as one text (`PART`).

    When: seconds since 1970 of an instant, of a day its midnight as if it were UTC; `UNKNOWN_TIME` where unknown.
    """
    return _blocks(db, _EVENTS)


def whole_events(db: Database, deal_ids: Collection[int]) -> Iterator[dict[str, Any]]:
    """Yield the stage events of some deals with all that is known of them, by deal and number."""
    for part in chunks(sorted(deal_ids)):
        yield from db.rows(_WHOLE_EVENTS.format(marks=",".join("?" * len(part))), part)


def source_places(db: Database, entity: str, ids: Collection[int]) -> dict[int, tuple[str, str, int]]:
    """Return record -> file, sheet and row that it was made from, of those that came from a file."""
    found: dict[int, tuple[str, str, int]] = {}
    for part in chunks(sorted(set(ids))):
        for block in _blocks(db, _SOURCES.format(marks=",".join("?" * len(part))), (entity, *part)):
            for number, path, sheet, row in block:
                found.setdefault(number, (path, sheet, row))
    return found


def _blocks(db: Database, sql: str, values: Collection[Any] = ()) -> Iterator[list[Any]]:
    with statement(db.path):
        cursor = db.connection.execute(sql, tuple(values))
        while block := cursor.fetchmany(_BLOCK):
            yield block
