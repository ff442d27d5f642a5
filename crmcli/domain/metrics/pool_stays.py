"""Customers' stays in public pools: how they came in, how they left, and what was won of those that were claimed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from itertools import groupby
from zoneinfo import ZoneInfo

from crmcli.domain.metrics.closings import fields_at_close
from crmcli.domain.metrics.contacts import numbers
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.population import MISSING, Population
from crmcli.domain.metrics.staff import OF_PEOPLE, Staff, known_keys, label_order
from crmcli.domain.metrics.timeline import WON, standing, timeline
from crmcli.domain.values.text import fold

GROUPS = (*OF_PEOPLE, "source", "month")
"""What pools can be broken down by: who had the customer until it fell, the customer's source, the month it came in."""
_DAY = len("2026-03-05")


@dataclass(frozen=True, slots=True)
class Stay:
    """One customer's time in one pool. `entered` and `left` are instants, `left` None while it is there.

    `why` is the clock that ran out (no_follow_up ...) or the kind of run that put it in; `how` the kind of run that
    took it out; `won` how many opportunities its claimer has won with it since.
    """

    customer: int
    name: str
    pool: str
    entered: str
    from_owner: str | None
    why: str
    reason: str
    left: str | None = None
    how: str | None = None
    to_owner: str | None = None
    won: int = 0
    source: str | None = None


@dataclass(frozen=True, slots=True)
class PoolRow:
    """Figures of a pool (and group): there before + entered - left = there; `first` is its first stay's place."""

    pool: str
    first: int
    stays: int
    before: int
    entered: int
    left: int
    claimed: int
    won: int
    there: int
    group: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PoolFigures:
    """The stays that touch a period, by pool and time, and what is counted of them.

    `owners` are (owner, customers lost to a pool, claimed, claimed and won since), `reasons` (why, entered).
    """

    stays: tuple[Stay, ...]
    rows: tuple[PoolRow, ...]
    owners: tuple[tuple[str, int, int, int], ...] = ()
    reasons: tuple[tuple[str, int], ...] = field(default=())


def with_wins(stays: Sequence[Stay], population: Population, as_of: datetime) -> tuple[Stay, ...]:
    """Return stays that know how many opportunities their claimers won with the customers since, as of a time.

    A deal counts by its last close, if it is won then, for whoever had it at the close. A close of which only the day
    is known is since a claim of that day.
    """
    import numpy as np

    line = timeline(population)
    stand = standing(line, line.moment(as_of))
    picked = np.flatnonzero((stand.status == WON) & ~np.isnat(stand.closed))
    owners = fields_at_close(line, picked).get("owner", line.deals["owner"].astype(object).to_numpy()[picked])
    whose = zip(numbers(line.deals["customer_id"])[picked].tolist(), owners.tolist(), strict=True)
    wins: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    for (customer, owner), closed in zip(whose, stand.closed[picked].tolist(), strict=True):
        if isinstance(owner, str):  # a missing one is NaN
            wins[customer, fold(owner)].append(closed)
    zone = ZoneInfo(population.timezone)
    return tuple(replace(stay, won=_won_since(stay, wins.get((stay.customer, fold(stay.to_owner or "")), ()), zone))
                 for stay in stays)  # fmt: skip


def _won_since(stay: Stay, closes: Iterable[datetime], zone: ZoneInfo) -> int:
    if not stay.left or not stay.to_owner:
        return 0
    left = datetime.fromisoformat(stay.left).astimezone(zone).replace(tzinfo=None)
    return sum(at.date() >= left.date() if at.time() == time() else at >= left for at in closes)


