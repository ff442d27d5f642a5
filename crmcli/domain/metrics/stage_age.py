"""How long deals stay in each stage: finished visits, and apart from them those that still run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.evidence import Block, Evidence
from crmcli.domain.metrics.gaps import only
from crmcli.domain.metrics.grouping import Groups, group, month_names
from crmcli.domain.metrics.layers import Layer
from crmcli.domain.metrics.spread import Spread, spread
from crmcli.domain.metrics.timeline import WON, Standing, Timeline
from crmcli.domain.metrics.visits import Visits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmcli.domain.metrics.period import Period

WON_ENOUGH = 10
"""From so many finished visits of won deals on their P75 is the limit of a stage."""
FROM_WON, FROM_SETTINGS = "won_p75", "max_days"
FINISHED, UNKNOWN_LENGTH, RUNNING, UNKNOWN_AGE = "finished", "unknown_length", "running", "unknown_age"
_KINDS = (FINISHED, UNKNOWN_LENGTH, RUNNING, UNKNOWN_AGE)


@dataclass(frozen=True, slots=True)
class Limit:
    """From how many days on a running visit is over age, and whether won deals or crm.toml say so; None: no limit."""

    days: float | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class StageAgeRow:
    """One group and stage; days are None under `min_n` visits or deals.

    Attributes:
        n: Finished visits of known length; `unknown` those of unknown length.
        deals: Deals that were there, are there no longer, and all of whose visits are of known length.
        latest: Median of each such deal's latest visit; `cumulative`: of the sum of its visits.
        current: Running visits of known age; `current_unknown` those of unknown age.
        over_age: Running visits above the limit; None where there is no limit.
    """

    group: tuple[str, ...]
    stage: str
    n: int
    median: float | None
    p75: float | None
    unknown: int
    deals: int
    latest: float | None
    cumulative: float | None
    current: int
    current_median: float | None
    current_max: float | None
    current_unknown: int
    over_age: int | None
    limit: Limit


@dataclass(frozen=True, slots=True)
class OverAge:
    """A deal that has been in its stage for longer than the limit; `deal` is its position."""

    deal: int
    stage: str
    entered: NDArray[Any]
    days: float
    limit: Limit


def limits(line: Timeline, stand: Standing, all_visits: Visits) -> tuple[Limit, ...]:
    """Return each stage's limit: the P75 of won deals' finished visits where there are ten, else `max_days`."""
    import numpy as np

    won = ~all_visits.running & (stand.status[all_visits.deal] == WON)
    known = spread(np.where(won, all_visits.days, np.nan), all_visits.stage, len(all_visits.names))
    found = []
    for place in range(len(all_visits.names)):
        p75 = known.quantile(place, 0.75, WON_ENOUGH)
        most = line.stages.rules_of(place + 1).max_days if place < len(line.stages.names) else None
        chosen = Limit(most, FROM_SETTINGS) if most is not None else Limit()
        found.append(chosen if p75 is None else Limit(p75, FROM_WON))
    return tuple(found)


def stage_ages(
    line: Timeline, stand: Standing, all_visits: Visits, period: Period, min_n: int, by: tuple[str, ...] = ()
) -> tuple[tuple[StageAgeRow, ...], Evidence, Layer, tuple[OverAge, ...]]:
    """Return a row a group and stage, the visits behind (kind by kind, the longest first) and the deals over age.

    The layer has the deals that are there no longer.

    Finished visits are those that ended in `period`, running ones all that run. Without `by` every stage of the
    pipeline has a row.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal or `month` (the month the stage was entered).
    """
    import numpy as np

    shown = _picked(all_visits, all_visits.running | period.covers(all_visits.left))
    groups = group(line, shown.deal, by, {"month": month_names(shown.entered)})
    width = len(shown.names)
    size = groups.count * width
    codes = groups.codes * width + shown.stage
    kind = shown.running * 2 + np.isnan(shown.days)
    order = np.lexsort((shown.deal, -np.nan_to_num(shown.days), kind, codes))
    shown, codes, kind = _picked(shown, order), codes[order], kind[order]
    counts = np.bincount(codes * len(_KINDS) + kind, minlength=size * len(_KINDS)).reshape(size, len(_KINDS))
    firsts = np.r_[0, counts.ravel().cumsum()][:-1].reshape(size, len(_KINDS))
    bounds = limits(line, stand, all_visits)
    above = _above(shown, bounds)
    over = np.bincount(codes[above], minlength=size)
    measured, gone, gone_from = _measured(shown, codes, size)
    row_of = np.full(size, -1, dtype="int64")
    rows: list[StageAgeRow] = []
    blocks: dict[tuple[int, str], Block] = {}
    for code in range(size):
        place = code % width
        if not counts[code].any() and (by or place >= len(line.stages.names)):
            continue
        row_of[code] = len(rows)
        for at, key in enumerate(("n", "unknown", "current", "current_unknown")):
            blocks[len(rows), key] = Block(int(firsts[code, at]), int(counts[code, at]))
        if bounds[place].days is not None:
            blocks[len(rows), "over_age"] = Block(int(firsts[code, 2]), int(over[code]))
        rows.append(_row(groups, shown.names, code, counts[code].tolist(), measured, int(over[code]), bounds[place],
                         min_n))  # fmt: skip
    behind = Evidence(shown.deal, blocks, _marks(shown, kind)).shared(
        n=("median_days", "p75_days"), current=("current_median_days", "current_max_days")
    )
    left = Layer("deals", gone, row_of[gone_from], also=("latest_median_days", "cumulative_median_days"))
    return tuple(rows), behind, left, _listed(shown, above, bounds)


@dataclass(frozen=True, slots=True)
class _Measured:
    finished: Spread
    running: Spread
    latest: Spread
    cumulative: Spread


def _measured(shown: Visits, codes: NDArray[Any], size: int) -> tuple[_Measured, NDArray[Any], NDArray[Any]]:
    """Return the days by group and stage, and the deals that are there no longer with the group and stage of each."""
    import numpy as np

    latest, cumulative, (gone, gone_from) = _of_deals(shown, codes, size)
    finished, running = np.where(shown.running, np.nan, shown.days), np.where(shown.running, shown.days, np.nan)
    days = _Measured(spread(finished, codes, size), spread(running, codes, size), latest, cumulative)
    return days, gone, gone_from


def _row(
    groups: Groups, names: tuple[str, ...], code: int, counts: list[int], measured: _Measured, over: int, limit: Limit,
    min_n: int,
) -> StageAgeRow:  # fmt: skip
    return StageAgeRow(
        group=groups.labels[code // len(names)], stage=names[code % len(names)], n=counts[0],
        median=measured.finished.quantile(code, 0.5, min_n), p75=measured.finished.quantile(code, 0.75, min_n),
        unknown=counts[1], deals=int(measured.latest.n[code]), latest=measured.latest.quantile(code, 0.5, min_n),
        cumulative=measured.cumulative.quantile(code, 0.5, min_n), current=counts[2],
        current_median=measured.running.quantile(code, 0.5, min_n), current_max=measured.running.largest(code),
        current_unknown=counts[3], over_age=None if limit.days is None else over, limit=limit,
    )  # fmt: skip


def _picked(found: Visits, which: NDArray[Any]) -> Visits:
    return Visits(found.names, found.deal[which], found.stage[which], found.entered[which], found.left[which],
                  found.running[which], found.days[which])  # fmt: skip


def _above(shown: Visits, bounds: tuple[Limit, ...]) -> NDArray[Any]:
    """Return which visits run for longer than their stage's limit."""
    import numpy as np

    most = np.array([np.inf if bound.days is None else bound.days for bound in bounds])
    above: NDArray[Any] = shown.running & (np.nan_to_num(shown.days) > most[shown.stage])
    return above


