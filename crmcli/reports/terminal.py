"""A report in the terminal."""

from __future__ import annotations

from itertools import takewhile

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from crmcli.i18n import _
from crmcli.reports.model import Cell, Report, Table
from crmcli.reports.warnings import warnings
from crmcli.reports.wording import parts, span, width, wording

PADDING = 2
"""Blanks that a column takes beside its text."""


def show(report: Report, console: Console) -> None:
    """Print the report: its tables without the minor columns, then what the reader must know, then the checks."""
    as_of = report.as_of.isoformat(sep=" ", timespec="minutes")
    console.print(Text(str(report.title), style="bold"))
    console.print(Text(_("{span}; as of {as_of}").format(span=span(report), as_of=as_of), style="dim"))
    for sentence in report.summary:
        console.print(Text(str(sentence)))
    for table in report.tables:
        console.print(Text(str(table.title), style="bold cyan"))
        for shown in _side_by_side(table, report.min_n, console.width):
            console.print(_rendered(table, shown, report.min_n))
    for line in warnings(report):
        console.print(Text(f"! {line}", style="yellow"))
    checks = report.section.checks
    console.print(Text(_("{n} checks, all hold").format(n=len(checks)), style="dim"))


def _side_by_side(table: Table, min_n: int, room: int) -> list[list[int]]:
    """Return which columns to print together so that no figure is cut; the leading texts stand in every part."""
    shown = [at for at, column in enumerate(table.columns) if not column.minor]
    leading = list(takewhile(lambda at: table.columns[at].type in ("text", "date"), shown))
    widths = {at: _needed(table, at, min_n) + PADDING for at in shown}
    chunks, used = [list(leading)], sum(widths[at] for at in leading)
    for at in shown[len(leading) :]:
        if used + widths[at] > room and len(chunks[-1]) > len(leading):
            chunks.append(list(leading))
            used = sum(widths[one] for one in leading)
        chunks[-1].append(at)
        used += widths[at]
    return chunks


def _needed(table: Table, at: int, min_n: int) -> int:
    """Return how wide a column must be for its figures and for the longest word of its head."""
    rows = [*table.rows, *([table.total] if table.total else [])]
    words = str(table.columns[at].label).split() or [""]
    return max(width(text) for text in [*words, *(_text(table, row[at], at, min_n).plain for row in rows)])


def _rendered(table: Table, shown: list[int], min_n: int) -> RichTable:
    rich = RichTable(box=box.SIMPLE_HEAD, show_footer=table.total is not None)
    for at in shown:
        column = table.columns[at]
        footer = _text(table, table.total[at], at, min_n) if table.total else Text("")
        rich.add_column(
            Text(str(column.label)), footer, justify="left" if column.type in ("text", "date") else "right",
            min_width=_needed(table, at, min_n),
        )  # fmt: skip
    for row in table.rows:
        rich.add_row(*(_text(table, row[at], at, min_n) for at in shown))
    return rich


def _text(table: Table, cell: Cell, at: int, min_n: int) -> Text:
    column = table.columns[at]
    text = Text(wording(cell, column, min_n))
    if column.parts and parts(cell):
        text.append(f" {parts(cell)}", style="dim")
    return text
