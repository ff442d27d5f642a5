"""Many plain rows of a sheet: written into the saved workbook's part at once, for cell objects would take minutes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import IO, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from crmcli.reports.files import cell_text, looks_like_formula

_DIMENSION = re.compile(r'<dimension ref="[^"]*" ?/>')
_END = "</sheetData>"
_FIRST_DAY = date(1899, 12, 30)
Put = Callable[[SheetCell | MergedCell, Any], object]
"""Writes a value into a cell, with its style."""


@dataclass(frozen=True, slots=True)
class PlainRows:
    """Rows that follow those of a sheet's cells: the number of the first, and the last cell of all.

    `columns` has of each column what stands after the numbers of its cells.
    """

    first: int
    last: str
    columns: list[list[str]]

    def xml(self) -> str:
        """Return the rows as the part of a sheet."""
        high, wide = len(self.columns[0]), 3 * len(self.columns) + 3
        numbers = [str(number) for number in range(self.first, self.first + high)]
        parts = ["</row>"] * (high * wide)
        parts[::wide] = ['<row r="'] * high
        parts[1::wide] = numbers
        for at, ends in enumerate(self.columns):
            start = f'<c r="{get_column_letter(at + 1)}'
            parts[3 * at + 2 :: wide] = [start if at else f'">{start}'] * high
            parts[3 * at + 3 :: wide] = numbers
            parts[3 * at + 4 :: wide] = ends
        return "".join(parts)


class PlainSheets(dict[str, PlainRows]):
    """The plain rows of a workbook's sheets by title; what a cell looks like is asked once for each kind of value."""

    def __init__(self) -> None:
        super().__init__()
        self._ends: dict[tuple[Hashable, type], _Ends] = {}

    def column(self, book: Workbook, values: Sequence[Any], look: Hashable, put: Put) -> list[str]:
        """Return what stands after the numbers of a column's cells; of columns of the same `look` all `put` alike.

        Texts are data, never formulas.
        """
        kinds = set(map(type, values))
        for kind in kinds:
            if (look, kind) not in self._ends:
                self._ends[look, kind] = _Ends(book, put)
        ends = {kind: self._ends[look, kind] for kind in kinds}
        if len(ends) == 1:
            (own,) = ends.values()
            return list(map(own.__getitem__, values))
        return [ends[type(value)][value] for value in values]


class _Ends(dict[Any, str]):
    """What stands after the number of a cell, by its value: of values of one type, in columns that look alike."""

    def __init__(self, book: Workbook, put: Put) -> None:
        super().__init__()
        self._book, self._put = book, put
        self._styles: dict[tuple[bool, bool], int] = {}

    def __missing__(self, value: Any) -> str:
        text = value if isinstance(value, str) else ""
        kind = bool(text), looks_like_formula(text)
        if kind not in self._styles:
            self._styles[kind] = self._asked(value)
        style = self._styles[kind]
        if text:
            shown = cell_text(text)
            kept = ' xml:space="preserve"' if "\n" in shown or shown != shown.strip() else ""
            end = f'" s="{style}" t="inlineStr"><is><t{kept}>{escape(shown)}</t></is></c>'
        else:
            end = f'" s="{style}"/>' if isinstance(value, str) else f'" s="{style}"><v>{_number(value)}</v></c>'
        self[value] = end
        return end

    def _asked(self, value: Any) -> int:
        cell = Worksheet(self._book).cell(1, 1)
        self._put(cell, value)
        found: int = cell.style_id
        return found


def _number(value: float | Decimal | date) -> str:
    return str((value - _FIRST_DAY).days) if isinstance(value, date) else str(value)


def save_with_rows(book: Workbook, rows: Mapping[str, PlainRows], file: IO[bytes]) -> None:
    """Write a workbook whose sheets `rows` (by title) have more rows than their cells."""
    if not rows:
        book.save(file)
        return
    whole = BytesIO()
    book.save(whole)
    parts = {f"xl/worksheets/sheet{at}.xml": rows.get(name) for at, name in enumerate(book.sheetnames, 1)}
    with ZipFile(whole) as given, ZipFile(file, "w", ZIP_DEFLATED, compresslevel=4) as made:
        for info in given.infolist():
            more = parts.get(info.filename)
            if more is None:
                with given.open(info) as source, made.open(info, "w") as target:
                    shutil.copyfileobj(source, target)
            else:
                made.writestr(info, _longer(given.read(info).decode(), more))


def _longer(xml: str, more: PlainRows) -> str:
    """Return a sheet's XML with more rows behind its own."""
    head, tail = xml.split(_END, 1)
    head = _DIMENSION.sub(f'<dimension ref="A1:{more.last}"/>', head, count=1)
    return f"{head}{more.xml()}{_END}{tail}"
