"""All that happened to one record, told from the journal."""

from __future__ import annotations

import json
from typing import Any

from crmcli.domain.identity import external_id
from crmcli.domain.records import Record, record_number, references
from crmcli.domain.values.money import fen_to_text
from crmcli.jobs.refs import REFERABLE, find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.changes import Change, changes_of_record
from crmcli.store.database import Database
from crmcli.store.records import fetch

# what the program notes for itself: who set a value, and what each system said of it
_BOOKKEEPING = ("owner_by", "probability_source", "said")
_NOTHING: tuple[Any, ...] = (None, "", [], {})


def record_history(workspace: Workspace, ref: str, entities: tuple[str, ...] = REFERABLE) -> list[dict[str, Any]]:
    """Return what was done to a record, oldest first: record, run, at, actor, op, fields, source.

    `fields` has field, before and after, by the catalogue's keys: money as a decimal text in yuan, another record as
    its number and name. What a file created shows its cells by header. `source` is file, sheet and row.

    Raises:
        CrmError: the reference finds nothing or several.
    """
    entity, record_id = find_record(workspace.db, ref, entities)
    entries = [_entry(workspace, change) for change in changes_of_record(workspace.db, entity, record_id)]
    return [entry for entry in entries if entry["op"] != "update" or entry["fields"]]


def _entry(workspace: Workspace, change: Change) -> dict[str, Any]:
    run = workspace.db.rows("SELECT started, actor, command FROM run WHERE id = ?", (change.run_id,))[0]
    source = source_of(workspace, change.source_row)
    fields = _fields(workspace.db, change)
    if change.op == "create" and source and not fields:
        fields = [{"field": key, "before": None, "after": value} for key, value in source["cells"].items() if value]
    place = {key: source[key] for key in ("file", "sheet", "row")} if source else None
    number = record_number(change.entity, change.record_id)
    head = {"record": number, "run": f"R{change.run_id}", "at": run["started"], "actor": run["actor"]}
    return head | {"command": run["command"], "op": change.op, "fields": fields, "source": place}


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
