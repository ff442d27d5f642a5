"""One table as a block of cells in a sheet."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.formatting.rule import DataBar, FormatObject, Rule
from openpyxl.styles import Alignment, Color, Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from crmcli.domain.metrics.rate import Rate
from crmcli.i18n import _
from crmcli.reports.excel.style import ACCENT, BAD, GOOD, PALE_BAR, WARN, put_text
from crmcli.reports.model import Cell, Column, Link, Table
from crmcli.reports.wording import UNKNOWN, parts, width, wording

NARROWEST, PARTS_WIDTH, WIDEST, HEAD_HEIGHT, LINE_HEIGHT = 7.0, 8.5, 42.0, 32, 14


@dataclass(frozen=True, slots=True)
class Target:
    """The cells of a workbook that a link leads to (`'sheet'!A5:A9`); `cut` says so where not all records are there."""

    location: str
    cut: str | None = None


LinkTo = Callable[[Link], Target | None]
"""Where a link leads inside the workbook; None where the records are not listed."""
Looks = dict[tuple[int, ...], Any]
"""The look of a linked cell by its look before."""


_SCALE = [FormatObject("num", 0), FormatObject("num", 1)]
_BAR = Rule("dataBar", dataBar=DataBar(cfvo=_SCALE, color=Color(rgb=f"FF{PALE_BAR}")))
_NOT_ZERO = Rule("cellIs", operator="notEqual", formula=["0"], dxf=DifferentialStyle(font=Font(color=BAD, bold=True)))
_SOME = Rule("cellIs", operator="greaterThan", formula=["0"], dxf=DifferentialStyle(font=Font(color=WARN, bold=True)))


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a table stands: row numbers as Excel shows them, column numbers by key; rows may be none."""

    table: Table
    sheet: Worksheet
    head: int
    columns: dict[str, int]
    widths: dict[int, float] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """Return the number of the first row."""
        return self.head + 1

    @property
    def last(self) -> int:
        """Return the number of the last row without the total."""
        return self.head + len(self.table.rows)

    @property
    def bottom(self) -> int:
        """Return the number of the last row, the total included."""
        return self.last + (self.table.total is not None)

    def area(self, key: str) -> str:
        """Return the cells of a column, without head and total: `D5:D9`."""
        letter = get_column_letter(self.columns[key])
        return f"{letter}{self.first}:{letter}{self.last}"


def shown_width(table: Table) -> int:
    """Return how many columns of a sheet the table takes without its minor ones."""
    return sum(1 + column.parts for column in table.columns if not column.minor)


def place(sheet: Worksheet, table: Table, head: int, min_n: int, link_to: LinkTo, minor_after: int = 0) -> Placed:
    """Return where the table stands after writing it, its head in row `head`.

    Minor columns stand last, after the sheet's column `minor_after`.
    """
    columns, at = {}, 1
    for column in sorted(table.columns, key=lambda one: one.minor):
        at = max(at, minor_after + 1) if column.minor else at
        columns[column.key] = at
        at += 1 + column.parts
    placed = Placed(table, sheet, head, columns)
    _write_head(placed)
    for number, row in enumerate(table.rows):
        _write_row(placed, placed.first + number, row, min_n, "")
    if table.total:
        _write_row(placed, placed.bottom, table.total, min_n, "total ")
    looks: Looks = {}
    for (row_at, key), link in table.links.items():
        _set_link(sheet.cell(placed.first + row_at, columns[key]), link_to(link), looks)
    _highlight(placed)
    return placed


def _write_head(placed: Placed) -> None:
    placed.sheet.row_dimensions[placed.head].height = HEAD_HEIGHT
    for column in placed.table.columns:
        at = placed.columns[column.key]
        label = str(column.label)
        put_text(placed.sheet.cell(placed.head, at), label, "crm head")
        size = width(label) + 3 if column.type == "text" else _in_two(label)
        placed.widths[at] = max(NARROWEST, min(WIDEST, size))
        if column.parts:
            put_text(placed.sheet.cell(placed.head, at + 1), _("n / of"), "crm head")
            placed.widths[at + 1] = PARTS_WIDTH


