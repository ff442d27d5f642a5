"""The same figures in equal spans before and after a day: what differs, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import TYPE_CHECKING, Any, Literal

from crmcli.domain.metrics.cycle import lengths
from crmcli.domain.metrics.due_actions import DueActions, together
from crmcli.domain.metrics.evidence import Block, Evidence
from crmcli.domain.metrics.grouping import group
from crmcli.domain.metrics.measures import MEASURES, Measured, Scope
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.rate import Rate, wilson
from crmcli.domain.metrics.timeline import OPEN, WON, Standing, Timeline, standing

if TYPE_CHECKING:
    from numpy.typing import NDArray

Verdict = Literal["better", "worse", "unclear", "too_few", "untested"]
SURE = 0.05
"""Under this chance of so large a difference where nothing changed, a difference is called clear."""
OPEN_SHARE_LIMIT = 0.2


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """One figure before and after.

    Attributes:
        change: After - before, in the figure's unit; None where one is unknown or rests on too few cases.
        low, high: 95 % interval of the change of a rate (Newcombe); None of others.
        chance: How often so large a difference comes about where nothing changed; None where it is not tested.
    """

    group: tuple[str, ...]
    metric: str
    before: Measured
    after: Measured
    change: float | None
    low: float | None
    high: float | None
    chance: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Baseline:
    """All figures; `cycle_days` is the P75 of the sales cycle, `young` whether the span after the day is shorter.

    `open_after` is the open share of what began after the day.
    """

    rows: tuple[BaselineRow, ...]
    before: Period
    after: Period
    evidence: Evidence
    actions: DueActions | None
    of_actions: dict[tuple[int, str], Block]
    cycle_days: float | None
    young: bool
    open_after: Rate


def spans(line: Timeline, event: date | None, today: date, period: Period) -> tuple[Period, Period] | None:
    """Return equal spans that end before `event` and begin with it: as long as data, `today` and `period` allow.

    None: there is no event day, or no day on one side of it.
    """
    import numpy as np

    known = line.start[~np.isnat(line.start)]
    if event is None or not len(known):
        return None
    first = max(known.min().astype("datetime64[D]").item(), period.start or date.min)
    last = min(today, period.end or date.max)
    days = min((event - first).days, (last - event).days)
    if days < 1:
        return None
    length = timedelta(days=days)
    return Period(event - length, event), Period(event, event + length)


def baseline(
    line: Timeline, stand: Standing, before: Period, after: Period, *, home: str, min_n: int, by: tuple[str, ...] = ()
) -> Baseline:
    """Return every figure in both spans, each as it stood when its span was over, so that both are equally old.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal.
    """
    import numpy as np

    sides = tuple((span, standing(line, _end(span))) for span in (before, after))
    groups = group(line, np.arange(line.size), by)
    rows: list[BaselineRow] = []
    chunks: list[NDArray[Any]] = [np.empty(0, dtype="int64")]
    blocks: dict[tuple[int, str], Block] = {}
    actions: list[DueActions] = []
    of_actions: dict[tuple[int, str], Block] = {}
    for code, label in enumerate(groups.labels):
        mine = groups.codes == code
        for metric, measure in MEASURES.items():
            old, new = (measure.of(Scope(line, seen, span, mine, mine, home, by, label)) for span, seen in sides)
            if old.actions is not None and new.actions is not None:
                of_actions |= _pair(len(rows), sum(len(one.due) for one in actions), old.n, new.n)
                actions += [old.actions, new.actions]
            else:
                blocks |= _pair(len(rows), sum(map(len, chunks)), len(old.deals), len(new.deals))
                chunks += [old.deals, new.deals]
            rows.append(_row(label, metric, old, new, min_n))
    days = lengths(line, stand).days[stand.status == WON]
    days = days[~np.isnan(days)]
    cycle = float(np.percentile(days, 75)) if len(days) >= min_n else None
    young = cycle is not None and ((after.end or date.max) - (after.start or date.min)).days < cycle
    begun = after.covers(line.start)
    open_after = Rate(int((begun & (sides[1][1].status == OPEN)).sum()), int(begun.sum()), int(begun.sum()))
    return Baseline(tuple(rows), before, after, Evidence(np.concatenate(chunks), blocks),
                    together(actions) if actions else None, of_actions, cycle, young, open_after)  # fmt: skip


def _pair(row: int, first: int, before: int, after: int) -> dict[tuple[int, str], Block]:
    """Return the blocks of a row whose records before stand before those after; what compares them rests on both."""
    old, new, both = Block(first, before), Block(first + before, after), Block(first, before + after)
    blocks = {"before": old, "before_n": old, "after": new, "after_n": new}
    blocks |= dict.fromkeys(("change", "low", "high", "chance"), both)
    return {(row, key): block for key, block in blocks.items()}


def _end(span: Period) -> NDArray[Any]:
    """Return the last moment of a span."""
    import numpy as np

    return np.asarray(np.datetime64(span.end or date.max, "us") - np.timedelta64(1, "us"))


def _row(label: tuple[str, ...], metric: str, old: Measured, new: Measured, min_n: int) -> BaselineRow:
    kind = MEASURES[metric].kind
    if kind in ("rate", "days") and min(old.n, new.n) < min_n:
        return BaselineRow(label, metric, old, new, None, None, None, None, "too_few")
    change = None if old.value is None or new.value is None else new.value - old.value
    low, high = _interval(old.rate, new.rate) if old.rate and new.rate else (None, None)
    chance = _chance(kind, old, new)
    return BaselineRow(label, metric, old, new, change, low, high, chance, _verdict(metric, change, chance))


def _verdict(metric: str, change: float | None, chance: float | None) -> Verdict:
    if chance is None:
        return "untested"
    if chance >= SURE or not change:
        return "unclear"
    return "better" if (change > 0) == (MEASURES[metric].better == "higher") else "worse"


def _chance(kind: str, old: Measured, new: Measured) -> float | None:
    """Return the two-sided p-value: Fisher's exact, Mann-Whitney of days, equal Poisson rates of numbers."""
    import numpy as np
    from scipy import stats

    if old.rate and new.rate:
        table = np.array([[one.numerator, one.denominator - one.numerator] for one in (old.rate, new.rate)])
        return float(stats.fisher_exact(table).pvalue)
    if kind == "days" and old.values and new.values:
        return float(stats.mannwhitneyu(old.values, new.values, alternative="two-sided").pvalue)
    if kind == "count" and old.n + new.n:
        return float(stats.binomtest(new.n, old.n + new.n, 0.5).pvalue)
    return None


def _interval(old: Rate, new: Rate) -> tuple[float, float] | tuple[None, None]:
    """Return the 95 % interval of the difference of two rates.

    Source: R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in
    Medicine 17 (1998), method 10.
    """
    a, b = wilson(old.numerator, old.n), wilson(new.numerator, new.n)
    if a is None or b is None:
        return None, None
    p, q = old.numerator / old.n, new.numerator / new.n
    return (q - p - sqrt((q - b[0]) ** 2 + (a[1] - p) ** 2), q - p + sqrt((b[1] - q) ** 2 + (p - a[0]) ** 2))
