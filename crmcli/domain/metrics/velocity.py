"""How much money the open deals bring in a day: number x win rate x mean won amount / median won cycle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.closings import closed_in, fields_at_close
from crmcli.domain.metrics.cycle import lengths
from crmcli.domain.metrics.evidence import Block, Evidence
from crmcli.domain.metrics.grouping import group
from crmcli.domain.metrics.layers import Layer, some_of
from crmcli.domain.metrics.money import currencies, fen
from crmcli.domain.metrics.rate import Rate, share
from crmcli.domain.metrics.spread import spread
from crmcli.domain.metrics.timeline import LOST, OPEN, WON, Standing, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from crmcli.domain.metrics.period import Period


@dataclass(frozen=True, slots=True)
class VelocityRow:
    """One group's deals in one currency: the four parts, and what they come to in fen a day.

    Attributes:
        open: Open deals, from the qualified stage on where one is named.
        rate: Won out of won and lost of those closed in the period.
        mean_won: Mean known amount of the won in fen, of `priced` deals; None under `min_n`.
        days: Median days of the won, of `timed` deals; None under `min_n`.
        velocity: None where a part rests on fewer than `min_n` deals, or the days are 0.
    """

    group: tuple[str, ...]
    currency: str
    open: int
    rate: Rate
    mean_won: int | None
    priced: int
    days: float | None
    timed: int
    velocity: int | None


def velocities(
    line: Timeline, stand: Standing, period: Period, min_n: int, *, home: str, by: tuple[str, ...] = ()
) -> tuple[tuple[VelocityRow, ...], Evidence]:
    """Return a row a group and currency, and the deals behind: open, then won, then lost ones.

    Closed deals are in the group that their fields had at the close.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal.
    """
    import numpy as np

    opened = np.flatnonzero((stand.status == OPEN) & (stand.highest >= line.stages.qualified_rank))
    closed = closed_in(stand, period)
    closed = closed[np.isin(stand.status[closed], (WON, LOST))]
    picked = np.r_[opened, closed]
    money, currency = currencies(line, picked, home)
    groups = group(line, picked, by, _fields(line, opened, closed, by))
    codes = groups.codes * len(money) + currency
    size = groups.count * len(money)
    order = np.lexsort((picked, stand.status[picked], codes))
    picked, codes = picked[order], codes[order]
    status = stand.status[picked]
    counts = np.zeros((size, 3), dtype="int64")
    np.add.at(counts, (codes, np.searchsorted((OPEN, WON, LOST), status)), 1)
    amount, known = fen(line, picked)
    priced = known & (status == WON)
    worth = np.bincount(codes[priced], minlength=size), _summed(amount[priced], codes[priced], size)
    days = spread(np.where(status == WON, lengths(line, stand).days[picked], np.nan), codes, size)
    rows: list[VelocityRow] = []
    blocks: dict[tuple[int, str], Block] = {}
    first = 0
    for code, (n, won, lost) in enumerate(counts.tolist()):
        if n + won + lost or (not by and code == 0):
            at = len(rows)
            blocks[at, "open"], blocks[at, "win_rate"] = Block(first, n), Block(first + n, won + lost)
            blocks[at, "velocity"], blocks[at, "won"] = Block(first, n + won + lost), Block(first + n, won)
            rate, median, timed = share(won, won + lost), days.quantile(code, 0.5, min_n), int(days.n[code])
            number, total = int(worth[0][code]), int(worth[1][code])
            rows.append(VelocityRow(
                groups.labels[code // len(money)], money[code % len(money)], n, rate,
                round(total / number) if number >= min_n else None, number, median, timed,
                _velocity(n, rate, total / number if number >= min_n else None, median, min_n),
            ))  # fmt: skip
        first += n + won + lost
    return tuple(rows), Evidence(picked, blocks)


def velocity_layers(line: Timeline, stand: Standing, evidence: Evidence) -> Iterator[Layer]:
    """Return the won deals that the mean amount and the median cycle are of."""
    import numpy as np

    known, days = fen(line, evidence.order)[1], lengths(line, stand).days[evidence.order]
    yield some_of("mean_n", evidence, "won", known, also=("mean_won",))
    yield some_of("cycle_n", evidence, "won", ~np.isnan(days), also=("median_days",))


def _fields(line: Timeline, opened: NDArray[Any], closed: NDArray[Any], by: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    """Return the fields that closed deals had at the close below those that open ones have now."""
    import numpy as np

    then = fields_at_close(line, closed)
    return {
        key: np.r_[line.deals[key].astype(object).to_numpy()[opened], then[key]] for key in by if key in then
    }  # fmt: skip


def _summed(amount: NDArray[Any], codes: NDArray[Any], size: int) -> NDArray[Any]:
    import numpy as np

    total = np.zeros(size, dtype="int64")
    np.add.at(total, codes, amount)
    return total


def _velocity(n: int, rate: Rate, mean_won: float | None, days: float | None, min_n: int) -> int | None:
    chance = rate.value(min_n)
    if n < min_n or chance is None or mean_won is None or not days:
        return None
    return round(n * chance * mean_won / days)
