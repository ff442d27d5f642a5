"""A figure of a written workbook, found again: what it is called, what it means, which records are behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries

from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.reports.excel.definitions import DEFINED, KEYS
from crmcli.reports.excel.records import HEAD as RECORDS_HEAD
from crmcli.reports.made_of import NotAReport

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_REFERENCE = re.compile(r"(?:(?P<sheet>.+)!)?\$?(?P<column>[A-Za-z]{1,3})\$?(?P<row>[1-9][0-9]{0,6})")
_LOCATION = re.compile(r"'?(?P<sheet>.+?)'?!(?P<area>[A-Z]+[0-9]+:[A-Z]+[0-9]+)")
_NUMBER = re.compile(r"[A-Z]{1,2}[1-9][0-9]*")
_TEXTS = ("text", "date")


class NoFigure(CrmError):
    """A cell that holds no figure of a report."""

    code = "explain.no_figure"

    def __init__(self, where: str, reason: Message, known: str = "") -> None:
        hint = msg("Figures stand in {known}", known=known) if known else msg("Name a cell: 漏斗!D7")
        super().__init__(reason, where=where, hint=hint)


@dataclass(frozen=True, slots=True)
class Behind:
    """The records behind a figure: their list, and those of them that the sheet lists, as texts; `is_cut`: not all."""

    label: str
    sheet: str
    area: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as the workbook shows it.

    `row` are the texts that name its row, by heading; `definitions` the sentences on its column; `behind` its records,
    or those of the figures beside it that it is computed from (`is_computed`). `is_changed`: a count is not that of its
    records, so somebody wrote it into the workbook.
    """

    sheet: str
    cell: str
    shown: str
    table: str
    column: str
    label: str
    row: dict[str, str]
    definitions: tuple[str, ...]
    behind: tuple[Behind, ...]
    is_computed: bool = False
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class _Key:
    """One row of the hidden sheet: a column of a table and where it stands."""

    sheet: str
    table: str
    column: str
    type: str
    cells: str
    total: str
    label: str
    definitions: str = ""

    def covers(self, column: int, row: int) -> bool:
        """Return whether a cell is one of the column's, or of its total."""
        areas = map(_bounds, filter(None, (self.cells, self.total)))
        return any(left == column and top <= row <= bottom for left, top, _right, bottom in areas)


