"""Reading the journal: what runs did, and what was done to their records since."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from crmcli.domain.changes import Flat
from crmcli.domain.records import ENTITIES
from crmcli.domain.runs import HUMAN, MERGES
from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.store.database import Database, stored_json
from crmcli.store.records import chunks

_RUN = re.compile(r"[Rr]?([1-9][0-9]{0,17})")
_WRITERS = (
    "SELECT run.kind, sheet.system FROM change JOIN run ON run.id = change.run_id"
    " LEFT JOIN source_row AS origin ON origin.id = change.source_row"
    " LEFT JOIN source_sheet AS sheet ON sheet.id = origin.source_sheet_id"
    " WHERE change.entity = ? AND change.record_id = ? AND (json_extract(change.after, '$.' || ?) = ?"
    " OR (change.op = 'create' AND change.after IS NULL)) ORDER BY change.id DESC"
)
# all that said something of one field of a record, oldest first, and the creation
_SAYERS = (
    "SELECT c.op, run.status, sheet.system,"
    " json_extract(c.before, :path) AS before, json_extract(c.after, :path) AS after"
    " FROM change c JOIN run ON run.id = c.run_id LEFT JOIN source_row AS origin ON origin.id = c.source_row"
    " LEFT JOIN source_sheet AS sheet ON sheet.id = origin.source_sheet_id"
    " WHERE c.entity = :entity AND c.record_id = :id"
    " AND (c.op = 'create' OR (c.op = 'update' AND json_type(c.after, :path) IS NOT NULL)) ORDER BY c.id"
)


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the journal; `before` and `after` hold the changed fields only (all of them for a removal).

    `undoes` is the run that its run took back, None where it took none back.
    """

    id: int
    run_id: int
    run_kind: str
    entity: str
    record_id: int
    op: str
    before: Flat
    after: Flat
    source_row: int | None
    step: int | None
    undoes: int | None


class UnknownRun(CrmError):
    """No run has this number."""

    code = "run.unknown"

    def __init__(self, text: str) -> None:
        super().__init__(msg("there is no run {run}", run=text), hint=msg("`crmcli runs` lists them"))


_COLUMNS = (
    "c.id, c.run_id, run.kind AS run_kind, c.entity, c.record_id, c.op, c.before, c.after, c.source_row,"
    " c.step, run.undoes FROM change c JOIN run ON run.id = c.run_id"
)


def _changes(db: Database, rest: str, values: Sequence[Any]) -> list[Change]:
    rows = db.rows(f"SELECT {_COLUMNS} {rest}", values)
    with stored_json(db.path):
        return [
            Change(**row | {"before": json.loads(row["before"] or "{}"), "after": json.loads(row["after"] or "{}")})
            for row in rows
        ]


def changes_of_run(db: Database, run_id: int) -> list[Change]:
    """Return what a run did, in order."""
    return _changes(db, "WHERE c.run_id = ? ORDER BY c.id", (run_id,))


def changes_of_step(db: Database, run_id: int, step: int) -> list[Change]:
    """Return what one step of a run did, in order."""
    return _changes(db, "WHERE c.run_id = ? AND c.step = ? ORDER BY c.id", (run_id, step))


def changes_of_record(db: Database, entity: str, record_id: int) -> list[Change]:
    """Return all that was done to a record, in order."""
    return _changes(db, "WHERE c.entity = ? AND c.record_id = ? ORDER BY c.id", (entity, record_id))


def changes_of_records(db: Database, entity: str, record_ids: Collection[int]) -> dict[int, list[Change]]:
    """Return record -> all that was done to it, in order."""
    found: dict[int, list[Change]] = {}
    for part in chunks(sorted(record_ids)):
        marks = ",".join("?" * len(part))
        for change in _changes(db, f"WHERE c.entity = ? AND c.record_id IN ({marks}) ORDER BY c.id", (entity, *part)):
            found.setdefault(change.record_id, []).append(change)
    return found


