"""Rows of a source file that go back to people: as they were, with what is to be said of each behind them.

What is added has headers that an import leaves out, so that the rows can be put right here and imported again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmcli.domain.rejection import ADDED, DATES, KIND, MAP, SOURCE

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_FONT = "微软雅黑"
_OWN, _ADDED, _BLAME = "DDEBF7", "FFF2CC", "FCE4D6"
_WIDEST, _NARROWEST, _MEASURED = 40, 8, 200
_INVALID = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """One row: its own cells, then `said`, a text for each of the added columns.

    `blame` is the header of the cell that is wrong, "" where none is. `system`, `kind`, `map` and `day` are the options
    with which the rows are read again.
    """

    file: str
    sheet: str
    headers: tuple[str, ...]
    cells: tuple[str, ...]
    said: tuple[str, ...]
    blame: str = ""
    system: str = ""
    kind: str = ""
    map: tuple[tuple[str, str], ...] = ()
    day: str = ""


def write_returned(path: Path, words: Sequence[str], rows: Sequence[ReturnedRow]) -> None:
    """Write the workbook: a sheet a source sheet, its own columns first, then those called `words`, then the options.

    Raises:
        CrmError: the file cannot be written; what was there before is left as it was.
    """
    from openpyxl import Workbook

    from crmcli.reports.files import save_workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    added = [*(ADDED + word for word in words), SOURCE, KIND, MAP, *([DATES] if any(row.day for row in rows) else [])]
    for (file, sheet, headers), own in groupby(rows, key=lambda row: (row.file, row.sheet, row.headers)):
        name = f"{len(book.worksheets) + 1} {sheet or Path(file).stem}".translate(_INVALID)[:31]
        _fill(book.create_sheet(name), headers, added, list(own))
    if not book.worksheets:
        _fill(book.create_sheet("0"), (), added, [])
    save_workbook(book, path)


def _fill(sheet: Worksheet, headers: tuple[str, ...], added: Sequence[str], rows: Sequence[ReturnedRow]) -> None:
    own = max([len(headers), *(len(row.cells) for row in rows)])
    heads = [*headers, *([""] * (own - len(headers))), *added]
    widths = [_width(head) for head in heads]
    for column, head in enumerate(heads, 1):
        _put(sheet, 1, column, head, _ADDED if column > own else _OWN, bold=True)
    for place, row in enumerate(rows, 2):
        named = "\n".join(f"{header}={path}" for header, path in row.map)
        texts = [*row.cells, *([""] * (own - len(row.cells))), *row.said, row.system, row.kind, named, row.day]
        blamed = headers.index(row.blame) + 1 if row.blame and row.blame in headers else 0
        for column, text in enumerate(texts, 1):
            if text or column == blamed:
                _put(sheet, place, column, text, _BLAME if column == blamed else "")
                if place <= _MEASURED:
                    widths[column - 1] = max(widths[column - 1], _width(text))
    _dress(sheet, widths)


def _width(text: str) -> int:
    """Return how many columns the longest line of a text fills; a full-width character fills two."""
    return max((sum(1 if char.isascii() else 2 for char in line) for line in text.split("\n")), default=0)


def _put(sheet: Worksheet, row: int, column: int, text: str, fill: str, *, bold: bool = False) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    from crmcli.reports.files import write_text

    cell: Any = sheet.cell(row, column)
    write_text(cell, text)
    cell.font = Font(name=_FONT, size=10, bold=bold)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if fill:
        cell.fill = PatternFill("solid", start_color=fill)


def _dress(sheet: Worksheet, widths: Sequence[int]) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    for column, wide in enumerate(widths, 1):
        size = min(max(wide + 2, _NARROWEST), _WIDEST)
        sheet.column_dimensions[get_column_letter(column)].width = size
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
