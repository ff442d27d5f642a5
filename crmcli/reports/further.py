"""Figures whose records overlap: a list of their own, in which every figure has its deals, and the check of both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from crmcli.domain.metrics.evidence import Evidence, Record, records, shown_places
from crmcli.domain.metrics.layers import Layer, Layers, layers_of
from crmcli.domain.metrics.money import amount_keys
from crmcli.domain.metrics.rate import Rate
from crmcli.domain.metrics.timeline import Standing, Timeline
from crmcli.i18n import Message, msg
from crmcli.reports.behind import DEAL_COLUMNS, deal_cells, links_to
from crmcli.reports.columns import yuan
from crmcli.reports.model import Cell, Check, Column, Records, Section, Table
from crmcli.reports.options import ReportOptions
from crmcli.reports.whole_lists import deal_lines

MOST = 200_000
"""Records that such a list has at most where all are asked for: there are as many as all figures together."""
_IN, _OUT = msg("yes"), msg("only in the denominator")
_COUNTS: dict[bool | None, Message | None] = {None: None, True: _IN, False: _OUT}
_FIGURE = Column("figure", msg("Figure"), "text")
_LINE = Column("line", msg("Line"), "text")
_COUNTED = Column("counted", msg("In the numerator"), "text")
_ADDS = Column("adds", msg("Adds to the figure"), "money")


def further(
    table: Table, seen: tuple[Timeline, Standing], layers: Iterable[Layer], options: ReportOptions
) -> tuple[Table, Section]:
    """Return the table with its columns of `layers` linked to their records, and their list and check as a section."""
    name = f"{table.name}_figures"
    few: list[Layer] = []
    found = layers_of(seen[0], _kept_while_few(layers, few), options.currency, min(options.records_limit, MOST))
    if not found.count:
        return table, Section((), checks=(_check(table, found, options.currency),))
    columns = _columns(table, found, options.currency)
    blocks = {(row, column.key): block for (row, key), block in found.blocks.items() for column in columns[key]}
    kept_ones = Evidence(found.deals, {})
    rows = records(*seen, kept_ones, shown_places(kept_ones, len(found.deals)))
    kept = Records(
        name, msg("Records: {title}, further figures", title=table.title), _kept_columns(found),
        tuple(_row(table, record, found, at, columns, options.currency) for at, record in enumerate(rows)),
        found.count, tuple(found.places.tolist()),
        partial(_all_lines, table, seen, few, options.currency) if found.count <= MOST else None,
    )  # fmt: skip
    check = _check(table, found, options.currency)
    links = {**table.links, **links_to(name, Evidence(found.deals, blocks))}
    return replace(table, links=links), Section((), (kept,), (check,))


def _kept_while_few(layers: Iterable[Layer], few: list[Layer]) -> Iterator[Layer]:
    """Yield layers; put them into `few` unless together they have more records than a list can show."""
    size = 0
    for layer in layers:
        size += len(layer.deals)
        if size > MOST:
            few.clear()
        else:
            few.append(layer)
        yield layer


def _all_lines(
    table: Table, seen: tuple[Timeline, Standing], layers: list[Layer], home: str, told: dict[int, Any]
) -> Iterator[bytes]:
    """Yield all records of a list as csv lines."""
    found = layers_of(seen[0], layers, home, MOST)
    marks = {"figure": found.keys, "line": found.rows}
    marks |= {"counted": found.counted} if found.numerators else {}
    marks |= {"adds": found.worth} if found.sums else {}
    mark = partial(_mark, table, _columns(table, found, home))
    return deal_lines(*seen, Evidence(found.deals, {}, marks), home, mark, ("adds",), told)


def _columns(table: Table, found: Layers, home: str) -> dict[str, list[Column]]:
    """Return by a layer's key the columns that it is behind: of an amount one a currency."""
    codes = tuple({code for sums in found.sums.values() for code in sums})
    money = {key: amount_keys(home, codes, stem).values() for key, stem in found.amounts.items()}
    return {
        key: [column for column in table.columns if column.key in {*shared, *money.get(key, ())}]
        for key, shared in found.columns.items()
    }


def _kept_columns(found: Layers) -> tuple[Column, ...]:
    return (
        _FIGURE, _LINE, *((_COUNTED,) if found.numerators else ()), *((_ADDS,) if found.sums else ()), *DEAL_COLUMNS,
    )  # fmt: skip


def _row(
    table: Table, record: Record, found: Layers, at: int, columns: dict[str, list[Column]], home: str
) -> tuple[Cell, ...]:
    marks = [("figure", found.keys[at]), ("line", found.rows[at])]
    marks += [("counted", found.counted[at])] if found.numerators else []
    marks += [("adds", found.worth[at])] if found.sums else []
    return (*(_mark(table, columns, key, value) for key, value in marks), *deal_cells(record, home))


def _mark(table: Table, columns: dict[str, list[Column]], key: str, value: Any) -> Cell:
    """Return the cell that says why a record is listed."""
    match key:
        case "figure":
            return columns[value][0].label
        case "line":
            return line_of(table, int(value))
        case "counted":
            return _COUNTS[value]
        case _:
            return yuan(value)


def line_of(table: Table, row: int) -> str:
    """Return what a row of a table is called: its first texts."""
    named = []
    for column, cell in zip(table.columns, table.rows[row], strict=True):
        if column.type not in ("text", "date"):
            break
        named.append(str(cell))
    return " · ".join(named)


def _check(table: Table, found: Layers, home: str) -> Check:
    wrong = [
        (row, key)
        for key, columns in _columns(table, found, home).items()
        for column in columns
        for row in range(len(table.rows))
        if (row, key) in found.blocks or (row, column.key) not in table.links
        if not _agrees(table.rows[row][table.index(column.key)], found, (row, key), column, home)
    ]
    name = f"{table.name}_figures"
    if wrong:
        words = msg("Row {row}, {key}: the records do not add up to the figure", row=wrong[0][0] + 1, key=wrong[0][1])
        return Check(name, ok=False, detail=words)
    n = len(found.blocks)
    return Check(name, ok=True, detail=msg("{n} figures equal the counts and sums of their records", n=n))


def _agrees(cell: Cell, found: Layers, figure: tuple[int, str], column: Column, home: str) -> bool:
    """Return whether a cell is what its records come to; days only rest on records."""
    block = found.blocks.get(figure)
    count = block.count if block else 0
    match cell:
        case Rate() if cell.money:
            return cell.denominator == _sum(found, figure, column, home)
        case Rate() if figure in found.numerators:
            return (cell.numerator, cell.denominator) == (found.numerators[figure], count)
        case Rate():
            return cell.numerator == count
        case int() if not column.signed:
            return cell == count
        case Decimal() if figure[1] in found.amounts:
            return cell == yuan(_sum(found, figure, column, home))
        case float():
            return count > 0
        case _:
            return True


def _sum(found: Layers, figure: tuple[int, str], column: Column, home: str) -> int:
    """Return the sum in fen of a figure's records in the currency of a column."""
    sums = found.sums.get(figure, {})
    keys = amount_keys(home, tuple(sums), found.amounts[figure[1]])
    return next((fen for code, fen in sums.items() if keys[code] == column.key), 0)
