"""Charts as plotly.js reads them; every text is data, a colour is the name of one of the page's colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, assert_never

from crmcli.reports.html_style import SERIES
from crmcli.reports.model import Chart, Column, Table
from crmcli.reports.wording import number, parts, wording

Trace = dict[str, Any]
Figure = dict[str, Any]

MOST_MARKS = 40
"""A table with more rows has no bars: nobody could read them. A line takes any number."""
MOST_NAMES = 40
"""More rows than that are not all named on an axis."""
FEW = 6
"""Counts up to here are marked one by one, never as 0.5."""
_COLOURS = {"won": "@good", "lost": "@bad"}
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x")
_AXIS: dict[str, Any] = {
    "fixedrange": True, "automargin": True, "gridcolor": "@line", "linecolor": "@line", "zeroline": False,
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
        at = self.table.index(key)
        return [number(row[at], self.min_n) for row in self.table.rows]

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
        return {"name": name, "text": texts, "hovertext": said, "hoverinfo": "text", "cliponaxis": False} | look

    def colour(self, key: str) -> str:
        return _COLOURS.get(key, SERIES[self.chart.values.index(key) % len(SERIES)])

    def category_axis(self, at: Sequence[Any] | None = None) -> dict[str, Any]:
        """Return an axis with the rows' names, as many as find room; `at` is where the rows stand, if not by number."""
        names, every = self.texts(self.chart.category), -(-len(self.table.rows) // MOST_NAMES)
        if self.column(self.chart.category).type == "date":
            names = [name[-len("01-31") :] for name in names]
        places = (self.positions() if at is None else list(at))[::every]
        return _AXIS | {"tickvals": places, "ticktext": names[::every], "showgrid": False}

    def value_axis(self) -> dict[str, Any]:
        kind = self.column(self.chart.values[0]).type
        largest = max((value or 0 for key in self.chart.values for value in self.numbers(key)), default=0)
        axis = _AXIS | {"rangemode": "tozero", "tickformat": ".0%" if kind == "rate" else ",", "nticks": 6}
        return axis | {"dtick": 1} if kind == "int" and largest < FEW else axis

    def gap_between_bars(self) -> float:
        """Return which part of a bar's place stays free: few bars do not fill the picture."""
        return max(0.35, 1 - 0.13 * len(self.table.rows))

    def gaps(self) -> list[dict[str, Any]]:
        """Return a word at the foot of every bar that cannot be drawn, where the table says why: 样本不足(n=3)."""
        if len(self.chart.values) > 1:
            return []
        (key,) = self.chart.values
        return [
            {"x": at, "y": 0, "text": text, "showarrow": False, "yanchor": "bottom", "textangle": -90,
             "font": {"color": "@soft", "size": 11}}
            for at, (value, text) in enumerate(zip(self.numbers(key), self.texts(key), strict=True)) if value is None
        ]  # fmt: skip


def _shown(text: str) -> str:
    return escape(text.removesuffix(".00"))


def _figure(data: list[Trace], **layout: Any) -> Figure:
    several = len(data) > 1
    return {"data": data, "layout": {
        "font": {"size": 12, "color": "@text"}, "paper_bgcolor": "@paper", "plot_bgcolor": "@paper",
        "margin": {"l": 12, "r": 16, "t": 18, "b": 12}, "dragmode": False, "separators": ".,",
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
    return _figure(
        [_bar(drawing, key) for key in drawing.chart.values], barmode=mode, xaxis=drawing.category_axis(),
        yaxis=drawing.value_axis(), annotations=drawing.gaps(), bargap=drawing.gap_between_bars(),
    )  # fmt: skip


def _bar(drawing: _Drawing, key: str) -> Trace:
    colour = "@accent" if len(drawing.chart.values) == 1 else drawing.colour(key)
    return drawing.series(
        key, type="bar", x=drawing.positions(), y=drawing.numbers(key), textangle=0, constraintext="none",
        textposition="outside" if drawing.chart.kind == "bar" else "auto", insidetextfont={"color": "@on-accent"},
        marker={"color": colour},
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
    """Return signed steps between levels, where none are named the first row and the last."""
    (key,) = drawing.chart.values
    rows = len(drawing.table.rows)
    levels = drawing.chart.levels or (0, rows - 1)
    trace = drawing.series(
        key, type="waterfall", x=drawing.positions(), y=drawing.numbers(key), textposition="auto",
        measure=["absolute" if at in levels else "relative" for at in range(rows)],
        increasing={"marker": {"color": "@good"}}, decreasing={"marker": {"color": "@s2"}},
        totals={"marker": {"color": "@accent"}}, connector={"line": {"color": "@soft", "width": 1, "dash": "dot"}},
        insidetextfont={"color": "@on-accent"},
    )  # fmt: skip
    return _figure([trace], xaxis=drawing.category_axis(), yaxis=drawing.value_axis())
