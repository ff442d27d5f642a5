"""A figure of a workbook traced to the records behind it and to the cells of the files that they came from."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmcli.domain.records import parse_number
from crmcli.jobs.journal.history import record_history
from crmcli.jobs.workspace import Workspace

if TYPE_CHECKING:
    from crmcli.reports.excel.explained import Behind, Figure

_ABOUT = re.compile(r"[A-Z][1-9][0-9]*")
_NAMED = re.compile(r"(?:^|, )([A-Z][1-9][0-9]*) ")
_SHEETS = """
SELECT r.row, s.name AS sheet, f.path AS file, s.headers, r.cells, s.report FROM change c
JOIN source_row r ON r.id = c.source_row
JOIN source_sheet s ON s.id = r.source_sheet_id JOIN source_file f ON f.id = s.source_file_id
WHERE c.entity = ? AND c.record_id = ? AND c.op = 'create' ORDER BY c.id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Traced:
    """A record behind a figure.

    Attributes:
        record: Its number.
        listed: What the workbook's list says of it, by heading.
        source: File, sheet and row that it was made from; None where no file did.
        cells: Of that row: cell (`F7`, "" where its place is not known), header, text and the field it was read as.
        changes: What was done to it since, oldest first: run, at, actor, field, before, after.
    """

    record: str
    listed: dict[str, str]
    source: dict[str, Any] | None
    cells: tuple[dict[str, str], ...]
    changes: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A figure with the records behind it: `records` are at most as many as were asked for, `count` are all listed."""

    figure: Figure
    records: tuple[tuple[str, tuple[Traced, ...]], ...]
    count: int


def explain_figure(workspace: Workspace, path: Path, reference: str, limit: int = 20) -> Explained:
    """Return the figure at `漏斗!D7` of a workbook, traced; `limit` records of each list are looked up.

    Raises:
        NotAReport: the file is no workbook of a report.
        NoFigure: the cell holds no figure.
    """
    from crmcli.reports.excel.explained import figure_of

    figure = figure_of(path, reference)
    lists = tuple((one.label, tuple(_traced(workspace, one, limit))) for one in figure.behind)
    return Explained(figure, lists, sum(len(one.rows) for one in figure.behind))


def _traced(workspace: Workspace, behind: Behind, limit: int) -> list[Traced]:
    found = []
    for row in behind.rows[:limit]:
        listed = dict(zip(behind.headers, row, strict=False))
        for number in _numbers(row):
            place = _source(workspace, number)
            cells = tuple(_cells(place)) if place else ()
            source = {key: place[key] for key in ("file", "sheet", "row")} if place else None
            found.append(Traced(number, listed, source, cells, tuple(_changes(workspace, number))))
    return found


def _numbers(row: tuple[str, ...]) -> list[str]:
    """Return the number of the record that a row lists; of a row that lists several with their names, all."""
    whole = [text for text in row if _ABOUT.fullmatch(text) and parse_number(text)][:1]
    return whole or [number for text in row for number in _NAMED.findall(text) if parse_number(number)] or [""]


def _source(workspace: Workspace, number: str) -> dict[str, Any] | None:
    named = parse_number(number)
    return next(iter(workspace.db.rows(_SHEETS, named)), None) if named else None


def _cells(place: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the filled cells of a source row."""
    report = json.loads(place["report"] or "{}")
    headers, texts = json.loads(place["headers"]), json.loads(place["cells"])
    positions, fields = report.get("positions") or [None] * len(headers), report.get("fields", {})
    return [
        {"cell": f"{_letters(position)}{place['row']}" if position else "", "header": header, "text": text,
         "field": fields.get(header) or ""}
        for header, text, position in zip(headers, texts, positions, strict=False) if text
    ]  # fmt: skip


def _letters(position: int) -> str:
    """Return a column's letters as spreadsheets show them.

    >>> _letters(1), _letters(28)
    ('A', 'AB')
    """
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _changes(workspace: Workspace, number: str) -> list[dict[str, Any]]:
    entity, record_id = parse_number(number) or ("", 0)
    known = f"SELECT 1 FROM {entity} WHERE id = ?"  # noqa: S608 (our own tables)
    if not entity or workspace.db.value(known, (record_id,)) is None:
        return []
    return [
        {"run": entry["run"], "at": entry["at"], "actor": entry["actor"], **field}
        for entry in record_history(workspace, number, (entity,))
        if entry["op"] == "update" and entry["record"] == number
        for field in entry["fields"]
    ]
