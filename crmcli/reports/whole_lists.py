"""All records of a list as csv text, piece by piece: what a deal's cells say is made once, whatever lists it is in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.evidence import Evidence, stage_names
from crmcli.domain.metrics.money import fen
from crmcli.domain.metrics.told_once import ToldOnce, pieces
from crmcli.reports.files import csv_cell, csv_cells
from crmcli.reports.model import Cell

if TYPE_CHECKING:
    from crmcli.domain.metrics.timeline import Standing, Timeline

_PIECE = 50_000
"""Records that a piece holds."""


class _Texts(dict[Any, str]):
    """The csv text of a value, made when it is first met."""

    def __init__(self, cell_of: Callable[[Any], Cell]) -> None:
        super().__init__()
        self._cell_of = cell_of

    def __missing__(self, value: Any) -> str:
        text = self[value] = _text(self._cell_of(value))
        return text


def _text(cell: Cell) -> str:
    return "" if cell is None else csv_cell(str(cell))


def plain_lines(
    items: Sequence[Any], rows_of: Callable[[Sequence[Any]], Iterable[Sequence[Cell]]], _told: dict[int, Any]
) -> Iterator[str]:
    """Yield the lines of records that are plain objects."""
    for first in range(0, len(items), _PIECE):
        rows = rows_of(items[first : first + _PIECE])
        yield "".join(",".join(map(_text, row)) + "\r\n" for row in rows)


def deal_lines(
    line: Timeline, stand: Standing, evidence: Evidence, home: str, mark: Callable[[str, Any], Cell],
    told: dict[int, Any],
) -> Iterator[str]:  # fmt: skip
    """Yield the lines of deals: the marks of a list, made cells by `mark`, then what every list says of a deal.

    `told` has what was made of deals already, by the identity of their standing.
    """
    texts: DealTexts = told.setdefault(id(stand), DealTexts(line, stand, home))
    marks = {key: _Texts(partial(mark, key)) for key in evidence.marks}
    for places in pieces(len(evidence.order), _PIECE):
        columns = [map(marks[key].__getitem__, _values(own, places)) for key, own in evidence.marks.items()]
        yield "".join(map(",".join, zip(*columns, texts.at(evidence.order[places]), strict=True)))


def _values(mark: Any, places: Any) -> list[Any]:
    """Return what only this list says of the records at places of its order."""
    values: list[Any] = (mark(places) if callable(mark) else mark[places]).tolist()
    return values


class DealTexts:
    """What lists say of each deal at a standing, as the end of a csv line."""

    def __init__(self, line: Timeline, stand: Standing, home: str) -> None:
        self._line, self._stand, self._home = line, stand, home
        self._told = ToldOnce(line.size)

    def at(self, deals: Any) -> list[str]:
        """Return the texts of deals by position."""
        new = self._told.missing(deals)
        if len(new):
            self._told.put(new, [f"{text}\r\n" for text in map(",".join, zip(*self._columns(new), strict=True))])
        return self._told.of(deals)

    def _columns(self, deals: Any) -> Iterator[Iterable[str]]:
        """Yield the cells of `DEAL_COLUMNS`, column by column; what most deals share is made a cell once."""
        line, stand = self._line, self._stand
        ids = line.deals["opportunity_id"].to_numpy()[deals].tolist()
        yield [f"O{number}" for number in ids]
        for key in ("external_id", "name"):
            yield csv_cells(_known(line.deals[key].iloc[deals], ""))
        for key in ("customer", "owner", "product"):
            yield _cells(_known(line.deals[key].iloc[deals], None))
        yield _cells(stage_names(line, stand, deals))
        amount, known = fen(line, deals)
        yield [
            _yuan(value) if is_known else "" for value, is_known in zip(amount.tolist(), known.tolist(), strict=True)
        ]
        yield _cells(code or self._home for code in _known(line.deals["currency"].iloc[deals], None))
        for times in (line.start, stand.closed):
            yield _cells(times[deals].astype("datetime64[D]").tolist())
        yield from map(_cells, self._places(ids))

    def _places(self, ids: Sequence[int]) -> Iterator[Sequence[Any]]:
        """Yield file, sheet and row of each deal."""
        sources = self._line.population.sources
        found: Mapping[int, tuple[Any, ...]] = sources(ids) if sources else {}
        nothing = (None, None, None)
        places = [found.get(number, nothing) for number in ids]
        yield from ([place[at] for place in places] for at in range(len(nothing)))


def _known(column: Any, other: str | None) -> list[Any]:
    """Return a column's values, another one in place of what is not there."""
    values: list[Any] = column.astype(object).where(column.notna(), other).tolist()
    return values


def _cells(values: Iterable[Any]) -> Iterable[str]:
    return map(_Texts(_same).__getitem__, values)


def _yuan(amount_fen: int) -> str:
    """Return fen as text, as `yuan` would be.

    >>> _yuan(123456), _yuan(-5)
    ('1234.56', '-0.05')
    """
    whole, rest = divmod(abs(amount_fen), 100)
    return f"{'-' if amount_fen < 0 else ''}{whole}.{rest:02d}"


def _same(cell: Cell) -> Cell:
    return cell
