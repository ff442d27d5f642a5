"""The records behind a report's figures: an order of deals in which every figure is one block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.money import currencies, fen

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from crmcli.domain.metrics.money import Fen
    from crmcli.domain.metrics.timeline import Standing, Timeline

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
        marks: One text a record for what only this report says of it, by column key; aligned with `order`.
    """

    order: NDArray[Any]
    blocks: dict[tuple[int, str], Block]
    marks: dict[str, NDArray[Any]] = field(default_factory=dict)


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


def records(line: Timeline, stand: Standing, evidence: Evidence, limit: int = RECORDS_LIMIT) -> list[Record]:
    """Return the first `limit` records of the evidence."""
    order = evidence.order[:limit]
    shown = line.deals.iloc[order]
    values = {name: shown[name].astype(object).where(shown[name].notna(), None).tolist() for name in FIELDS}
    amount, known = fen(line, order)
    starts, ends = _days(line.start[order]), _days(stand.closed[order])
    stages = stage_names(line, stand, order)
    marks = {key: texts[:limit].tolist() for key, texts in evidence.marks.items()}
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