def set_by_person(db: Database, entity: str, record_id: int, field: str, value: Any) -> bool:
    """Return whether a person once gave a record the value it has, itself or before it was merged into this one.

    `field` is a flat key (`industry`, `extra.网址`).
    """
    kinds = _kinds_that_set(db, entity, record_id, field, value)
    if kinds & (HUMAN - MERGES):
        return True
    if not kinds & MERGES:
        return False
    merged = db.values(f"SELECT id FROM {entity} WHERE merged_into = ?", (record_id,))  # noqa: S608 (entity is ours)
    return any(set_by_person(db, entity, other, field, value) for other in merged)


def said_by(db: Database, entity: str, record_id: int, field: str, value: Any) -> set[str]:
    """Return the sources whose rows gave a record the value it has, or said the same later; {""} for others than files.

    `value` is as the journal's JSON shows it; the creation counts where the value is from then. What was merged into
    the record speaks for it too. Nothing where the journal knows nothing yet.
    """
    rows = db.rows(_SAYERS, {"entity": entity, "id": record_id, "path": f'$."{field}"'})
    updates = [row for row in rows if row["op"] == "update"]
    made_with = updates[0]["before"] if updates else value
    found = {
        row["system"] or ""
        for row in rows
        if row["status"] != "undone" and (row["after"] if row["op"] == "update" else made_with) == value
    }
    if "merged_into" in ENTITIES[entity].columns:
        for other in db.values(f"SELECT id FROM {entity} WHERE merged_into = ?", (record_id,)):  # noqa: S608
            found |= said_by(db, entity, other, field, value)
    return found


def writers_of(db: Database, entity: str, record_id: int, field: str, value: Any) -> list[tuple[str, str | None]]:
    """Return (kind of run, source system) of all that wrote a value that a record has, latest first.

    A creation by import counts, for its values are in the source row.
    """
    rows = db.rows(_WRITERS, (entity, record_id, f'"{field}"', value))
    return [(row["kind"], row["system"]) for row in rows]


def _kinds_that_set(db: Database, entity: str, record_id: int, field: str, value: Any) -> set[str]:
    """Return the kinds of run that gave a record a value; one that a merge was told to keep is a person's."""
    sql = (
        "SELECT DISTINCT CASE WHEN run.kind IN ('dedupe', 'decide') AND change.before = change.after"
        " THEN 'set' ELSE run.kind END FROM change JOIN run ON run.id = change.run_id"
        " WHERE entity = ? AND record_id = ? AND run.status <> 'undone' AND json_extract(after, '$.' || ?) = ?"
    )
    return set(db.values(sql, (entity, record_id, f'"{field}"', value)))


def changes_after(db: Database, run_id: int) -> list[Change]:
    """Return what later runs, undone ones apart, did to the records that a run created; in order."""
    rest = (
        "JOIN change made ON made.entity = c.entity AND made.record_id = c.record_id AND made.op = 'create'"
        " WHERE made.run_id = ? AND c.run_id > ? AND c.id > made.id AND run.status = 'done' AND run.undoes IS NULL"
        " ORDER BY c.id"
    )
    return _changes(db, rest, (run_id, run_id))


def children_of_made(db: Database, run_id: int, parent: str, child: str, column: str) -> list[tuple[int, int]]:
    """Return (child, parent) of the records of one kind that point at records of another which a run created."""
    rows = db.rows(
        f"SELECT c.id, c.{column} AS parent FROM change made JOIN {child} c ON c.{column} = made.record_id"  # noqa: S608
        " WHERE made.run_id = ? AND made.entity = ? AND made.op = 'create' ORDER BY c.id",
        (run_id, parent),
    )
    return [(row["id"], row["parent"]) for row in rows]


def runs(db: Database, limit: int | None = None) -> list[dict[str, Any]]:
    """Return the runs, newest first, with their counts as a mapping."""
    rows = db.rows("SELECT * FROM run ORDER BY id DESC LIMIT ?", (-1 if limit is None else limit,))
    with stored_json(db.path):
        return [row | {"counts": json.loads(row["counts"] or "{}")} for row in rows]


def find_run(db: Database, text: str) -> dict[str, Any]:
    """Return the run that `R7` or `7` names.

    Raises:
        UnknownRun: there is none.
    """
    number = _RUN.fullmatch(text)
    rows = db.rows("SELECT * FROM run WHERE id = ?", (int(number[1]),)) if number else []
    if not rows:
        raise UnknownRun(text)
    return rows[0]
