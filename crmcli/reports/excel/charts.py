"""Native charts over a table's own cells, of kinds that Excel, WPS and LibreOffice all draw."""

from __future__ import annotations

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import Legend
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.drawing.text import Font as DrawingFont

from crmcli.domain.metrics.rate import Rate
from crmcli.i18n import _, current_language
from crmcli.reports.excel.gaps import has_gaps, with_gaps
from crmcli.reports.excel.stacked import stacked
from crmcli.reports.excel.style import ACCENT, FONT
from crmcli.reports.excel.table import Placed
from crmcli.reports.excel.waterfall import unit, waterfall
from crmcli.reports.model import Cell, Chart, Table
from crmcli.reports.wording import number

HEIGHT_CM, WIDTH_CM, WIDE_CM, ROWS = 8, 14, 24, 17
"""A chart's size, that of one with many columns, and how many rows of a sheet it covers."""
MANY_BARS = 8
"""From more columns on a chart is wide."""
FEW = 6
"""An axis that ends below it has only whole numbers."""
MOST_BARS = 20
"""A table with more rows has no chart: nobody could read it."""
_ORANGE, _GREEN, _RED = "C55A11", "2E7D32", "C00000"
_SERIES = {"won": _GREEN, "lost": _RED}
_AXES = {"rate": "0.0%", "money": "#,##0", "days": "0.0"}
"""Number formats of axes and labels, by the type of the column."""
_LARGE = {"zh": r'0\.0,"万"'}
"""Those of large amounts by language; in others thousands are shown."""
_PALETTE = (ACCENT, "8FAADC", "BFBFBF", "7030A0", "BF9000")
"""What columns and lines without a colour of their own are drawn in, one after the other."""


def draw(chart: Chart, placed: Placed, min_n: int) -> BarChart | LineChart:
    """Return the chart over the cells where its table stands."""
    if chart.kind == "waterfall":
        return _waterfall(chart, placed)
    if chart.kind == "stacked":
        columns = stacked(chart, placed, min_n)
        columns.y_axis.number_format = _number_format(chart, placed)
        columns.title, columns.height, columns.width = _title(str(chart.title)), HEIGHT_CM, WIDE_CM
        return columns
    if chart.kind == "line":
        picture: BarChart | LineChart = LineChart()
    else:
        picture = BarChart()
    _fill(picture, chart, placed, min_n)
    picture.y_axis.number_format = _number_format(chart, placed)
    picture.y_axis.majorUnit = _step(chart, placed)
    match picture:
        case BarChart():
            picture.gapWidth = 40
            picture.type = "bar" if chart.kind == "funnel" else "col"
            picture.legend = _legend() if len(chart.values) > 1 else None
            if _type(chart, placed) != "money":  # amounts are too long to stand over columns
                _label(picture, picture.y_axis.number_format)
            if chart.kind == "funnel":
                picture.x_axis.scaling.orientation = "maxMin"
                picture.y_axis.delete = True
        case LineChart():
            picture.legend = _legend()
    if chart.kind == "pareto" and isinstance(picture, BarChart) and _has_shares(chart, placed, min_n):
        _add_share_line(picture, chart, placed)
    picture.title = _title(str(chart.title))
    is_wide = isinstance(picture, BarChart) and len(placed.table.rows) > MANY_BARS
    picture.height, picture.width = HEIGHT_CM, WIDE_CM if is_wide else WIDTH_CM
    return picture


def is_empty(chart: Chart, table: Table) -> bool:
    """Return whether there is nothing to draw: all values are unknown or nought."""
    places = [table.index(key) for key in chart.values]
    return not any(number(row[at], 1) for row in table.rows for at in places)


def _type(chart: Chart, placed: Placed) -> str:
    return placed.table.columns[placed.table.index(chart.values[0])].type


def _values(chart: Chart, placed: Placed) -> list[Cell]:
    places = [placed.table.index(key) for key in chart.values]
    return [row[at] for row in placed.table.rows for at in places]


def _step(chart: Chart, placed: Placed) -> int | None:
    """Return the step of an axis of few whole numbers, which a chart would else part; None where it may choose."""
    counts = [value for value in _values(chart, placed) if isinstance(value, int)]
    return 1 if _type(chart, placed) == "int" and max(counts, default=FEW) < FEW else None