def _of_deals(
    shown: Visits, codes: NDArray[Any], size: int
) -> tuple[Spread, Spread, tuple[NDArray[Any], NDArray[Any]]]:
    """Return by group and stage the latest and the summed visits of the deals that are there no longer, and those."""
    import numpy as np

    if not len(codes):
        nothing = spread(shown.days, codes, size)
        return nothing, nothing, (shown.deal, codes)
    order = np.lexsort((shown.entered, shown.deal, codes))
    deal, own, days, running = shown.deal[order], codes[order], shown.days[order], shown.running[order]
    first = np.flatnonzero(np.r_[True, (deal[1:] != deal[:-1]) | (own[1:] != own[:-1])])
    last = np.r_[first[1:], len(order)] - 1
    gone = ~np.logical_or.reduceat(running | np.isnan(days), first)
    latest = np.where(gone, days[last], np.nan)
    summed = np.where(gone, np.add.reduceat(np.nan_to_num(days), first), np.nan)
    of = first[gone]
    return spread(latest, own[first], size), spread(np.round(summed, 1), own[first], size), (deal[of], own[of])


def _marks(shown: Visits, kind: NDArray[Any]) -> dict[str, NDArray[Any]]:
    import numpy as np

    return {
        "visited": np.array(shown.names, dtype=object)[shown.stage],
        "visit": np.array(_KINDS, dtype=object)[kind],
        "entered": shown.entered.astype("datetime64[D]"),
        "left": shown.left.astype("datetime64[D]"),
        "days": only(~np.isnan(shown.days), shown.days),
    }


def _listed(shown: Visits, above: NDArray[Any], bounds: tuple[Limit, ...]) -> tuple[OverAge, ...]:
    """Return the visits over age, the one furthest over its limit first."""
    found = [
        OverAge(int(shown.deal[at]), shown.names[shown.stage[at]], shown.entered[at], float(shown.days[at]),
                bounds[shown.stage[at]])
        for at in above.nonzero()[0].tolist()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: ((one.limit.days or 0) - one.days, one.deal)))
