"""A waterfall as stacked columns on an invisible base: Excel, WPS and LibreOffice all draw it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.worksheet.worksheet import Worksheet

from crmcli.reports.excel.style import put_text
from crmcli.reports.excel.table import Placed
from crmcli.reports.model import Cell, Chart

SHEET = "waterfalls"
"""Name of the hidden sheet that holds the columns' parts."""
_WAN, _IN_WAN = 10_000, 1_000_000
_PARTS = ("base", "level", "up", "down")
_COLORS = {"level": "9DB7E0", "up": "A9D18E", "down": "F2A7A0"}
"""Light enough for the dark numbers on them."""
_NUMBERS = {"base": "General", "level": "#,##0", "up": "+#,##0", "down": "-#,##0"}


@dataclass(frozen=True, slots=True)
class _Bar:
    """One column: what it stands on, and how high it is as a level, a step up or a step down; None: it is none."""

    base: Decimal
    level: Decimal | None = None
    up: Decimal | None = None
    down: Decimal | None = None


def bars(values: list[Cell], levels: tuple[int, ...]) -> list[_Bar]:
    """Return the columns of a waterfall: levels stand on the ground, steps where the one before ended.

    >>> [(bar.base, bar.up, bar.down) for bar in bars([5, -2, 3], (0, 2))][1]
    (Decimal('3'), None, Decimal('2'))
    """
    found, reached = [], Decimal(0)
    for at, value in enumerate(values):
        number = Decimal(str(value)) if isinstance(value, int | float | Decimal) else Decimal(0)
        before, reached = reached, number if at in levels else reached + number
        if at in levels:
            found.append(_Bar(Decimal(0), level=number))
        elif number >= 0:
            found.append(_Bar(before, up=number or None))
        else:
            found.append(_Bar(reached, down=-number))
    return found


def unit(values: list[Cell]) -> int:
    """Return what a unit of the axis is worth: ten thousand (万) where the numbers are long, else one."""
    numbers = [abs(Decimal(value)) for value in values if isinstance(value, int | float | Decimal)]
    return _WAN if any(number >= _IN_WAN for number in numbers) else 1


def waterfall(chart: Chart, placed: Placed) -> BarChart:
    """Return the chart; its parts are written to a hidden sheet of the workbook."""
    at = placed.table.index(chart.values[0])
    values = [row[at] for row in placed.table.rows]
    levels = chart.levels or (0, len(values) - 1)
    sheet, first = _write(placed, bars(values, levels), unit(values))
    last = first + len(values) - 1
    picture = BarChart()
    picture.type, picture.grouping, picture.overlap, picture.gapWidth = "col", "stacked", 100, 30
    for column, part in enumerate(_PARTS, 1):
        area = Reference(sheet, min_col=column, max_col=column, min_row=first - 1, max_row=last)
        picture.add_data(area, titles_from_data=True)
        series = picture.series[-1]
        if part == "base":
            series.graphicalProperties = GraphicalProperties(noFill=True)
            series.graphicalProperties.line.noFill = True
        else:
            series.graphicalProperties = GraphicalProperties(solidFill=_COLORS[part])
            series.dLbls = _labels()
    names = Reference(placed.sheet, min_col=placed.columns[chart.category], min_row=placed.first, max_row=placed.last)
    picture.set_categories(names)
    picture.legend = None
    picture.x_axis.delete = False
    picture.y_axis.delete = True
    picture.y_axis.majorGridlines = None
    picture.y_axis.scaling.min = 0
    return picture


def _write(placed: Placed, columns: list[_Bar], divisor: int) -> tuple[Worksheet, int]:
    """Return the hidden sheet and the first row of the columns' parts on it."""
    book: Any = placed.sheet.parent
    if SHEET not in book.sheetnames:
        book.create_sheet(SHEET).sheet_state = "hidden"
    sheet: Worksheet = book[SHEET]
    head = sheet.max_row + 2 if sheet.max_row > 1 else 1
    for at, part in enumerate(_PARTS, 1):
        put_text(sheet.cell(head, at), part, "crm head")
        for row, bar in enumerate(columns, head + 1):
            number = getattr(bar, part)
            if number is not None:
                sheet.cell(row, at).value = number / divisor
                sheet.cell(row, at).number_format = _NUMBERS[part]
    return sheet, head + 1


def _labels() -> DataLabelList:
    labels = DataLabelList()
    labels.showVal = True
    for name in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(labels, name, False)
    return labels