def _bounds(area: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(area)
    return int(left or 0), int(top or 0), int(right or 0), int(bottom or 0)


def figure_of(path: Path, reference: str) -> Figure:
    """Return the figure at `漏斗!D7` of a workbook; the sheet may be left out where only one has figures.

    A cell of no column's own, right of a rate, holds that rate's numerator and denominator.

    Raises:
        NotAReport: the file is no workbook of a report.
        NoFigure: the reference names no cell, no sheet, or a cell without a figure.
    """
    try:
        book = load_workbook(path)
        keys = list(_keys(book[KEYS]))
    except (OSError, KeyError, ValueError, BadZipFile) as fault:
        raise NotAReport(path) from fault
    sheet, column, row = _place(book, keys, reference)
    for at in (column, column - 1):
        for key in keys:
            if key.sheet == sheet and key.covers(at, row) and (at == column or key.type == "rate"):
                return _figure(book, keys, key, row)
    known = ", ".join(f"{key.label} {key.cells}" for key in keys if key.sheet == sheet and key.cells)
    raise NoFigure(reference, msg("this cell holds no figure of the report"), known)


def _keys(sheet: Worksheet) -> Iterator[_Key]:
    for row in sheet.iter_rows(min_row=2, values_only=True):
        texts = [str(value or "") for value in row]
        if texts[1]:
            yield _Key(*texts[:7], *texts[DEFINED - 1 : DEFINED])


def _place(book: Workbook, keys: list[_Key], reference: str) -> tuple[str, int, int]:
    """Return the sheet, column and row that a reference names."""
    found = _REFERENCE.fullmatch(reference.strip().replace("！", "!"))
    if found is None:
        raise NoFigure(reference, msg("this names no cell"))
    sheets = list(dict.fromkeys(key.sheet for key in keys))
    sheet = (found["sheet"] or (sheets[0] if len(sheets) == 1 else "")).strip("'")
    if sheet not in book.sheetnames or sheet == KEYS:
        raise NoFigure(reference, msg("the workbook has no such sheet"), ", ".join(sheets))
    return sheet, column_index_from_string(found["column"].upper()), int(found["row"])


def _figure(book: Workbook, keys: list[_Key], key: _Key, row: int) -> Figure:
    sheet = book[key.sheet]
    own = [one for one in keys if one.table == key.table]
    left, *_ = _bounds(key.cells or key.total)
    cell = sheet.cell(row, left)
    is_total = bool(key.total) and _bounds(key.total)[1] == row
    cells = [(key.label, sheet.cell(at, left)) for at in _rows(key)] if is_total else [(key.label, cell)]
    behind = _behind(book, cells)
    beside = [] if behind else [(one.label, sheet.cell(row, _bounds(one.cells)[0])) for one in own if one.cells]
    computed = _behind(book, beside)
    return Figure(
        sheet=key.sheet, cell=cell.coordinate, shown=_shown(cell, sheet.cell(row, left + 1), key.type),
        table=key.table, column=key.column, label=key.label,
        row={one.label: _text(sheet.cell(row, _bounds(one.cells)[0]).value) for one in own
             if one.type in _TEXTS and one.cells},
        definitions=tuple(filter(None, key.definitions.split("\n"))),
        behind=behind or computed or _itself(sheet, own, row),
        is_computed=bool(computed), is_changed=key.type == "int" and _differs(cell, behind),
    )  # fmt: skip


def _itself(sheet: Worksheet, own: list[_Key], row: int) -> tuple[Behind, ...]:
    """Return a row that is itself a record, as its first cell tells by the record's number, as the list of it."""
    places = {_bounds(one.cells)[0]: one for one in own if one.cells}
    first = places.get(min(places, default=0))
    if first is None or not _NUMBER.fullmatch(_text(sheet.cell(row, 1).value)):
        return ()
    texts = tuple(_text(sheet.cell(row, at).value) for at in places)
    headers = tuple(one.label for one in places.values())
    return (Behind(first.label, sheet.title, f"A{row}:{get_column_letter(max(places))}{row}", headers, (texts,)),)


def _differs(cell: Cell | MergedCell, behind: tuple[Behind, ...]) -> bool:
    """Return whether a count (a change is none) is not that of the records behind it, where all of them are listed."""
    listed = sum(len(one.rows) for one in behind)
    if not behind or any(one.is_cut for one in behind) or "+" in str(cell.number_format):
        return False
    return not isinstance(cell.value, int | float) or abs(cell.value) != listed


def _rows(key: _Key) -> range:
    _left, top, _right, bottom = _bounds(key.cells) if key.cells else (0, 1, 0, 0)
    return range(top, bottom + 1)


def _behind(book: Workbook, cells: list[tuple[str, Cell | MergedCell]]) -> tuple[Behind, ...]:
    """Return the records that cells are linked to."""
    found = []
    for label, cell in cells:
        link = cell.hyperlink.location if cell.hyperlink else None
        place = _LOCATION.fullmatch(link or "")
        if place:
            sheet = book[place["sheet"].replace("''", "'")]
            left, top, right, bottom = _bounds(place["area"])
            headers, *rows = (
                tuple(_text(sheet.cell(row, column).value) for column in range(left, right + 1))
                for row in (RECORDS_HEAD, *range(top, bottom + 1))
            )
            is_cut = bool(cell.hyperlink and cell.hyperlink.tooltip)
            found.append(Behind(label, sheet.title, place["area"], headers, tuple(rows), is_cut))
    return tuple(found)


def _shown(cell: Cell | MergedCell, beside: Cell | MergedCell, kind: str) -> str:
    """Return a figure as a reader sees it; a rate with its numerator and denominator."""
    if kind == "rate" and isinstance(cell.value, int | float):
        return f"{cell.value:.1%} ({_text(beside.value)})"
    return f"{cell.value:,}" if isinstance(cell.value, int | float) else _text(cell.value)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat()
        case _:
            return str(value)
