"""Conflicts as a workbook: each value in words, with a hidden key that tells later whether the record changed since."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from crmcli.domain.fields import catalogue
from crmcli.domain.records import ENTITIES, Record, parse_number, record_number
from crmcli.domain.values.money import fen_to_text
from crmcli.domain.words import word
from crmcli.i18n import current_language, msg
from crmcli.jobs.conflicts.finding import Conflict, Place, Word, conflicts_since
from crmcli.jobs.vocabulary import pipelines
from crmcli.jobs.workspace import Workspace
from crmcli.reports.conflicts import ConflictRow, write_conflicts
from crmcli.store.database import Database
from crmcli.store.journal import Numbers, Run
from crmcli.store.records import fetch

_MINUTE = len("2026-03-05T10:00")


def write_conflict_sheet(workspace: Workspace, run: Run, first: Numbers) -> Path | None:
    """Return the workbook of what an import said otherwise than the records hold, beside the database.

    None where nothing is contested, and for a dry run, which leaves no file.

    Raises:
        CrmError: the file cannot be written.
    """
    conflicts = conflicts_since(run, first, pipelines(workspace))
    if not conflicts or run.dry_run:
        return None
    path = workspace.db.path.parent / f"conflicts-R{run.id}.xlsx"
    write_conflicts(path, shown_rows(run.db, conflicts))
    return path


@dataclass(frozen=True, slots=True)
class Key:
    """What the hidden cell of a row holds: a field, both values as stored, a fingerprint of what was there, and where.

    `along` and `place` are the conflict's.
    """

    entity: str
    number: int
    column: str
    ours: Any
    theirs: Any
    state: str
    along: dict[str, str]
    place: Place

    def text(self) -> str:
        """Return the cell's text."""
        record = record_number(self.entity, self.number)
        where = [self.place.system, self.place.file, self.place.sheet, self.place.row]
        cell = [record, self.column, self.ours, self.theirs, self.state, self.along, where]
        return json.dumps(cell, ensure_ascii=False)


def parse_key(text: str) -> Key | None:
    """Return what a hidden cell holds, None where it was tampered with."""
    try:
        record, column, ours, theirs, state, along, where = json.loads(text)
        entity, number = parse_number(record) or ("", 0)
        key = Key(entity, number, column, ours, theirs, state, dict(along), Place(*where))
    except (ValueError, TypeError):
        return None
    return key if column in ENTITIES.get(entity, ENTITIES["alias"]).columns else None


def state_of(record: Record, column: str) -> str:
    """Return a fingerprint of what a record holds in a column."""
    held = [record[column], record.get("status") if column == "stage" else None]
    return sha256(json.dumps(held, ensure_ascii=False).encode()).hexdigest()[:16]


def shown_rows(db: Database, conflicts: Sequence[Conflict]) -> list[ConflictRow]:
    """Return conflicts as rows of the workbook, in the same order."""
    ids: dict[str, set[int]] = {}
    for conflict in conflicts:
        ids.setdefault(conflict.entity, set()).add(conflict.number)
    records = {entity: fetch(db, entity, numbers) for entity, numbers in ids.items()}
    return [_shown(records[conflict.entity][conflict.number], conflict) for conflict in conflicts]


def _shown(record: Record, conflict: Conflict) -> ConflictRow:
    entity, column, place = conflict.entity, conflict.column, conflict.place
    state = state_of(record, column)
    key = Key(entity, conflict.number, column, conflict.ours, conflict.theirs, state, conflict.along, place)
    theirs = [in_words(column, conflict.theirs), *conflict.along.values()]
    return ConflictRow(
        record=record_number(entity, conflict.number),
        name=record.get("name") or "",
        field=label(entity, column),
        ours=in_words(column, conflict.ours),
        by=by_whom(conflict.word),
        theirs=" · ".join(theirs),
        base=in_words(column, conflict.base),
        source=place.system,
        file=Path(place.file).name,
        sheet=place.sheet,
        row="" if place.row is None else str(place.row),
        key=key.text(),
        taken=conflict.taken,
    )


def label(entity: str, column: str) -> str:
    """Return what people call a column."""
    key = column.removesuffix("_id").removesuffix("_fen")
    field = catalogue().get(f"{entity}.{key}")
    return field.label(current_language()) if field else key


def in_words(column: str, value: Any) -> str:
    """Return a stored value as people write it: money in yuan, nothing for None."""
    if value is None:
        return ""
    return fen_to_text(int(value)) if column.endswith("_fen") else str(value)


def by_whom(told: Word | None) -> str:
    """Return who gave a record its value, when and how."""
    if told is None:
        return ""
    at = told.at[:_MINUTE].replace("T", " ")
    who = told.system or told.actor
    return str(msg("{who}, {at}, {kind} {run}", who=who, at=at, kind=word(told.kind), run=f"R{told.run}"))
