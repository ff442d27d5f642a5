"""The records behind a report's figures: an order of deals in which every figure is one block."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.money import currencies, fen

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from crmcli.domain.metrics.money import Fen
    from crmcli.domain.metrics.timeline import Standing, Timeline

    Mark = NDArray[Any] | Callable[[NDArray[Any]], NDArray[Any]]

RECORDS_LIMIT = 10_000
"""Records that a sheet lists at most; the counts always cover all."""

FIELDS = ("external_id", "name", "customer", "owner", "product", "competitor", "currency")


@dataclass(frozen=True, slots=True)
class Block:
    """Records `first` .. `first + count - 1` of the order."""

    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Records in order and which of them are behind a figure.

    Attributes:
        order: Positions of deals.
        blocks: Figure's (row, key) to its block.
        marks: What only this report says of records, by column key: aligned with `order`, or what says it of the
            records at given places of the order.
    """

    order: NDArray[Any]
    blocks: dict[tuple[int, str], Block]
    marks: Mapping[str, Mark] = field(default_factory=dict)

    def shared(self, **keys: Iterable[str]) -> Evidence:
        """Return the same records with more figures: every key's records are behind the keys named with it, too."""
        more = {(row, other): block for (row, key), block in self.blocks.items() for other in keys.get(key, ())}
        return replace(self, blocks=self.blocks | more)

    def only_rows(self, rows: Sequence[int]) -> Evidence:
        """Return what is behind some of the rows, which are counted anew."""
        import numpy as np

        number = {row: at for at, row in enumerate(rows)}
        kept = {figure: block for figure, block in self.blocks.items() if figure[0] in number}
        spans = [np.arange(block.first, block.first + block.count) for block in kept.values()]
        places = np.unique(np.concatenate([np.empty(0, dtype="int64"), *spans]))
        blocks = {
            (number[row], key): Block(int(np.searchsorted(places, block.first)), block.count)
            for (row, key), block in kept.items()
        }

        def kept_of(mark: Mark) -> Mark:
            return (lambda shown: mark(places[shown])) if callable(mark) else mark[places]

        return Evidence(self.order[places], blocks, {key: kept_of(mark) for key, mark in self.marks.items()})

    def behind(self, key: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the places of the order that are behind the figures of a column, and the row of each."""
        import numpy as np

        blocks = [(row, block) for (row, own), block in self.blocks.items() if own == key]
        nothing = np.empty(0, dtype="int64")
        places = np.concatenate([nothing, *(np.arange(one.first, one.first + one.count) for _row, one in blocks)])
        rows = [np.full(block.count, row) for row, block in blocks]
        return places, np.concatenate([nothing, *rows])


@dataclass(frozen=True, slots=True)
class Record:
    """One deal as a records sheet shows it."""

    opportunity_id: int
    fields: dict[str, Any]
    stage: str | None
    amount: Fen
    start: date | None
    closed: date | None
    marks: dict[str, Any]
    source: tuple[str, str, int] | None = None


def contiguous(keys: NDArray[Any]) -> dict[int, Block]:
    """Return the block of each key in an array whose equal keys stand together.

    >>> import numpy as np
    >>> contiguous(np.array([2, 2, 5]))
    {2: Block(first=0, count=2), 5: Block(first=2, count=1)}
    """
    import numpy as np

    values, firsts, counts = np.unique(keys, return_index=True, return_counts=True)
    return {
        int(value): Block(int(first), int(count)) for value, first, count in zip(values, firsts, counts, strict=True)
    }


def sums_of_blocks(
    line: Timeline, evidence: Evidence, home: str, column: str = "amount_fen"
) -> dict[tuple[int, str], dict[str, int]]:
    """Return for each figure the sums of its records in fen by currency, added up from the records themselves."""
    import numpy as np

    amount, _known = fen(line, evidence.order, column)
    names, currency = currencies(line, evidence.order, home)
    running = {name: np.r_[0, np.where(currency == place, amount, 0).cumsum()] for place, name in enumerate(names)}
    return {
        figure: {name: int(sums[block.first + block.count] - sums[block.first]) for name, sums in running.items()}
        for figure, block in evidence.blocks.items()
    }


def shown_places(evidence: Evidence, limit: int = RECORDS_LIMIT) -> NDArray[Any]:
    """Return the places of the order that a list of at most `limit` records shows, as `first_of_each`."""
    return first_of_each(len(evidence.order), evidence.blocks.values(), limit)


def first_of_each(size: int, blocks: Collection[Block], limit: int) -> NDArray[Any]:
    """Return which places of `size` records a list of at most `limit` shows, ascending.

    Where they cannot all be, the first of every figure are, of each as many as of any other.
    """
    import numpy as np

    if size <= limit or not blocks:
        return np.arange(min(size, limit))
    first, count = np.unique([(one.first, one.count) for one in blocks], axis=0).T

    def shown(most: int) -> NDArray[Any]:
        edge = np.zeros(size + 1, dtype="int64")
        np.add.at(edge, first, 1)
        np.add.at(edge, first + np.minimum(count, most), -1)
        return np.flatnonzero(edge[:-1].cumsum())

    low, high = 1, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(shown(middle)) <= limit else (low, middle - 1)
    return shown(low)[:limit]


def records(line: Timeline, stand: Standing, evidence: Evidence, places: NDArray[Any]) -> list[Record]:
    """Return the records at the `places` of the evidence's order."""
    order = evidence.order[places]
    shown = line.deals.iloc[order]
    values = {name: shown[name].astype(object).where(shown[name].notna(), None).tolist() for name in FIELDS}
    amount, known = fen(line, order)
    starts, ends = _days(line.start[order]), _days(stand.closed[order])
    stages = stage_names(line, stand, order)
    marks = {key: (mark(places) if callable(mark) else mark[places]).tolist() for key, mark in evidence.marks.items()}
    ids = shown["opportunity_id"].tolist()
    sources = line.population.sources(ids) if line.population.sources else {}
    return [
        Record(
            opportunity_id=int(identity), fields={name: column[i] for name, column in values.items()},
            stage=stages[i], amount=int(amount[i]) if known[i] else None, start=starts[i], closed=ends[i],
            marks={key: column[i] for key, column in marks.items()}, source=sources.get(identity),
        )
        for i, identity in enumerate(ids)
    ]  # fmt: skip


def deals_in_order(line: Timeline, deals: Sequence[int], home: str) -> list[tuple[int, dict[str, Any], Fen, str]]:
    """Return the number, the fields, the amount in fen (None: unknown) and the currency of each of the `deals`."""
    import numpy as np

    picked = np.array(deals, dtype="int64")
    amount, known = fen(line, picked)
    names, currency = currencies(line, picked, home)
    shown = line.deals.iloc[picked][["opportunity_id", *FIELDS]].astype(object)
    fields = shown.where(shown.notna(), None).to_dict("records")
    return [
        (
            int(row["opportunity_id"]),
            {key: row[key] for key in FIELDS},
            int(amount[at]) if known[at] else None,
            names[currency[at]],
        )
        for at, row in enumerate(fields)
    ]


def stage_names(line: Timeline, stand: Standing, picked: NDArray[Any]) -> list[str | None]:
    """Return the present stage of deals at the standing's time: an end's name where closed; None unknown."""
    import numpy as np

    ends = np.array([None, None, *line.stages.ends], dtype=object)
    status = stand.status[picked]
    names: list[str | None] = np.where(status > 1, ends[status], stand.open_stage[picked]).tolist()
    return names


def _days(times: NDArray[Any]) -> list[date | None]:
    days: list[date | None] = times.astype("datetime64[D]").tolist()
    return days
