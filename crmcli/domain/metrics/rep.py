"""What each salesperson began, won, lost, holds and did, against the targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.closings import closed_in, fields_at_close
from crmcli.domain.metrics.contacts import contacts
from crmcli.domain.metrics.cycle import lengths
from crmcli.domain.metrics.evidence import Block, Evidence
from crmcli.domain.metrics.funnel import cohort
from crmcli.domain.metrics.gaps import only
from crmcli.domain.metrics.grouping import group
from crmcli.domain.metrics.layers import Layer, some_of, without_amount
from crmcli.domain.metrics.money import Fen, Tally, currencies, tally
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.pipeline_now import weighted_amounts
from crmcli.domain.metrics.rate import Rate, share
from crmcli.domain.metrics.spread import spread
from crmcli.domain.metrics.targets import Level, Wanted, wanted_of
from crmcli.domain.metrics.timeline import LOST, OPEN, VOID, WON, Standing, Timeline
from crmcli.domain.metrics.whose import grouped, united

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

KINDS = ("created", "won", "lost", "void", "open")
_CREATED, _WON, _LOST, _VOID, _OPEN = range(5)
_ENDS = {WON: _WON, LOST: _LOST, VOID: _VOID}


@dataclass(frozen=True, slots=True)
class Quota:
    """What is to be won in the period: fen and deals; None where nobody said."""

    amount_fen: int | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class RepRow:
    """One owner (or group): known amounts in fen by currency (`no_amount`: won without), days None under `min_n`."""

    group: tuple[str, ...]
    created: int
    won: int
    lost: int
    void: int
    won_amounts: dict[str, Fen]
    no_amount: int
    open: int
    open_amounts: dict[str, Fen]
    weighted: dict[str, Fen]
    median_days: float | None
    activities: int
    quota: Quota

    @property
    def rate(self) -> Rate:
        """Return won out of won and lost."""
        return share(self.won, self.won + self.lost)

    @property
    def rate_with_void(self) -> Rate:
        """Return won out of won, lost and void."""
        return share(self.won, self.won + self.lost + self.void)


@dataclass(frozen=True, slots=True)
class Rep:
    """The rows, the deals behind them and the activities (places in the population's), with the blocks of each."""

    rows: tuple[RepRow, ...]
    deals: Evidence
    activities: NDArray[Any]
    blocks: dict[tuple[int, str], Block]


def performance(
    line: Timeline, stand: Standing, period: Period, min_n: int, *, home: str, by: tuple[str, ...] = ("owner",)
) -> Rep:
    """Return a row an owner (or group), who won most first: begun and closed in `period`, open at the standing's time.

    Closed deals count where they were at the close, others where they are.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal.
    """
    import numpy as np

    begun, closed = cohort(line, stand, period), closed_in(stand, period)
    opened = np.flatnonzero(stand.status == OPEN)
    done = contacts(line, stand.at)
    acted = np.flatnonzero(period.covers(done.when))
    doers = _doers(line, done.row[acted])
    labels, codes = united((
        group(line, begun, by), group(line, closed, by, fields_at_close(line, closed)), group(line, opened, by),
        grouped(line, done.deal[acted], doers, by),
    ), by)  # fmt: skip
    kinds = np.r_[np.full(len(begun), _CREATED), _kinds_of(stand.status[closed]), np.full(len(opened), _OPEN)]
    picked, whose = np.r_[begun, closed, opened].astype("int64"), np.concatenate(codes[:3])
    size, width = len(labels), len(KINDS)
    table = tally(line, picked, whose * width + kinds, size * width, home=home).shaped(size, width)
    ranked = sorted(range(size), key=lambda at: (-int(table.sums[home][at, _WON]), at))
    rank = np.argsort(np.array(ranked, dtype="int64"))
    order = np.lexsort((picked, kinds, rank[whose]))
    days = spread(np.where(stand.status == WON, lengths(line, stand).days, np.nan)[closed], codes[1], size)
    weighted = _weighted(line, opened, codes[2], size, table, home)
    number = np.bincount(codes[3], minlength=size)
    wanted = wanted_of(line.population.targets)
    rows = tuple(
        RepRow(
            group=labels[at], created=int(table.n[at, _CREATED]), won=int(table.n[at, _WON]),
            lost=int(table.n[at, _LOST]), void=int(table.n[at, _VOID]), won_amounts=table.amounts((at, _WON)),
            no_amount=int(table.unknown[at, _WON]),
            open=int(table.n[at, _OPEN]), open_amounts=table.amounts((at, _OPEN)), weighted=weighted[at],
            median_days=days.quantile(at, 0.5, min_n), activities=int(number[at]),
            quota=quota(wanted, period, by, labels[at]),
        )
        for at in ranked
    )  # fmt: skip
    acts = np.lexsort((done.when[acted], rank[codes[3]]))
    blocks = _blocks(table.n[ranked], KINDS)
    return Rep(
        rows, Evidence(picked[order], blocks | _rates(rows, blocks), {"figure": _words(kinds[order])}),
        done.row[acted][acts], _blocks(number[ranked][:, None], ("activities",)),
    )  # fmt: skip


def rep_layers(line: Timeline, stand: Standing, evidence: Evidence) -> Iterator[Layer]:
    """Return the deals behind the figures that are of some of an owner's won or open deals."""
    import numpy as np

    weights = weighted_amounts(line, evidence.order)
    yield some_of("weighted", evidence, "open", ~np.isnan(weights), worth=weights)
    yield some_of("median_days", evidence, "won", ~np.isnan(lengths(line, stand).days[evidence.order]))
    yield without_amount(line, evidence, "won")


def _rates(rows: tuple[RepRow, ...], blocks: dict[tuple[int, str], Block]) -> dict[tuple[int, str], Block]:
    """Return the blocks of the deals that win rates rest on: won ones stand before lost ones before void ones."""
    first = {at: blocks[at, "won"].first for at in range(len(rows))}
    return {
        figure: block for at, row in enumerate(rows) for figure, block in (
            ((at, "win_rate"), Block(first[at], row.rate.denominator)),
            ((at, "win_rate_with_void"), Block(first[at], row.rate_with_void.denominator)),
        )
    }  # fmt: skip


def _doers(line: Timeline, rows: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    activities = line.population.activities
    if activities is None:
        return np.empty(0, dtype=object)
    by = activities["by"].iloc[rows]
    return only((by.notna() & (by != "")).to_numpy(dtype=bool), by.astype(object).to_numpy())


def _kinds_of(status: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    return np.array([_ENDS[end] for end in status.tolist()], dtype="int64")


def _words(kinds: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    words: NDArray[Any] = np.array(KINDS, dtype=object)[kinds]
    return words


def _blocks(counts: NDArray[Any], keys: tuple[str, ...]) -> dict[tuple[int, str], Block]:
    """Return the blocks of figures that stand row by row, and in a row in the order of `keys`."""
    found, first = {}, 0
    for row, own in enumerate(counts.tolist()):
        for key, number in zip(keys, own, strict=True):
            found[row, key] = Block(first, number)
            first += number
    return found


def _weighted(
    line: Timeline, opened: NDArray[Any], codes: NDArray[Any], size: int, table: Tally, home: str
) -> list[dict[str, Fen]]:
    """Return the sums of amount x probability by group and currency; None where of none of its deals both are known."""
    import numpy as np

    weights = weighted_amounts(line, opened)
    known = ~np.isnan(weights)
    names, currency = currencies(line, opened, home)
    sums = np.zeros((size, len(names)), dtype="int64")
    np.add.at(sums, (codes[known], currency[known]), weights[known].astype("int64"))
    some, held = np.bincount(codes[known], minlength=size), np.bincount(codes, minlength=size)
    place = {name: at for at, name in enumerate(names)}
    return [
        {name: None if held[at] and not some[at] else int(sums[at, place[name]]) if name in place else 0
         for name in table.sums}
        for at in range(size)
    ]  # fmt: skip


def quota(wanted: tuple[Wanted, ...], period: Period, by: tuple[str, ...], label: tuple[str, ...]) -> Quota:
    """Return what a group is to win in `period`: its target for these days, or the sum of those that fill them exactly.

    Targets are of owners, of teams and of everybody; other groups have none.
    """
    level: Level | None = {(): "company", ("owner",): "owner", ("team",): "team"}.get(by)  # type: ignore[assignment]
    if level is None or period.start is None or period.end is None:
        return Quota()
    own = [one for one in wanted if (one.level, one.who) == (level, "".join(label))]
    day, parts = period.start, []
    while day < period.end:
        fitting = [one for one in own if one.start == day and one.end <= period.end]
        if not fitting:
            return Quota()
        parts.append(max(fitting, key=lambda one: one.end))
        day = parts[-1].end
    return Quota(_sum(part.amount_fen for part in parts), _sum(part.count for part in parts))


def _sum(values: Any) -> int | None:
    listed = list(values)
    return None if None in listed or not listed else sum(listed)
