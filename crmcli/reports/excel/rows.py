"""Many plain rows of a sheet: written into the saved workbook's part at once, for cell objects would take minutes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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

from crmcli.reports.files import cell_text, looks_like_formula

_DIMENSION = re.compile(r'<dimension ref="[^"]*" ?/>')
_END = "</sheetData>"
_FIRST_DAY = date(1899, 12, 30)
Put = Callable[[SheetCell | MergedCell, Any, int], object]
"""Writes a value into a cell of a column (1-based), with its style."""


@dataclass(slots=True)
class PlainRows:
    """Rows that follow those of a sheet's cells: the XML of each, and the last cell of all."""

    last: str
    xml: list[str] = field(default_factory=list)


class RowWriter:
    """Makes rows of one workbook; what a cell looks like is asked once for each column and kind of value."""

    def __init__(self, book: Workbook, put: Put) -> None:
        self._book, self._put = book, put
        self._styles: dict[tuple[int, object, bool], int] = {}

    def row(self, number: int, values: tuple[Any, ...]) -> str:
        """Return the XML of a row; texts are data, never formulas."""
        cells = "".join(self._cell(f"{get_column_letter(at)}{number}", at, value) for at, value in enumerate(values, 1))
        return f'<row r="{number}">{cells}</row>'

    def _cell(self, where: str, column: int, value: Any) -> str:
        text = value if isinstance(value, str) else ""
        risky = looks_like_formula(text)
        key = column, type(value) if not isinstance(value, str) else bool(value), risky
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = self._asked(value, column)
        if isinstance(value, str):
            if not value:
                return f'<c r="{where}" s="{style}"/>'
            shown = escape(cell_text(value))
            return f'<c r="{where}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'
        return f'<c r="{where}" s="{style}"><v>{_number(value)}</v></c>'

    def _asked(self, value: Any, column: int) -> int:
        sheet = self._book.create_sheet("style")
        cell = sheet.cell(1, 1)
        self._put(cell, value, column)
        found: int = cell.style_id
        self._book.remove(sheet)
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
    return "".join((head, *more.xml, _END, tail))
