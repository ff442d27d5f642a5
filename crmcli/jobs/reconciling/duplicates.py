"""The rows of imports that hit a record which was there already, with what they hit: to look at, fix, import again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import Any

from crmcli.domain.fields import catalogue
from crmcli.domain.records import record_number
from crmcli.domain.said import TABLES, decode
from crmcli.domain.values.money import fen_to_text
from crmcli.domain.words import word
from crmcli.i18n import Message, current_language, msg
from crmcli.jobs.reconciling.statement import chosen_imports
from crmcli.jobs.workspace import Workspace
from crmcli.reports.duplicate_rows import DuplicateRow, write_duplicates
from crmcli.store.changes import Change, changes_of_records
from crmcli.store.database import Database
from crmcli.store.records import survivors
from crmcli.store.statements import (
    StoredRow,
    StoredSheet,
    alternates_of,
    columns_now,
    places_of,
    rows_of,
    sheets_of,
    touched_by,
)

Place = tuple[str, int]  # kind and id of a record


def save_duplicates(workspace: Workspace, run: str, path: Path) -> int:
    """Return how many rows of an import ("R7"; "" of all that stand) hit a known record; they are written to `path`.

    Rows that said nothing new of a record of an earlier import are not kept, so they are not among them.

    Raises:
        CrmError: there is no such import, or the file cannot be written.
    """
    imports = [one["id"] for one in chosen_imports(workspace.db, run)[0]]
    sheets = [sheet for number in imports for sheet in sheets_of(workspace.db, number)]
    rows = [row for sheet in sheets for row in sorted(_of(workspace.db, sheet), key=lambda one: one.row)]
    write_duplicates(path, rows)
    return len(rows)


def _of(db: Database, sheet: StoredSheet) -> Iterator[DuplicateRow]:
    touched = touched_by(db, sheet)
    for page in rows_of(db, sheet.id):
        hits: list[tuple[StoredRow, Place | None]] = []
        for row in page:
            place = (TABLES.get(row.entity, row.entity), row.record_id) if row.record_id else touched.get(row.id)
            if row.outcome == "review" or (place and row.outcome in ("new", "updated", "same")):
                hits.append((row, place))
        yield from _told(db, sheet, hits)


def _told(db: Database, sheet: StoredSheet, hits: Sequence[tuple[StoredRow, Place | None]]) -> Iterator[DuplicateRow]:
    known = _records(db, {place for _, place in hits if place})
    untaken = alternates_of(db, [row.id for row, _ in hits])
    origins = {made.source_row for _, _, made in known.values() if made and made.source_row}
    places = places_of(db, origins)
    for row, place in hits:
        if row.outcome == "review":
            stopped = decode(row.said)[1]
            yield _row(sheet, row, "", "", stopped.message or "" if stopped else "", [])
            continue
        number, record, made = known.get(place or ("", 0), (0, {}, None))
        if not place or not number or (made and made.source_row == row.id):
            continue
        values = [_labelled(place[0], *one) for one in untaken.get(row.id, [])]
        origin = _origin(places.get(made.source_row or 0), made) if made else ""
        yield _row(sheet, row, record_number(place[0], number), record.get("name") or "", origin, values)


def _records(db: Database, places: set[Place]) -> dict[Place, tuple[int, dict[str, Any], Change | None]]:
    """Return record -> the number it lives on under, its columns, and the change that made it."""
    found: dict[Place, tuple[int, dict[str, Any], Change | None]] = {}
    for entity in sorted({entity for entity, _ in places}):
        into = survivors(db, entity, {number for kind, number in places if kind == entity})
        records = columns_now(db, entity, {"name"}, into.values())
        history = changes_of_records(db, entity, records)
        for number, last in into.items():
            if last in records:
                made = next((change for change in history.get(last, []) if change.op == "create"), None)
                found[entity, number] = (last, records[last], made)
    return found


def _origin(place: tuple[str, str, int] | None, made: Change) -> Message:
    if place is None:
        return msg("made by hand ({run})", run=f"R{made.run_id}")
    path, sheet, row = place
    name = f"{PurePath(path).name} [{sheet}]" if sheet else PurePath(path).name
    return msg("{sheet} row {row}", sheet=name, row=row)


def _labelled(entity: str, column: str, value: str) -> tuple[str, str]:
    """Return a column's label and its value as people write it."""
    key = column.removesuffix("_fen")
    field = catalogue().get(f"{entity}.{key}")
    label = field.label(current_language()) if field else word(key.removeprefix("extra."))
    return label, fen_to_text(int(value)) if key != column else value


def _row(
    sheet: StoredSheet, row: StoredRow, record: str, name: str, origin: Message | str, untaken: list[tuple[str, str]]
) -> DuplicateRow:
    report = json.loads(sheet.report or "{}")
    outcome = {"new": "merged"}.get(row.outcome, row.outcome)  # it made a record, which was merged since
    return DuplicateRow(
        sheet.path, sheet.name, row.row, tuple(json.loads(sheet.headers)), tuple(json.loads(row.cells)), outcome,
        record, name, origin, tuple(untaken), sheet.system, sheet.kind,
        tuple((header, path) for header, path in report.get("named", [])),
    )  # fmt: skip