def _in_two(label: str) -> float:
    """Return the width of a heading in two lines, in which neither a Latin word nor a bracket is broken."""
    longest = max((len(word) for word in label.split() if word.isascii()), default=0)
    bracket = width(label[label.find("（") :]) if label.endswith("）") and "（" in label else 0
    return max(width(label) * 0.55 + 4, longest * 1.3 + 2, bracket * 1.15 + 2)


def _write_row(placed: Placed, number: int, row: tuple[Cell, ...], min_n: int, prefix: str) -> None:
    for column, value in zip(placed.table.columns, row, strict=True):
        at = placed.columns[column.key]
        cell = placed.sheet.cell(number, at)
        lines = put(cell, value, column, min_n, prefix).split("\n")
        placed.widths[at] = max(placed.widths[at], min(WIDEST, max(map(width, lines)) * 1.1 + 2))
        if len(lines) > 1:
            cell.alignment = Alignment(horizontal="left", vertical="center", indent=1, wrap_text=True)
            wrapped = sum(1 + int((width(line) * 1.1 + 2) // WIDEST) for line in lines)
            height = placed.sheet.row_dimensions[number].height or 0
            placed.sheet.row_dimensions[number].height = max(height, LINE_HEIGHT * wrapped)
        if column.parts:
            put_text(placed.sheet.cell(number, at + 1), parts(value), f"crm {prefix}parts")
            placed.widths[at + 1] = max(placed.widths[at + 1], len(parts(value)) + 1)


def put(cell: SheetCell | MergedCell, value: Cell, column: Column, min_n: int, prefix: str = "") -> str:
    """Return the text that a reader sees after writing a value in its type; texts are data, never formulas."""
    shown = wording(value, column, min_n)
    share = value.value(min_n) if isinstance(value, Rate) else None
    if share is not None:
        cell.value, cell.style = share, f"crm {prefix}rate"
    elif isinstance(value, int | float | Decimal | date):
        cell.value = value
        kind = _kind_of(value) if column.type == "text" else column.type
        cell.style = f"crm {prefix}signed {kind}" if column.signed else f"crm {prefix}{kind}"
    elif value is None:
        put_text(cell, UNKNOWN, f"crm {prefix}{column.type}" if prefix else "crm unknown")
    else:
        put_text(cell, shown, f"crm {prefix}{column.type}")
    return shown


def _kind_of(value: float | Decimal | date) -> str:
    """Return the type of a number in a column that holds figures of several types."""
    return {int: "int", float: "days", Decimal: "money"}.get(type(value), "date")


def _set_link(cell: Any, target: Target | None, looks: Looks) -> None:
    """Link a cell and colour it; a look is made once, for most cells of a table look alike."""
    if target is None:
        return
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target.location, tooltip=target.cut)
    plain = tuple(cell._style)  # noqa: SLF001 - no other way to give a cell the look of another
    if plain not in looks:
        cell.font = Font(name=cell.font.name, size=cell.font.size, bold=cell.font.bold, color=ACCENT)
        looks[plain] = cell._style  # noqa: SLF001
    cell._style = copy(looks[plain])  # noqa: SLF001


def _highlight(placed: Placed) -> None:
    """Draw bars behind rates with parts, and colour what should not be there."""
    if not placed.table.rows:
        return
    formats = placed.sheet.conditional_formatting
    for column in placed.table.columns:
        if column.type == "rate" and column.parts:
            formats.add(placed.area(column.key), _BAR)
        elif column.key == "attained" and "due" in placed.columns:
            _mark_attained(placed)
        elif column.key == "balance":
            formats.add(placed.area(column.key), _NOT_ZERO)
        elif column.key in ("overdue", "no_next", "no_close_date"):
            formats.add(placed.area(column.key), _SOME)


def _mark_attained(placed: Placed) -> None:
    """Colour what is attained: red where less than nine tenths of what is due are there, green where all is."""
    own, due = (f"{get_column_letter(placed.columns[key])}{placed.first}" for key in ("attained", "due"))
    for condition, color in ((f"{own}<{due}*0.9", BAD), (f"{own}>={due}", GOOD)):
        look = DifferentialStyle(font=Font(color=color, bold=True))
        rule = Rule("expression", formula=[f"AND(ISNUMBER({own}),{condition})"], dxf=look)
        placed.sheet.conditional_formatting.add(placed.area("attained"), rule)
