"""Charts as plotly.js reads them; every text is data, a colour is the name of one of the page's colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, assert_never

from crmcli.i18n import _, current_language
from crmcli.reports.html.style import SERIES
from crmcli.reports.model import Chart, Column, Table
from crmcli.reports.wording import number, parts, wording

Trace = dict[str, Any]
Figure = dict[str, Any]

MOST_MARKS = 40
"""A table with more rows has no bars: nobody could read them. A line takes any number."""
MOST_NAMES, MOST_STANDING, MOST_LABELS = 14, 12, 16
"""Days named on an axis; bars that stand before they are laid; bars that carry their figure."""
ROW_HEIGHT, MARGIN_ROWS = 24, 3
"""Pixels that a lying bar takes, and how many bars' room the axis and the legend take."""
UNITS = {"zh": (10_000, "万"), "en": (1_000, "k")}
"""What large amounts are written in beside a bar; their exact figure shows when somebody points at it."""
CLOSE = 0.4
"""A waterfall whose levels differ by a smaller part than that is shown from close by, and says so."""
FEW, LARGE = 6, 100
"""Counts up to FEW are marked one by one, never as 0.5; amounts from LARGE units on are written in that unit."""
_COLOURS = {"won": "@good", "lost": "@bad"}
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x")
_MARGIN = {"l": 12, "r": 16, "t": 18, "b": 12}
_AXIS: dict[str, Any] = {
    "fixedrange": True, "automargin": True, "gridcolor": "@line", "linecolor": "@line", "zeroline": False,
    "autotickangles": [0, -40, -90],
}  # fmt: skip


def is_drawn(chart: Chart, table: Table) -> bool:
    """Return whether there is something to draw, and not too much."""
    return len(table.rows) > 0 and (chart.kind == "line" or len(table.rows) <= MOST_MARKS)


