"""All records of a list as csv text, piece by piece: what a deal's cells say is made once, whatever lists it is in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.byte_cells import CUT, day_cells, fen_of, number_cells, without_pads, yuan_cells
from crmcli.domain.metrics.evidence import Evidence, stage_names
from crmcli.domain.metrics.gaps import texts_of
from crmcli.domain.metrics.money import fen
from crmcli.domain.metrics.told_once import ToldOnce, pieces
from crmcli.reports.files import csv_cell, csv_column
from crmcli.reports.model import Cell

if TYPE_CHECKING:
    from crmcli.domain.metrics.timeline import Standing, Timeline

_PIECE = 50_000
"""Records that a piece holds."""
_COMMA, _END = b",", b"\r\n"


class _Cells(dict[Any, bytes]):
    """The csv text of a value and what stands after it, made when it is first met."""

    def __init__(self, cell_of: Callable[[Any], Cell], after: bytes = _COMMA) -> None:
        super().__init__()
        self._cell_of, self._after = cell_of, after

    def __missing__(self, value: Any) -> bytes:
        text = self[value] = _text(self._cell_of(value)).encode() + self._after
        return text

    def of(self, values: Iterable[Any]) -> list[bytes]:
        """Return the texts of values."""
        return list(map(self.__getitem__, values))


def _text(cell: Cell) -> str:
    return "" if cell is None else csv_cell(str(cell))


def plain_lines(
    items: Sequence[Any], rows_of: Callable[[Sequence[Any]], Iterable[Sequence[Cell]]], _told: dict[int, Any]
) -> Iterator[bytes]:
    """Yield the lines of records that are plain objects."""
    for first in range(0, len(items), _PIECE):
        rows = rows_of(items[first : first + _PIECE])
        yield "".join(",".join(map(_text, row)) + "\r\n" for row in rows).encode()


def deal_lines(
    line: Timeline, stand: Standing, evidence: Evidence, home: str, mark: Callable[[str, Any], Cell],
    money: Collection[str], told: dict[int, Any],
) -> Iterator[bytes]:  # fmt: skip
    """Yield the lines of deals: the marks of a list, made cells by `mark`, then what every list says of a deal.

    Marks of `money` are fen. `told` has what was made of deals already, by the identity of their standing.
    """
    if id(stand) not in told:
        told[id(stand)] = DealTexts(line, stand, home)
    texts: DealTexts = told[id(stand)]
    told_once = {key: _Cells(partial(mark, key)) for key in evidence.marks}
    for places in pieces(len(evidence.order), _PIECE):
        said = {key: own(places) if callable(own) else own[places] for key, own in evidence.marks.items()}
        columns = [
            yuan_cells(*fen_of(values), _COMMA) if key in money else told_once[key].of(values.tolist())
            for key, values in said.items()
        ]
        lines = _woven([*columns, texts.at(evidence.order[places])])
        yield without_pads(lines) if money else lines


def _woven(columns: Sequence[list[bytes]]) -> bytes:
    """Return the cells of columns row by row.

    >>> _woven([[b"a,", b"b,"], [b"1;", b"2;"]])
    b'a,1;b,2;'
    """
    wide = len(columns)
    cells = columns[0] * wide
    for at, column in enumerate(columns):
        cells[at::wide] = column
    return b"".join(cells)


class DealTexts:
    """What lists say of each deal at a standing, as the end of a csv line."""

    def __init__(self, line: Timeline, stand: Standing, home: str) -> None:
        self._line, self._stand = line, stand
        self._told = ToldOnce(line.size)
        self._shared = _Cells(_known)
        self._currencies = _Cells(lambda code: _known(code) or home)

    def at(self, deals: Any) -> list[bytes]:
        """Return the texts of deals by position."""
        new = self._told.missing(deals)
        if len(new):
            self._told.put(new, without_pads(_woven([*self._columns(new)])).split(CUT)[:-1])
        return self._told.of(deals)

    def _columns(self, deals: Any) -> Iterator[list[bytes]]:
        """Yield the cells of `DEAL_COLUMNS`, column by column, with the commas; what deals share is made once."""
        line, stand = self._line, self._stand
        ids = line.deals["opportunity_id"].to_numpy()[deals]
        yield number_cells(ids, b"O", _COMMA)
        for key in ("external_id", "name", "customer"):
            yield _encoded(line.deals[key].iloc[deals])
            yield [_COMMA] * len(deals)
        for key in ("owner", "product"):
            yield self._shared.of(line.deals[key].iloc[deals].tolist())
        yield self._shared.of(stage_names(line, stand, deals))
        yield yuan_cells(*fen(line, deals), _COMMA)
        yield self._currencies.of(line.deals["currency"].iloc[deals].tolist())
        for times in (line.start, stand.closed):
            yield day_cells(times[deals], _COMMA)
        yield from self._places(ids.tolist())

    def _places(self, ids: Sequence[int]) -> Iterator[list[bytes]]:
        """Yield file, sheet and row of each deal, with the end of the line."""
        sources = self._line.population.sources
        found: Mapping[int, tuple[Any, ...]] = sources(ids) if sources else {}
        if not found:
            yield [_COMMA * 2 + _END + CUT] * len(ids)
            return
        nothing = (None, None, None)
        places = [found.get(number, nothing) for number in ids]
        for at, after in enumerate((_COMMA, _COMMA, _END + CUT)):
            yield _Cells(_same, after).of(place[at] for place in places)


def _encoded(column: Any) -> list[bytes]:
    """Return the cells of texts of which each deal has its own."""
    try:
        return csv_column(column.tolist())
    except TypeError:  # some have none
        texts = texts_of(column)
        return csv_column(texts) if any(texts) else [b""] * len(texts)


def _known(text: Any) -> str | None:
    """Return a text; None where frames have something else for none."""
    return text if isinstance(text, str) else None


def _same(cell: Cell) -> Cell:
    return cell
