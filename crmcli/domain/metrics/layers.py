"""The deals behind figures that overlap: every column is a layer of deals, and all layers make one list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.evidence import Block
from crmcli.domain.metrics.gaps import only
from crmcli.domain.metrics.money import currencies, fen
from crmcli.domain.metrics.timeline import LOST, VOID, WON

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmcli.domain.metrics.evidence import Evidence
    from crmcli.domain.metrics.timeline import Timeline

_FEW = 16_000
Figure = tuple[int, str]
"""Row and column key."""


@dataclass(frozen=True, slots=True)
class Layer:
    """The deals behind one column; arrays align.

    Attributes:
        key: The column.
        amounts: The column of the amounts that are added up, of several currencies that of the workspace's.
        deals: Positions of deals.
        rows: The row that each is behind.
        counted: Of a rate, which of them are in the numerator; None: all count.
        also: Other columns that rest on the same deals.
        worth: Of an amount, what each adds to it in fen (NaN: unknown), or the column of the deals that says it.
    """

    key: str
    deals: NDArray[Any]
    rows: NDArray[Any]
    counted: NDArray[Any] | None = None
    worth: NDArray[Any] | str | None = None
    also: tuple[str, ...] = ()
    amounts: str = ""


@dataclass(frozen=True, slots=True)
class Layers:
    """All layers, layer by layer, row by row, what is in a numerator first.

    Attributes:
        places: The place among all `count` records of each one that is kept, ascending.
        deals, rows, keys, counted, worth: The deal, the row, the column, whether it counts (None: the figure is no
            rate) and what it adds (None: nothing, or unknown) of each kept one.
        columns: The key of each layer, also of one without records, and the columns that share its records.
        blocks: Which of all records are behind a figure.
        numerators: Of each rate how many records are in the numerator.
        amounts: By a layer's key the column of its amounts; of several currencies that of the workspace's.
        sums: Of each figure with amounts their sum in fen by currency.
        count: How many records there are.
    """

    places: NDArray[Any]
    deals: NDArray[Any]
    rows: NDArray[Any]
    keys: NDArray[Any]
    counted: NDArray[Any]
    worth: NDArray[Any]
    columns: dict[str, tuple[str, ...]]
    blocks: dict[Figure, Block]
    amounts: dict[str, str]
    numerators: dict[Figure, int]
    sums: dict[Figure, dict[str, int]]
    count: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A layer in the order of its rows, cut to what a list can show; `codes` is twice the row, + 1 out of the count."""

    layer: Layer
    counts: NDArray[Any]
    picked: NDArray[Any]
    codes: NDArray[Any]
    rank: NDArray[Any]
    sums: dict[int, dict[str, int]]


def some_of(key: str, evidence: Evidence, of: str, which: NDArray[Any] | None = None, *,
            counted: NDArray[Any] | None = None, worth: NDArray[Any] | str | None = None, also: tuple[str, ...] = (),
            ) -> Layer:  # fmt: skip
    """Return a layer of some of the deals behind the column `of`: of which `which`, aligned with the order, holds.

    `counted` and `worth` are aligned with the order, too.
    """
    places, rows = evidence.behind(of)
    if which is not None:
        kept = which[places]
        places, rows = places[kept], rows[kept]
    return Layer(key, evidence.order[places], rows, None if counted is None else counted[places],
                 worth if worth is None or isinstance(worth, str) else worth[places], also)  # fmt: skip


def without_amount(line: Timeline, evidence: Evidence, of: str, key: str = "no_amount") -> Layer:
    """Return a layer of those deals behind the column `of` that have no known amount."""
    return some_of(key, evidence, of, ~fen(line, evidence.order)[1])


def of_ends(deals: NDArray[Any], rows: NDArray[Any], status: NDArray[Any]) -> Iterator[Layer]:
    """Return the layers of closed deals by their end, and of the win rates; `status` aligns with the deals."""
    import numpy as np

    for key, end in (("won", WON), ("lost", LOST), ("void", VOID)):
        yield Layer(key, deals[status == end], rows[status == end])
    decided = np.isin(status, (WON, LOST))
    yield Layer("rate", deals[decided], rows[decided], status[decided] == WON)
    yield Layer("rate_with_void", deals, rows, status == WON)


