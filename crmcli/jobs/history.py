"""All that happened to one record, told from the journal."""

from __future__ import annotations

import json
from typing import Any

from crmcli.domain.records import record_number
from crmcli.jobs.refs import REFERABLE, find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.changes import Change, changes_of_record


def record_history(workspace: Workspace, ref: str, entities: tuple[str, ...] = REFERABLE) -> list[dict[str, Any]]:
    """Return what was done to a record, oldest first: record, run, at, actor, op, fields, source.

    `fields` has field, before and after; what a file created shows its cells. `source` is file, sheet and row.

    Raises:
        CrmError: the reference finds nothing or several.
    """
    entity, record_id = find_record(workspace.db, ref, entities)
    return [_entry(workspace, change) for change in changes_of_record(workspace.db, entity, record_id)]


def _entry(workspace: Workspace, change: Change) -> dict[str, Any]:
    run = workspace.db.rows("SELECT started, actor, command FROM run WHERE id = ?", (change.run_id,))[0]
    source = source_of(workspace, change.source_row)
    fields = [
        {"field": key, "before": change.before.get(key), "after": change.after.get(key)}
        for key in dict.fromkeys((*change.before, *change.after))
    ]
    if change.op == "create" and source and not fields:
        fields = [{"field": key, "before": None, "after": value} for key, value in source["cells"].items() if value]
    place = {key: source[key] for key in ("file", "sheet", "row")} if source else None
    number = record_number(change.entity, change.record_id)
    head = {"record": number, "run": f"R{change.run_id}", "at": run["started"], "actor": run["actor"]}
    return head | {"command": run["command"], "op": change.op, "fields": fields, "source": place}


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
