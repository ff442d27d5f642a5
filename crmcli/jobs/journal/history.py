"""All that happened to one record, told from the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from crmcli.domain.identity import external_id
from crmcli.domain.moves import how_moved
from crmcli.domain.records import Record, children, record_number, references
from crmcli.domain.values.money import fen_to_text
from crmcli.jobs.owners.holding import reason_of
from crmcli.jobs.records.refs import REFERABLE, find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.changes import Change, changes_of_record, changes_of_records
from crmcli.store.database import Database
from crmcli.store.records import chunks, fetch, fetch_where

# what the program notes for itself: who set a value, and what each system said of it
_BOOKKEEPING = ("owner_by", "probability_source", "said")
_STAGE_OF = "field = 'stage' AND opportunity_id = ?"
_MAKERS = "SELECT run_id, record_id FROM change WHERE entity = 'event' AND op = 'create' AND record_id IN "
_HOLDERS = "SELECT run_id, record_id FROM change WHERE entity = 'holding' AND op = 'create' AND record_id IN "
_GIVEN = "field IN ('owner', 'grade') AND reason IS NOT NULL AND opportunity_id = ?"
_NOTHING: tuple[Any, ...] = (None, "", [], {})
# what people do about a record is told in its history; it has one of its own too
_WORK = ("task", "approval", "attachment")
_ABOUT = (
    "SELECT DISTINCT record_id FROM change WHERE entity = ? AND op IN ('create', 'remove')"
    " AND json_extract(coalesce(after, before), '$.' || ?) = ?"
)


def record_history(
    workspace: Workspace, ref: str, entities: tuple[str, ...] = (*REFERABLE, *_WORK)
) -> list[dict[str, Any]]:
    """Return what was done to a record, oldest first: record, run, at, actor, op, fields, source, move.

    Its tasks, approvals and files are told with it, those that are gone too.

    `fields` has field, before and after, by the catalogue's keys: money as a decimal text in yuan, another record as
    its number and name. What a file created shows its cells by header. `source` is file, sheet and row. `move` is how
    an opportunity's stage changed: reason, note, skipped, back, forced; None where it did not. `why` is why a customer
    or a deal came to another owner, pool or grade, None where it did not or nobody said.

    Raises:
        CrmError: the reference finds nothing or several.
    """
    entity, record_id = find_record(workspace.db, ref, entities)
    changes = changes_of_record(workspace.db, entity, record_id) + _work_about(workspace.db, entity, record_id)
    moves = _moves(workspace.db, record_id) if entity == "opportunity" else {}
    reasons = _reasons(workspace.db, entity, record_id)
    entries = [
        _entry(workspace, change, moves) | {"why": reasons.get(change.run_id) if change.op == "update" else None}
        for change in sorted(changes, key=lambda change: change.id)
    ]
    return [entry for entry in entries if entry["op"] != "update" or entry["fields"]]


def _work_about(db: Database, entity: str, record_id: int) -> list[Change]:
    """Return what was done to the tasks, approvals and files of a record."""
    found: list[Change] = []
    for kind, column in children(entity).items():
        if kind in _WORK:
            numbers = db.values(_ABOUT, (kind, column, record_id))
            found += [one for changes in changes_of_records(db, kind, numbers).values() for one in changes]
    return found


def _moves(db: Database, number: int) -> dict[int, Record]:
    """Return run -> the last stage event that it wrote of a deal."""
    events = {event["id"]: event for event in fetch_where(db, "event", _STAGE_OF, (number,))}
    made = [row for part in chunks(list(events)) for row in db.rows(f"{_MAKERS}({','.join('?' * len(part))})", part)]
    return {row["run_id"]: events[row["record_id"]] for row in made}


def _reasons(db: Database, entity: str, number: int) -> dict[int, str]:
    """Return run -> why it gave a customer to another owner or pool, or a deal to another owner or another grade."""
    if entity == "customer":
        sql, rows = _HOLDERS, fetch_where(db, "holding", "customer_id = ?", (number,))
        told = {row["id"]: str(reason) for row in rows if (reason := reason_of(row))}
    elif entity == "opportunity":
        sql, rows = _MAKERS, fetch_where(db, "event", _GIVEN, (number,))
        told = {row["id"]: row["reason"] for row in rows}
    else:
        return {}
    made = [row for part in chunks(list(told)) for row in db.rows(f"{sql}({','.join('?' * len(part))})", part)]
    return {row["run_id"]: told[row["record_id"]] for row in made}


def _entry(workspace: Workspace, change: Change, moves: Mapping[int, Record]) -> dict[str, Any]:
    run = workspace.db.rows("SELECT started, actor, command FROM run WHERE id = ?", (change.run_id,))[0]
    source = source_of(workspace, change.source_row)
    fields = _fields(workspace.db, change)
    if change.op == "create" and source and not fields:
        fields = [{"field": key, "before": None, "after": value} for key, value in source["cells"].items() if value]
    place = {key: source[key] for key in ("file", "sheet", "row")} if source else None
    number = record_number(change.entity, change.record_id)
    head = {"record": number, "run": f"R{change.run_id}", "at": run["started"], "actor": run["actor"]}
    event = moves.get(change.run_id) if any(one["field"] == "stage" for one in fields) else None
    move = {key: event[key] for key in ("reason", "note")} | how_moved(event) if event else None
    return head | {"command": run["command"], "op": change.op, "fields": fields, "source": place, "move": move}


def _fields(db: Database, change: Change) -> list[Record]:
    """Return what a change did to each field; what was empty and is empty says nothing."""
    found = []
    for column in dict.fromkeys((*change.before, *change.after)):
        before, after = change.before.get(column), change.after.get(column)
        if column.partition(".")[0] in _BOOKKEEPING or (before in _NOTHING and after in _NOTHING):
            continue
        told = [_told(db, change.entity, column, value) for value in (before, after)]
        found.append({"field": told[0][0], "before": told[0][1], "after": told[1][1]})
    return found


def _told(db: Database, entity: str, column: str, value: Any) -> tuple[str, Any]:
    """Return a column's field in the catalogue and its value as people write it; None stays None."""
    kind = (references(entity) | {"merged_into": entity}).get(column)
    if kind:
        return column.removesuffix("_id"), value and _named(db, kind, value)
    if column.endswith("_fen"):
        return column.removesuffix("_fen"), None if value is None else fen_to_text(value)
    if column == "external_ids":
        return "external_id", value and [external_id(one) for one in value]
    return column, value


def _named(db: Database, entity: str, number: int) -> str:
    record = fetch(db, entity, [number]).get(number, {})
    return " ".join([record_number(entity, number), record.get("name") or ""]).strip()


def source_of(workspace: Workspace, source_row: int | None) -> dict[str, Any] | None:
    """Return file, sheet, row and the cells by header of a source row; None where there is none."""
    rows = workspace.db.rows(
        "SELECT f.path AS file, s.name AS sheet, r.row, s.headers, r.cells FROM source_row r"
        " JOIN source_sheet s ON s.id = r.source_sheet_id JOIN source_file f ON f.id = s.source_file_id"
        " WHERE r.id = ?",
        (source_row,),
    )
    if not rows:
        return None
    row = rows[0]
    cells = dict(zip(json.loads(row.pop("headers")), json.loads(row.pop("cells")), strict=False))
    return row | {"cells": cells}
