"""The records as they were known at an earlier time: what later runs wrote is taken back, for reading only.

Temporary views stand before the tables; the file itself is not touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crmcli.domain.changes import Flat, with_values
from crmcli.domain.records import ENTITIES, Record
from crmcli.store.database import Database, statement, stored_json
from crmcli.store.records import encode, fetch

_CHANGES = """
SELECT c.entity, c.record_id, c.op, c.before, c.after, c.run_id IN (SELECT id FROM temp.later_run) AS later
FROM change c WHERE c.id >= (SELECT min(id) FROM change WHERE run_id IN (SELECT id FROM temp.later_run))
ORDER BY c.id DESC
"""


@dataclass(slots=True)
class _Backward:
    """A record on its way back in time.

    Attributes:
        there: Whether it existed then; None while nothing was taken back.
        values: What it held then, as far as it differs; a removed record's all.
        settled: Keys that an earlier-known change wrote, though it stands later in the journal.
        whole: Whether `values` are all there is: it had been removed since.
    """

    there: bool | None = None
    values: Flat = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    whole: bool = False


@contextmanager
def as_known_at(db: Database, known_at: datetime) -> Iterator[None]:
    """Show, as long as the context lasts, what runs had recorded up to `known_at` (with a zone), to readers only.

    Raises:
        CrmError: the journal is damaged.
    """
    later = [
        row["id"] for row in db.rows("SELECT id, started FROM run") if datetime.fromisoformat(row["started"]) > known_at
    ]
    if not later:
        yield
        return
    made: list[tuple[str, str]] = []
    try:
        _table(db, made, "later_run", "id INTEGER PRIMARY KEY", [(number,) for number in later])
        for entity, records in _then(db).items():
            _shadow(db, made, entity, records)
        for table, key in (("run", "id"), ("change", "run_id"), ("source_file", "run_id")):
            known = f"SELECT * FROM main.{table} WHERE {key} NOT IN (SELECT id FROM temp.later_run)"  # noqa: S608
            _view(db, made, table, known)
        yield
    finally:
        for kind, name in reversed(made):
            _do(db, f"DROP {kind} temp.{name}")


def shows_the_past(db: Database) -> bool:
    """Return whether views of an earlier time stand before the tables."""
    return bool(db.value("SELECT count(*) FROM temp.sqlite_master WHERE name = 'later_run'"))


def _then(db: Database) -> dict[str, dict[int, Record | None]]:
    """Return by kind the records that later runs touched, as they were; None: not there yet."""
    found: dict[tuple[str, int], _Backward] = {}
    with statement(db.path), stored_json(db.path):
        for entity, number, op, before, after, later in db.connection.execute(_CHANGES):
            _go_back(found.setdefault((entity, number), _Backward()), op, before, after, later=bool(later))
    result: dict[str, dict[int, Record | None]] = {}
    for (entity, number), back in found.items():
        if back.there is not None and entity in ENTITIES:
            result.setdefault(entity, {})[number] = ENTITIES[entity].blank() if back.there else None
    for entity, records in result.items():
        present = fetch(db, entity, (number for number, record in records.items() if record is not None))
        for number, blank in records.items():
            back = found[entity, number]
            if blank is not None:
                held = blank if back.whole else present.get(number, blank)
                records[number] = with_values(held, back.values) | {"id": number}
    return result


def _go_back(back: _Backward, op: str, before: str | None, after: str | None, *, later: bool) -> None:
    """Take one change back (the newest come first); one that was known by then settles what it wrote."""
    if not later:
        back.settled |= json.loads(after or "{}").keys()
        return
    if op == "create":
        back.there = False
        return
    old: Flat = json.loads(before or "{}")
    if op == "remove":
        back.there, back.whole, back.values = True, True, old
        return
    back.there = True
    back.values |= {key: value for key, value in old.items() if key not in back.settled}


def _shadow(db: Database, made: list[tuple[str, str]], entity: str, records: dict[int, Record | None]) -> None:
    """Put a view before a kind's table: the records that later runs touched are as they were then."""
    columns = ["id", *ENTITIES[entity].columns]
    names = ", ".join(f'"{column}"' for column in columns)
    _table(db, made, f"touched_{entity}", "id INTEGER PRIMARY KEY", [(number,) for number in records])
    rows = [(number, *encode(entity, record)) for number, record in records.items() if record is not None]
    _table(db, made, f"past_{entity}", names.replace('"id"', '"id" INTEGER PRIMARY KEY', 1), rows)
    _view(
        db,
        made,
        entity,
        f"SELECT {names} FROM main.{entity} WHERE id NOT IN (SELECT id FROM temp.touched_{entity})"  # noqa: S608 (our own names)
        f" UNION ALL SELECT {names} FROM temp.past_{entity}",
    )


def _table(db: Database, made: list[tuple[str, str]], name: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    _do(db, f"CREATE TEMP TABLE {name} ({columns})")
    made.append(("TABLE", name))
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        with statement(db.path):
            db.connection.execute("BEGIN")
            db.connection.executemany(f"INSERT INTO temp.{name} VALUES ({marks})", rows)  # noqa: S608 (our own names)
            db.connection.execute("COMMIT")


def _view(db: Database, made: list[tuple[str, str]], name: str, select: str) -> None:
    _do(db, f"CREATE TEMP VIEW {name} AS {select}")
    made.append(("VIEW", name))


def _do(db: Database, sql: str) -> None:
    with statement(db.path):
        db.connection.execute(sql)