def pool_figures(
    stays: Iterable[Stay], period: Period, by: tuple[str, ...] = (), staff: Staff | None = None
) -> PoolFigures:
    """Return the figures of a period, a row for each pool (and group) that was not empty all along.

    Raises:
        UnknownGroupingError: A key of `by` is none of `GROUPS`.
    """
    known_keys(by, GROUPS)
    people = staff or Staff(())
    touching = [stay for stay in stays if not _over(stay.left, period) and not _after(stay.entered, period)]
    told = sorted(
        ((stay.pool, _label(stay, by, people), stay) for stay in touching),
        key=lambda one: (one[0], label_order(one[1]), one[2].entered, one[2].customer),
    )
    listed = [stay for _pool, _label, stay in told]
    rows, first = [], 0
    for (pool, label), together in groupby(told, key=lambda one: one[:2]):
        own = [stay for _pool, _label, stay in together]
        rows.append(_row(pool, label, first, own, period))
        first += len(own)
    entered = [stay for stay in listed if _within(stay.entered, period)]
    reasons = Counter(stay.why for stay in entered)
    return PoolFigures(
        tuple(listed), tuple(rows), _owners(listed, entered, period), tuple(sorted(reasons.items(), key=_most))
    )


def stays_behind(figures: PoolFigures, period: Period) -> dict[tuple[str, int, str], list[Stay]]:
    """Return the stays behind each figure: of the tables pool, owners and reasons, by row and key."""
    found: dict[tuple[str, int, str], list[Stay]] = {}
    for at, row in enumerate(figures.rows):
        own = figures.stays[row.first : row.first + row.stays]
        claimed = _claimed(own, period)
        parts = {
            "before": [stay for stay in own if not _within(stay.entered, period)],
            "entered": [stay for stay in own if _within(stay.entered, period)],
            "left": [stay for stay in own if _within(stay.left, period)],
            "there": [stay for stay in own if not _within(stay.left, period)],
            "claimed": claimed,
            "rate": claimed,
        }
        found |= {("pool", at, key): stays for key, stays in parts.items()}
    entered = [stay for stay in figures.stays if _within(stay.entered, period)]
    claimed = _claimed(figures.stays, period)
    for at, (owner, *_counts) in enumerate(figures.owners):
        found["owners", at, "lost"] = [stay for stay in entered if stay.from_owner == owner]
        got = [stay for stay in claimed if stay.to_owner == owner]
        found |= {("owners", at, "claimed"): got, ("owners", at, "rate"): got}
    for at, (why, _number) in enumerate(figures.reasons):
        found["reasons", at, "n"] = [stay for stay in entered if stay.why == why]
    return found


def _label(stay: Stay, by: tuple[str, ...], staff: Staff) -> tuple[str, ...]:
    own = {"source": stay.source or MISSING, "month": stay.entered[: len("2026-03")]}
    return tuple(own[key] if key in own else staff.told(key, stay.from_owner) for key in by)


def _row(pool: str, group: tuple[str, ...], first: int, stays: Sequence[Stay], period: Period) -> PoolRow:
    entered = sum(_within(stay.entered, period) for stay in stays)
    left = sum(_within(stay.left, period) for stay in stays)
    claimed = _claimed(stays, period)
    there = sum(not _within(stay.left, period) for stay in stays)
    won = sum(stay.won > 0 for stay in claimed)
    return PoolRow(pool, first, len(stays), len(stays) - entered, entered, left, len(claimed), won, there, group)


def _claimed(stays: Iterable[Stay], period: Period) -> list[Stay]:
    return [stay for stay in stays if stay.how == "claim" and _within(stay.left, period)]


def _owners(listed: Sequence[Stay], entered: Sequence[Stay], period: Period) -> tuple[tuple[str, int, int, int], ...]:
    lost = Counter(stay.from_owner for stay in entered if stay.from_owner)
    claimed = _claimed(listed, period)
    got = Counter(stay.to_owner for stay in claimed if stay.to_owner)
    won = Counter(stay.to_owner for stay in claimed if stay.to_owner and stay.won)
    return tuple((owner, lost[owner], got[owner], won[owner]) for owner in sorted({*lost, *got}))


def _most(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _within(at: str | None, period: Period) -> bool:
    return at is not None and not _over(at, period) and not _after(at, period)


def _over(at: str | None, period: Period) -> bool:
    return at is not None and period.start is not None and at[:_DAY] < period.start.isoformat()


def _after(at: str, period: Period) -> bool:
    return period.end is not None and at[:_DAY] >= period.end.isoformat()
