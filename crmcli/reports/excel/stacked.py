"""A native chart of columns that stand on each other, with a line for what was to be reached."""

from __future__ import annotations

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.legend import Legend
from openpyxl.chart.shapes import GraphicalProperties

from crmcli.reports.excel.gaps import is_unknown, with_gaps
from crmcli.reports.excel.table import Placed
from crmcli.reports.model import Chart

_COLORS = ("2E7D32", "1F3864", "2F75B5", "9DC3E6", "BFBFBF", "C55A11")
_LINE = "C00000"
_THIN = 22_000


def stacked(chart: Chart, placed: Placed, min_n: int) -> BarChart:
    """Return the stacked columns of a chart's values, and its line if it has one; title and size are the caller's."""
    picture = BarChart()
    picture.type, picture.grouping, picture.overlap, picture.gapWidth = "col", "stacked", 100, 60
    for key, color in zip(chart.values, _COLORS, strict=False):
        picture.add_data(_cells(placed, key, with_head=True), titles_from_data=True)
        look = GraphicalProperties(solidFill=color)
        look.line.solidFill = color
        picture.series[-1].graphicalProperties = look
    picture.set_categories(_cells(placed, chart.category, with_head=False))
    picture.legend = Legend()
    picture.legend.position = "b"
    picture.x_axis.delete = picture.y_axis.delete = False
    picture.y_axis.majorGridlines = None
    picture.y_axis.number_format = "#,##0"
    if chart.line is not None and not is_unknown(placed, chart.line, min_n):
        line = LineChart()
        line.add_data(with_gaps(placed, chart.line, min_n), titles_from_data=True)
        series = line.series[0]
        series.smooth = False
        series.graphicalProperties = GraphicalProperties()
        series.graphicalProperties.line.solidFill = _LINE
        series.graphicalProperties.line.width = _THIN
        series.marker.symbol = "diamond"
        picture += line
    return picture


def _cells(placed: Placed, key: str, *, with_head: bool) -> Reference:
    column = placed.columns[key]
    first = placed.head if with_head else placed.first
    return Reference(
        placed.sheet, min_col=column, max_col=column, min_row=first, max_row=max(placed.last, placed.first)
    )
