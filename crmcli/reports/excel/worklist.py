"""The workbook that people work from: grey what is told, coloured what is asked, lists to choose from, a hidden key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from crmcli.i18n import _
from crmcli.reports.decisions import in_words
from crmcli.reports.excel.style import DARK, FONT, LINE, new_workbook, put_text, set_print
from crmcli.reports.files import save_workbook, write_text
from crmcli.reports.wording import width
from crmcli.reports.worklist_words import ASKED, HEADINGS, SHOWN

_TOLD, _ASK = "F2F2F2", "FFF8DC"
_SHADES = {"manager": "FFE699", "risk": "F8CBAD"}
_WIDTHS = {
    "customer": 22,
    "name": 24,
    "why": 38,
    "stage": 13,
    "result": 34,
    "loss_reason": 13,
    "amount_fen": 15,
    "expected_close": 13,
    "next_action": 22,
    "next_at": 13,
    "note": 26,
    "number": 9,
    "owner": 10,
    "outcome": 10,
    "closed_at": 13,
    "timeline": 46,
    "competitor": 16,
    "conclusion": 44,
}
_FORMATS = {"amount_fen": "#,##0.00", **dict.fromkeys(("expected_close", "next_at", "closed_at"), "yyyy-mm-dd")}
_DATES = ("expected_close", "next_at")
_LINE_HEIGHT, _MOST_LINES, _PADDING = 15, 8, 6
_RANGES = 400  # of one validation: programs stumble over very long lists of ranges
_LISTS = "lists"
_EARLIEST, _LATEST = "DATE(2000,1,1)", "DATE(2099,12,31)"

Cell = str | Decimal | date | None


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A row: column -> what its cell shows; its hidden key.

    `choices` are column -> the name of the list that its cell drops down; `closed` columns are not asked in this row;
    `level` colours the first cells: owner, manager or risk. `currency` is "" where it is the workspace's own.
    """

    cells: Mapping[str, Cell]
    key: str
    choices: Mapping[str, str] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    level: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class WorkBook:
    """The workbook: sheet title -> its rows, `lists` to choose from by name, `terms` that say how to fill it in.

    `kind` is the header of its hidden column: it tells which columns there are.
    """

    kind: str
    sheets: Mapping[str, Sequence[WorkRow]]
    lists: Mapping[str, Sequence[str]]
    terms: Sequence[tuple[str, str]]


def write_work(path: Path, work: WorkBook) -> None:
    """Write the workbook; rows and sheets stand in the order given.

    Raises:
        FileNotWritten: the file cannot be written; what was there before is left as it was.
    """
    book = new_workbook()
    looks = _Looks(book)
    lists = _Lists(work.lists)
    for title, rows in work.sheets.items():
        _fill(book.create_sheet(title), work.kind, rows, looks, lists)
    _add_terms(book, work.terms)
    lists.add_to(book)
    looks.done()
    save_workbook(book, path)


class _Looks:
    """Makes each look once: of many rows, giving every cell its own fonts and fills would take most of the time."""

    def __init__(self, book: Workbook) -> None:
        self._sheet: Any = book.create_sheet("looks")
        self._book, self._made = book, dict[tuple[str, str, str, bool], Any]()

    def give(self, cell: Any, fill: str, column: str, number: str, *, bold: bool = False) -> None:
        """Give a cell its look by its colour, column and number format."""
        wanted = (fill, column, number, bold)
        if wanted not in self._made:
            self._made[wanted] = self._make(*wanted)
        cell._style = copy(self._made[wanted])  # noqa: SLF001 (openpyxl has no other way to share a style)

    def _make(self, fill: str, column: str, number: str, bold: bool) -> Any:
        cell = self._sheet.cell(1, len(self._made) + 1)
        cell.font = Font(name=FONT, size=10, bold=bold)
        across = "right" if column == "amount_fen" else "left"
        cell.alignment = Alignment(horizontal=across, vertical="top", wrap_text=column not in _FORMATS, indent=1)
        side = Side(style="thin", color=LINE)
        cell.border = Border(bottom=side, right=side)
        cell.fill = PatternFill("solid", start_color=fill)
        cell.number_format = number
        return cell._style  # noqa: SLF001

    def done(self) -> None:
        """Take the sheet away on which the looks were made."""
        self._book.remove(self._sheet)


