"""Stages, loss reasons and owners as files wrote them that nobody could place, as a workbook to fill in.

Source: definitions.md: unmapped text is listed for mapping, never guessed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crmcli.domain.records import record_number
from crmcli.domain.values.text import fold
from crmcli.i18n import msg
from crmcli.jobs.journal.history import source_of
from crmcli.jobs.vocabulary import OWNER, REASON, STAGE, loss_reasons, owner_names, pipelines, stored_words
from crmcli.jobs.workspace import Workspace
from crmcli.matching.closest import closest
from crmcli.reports.words import WordRow, write_words
from crmcli.store.journal import Numbers, Run
from crmcli.store.records import fetch

KINDS = {STAGE: msg("stage"), REASON: msg("loss reason"), OWNER: msg("owner")}
OWNED = ("opportunity", "customer", "contact", "lead")
_STAGES = (
    "SELECT value AS text, count(DISTINCT opportunity_id) AS number, min(id) AS id, max(id) AS last FROM event"
    " WHERE field = 'stage' AND kind = 'unknown' GROUP BY value ORDER BY number DESC, value"
)
_REASONS = (
    "SELECT reason AS text, count(DISTINCT opportunity_id) AS number, min(id) AS id, max(id) AS last FROM event"
    " WHERE field = 'stage' AND kind = 'lost' AND reason IS NOT NULL GROUP BY reason ORDER BY number DESC, reason"
)


@dataclass(slots=True)
class Word:
    """A written text that nobody could place: in how many records it stands, one of them, and the latest by kind."""

    kind: str
    text: str
    number: int
    entity: str
    id: int
    last: dict[str, int] = field(default_factory=dict)

    def is_new(self, first: Numbers) -> bool:
        """Return whether a record from a certain number on holds it."""
        return any(number >= first[entity] for entity, number in self.last.items())


def write_word_sheet(workspace: Workspace, run: Run, first: Numbers) -> Path | None:
    """Return the workbook of texts that an import brought and nobody could place, beside the database.

    `first` are the numbers that the import began at. None where all is placed, and for a dry run, which leaves no file.

    Raises:
        CrmError: the file cannot be written.
    """
    words = [word for word in unplaced_words(workspace) if word.is_new(first) or _given(run, word)]
    if not words or run.dry_run:
        return None
    path = workspace.db.path.parent / f"words-R{run.id}.xlsx"
    _write(workspace, path, words)
    return path


def _given(run: Run, word: Word) -> bool:
    """Return whether a run gave records that were there to an owner that nobody knows."""
    sql = "SELECT 1 FROM change WHERE run_id = ? AND op = 'update' AND json_extract(after, '$.owner') = ? LIMIT 1"
    return word.kind == OWNER and bool(run.db.values(sql, (run.id, word.text)))


def word_workbook(workspace: Workspace, path: Path) -> int:
    """Return how many texts the workbook of all that nobody could place holds.

    Raises:
        CrmError: the file cannot be written.
    """
    words = unplaced_words(workspace)
    _write(workspace, path, words)
    return len(words)


def unplaced_words(workspace: Workspace) -> list[Word]:
    """Return the texts that nobody could place and of which nobody said that they are to stay, the frequent first."""
    return [*_stages(workspace), *_reasons(workspace), *_owners(workspace)]


def meanings(workspace: Workspace, kind: str) -> list[str]:
    """Return what a text of a kind may mean: the stages and ends, the loss reasons, or the owners, in their order."""
    if kind == STAGE:
        return list(dict.fromkeys(name for pipeline in pipelines(workspace) for name in pipeline.names))
    return list(loss_reasons(workspace).reasons) if kind == REASON else list(owner_names(workspace).values())


def _stages(workspace: Workspace) -> Iterator[Word]:
    said = _said(workspace, STAGE)
    for row in workspace.db.rows(_STAGES):
        if fold(row["text"]) not in said:
            yield Word(STAGE, row["text"], row["number"], "event", row["id"], {"event": row["last"]})


def _reasons(workspace: Workspace) -> Iterator[Word]:
    said, known = _said(workspace, REASON), loss_reasons(workspace)
    for row in workspace.db.rows(_REASONS):
        if known.match(row["text"]) is None and fold(row["text"]) not in said:
            yield Word(REASON, row["text"], row["number"], "event", row["id"], {"event": row["last"]})


def _owners(workspace: Workspace) -> Iterator[Word]:
    """Yield owners that nobody knows and that are no pool; where no owner is known at all there is nobody to be."""
    known = owner_names(workspace)
    placed = known.keys() | _said(workspace, OWNER) | {fold(pool.name) for pool in workspace.settings.pools}
    found: dict[str, Word] = {}
    for entity in OWNED:
        sql = f"SELECT owner AS text, count(*) AS number, min(id) AS id, max(id) AS last FROM {entity}"  # noqa: S608
        for row in workspace.db.rows(f"{sql} WHERE owner IS NOT NULL GROUP BY owner ORDER BY owner") if known else ():
            if fold(row["text"]) not in placed:
                word = found.setdefault(row["text"], Word(OWNER, row["text"], 0, entity, row["id"]))
                word.number += row["number"]
                word.last[entity] = row["last"]
    yield from sorted(found.values(), key=lambda word: (-word.number, word.text))


def _said(workspace: Workspace, kind: str) -> set[str]:
    return {fold(text) for text in stored_words(workspace.db, kind)}


def _write(workspace: Workspace, path: Path, words: list[Word]) -> None:
    known = {kind: _written(workspace, kind) for kind in KINDS}
    rows = [_row(workspace, word, known[word.kind]) for word in words]
    write_words(path, rows, {kind: meanings(workspace, kind) for kind in KINDS})


def _written(workspace: Workspace, kind: str) -> Mapping[str, str]:
    """Return every written form that is known -> what it means."""
    if kind == STAGE:
        return {text: name for pipeline in reversed(pipelines(workspace)) for text, name in pipeline.written.items()}
    if kind == OWNER:
        return {name: name for name in owner_names(workspace).values()}
    known = loss_reasons(workspace)
    texts = {text: reason for reason, texts in known.synonyms.items() for text in texts}
    return texts | {reason: reason for reason in known.reasons}


def _row(workspace: Workspace, word: Word, known: Mapping[str, str]) -> WordRow:
    suggested = closest(word.text, known)
    shown = f"{suggested.meaning} ({suggested.why})" if suggested else ""
    key = json.dumps([word.kind, word.text], ensure_ascii=False)
    return WordRow(word.kind, str(KINDS[word.kind]), word.text, word.number, _example(workspace, word), shown, key)


def _example(workspace: Workspace, word: Word) -> str:
    """Return one record that holds a text, and where it came from."""
    record = fetch(workspace.db, word.entity, [word.id])[word.id]
    entity, number = word.entity, word.id
    if entity == "event":
        entity, number = "opportunity", record["opportunity_id"]
        record = fetch(workspace.db, entity, [number])[number]
    shown = f"{record_number(entity, number)} {record['name'] or ''}".strip()
    made = workspace.db.values(
        "SELECT source_row FROM change WHERE entity = ? AND record_id = ? AND source_row IS NOT NULL ORDER BY id",
        (word.entity, word.id),
    )
    source: dict[str, Any] | None = source_of(workspace, made[0]) if made else None
    if source is None:
        return shown
    sheet = f" [{source['sheet']}]" if source["sheet"] else ""
    place = msg("{file}, row {row}", file=Path(source["file"]).name + sheet, row=source["row"])
    return f"{shown}\n{place}"