def layers_of(line: Timeline, layers: Iterable[Layer], home: str, limit: int) -> Layers:
    """Return the list of all layers, cut to about `limit` records: of every figure the first, as many as of any other.

    Args:
        line: The deals.
        layers: One a column; they are taken one after the other, so that a generator keeps none.
        home: The workspace's currency.
        limit: How many records a list has at most.
    """
    import numpy as np

    parts = [_part(line, layer, home, limit) for layer in layers]
    most = _fair(np.concatenate([np.empty(0, dtype="int64"), *(part.counts for part in parts)]), limit)
    blocks: dict[Figure, Block] = {}
    numerators: dict[Figure, int] = {}
    found: list[tuple[NDArray[Any], ...]] = []
    first = 0
    for part in parts:
        firsts = first + np.r_[0, part.counts.cumsum()]
        for row, (own, rest) in enumerate(part.counts.reshape(-1, 2).tolist()):
            if own + rest:
                blocks[row, part.layer.key] = Block(int(firsts[2 * row]), own + rest)
                if part.layer.counted is not None:
                    numerators[row, part.layer.key] = own
        kept = part.rank < most
        codes, picked = part.codes[kept].astype("int64"), part.picked[kept]
        told = _told(line, part.layer, picked, codes)
        found.append((firsts[codes] + part.rank[kept], part.layer.deals[picked], *told))
        first += int(part.counts.sum())
    nothing = np.empty(0, dtype="int64")
    columns = zip(*found, strict=True) if found else [[nothing]] * 6
    places, deals, rows, keys, counted, worth = (np.concatenate(one)[:limit] for one in columns)
    sums = {(row, part.layer.key): own for part in parts for row, own in part.sums.items()}
    names = {part.layer.key: (part.layer.key, *part.layer.also) for part in parts}
    amounts = {part.layer.key: part.layer.amounts or part.layer.key for part in parts if part.layer.worth is not None}
    return Layers(places, deals, rows, keys, counted, worth, names, blocks, amounts, numerators, sums, first)


def _part(line: Timeline, layer: Layer, home: str, limit: int) -> _Part:
    import numpy as np

    few = "int16" if not len(layer.rows) or layer.rows.max() < _FEW else "int64"  # few numbers sort in no time
    codes = layer.rows.astype(few) * 2 + (0 if layer.counted is None else ~layer.counted)
    size = int(codes.max()) // 2 * 2 + 2 if len(codes) else 0
    counts = np.bincount(codes, minlength=size)
    order = np.argsort(codes, kind="stable")
    rank = np.arange(len(codes)) - np.repeat(np.r_[0, counts.cumsum()][:-1], counts)
    kept = rank < limit
    sums = {} if layer.worth is None else _sums(line, layer, home, size // 2)
    return _Part(layer, counts, order[kept], codes[order][kept], rank[kept], sums)


def _worth(line: Timeline, layer: Layer, picked: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return what deals of a layer add in fen, and of which it is known."""
    import numpy as np

    if isinstance(layer.worth, str):
        return fen(line, layer.deals[picked], layer.worth)
    if layer.worth is None:
        return np.zeros(len(picked), dtype="int64"), np.zeros(len(picked), dtype=bool)
    worth = layer.worth[picked].astype("float64")
    return np.nan_to_num(worth).astype("int64"), ~np.isnan(worth)


def _sums(line: Timeline, layer: Layer, home: str, size: int) -> dict[int, dict[str, int]]:
    import numpy as np

    worth = _worth(line, layer, np.arange(len(layer.deals)))[0]
    names, place = currencies(line, layer.deals, home)
    table = np.zeros((size, len(names)), dtype="int64")
    np.add.at(table, (layer.rows, place), worth)
    return {row: dict(zip(names, own, strict=True)) for row, own in enumerate(table.tolist())}


def _told(line: Timeline, layer: Layer, picked: NDArray[Any], codes: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    import numpy as np

    counted = np.full(len(picked), None) if layer.counted is None else (codes % 2 == 0).astype(object)
    amount, known = _worth(line, layer, picked)
    worth = only(known, amount.astype(object))
    return codes // 2, np.full(len(picked), layer.key, dtype=object), counted, worth


def _fair(counts: NDArray[Any], limit: int) -> int:
    """Return how many records of each figure a list of `limit` can show, at least one.

    >>> import numpy as np
    >>> _fair(np.array([2, 9, 9]), 12), _fair(np.array([2, 9]), 100)
    (5, 9)
    """
    import numpy as np

    if not len(counts):
        return 1
    own = np.sort(counts)
    together = own.cumsum() + own * np.arange(len(own) - 1, -1, -1)
    if together[-1] <= limit:
        return max(int(own[-1]), 1)
    at = int(np.searchsorted(together, limit, side="right"))
    before = int(own[:at].sum())
    return max((limit - before) // (len(own) - at), 1)