def figure(chart: Chart, table: Table, min_n: int) -> Figure:
    """Return the chart's `data` and `layout`; what is unknown or too few is a gap, never a zero."""
    drawing = _Drawing(chart, table, min_n)
    match chart.kind:
        case "funnel":
            return _funnel(drawing)
        case "pareto":
            return _pareto(drawing)
        case "bar":
            return _bars(drawing, "group")
        case "stacked":
            return _bars(drawing, "relative")
        case "line":
            return _lines(drawing)
        case "waterfall":
            return _waterfall(drawing)
        case _:
            assert_never(chart.kind)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A chart with its table: columns of it as lists."""

    chart: Chart
    table: Table
    min_n: int

    def column(self, key: str) -> Column:
        return self.table.columns[self.table.index(key)]

    def texts(self, key: str) -> list[str]:
        """Return a column as the reader sees it; whole amounts without their zeros."""
        at, column = self.table.index(key), self.column(key)
        return [_shown(wording(row[at], column, self.min_n)) for row in self.table.rows]

    def numbers(self, key: str) -> list[float | None]:
        """Return a column's figures; amounts in `unit`."""
        size = self.unit[0] if self.column(key).type == "money" else 1
        return [None if value is None else value / size for value in self._plain(key)]

    def _plain(self, key: str) -> list[float | None]:
        at = self.table.index(key)
        return [number(row[at], self.min_n) for row in self.table.rows]

    @property
    def unit(self) -> tuple[int, str]:
        """Return what amounts are drawn in: (10000, "万") where they are large, else (1, "")."""
        size, name = UNITS[current_language()]
        drawn = [key for key in self.chart.values if self.column(key).type == "money"]
        large = any(abs(value or 0) >= LARGE * size for key in drawn for value in self._plain(key))
        return (size, name) if large else (1, "")

    def labels(self, key: str) -> list[str]:
        """Return what stands beside the bars: amounts in `unit`; nothing where there are too many."""
        if len(self.table.rows) * len(self.chart.values) > MOST_LABELS and not self.lying:
            return [""] * len(self.table.rows)
        size, name = self.unit
        if size == 1 or self.column(key).type != "money":
            return self.texts(key)
        return [_brief(value, name) for value in self.numbers(key)]

    @property
    def lying(self) -> bool:
        """Return whether bars lie, each on a line of its own with its name."""
        return self.chart.kind == "bar" and len(self.table.rows) > MOST_STANDING

    def positions(self) -> list[int]:
        """Return where each row stands: by number, because two rows may be called the same."""
        return list(range(len(self.table.rows)))

    def series(self, key: str, **look: Any) -> Trace:
        """Return what all kinds of traces of a column share: its name, and what is said of each mark."""
        at, name = self.table.index(key), escape(str(self.column(key).label))
        texts, rows = self.texts(key), self.texts(self.chart.category)
        said = [
            f"{row}<br>{name}: {text} {parts(cells[at])}".rstrip()
            for row, text, cells in zip(rows, texts, self.table.rows, strict=True)
        ]
        return {
            "name": name,
            "text": self.labels(key),
            "hovertext": said,
            "hoverinfo": "text",
            "cliponaxis": False,
        } | look

    def colour(self, key: str) -> str:
        return _COLOURS.get(key, SERIES[self.chart.values.index(key) % len(SERIES)])

    def category_axis(self, at: Sequence[Any] | None = None) -> dict[str, Any]:
        """Return an axis with the rows' names, as many as find room; `at` is where the rows stand, if not by number."""
        names, every = self.texts(self.chart.category), 1
        if self.column(self.chart.category).type == "date":
            names, every = [name[-len("01-31") :] for name in names], -(-len(names) // MOST_NAMES)
        places = (self.positions() if at is None else list(at))[::every]
        return _AXIS | {"tickvals": places, "ticktext": names[::every], "showgrid": False}

    def value_axis(self) -> dict[str, Any]:
        kind = self.column(self.chart.values[0]).type
        largest = max((value or 0 for key in self.chart.values for value in self.numbers(key)), default=0)
        axis = _AXIS | {"rangemode": "tozero", "tickformat": ".0%" if kind == "rate" else ",", "nticks": 6}
        axis |= {"dtick": 1} if kind == "int" and largest < FEW else {}
        return axis | {"ticksuffix": self.unit[1]}

    def gap_between_bars(self) -> float:
        """Return which part of a bar's place stays free: few bars do not fill the picture."""
        return max(0.35, 1 - 0.13 * len(self.table.rows))

    def gaps(self) -> list[dict[str, Any]]:
        """Return a word at the foot of every bar that cannot be drawn, where the table says why: 样本不足(n=3)."""
        if len(self.chart.values) > 1:
            return []
        (key,) = self.chart.values
        here, along = ("y", "x") if self.lying else ("x", "y")
        look = {"xanchor": "left"} if self.lying else {"yanchor": "bottom", "textangle": -90}
        return [
            {here: at, along: 0, "text": text, "showarrow": False, "font": {"color": "@soft", "size": 11}} | look
            for at, (value, text) in enumerate(zip(self.numbers(key), self.texts(key), strict=True)) if value is None
        ]  # fmt: skip


def _brief(value: float | None, unit: str) -> str:
    return f"{value:,.{int(abs(value) < LARGE)}f}{unit}" if value else "" if value is None else "0"


def _shown(text: str) -> str:
    return escape(text.removesuffix(".00"))


def _figure(data: list[Trace], **layout: Any) -> Figure:
    several = len(data) > 1
    return {"data": data, "layout": {
        "font": {"size": 12, "color": "@text"}, "paper_bgcolor": "@paper", "plot_bgcolor": "@paper",
        "margin": _MARGIN, "dragmode": False, "separators": ".,",
        "showlegend": several, "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "hoverlabel": {"bgcolor": "@pale", "bordercolor": "@line", "font": {"color": "@text"}, "align": "left"},
        **layout,
    }}  # fmt: skip


def _funnel(drawing: _Drawing) -> Figure:
    (key,) = drawing.chart.values
    trace = drawing.series(
        key, type="funnel", orientation="h", x=drawing.numbers(key), y=drawing.positions(), textinfo="text",
        textposition="auto", insidetextfont={"color": "@on-accent"}, marker={"color": "@accent"},
        connector={"fillcolor": "@bar", "line": {"width": 0}},
    )  # fmt: skip
    return _figure(
        [trace], yaxis=drawing.category_axis() | {"autorange": "reversed"}, xaxis=_AXIS | {"visible": False},
        funnelgap=0.25,
    )  # fmt: skip


def _bars(drawing: _Drawing, mode: str) -> Figure:
    names, values = drawing.category_axis(), drawing.value_axis()
    rows = len(drawing.table.rows)
    layout = {"barmode": mode, "annotations": drawing.gaps(), "bargap": drawing.gap_between_bars()}
    layout |= (
        {"xaxis": values, "yaxis": names | {"autorange": "reversed"},
         "height": ROW_HEIGHT * (rows * len(drawing.chart.values) + MARGIN_ROWS)}
        if drawing.lying else {"xaxis": names, "yaxis": values}
    )  # fmt: skip
    return _figure([_bar(drawing, key) for key in drawing.chart.values], **layout)


def _bar(drawing: _Drawing, key: str) -> Trace:
    places, values = drawing.positions(), drawing.numbers(key)
    return drawing.series(
        key, type="bar", orientation="h" if drawing.lying else "v", x=values if drawing.lying else places,
        y=places if drawing.lying else values, textangle=0, constraintext="none",
        textposition={"bar": "outside", "stacked": "none"}.get(drawing.chart.kind, "auto"),
        insidetextfont={"color": "@on-accent"},
        marker={"color": "@accent" if len(drawing.chart.values) == 1 else drawing.colour(key)},
    )  # fmt: skip


def _pareto(drawing: _Drawing) -> Figure:
    """Return bars with the running share, where there is one: over too few cases there are texts instead."""
    made = _bars(drawing, "group")
    line = drawing.chart.line
    if line is None or None in drawing.numbers(line):
        return made
    share = drawing.series(
        line, type="scatter", mode="lines+markers", x=drawing.positions(), y=drawing.numbers(line), yaxis="y2",
        line={"color": "@s2", "width": 2}, marker={"color": "@s2", "size": 7},
    )  # fmt: skip
    made["data"].append(share)
    second = {
        "overlaying": "y", "side": "right", "range": [0, 1.05], "tickvals": [0, 0.25, 0.5, 0.75, 1],
        "tickformat": ".0%", "showgrid": False,
    }  # fmt: skip
    made["layout"] |= {"showlegend": True, "yaxis2": _AXIS | second}
    return made


def _lines(drawing: _Drawing) -> Figure:
    category = drawing.chart.category
    days = drawing.column(category).type == "date"
    x: list[Any] = drawing.texts(category) if days else list(drawing.positions())
    axis = drawing.category_axis(x) | ({"type": "date"} if days else {})
    data = [
        drawing.series(
            key, type="scatter", mode="lines+markers", x=x, y=drawing.numbers(key),
            line={"color": drawing.colour(key), "width": 2.5},
            marker={"color": drawing.colour(key), "size": 7, "symbol": _SYMBOLS[at % len(_SYMBOLS)]},
        )
        for at, key in enumerate(drawing.chart.values)
    ]  # fmt: skip
    return _figure(data, xaxis=axis, yaxis=drawing.value_axis())


def _waterfall(drawing: _Drawing) -> Figure:
    """Return signed steps between levels, which stand on the ground."""
    (key,) = drawing.chart.values
    steps = drawing.numbers(key)
    levels = drawing.chart.levels or (0, len(steps) - 1)
    trace = drawing.series(
        key, type="waterfall", x=drawing.positions(), y=steps, textposition="outside", textangle=0,
        constraintext="none",
        measure=["absolute" if at in levels else "relative" for at in range(len(steps))],
        increasing={"marker": {"color": "@good"}}, decreasing={"marker": {"color": "@s2"}},
        totals={"marker": {"color": "@accent"}}, connector={"line": {"color": "@soft", "width": 1, "dash": "dot"}},
    )  # fmt: skip
    axis, said = drawing.value_axis(), []
    ends = _ends(steps, levels)
    low, high = min(ends), max(ends)
    if low > 0 and high - low < CLOSE * high:
        room = max(high - low, high / LARGE)
        axis |= {"range": [max(0.0, low - room), high + room / 3], "autorange": False}
        said = [_remark(_("the axis does not start at 0"))] if low > room else []
    layout = {"margin": _MARGIN | {"t": 34}} if said else {}
    return _figure([trace], xaxis=drawing.category_axis(), yaxis=axis, annotations=said, **layout)


def _ends(steps: list[float | None], levels: tuple[int, ...]) -> list[float]:
    """Return how high a waterfall stands after each row."""
    ends = [0.0]
    for at, step in enumerate(steps):
        ends.append((step or 0) + (0 if at in levels else ends[-1]))
    return ends[1:]


def _remark(text: str) -> dict[str, Any]:
    """Return a line at the picture's upper left."""
    return {
        "text": escape(text), "showarrow": False, "xref": "paper", "yref": "paper", "x": 0, "y": 1.02,
        "xanchor": "left", "yanchor": "bottom", "font": {"color": "@soft", "size": 11},
    }  # fmt: skip
