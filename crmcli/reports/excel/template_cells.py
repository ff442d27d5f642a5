"""The cells of a template's named ranges: found, checked for room, and filled without touching how they look."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import Message, msg
from crmcli.reports.excel.style import FORMATS
from crmcli.reports.files import write_text
from crmcli.reports.model import Table
from crmcli.reports.wording import width

_WIDEST = 42.0
_WITH_TIME = "yyyy-mm-dd hh:mm"
_NO_FORMATS = ("General", "@")


class NoRoom(CrmError):
    """Figures would overwrite what a template holds beside the range that they are for."""

    code = "template.no_room"
    exit_code = ExitCode.USAGE

    def __init__(self, where: str, reason: Message) -> None:
        super().__init__(reason, where=where, hint=msg("Make the named range larger, or leave the cells below it free"))


@dataclass(frozen=True, slots=True)
class Area:
    """A named range: its sheet and its cells by number, first and last."""

    name: str
    sheet: Worksheet
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Written:
    """What was filled in: the table (None: a single figure), where its first row of values stands, and from where."""

    sheet: Worksheet
    left: int
    first: int
    table: Table | None = None


def areas_of(book: Workbook) -> dict[str, list[Area]]:
    """Return name -> the cells that it names; of a name with several areas all of them."""
    found: dict[str, list[Area]] = {}
    scopes = [book.defined_names, *(sheet.defined_names for sheet in book.worksheets)]
    for name, defined in (item for scope in scopes for item in scope.items()):
        try:
            places = list(defined.destinations)
        except (ValueError, AttributeError):  # a formula or a constant, no range
            continue
        for title, cells in places:
            if title in book.sheetnames:
                left, top, right, bottom = (int(bound or 0) for bound in range_boundaries(cells.replace("$", "")))
                area = Area(name, book[title], left or 1, top or 1, right or left or 1, bottom or top or 1)
                found.setdefault(name, []).append(area)
    return found


def write_block(
    area: Area, lines: list[list[Any]], kinds: list[str], *, table: Table | None = None, has_head: bool = False
) -> Written:
    """Return what was filled in after writing lines of values from the area's top left cell on.

    What the area held before is taken away; a cell without a look of its own takes that of the first line of values,
    one without a number format that of its kind.

    Raises:
        NoRoom: A cell outside the area is not empty, or one is merged.
    """
    _check_room(area, len(lines), max((len(line) for line in lines), default=0))
    _clear(area)
    first = area.top + has_head
    for row, line in enumerate(lines, area.top):
        for at, value in enumerate(line):
            cell: Any = area.sheet.cell(row, area.left + at)
            if row > first:
                _look_like(cell, area.sheet.cell(first, area.left + at))
            if isinstance(value, str):
                write_text(cell, value)
            else:
                given, cell.value = cell.number_format, value
                kind = _WITH_TIME if isinstance(value, datetime) else FORMATS[kinds[at]]
                cell.number_format = kind if given in _NO_FORMATS else given
    _widen(area, lines)
    return Written(area.sheet, area.left, first, table)


def _widen(area: Area, lines: list[list[Any]]) -> None:
    """Make room for figures in columns that the template left at the usual width; a lone text may run over."""
    for at in range(max((len(line) for line in lines), default=0)):
        column = area.sheet.column_dimensions[get_column_letter(area.left + at)]
        texts = [
            line[at] if isinstance(line[at], str) else f"{line[at]:,.2f}" if isinstance(line[at], Decimal) else "9" * 14
            for line in lines if len(lines) > 1 or not isinstance(line[at], str)
        ]  # fmt: skip
        if texts and not column.customWidth:
            column.width = max(column.width, min(_WIDEST, max(map(width, texts)) * 1.1 + 2))


def _check_room(area: Area, height: int, width: int) -> None:
    merged = {
        cell for one in area.sheet.merged_cells.ranges for cell in one.cells if cell != (one.min_row, one.min_col)
    }
    for row in range(area.top, area.top + height):
        for column in range(area.left, area.left + width):
            inside = row <= area.bottom and column <= area.right
            cell = area.sheet.cell(row, column)
            where = f"{area.sheet.title}!{cell.coordinate} ({area.name})"
            if (row, column) in merged:
                raise NoRoom(where, msg("the figures would stand on merged cells"))
            if not inside and cell.value is not None:
                raise NoRoom(where, msg("the figures need this cell, which holds something else"))


def _clear(area: Area) -> None:
    """Empty what is there as a sample; formulas stay."""
    for row in area.sheet.iter_rows(area.top, area.bottom, area.left, area.right):
        for cell in row:
            if cell.data_type != "f" and hasattr(cell, "hyperlink"):
                cell.value = None


def _look_like(cell: Any, other: Any) -> None:
    if not cell.has_style and other.has_style:
        cell._style = copy(other._style)  # noqa: SLF001 - openpyxl's own way to copy a look