class _Lists:
    """The lists to choose from, on a hidden sheet: a list of any length, with any sign in its words."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self._lists = lists

    def place(self, name: str) -> str:
        """Return where a list stands."""
        letter = get_column_letter(list(self._lists).index(name) + 1)
        return f"{quote_sheetname(_LISTS)}!${letter}$2:${letter}${len(self._lists[name]) + 1}"

    def add_to(self, book: Workbook) -> None:
        """Add the hidden sheet."""
        sheet = book.create_sheet(_LISTS)
        sheet.sheet_state = "hidden"
        for column, (name, words) in enumerate(self._lists.items(), 1):
            for row, text in enumerate((name, *words), 1):
                write_text(sheet.cell(row, column), text)


def _fill(sheet: Worksheet, kind: str, rows: Sequence[WorkRow], looks: _Looks, lists: _Lists) -> None:
    columns = SHOWN[kind]
    for at, column in enumerate(columns, 1):
        put_text(sheet.cell(1, at), in_words(HEADINGS[column]), "crm head")
        sheet.column_dimensions[get_column_letter(at)].width = _WIDTHS[column]
    put_text(sheet.cell(1, len(columns) + 1), kind, "crm small")
    sheet.column_dimensions[get_column_letter(len(columns) + 1)].hidden = True
    for place, row in enumerate(rows, 2):
        _write_row(sheet, place, kind, row, looks)
    sheet.row_dimensions[1].height = 2 * _LINE_HEIGHT
    sheet.freeze_panes = "B2"
    # the hidden key is sorted with the rest of its row
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns) + 1)}{len(rows) + 1}"
    set_print(sheet, repeat="1:1")
    if rows:
        _validate(sheet, kind, rows, lists)


def _write_row(sheet: Worksheet, place: int, kind: str, row: WorkRow, looks: _Looks) -> None:
    columns, asked, lines = SHOWN[kind], ASKED[kind], 1
    for at, column in enumerate(columns, 1):
        cell: Any = sheet.cell(place, at)
        value = row.cells.get(column)
        is_asked = column in asked and column not in row.closed
        fill = _ASK if is_asked else _SHADES.get(row.level, _TOLD) if column == "why" else _TOLD
        number = _FORMATS.get(column, "General")
        if column == "amount_fen" and row.currency:
            number = f"[${row.currency}] {number}"
        looks.give(cell, fill, column, number, bold=column == "name")
        if isinstance(value, str):
            write_text(cell, value)
            lines = max(lines, _lines(value, _WIDTHS[column]))
        elif value is not None:
            cell.value = value
    write_text(sheet.cell(place, len(columns) + 1), row.key)
    sheet.row_dimensions[place].height = min(lines, _MOST_LINES) * _LINE_HEIGHT + _PADDING


def _lines(text: str, wide: int) -> int:
    """Return about how many lines a text fills in a column."""
    return sum(1 + width(line) // wide for line in text.split("\n"))


def _validate(sheet: Worksheet, kind: str, rows: Sequence[WorkRow], lists: _Lists) -> None:
    """Let cells take what can be taken back: an entry of their list, a day."""
    wanted: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(rows, 2):
        for column, name in row.choices.items():
            wanted.setdefault((column, name), []).append(place)
    for (column, name), places in wanted.items():
        letter = get_column_letter(SHOWN[kind].index(column) + 1)
        for part in _parts(letter, places):
            choice = DataValidation(type="list", allow_blank=True, formula1=lists.place(name), sqref=part)
            choice.error = _("choose one from the list")
            sheet.add_data_validation(choice)
    for column in _DATES:
        if column in ASKED[kind]:
            letter = get_column_letter(SHOWN[kind].index(column) + 1)
            day = DataValidation("date", _EARLIEST, _LATEST, allow_blank=True, operator="between")
            day.sqref, day.error = f"{letter}2:{letter}{len(rows) + 1}", _("write a day such as 2026-03-05")
            sheet.add_data_validation(day)


def _parts(letter: str, places: Sequence[int]) -> Iterator[str]:
    """Yield the ranges of some rows of a column, so many at a time."""
    known = set(places)
    first = [place for place in places if place - 1 not in known]
    last = [place for place in places if place + 1 not in known]
    ranges = [f"{letter}{one}:{letter}{other}" for one, other in zip(first, last, strict=True)]
    for start in range(0, len(ranges), _RANGES):
        yield " ".join(ranges[start : start + _RANGES])


def _add_terms(book: Workbook, terms: Sequence[tuple[str, str]]) -> None:
    sheet = book.create_sheet(_("How to fill it in"))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 90
    for place, (term, sentence) in enumerate(terms, 1):
        put_text(sheet.cell(place, 1), term, "crm plain")
        sheet.cell(place, 1).font = Font(name=FONT, size=10, bold=True, color=DARK)
        put_text(sheet.cell(place, 2), sentence, "crm plain")
        sheet.row_dimensions[place].height = _lines(sentence, 88) * _LINE_HEIGHT + _PADDING
    set_print(sheet)
