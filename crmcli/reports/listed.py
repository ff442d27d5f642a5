"""Lists of the records behind figures, made of plain objects, and the check that they are as many as figures say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from crmcli.domain.metrics.evidence import Block, first_of_each
from crmcli.domain.metrics.population import Population
from crmcli.domain.records import parse_number
from crmcli.i18n import Message, msg
from crmcli.reports.columns import yuan
from crmcli.reports.model import Cell, Check, Column, Link, Records, Table
from crmcli.reports.whole_lists import plain_lines

Item = TypeVar("Item")
Figure = tuple[str, int, str]
"""Table, row (0-based) and column key of a figure."""
RowsOf = Callable[[Sequence[Item]], Sequence[tuple[Cell, ...]]]
"""Makes the rows of records."""
FIGURE = Column("figure", msg("Figure"), "text")
NOWHERE = None, None, None
"""The source of what no file brought."""


def listed(
    name: str, title: Message, columns: tuple[Column, ...], items: Sequence[Item], rows_of: RowsOf[Item], limit: int,
    tables: Iterable[Table] = (),
) -> Records:  # fmt: skip
    """Return a list of at most `limit` items: where there are more, the first of each figure of `tables`."""
    own = [link for table in tables for link in table.links.values() if link.records == name]
    whole = partial(plain_lines, items, rows_of)
    if len(items) <= limit or not own:
        return Records(name, title, columns, tuple(rows_of(items[:limit])), len(items), whole=whole)
    blocks = [Block(link.first, link.count) for link in own]
    places = tuple(first_of_each(len(items), blocks, limit).tolist())
    rows = tuple(rows_of([items[place] for place in places]))
    return Records(name, title, columns, rows, len(items), places, whole)


def by_figure(
    name: str, figures: Mapping[Figure, Sequence[Item]]
) -> tuple[list[tuple[Figure, Item]], dict[Figure, Link]]:
    """Return the records of all figures, those of each together, and where they stand in the list called `name`."""
    items: list[tuple[Figure, Item]] = []
    links: dict[Figure, Link] = {}
    for figure, own in figures.items():
        if own:
            links[figure] = Link(name, len(items), len(own))
            items += [(figure, item) for item in own]
    return items, links


def named_rows(rows_of: RowsOf[Item], tables: Sequence[Table]) -> RowsOf[tuple[Figure, Item]]:
    """Return what makes the rows of `by_figure`: before each record stands what its figure is called."""
    labels = {(table.name, column.key): column.label for table in tables for column in table.columns}

    def rows(items: Sequence[tuple[Figure, Item]]) -> list[tuple[Cell, ...]]:
        plain = rows_of([item for _figure, item in items])
        return [(labels[figure[0], figure[2]], *row) for (figure, _item), row in zip(items, plain, strict=True)]

    return rows


def places_of(population: Population, numbers: Sequence[str]) -> list[tuple[Cell, ...]]:
    """Return file, sheet and row of each record by its number (`C7`); nothing where no file brought it."""
    named = [parse_number(number) or ("", 0) for number in numbers]
    wanted: dict[str, list[int]] = {}
    for entity, number in named:
        wanted.setdefault(entity, []).append(number)
    look_up = population.places
    found = {kind: look_up(kind, own) for kind, own in wanted.items() if kind} if look_up else {}
    return [found.get(entity, {}).get(number, NOWHERE) for entity, number in named]


def links_of(table: str, links: Mapping[Figure, Link]) -> dict[tuple[int, str], Link]:
    """Return the links of one table."""
    return {(row, key): link for (name, row, key), link in links.items() if name == table}


def check_of_counts(name: str, *tables: Table) -> Check:
    """Return whether every count that leads to records is the number of them."""
    counts = [
        (table, row, key, link.count)
        for table in tables
        for (row, key), link in table.links.items()
        if table.columns[table.index(key)].type == "int"
    ]
    wrong = [one for one in counts if one[0].rows[one[1]][one[0].index(one[2])] != one[3]]
    if not wrong:
        return Check(name, ok=True, detail=msg("{n} figures equal the counts of their records", n=len(counts)))
    table, row, key, count = wrong[0]
    words = msg("{table}, row {row}, {key}: there are {n} records", table=table.name, row=row + 1, key=key, n=count)
    return Check(name, ok=False, detail=words)


def check_of_sums(name: str, table: Table, sums: Mapping[tuple[int, str], int]) -> Check:
    """Return whether amounts are the `sums` of their records, by row and column key, in fen."""
    wrong = [
        (row, key) for (row, key), fen in sums.items() if (table.rows[row][table.index(key)] or 0) != (yuan(fen) or 0)
    ]
    if not wrong:
        return Check(name, ok=True, detail=msg("{n} amounts equal the sums of their records", n=len(sums)))
    words = msg("Row {row}, {key}: the records do not add up to the figure", row=wrong[0][0] + 1, key=wrong[0][1])
    return Check(name, ok=False, detail=words)
