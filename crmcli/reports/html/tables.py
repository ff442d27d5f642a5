"""Tables and the records behind them as a page shows them: every figure in words, with a link to its records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crmcli.domain.metrics.rate import Rate
from crmcli.i18n import _
from crmcli.reports.defined import definitions_of
from crmcli.reports.model import Cell, Column, Definition, Link, Records, Report, Table
from crmcli.reports.wording import UNKNOWN, number, parts, wording

WRONG, OPEN_POINTS = ("balance",), ("overdue", "no_next", "no_close_date")
"""Columns in which anything but zero is a fault, or asks for somebody."""


NAMING = ("text", "date")
"""What a first column holds that names its rows."""


@dataclass(frozen=True, slots=True)
class ShownLink:
    """Where a figure's `count` records are: in the list of that id, which shows `shown` of them from `first` on."""

    id: str
    first: int
    shown: int
    count: int


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell in words; `look` are classes of the style sheet, `share` is how much of the cell a bar fills (0-1)."""

    text: str
    look: str
    parts: str = ""
    share: str = ""
    heads: bool = False
    link: ShownLink | None = None


@dataclass(frozen=True, slots=True)
class ShownHead:
    """A column's head; `meaning` is its definition, where the report gives one."""

    key: str
    label: str
    type: str
    look: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table with what must be known of it; `folds` where some columns show only when asked for."""

    id: str
    name: str
    title: str
    notes: tuple[str, ...]
    heads: tuple[ShownHead, ...]
    rows: tuple[tuple[ShownCell, ...], ...]
    total: tuple[ShownCell, ...]
    folds: bool


@dataclass(frozen=True, slots=True)
class ShownRecords:
    """A list of records; `content` is what the page's script draws when somebody opens it."""

    id: str
    name: str
    title: str
    note: str
    content: dict[str, Any]


def shown_table(table: Table, report: Report, id_: str, lists: Mapping[str, tuple[str, Records]]) -> ShownTable:
    """Return the table in words.

    Args:
        table: One of the report's.
        report: The report: its notes and definitions are put beside the table.
        id_: What the page calls it.
        lists: By the name of a list of records: its id on the page, and itself.
    """
    defined = report.section.definitions
    heads = tuple(
        ShownHead(column.key, str(column.label), column.type, _look(column), _meaning(table.name, column, defined))
        for column in table.columns
    )
    links = {figure: found for figure, link in table.links.items() if (found := _link(link, lists))}
    rows = tuple(
        tuple(
            _cell(
                cell,
                column,
                report.min_n,
                heads=at == 0 and column.type in NAMING,
                link=links.get((number_of_row, column.key)),
            )
            for at, (column, cell) in enumerate(zip(table.columns, row, strict=True))
        )
        for number_of_row, row in enumerate(table.rows)
    )
    total = tuple(
        _cell(cell, column, report.min_n, heads=at == 0 and column.type in NAMING)
        for at, (column, cell) in enumerate(zip(table.columns, table.total or (), strict=bool(table.total)))
    )
    notes = tuple(str(note.text) for note in report.section.notes if note.table == table.name)
    folds = any(column.minor for column in table.columns)
    return ShownTable(id_, table.name, str(table.title), notes, heads, rows, total, folds)


def _meaning(table: str, column: Column, definitions: tuple[Definition, ...]) -> str:
    return "\n".join(str(one.sentence) for one in definitions_of(table, column, definitions))


def _link(link: Link, lists: Mapping[str, tuple[str, Records]]) -> ShownLink | None:
    """Return where the records are; None where the list shows none of them."""
    id_, records = lists[link.records]
    first, shown = records.listed(link)
    return ShownLink(id_, first, shown, link.count) if shown else None


def _cell(cell: Cell, column: Column, min_n: int, *, heads: bool, link: ShownLink | None = None) -> ShownCell:
    text = wording(cell, column, min_n)
    worth = number(cell, min_n)
    look = f"{_look(column)}{_alert(column, worth)}{' unknown' if text == UNKNOWN else ''}"
    look += " lines" if "\n" in text else ""
    share = f"{worth:.3f}" if column.parts and isinstance(cell, Rate) and worth is not None else ""
    return ShownCell(text, look, parts(cell) if column.parts else "", share, heads, link)


def _alert(column: Column, worth: float | None) -> str:
    if not worth:
        return ""
    return " alarm" if column.key in WRONG else " caution" if column.key in OPEN_POINTS else ""


def _look(column: Column) -> str:
    return f"{column.type} minor" if column.minor else column.type


def shown_records(records: Records, id_: str) -> ShownRecords:
    """Return a list of records in words; what is unknown of a record is blank."""
    columns = [{"key": one.key, "label": str(one.label), "type": one.type} for one in records.columns]
    rows = [_texts(row, records.columns) for row in records.rows]
    template = _("{n} records") if len(rows) == records.count else _("The first {shown} of {n} records")
    note = template.format(shown=f"{len(rows):,}", n=f"{records.count:,}")
    content = {"columns": columns, "rows": rows, "count": records.count}
    return ShownRecords(id_, records.name, str(records.title), note, content)


def _texts(row: Iterable[Cell], columns: tuple[Column, ...]) -> list[str]:
    return ["" if cell is None else wording(cell, column, 0) for column, cell in zip(columns, row, strict=True)]
