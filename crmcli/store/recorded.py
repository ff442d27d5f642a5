"""What was recorded of opportunities between two times, and what is dated between two times."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from crmcli.store.database import Database, stored_json
from crmcli.store.records import chunks

_OF_DEALS = """
SELECT c.record_id AS deal, c.entity, c.op, c.before, c.after, c.run_id, run.kind, run.started
FROM change c JOIN run ON run.id = c.run_id WHERE c.entity = 'opportunity' AND c.run_id IN ({runs}) ORDER BY c.id
"""
_OF_EVENTS = """
SELECT coalesce(e.opportunity_id, json_extract(c.before, '$.opportunity_id')) AS deal, c.entity, c.op,
       coalesce(e.field, json_extract(c.before, '$.field')) AS field,
       coalesce(e.at, json_extract(c.before, '$.at')) AS at,
       coalesce(e.from_value, json_extract(c.before, '$.from_value')) AS from_value,
       coalesce(e.value, json_extract(c.before, '$.value')) AS value, c.run_id, run.kind, run.started
FROM change c JOIN run ON run.id = c.run_id LEFT JOIN main.event e ON e.id = c.record_id
WHERE c.entity = 'event' AND c.op <> 'update' AND c.run_id IN ({runs}) ORDER BY c.id
"""
_OF_CUSTOMERS = """
SELECT o.id AS deal, c.entity, c.op, c.before, c.after, c.run_id, run.kind, run.started
FROM change c JOIN run ON run.id = c.run_id JOIN opportunity o ON o.customer_id = c.record_id
WHERE c.entity = 'customer' AND c.op = 'update' AND c.run_id IN ({runs}) ORDER BY c.id
"""
_OF_OTHERS = """
SELECT {number} AS deal, c.entity, c.op, c.before, c.after, c.run_id, run.kind, run.started
FROM change c JOIN run ON run.id = c.run_id LEFT JOIN main.{entity} r ON r.id = c.record_id
WHERE c.entity = '{entity}' AND c.run_id IN ({runs}) ORDER BY c.id
"""
_DATED = """
SELECT e.opportunity_id AS deal, 'event' AS entity, 'create' AS op, e.field, e.at, e.from_value, e.value,
       run.id AS run_id, run.kind, run.started
FROM event e LEFT JOIN change c ON c.entity = 'event' AND c.record_id = e.id AND c.op = 'create'
LEFT JOIN run ON run.id = c.run_id WHERE e.at > ? AND e.at <= ? ORDER BY e.opportunity_id, e.at, e.id
"""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One thing that was recorded of a deal, or of another record (`deal` is its number then).

    `fields` are (column, before, after) of what changed, one of an event; `at` is an event's own date (ISO), None
    unknown. `run` is None where nobody knows which one wrote it.
    """

    deal: int
    entity: str
    op: str
    fields: tuple[tuple[str, Any, Any], ...]
    at: str | None
    run: int | None
    kind: str | None
    started: str | None


def recorded_in(db: Database, runs: Collection[int]) -> list[Recorded]:
    """Return what runs recorded of opportunities: themselves, their events, their customers."""
    found: list[Recorded] = []
    for part in chunks(sorted(runs)):
        marks = ",".join("?" * len(part))
        found += [_of_event(row) for row in db.rows(_OF_EVENTS.format(runs=marks), part) if row["deal"] is not None]
        with stored_json(db.path):
            for sql in (_OF_DEALS, _OF_CUSTOMERS):
                found += [_of_record(row) for row in db.rows(sql.format(runs=marks), part)]
    return found


def recorded_of(db: Database, entity: str, runs: Collection[int], about: str = "") -> list[Recorded]:
    """Return what runs recorded of a kind of record, by its own number or by that of what it is `about`."""
    number = f"coalesce(r.{about}_id, json_extract(c.before, '$.{about}_id'))" if about else "c.record_id"
    found: list[Recorded] = []
    for part in chunks(sorted(runs)):
        sql = _OF_OTHERS.format(number=number, entity=entity, runs=",".join("?" * len(part)))
        with stored_json(db.path):
            found += [_of_record(row) for row in db.rows(sql, part) if row["deal"] is not None]
    return found


def dated_between(db: Database, after: str, until: str) -> list[Recorded]:
    """Return the events of opportunities that are dated after one time up to another (ISO)."""
    return [_of_event(row) for row in db.rows(_DATED, (after, until))]


def _of_event(row: dict[str, Any]) -> Recorded:
    change = (row["field"], row["from_value"], row["value"])
    return Recorded(row["deal"], "event", row["op"], (change,), row["at"], row["run_id"], row["kind"], row["started"])


def _of_record(row: dict[str, Any]) -> Recorded:
    before, after = json.loads(row["before"] or "{}"), json.loads(row["after"] or "{}")
    fields = tuple((key, before.get(key), after[key]) for key in after if before.get(key) != after[key])
    return Recorded(row["deal"], row["entity"], row["op"], () if row["op"] == "remove" else fields, None,
                    row["run_id"], row["kind"], row["started"])  # fmt: skip