def _number_format(chart: Chart, placed: Placed) -> str:
    """Return how the chart's values are written; large amounts in ten thousands (万) or in thousands."""
    kind = _type(chart, placed)
    if kind == "money" and unit(_values(chart, placed)) > 1:
        return _LARGE.get(current_language(), '#,##0,"k"')
    return _AXES.get(kind, "General")


def _legend() -> Legend:
    legend = Legend()
    legend.position = "b"
    return legend


def _waterfall(chart: Chart, placed: Placed) -> BarChart:
    at = placed.table.index(chart.values[0])
    in_wan = unit([row[at] for row in placed.table.rows]) > 1
    picture = waterfall(chart, placed)
    picture.title = _title(_("{title} (in 10,000)").format(title=chart.title) if in_wan else str(chart.title))
    picture.height, picture.width = HEIGHT_CM, WIDE_CM
    return picture


def _title(text: str) -> Title:
    """Return a chart's title in the workbook's font, small enough not to crowd the picture."""
    look = CharacterProperties(sz=1200, b=True, latin=DrawingFont(typeface=FONT), ea=DrawingFont(typeface=FONT))
    run = RegularTextRun(rPr=look, t=text)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[run])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def _fill(picture: BarChart | LineChart, chart: Chart, placed: Placed, min_n: int) -> None:
    colors = iter(_PALETTE * len(chart.values))
    for key in chart.values:
        is_broken = isinstance(picture, LineChart) and has_gaps(placed, key, min_n)
        values = with_gaps(placed, key, min_n) if is_broken else _reference(placed, key, head=True)
        picture.add_data(values, titles_from_data=True)
        series = picture.series[-1]
        color = _SERIES.get(key) or next(colors)
        series.graphicalProperties = GraphicalProperties(solidFill=color)
        series.graphicalProperties.line.solidFill = color
        if isinstance(picture, LineChart):
            series.smooth = False
            series.graphicalProperties.line.width = 22_000
    picture.set_categories(_reference(placed, chart.category, head=False))
    picture.x_axis.delete = picture.y_axis.delete = False
    picture.x_axis.number_format = "m/d" if _is_date(chart, placed) else "General"
    picture.y_axis.majorGridlines = None


def _is_date(chart: Chart, placed: Placed) -> bool:
    return placed.table.columns[placed.table.index(chart.category)].type == "date"


def _reference(placed: Placed, key: str, *, head: bool) -> Reference:
    column = placed.columns[key]
    first = placed.head if head else placed.first
    return Reference(
        placed.sheet, min_col=column, max_col=column, min_row=first, max_row=max(placed.last, placed.first)
    )


def _label(picture: BarChart, shown_as: str) -> None:
    picture.dataLabels = DataLabelList()
    picture.dataLabels.showVal = True
    for name in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(picture.dataLabels, name, False)
    picture.dataLabels.numFmt = shown_as


def _has_shares(chart: Chart, placed: Placed, min_n: int) -> bool:
    """Return whether there are shares to draw: over too few cases there are texts instead."""
    if chart.line is None:
        return False
    at = placed.table.index(chart.line)
    cells = [row[at] for row in placed.table.rows]
    return bool(cells) and all(isinstance(cell, Rate) and cell.value(min_n) is not None for cell in cells)


def _add_share_line(picture: BarChart, chart: Chart, placed: Placed) -> None:
    line = LineChart()
    line.add_data(_reference(placed, str(chart.line), head=True), titles_from_data=True)
    series = line.series[0]
    series.smooth = False
    series.graphicalProperties = GraphicalProperties()
    series.graphicalProperties.line.solidFill = _ORANGE
    series.graphicalProperties.line.width = 22_000
    series.marker.symbol = "circle"
    line.y_axis.axId = 200
    line.y_axis.crosses = "max"
    line.y_axis.delete = False
    line.y_axis.number_format = "0%"
    line.y_axis.majorGridlines = None
    line.y_axis.scaling.min, line.y_axis.scaling.max = 0, 1
    picture += line
