"""Stages whose conversion fell against the comparable period before, and how likely that is by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from crmcli.domain.metrics.chance import two_shares
from crmcli.domain.metrics.funnel import cohort, unplaced_names
from crmcli.domain.metrics.gaps import empty
from crmcli.domain.metrics.layers import Layer
from crmcli.domain.metrics.rate import Rate, share
from crmcli.domain.metrics.timeline import Standing, Timeline, standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from crmcli.domain.metrics.period import Period

SURE = 0.05
"""A fall that chance brings about less often is called one."""

Verdict = Literal["fell", "perhaps", "not_lower", "too_few"]


@dataclass(frozen=True, slots=True)
class StageChange:
    """The step rate of one stage in a period and in the one before, both equally long after their ends.

    `chance` is the two-sided p-value of two equal shares; None under `min_n` cases on a side.
    """

    stage: str
    now: Rate
    before: Rate
    chance: float | None

    @property
    def verdict(self) -> Verdict:
        """Return whether the rate fell for sure ("fell"), perhaps by chance ("perhaps"), or did not."""
        if self.chance is None:
            return "too_few"
        if self.now.numerator * self.before.denominator >= self.before.numerator * self.now.denominator:
            return "not_lower"
        return "fell" if self.chance < SURE else "perhaps"


def stage_changes(
    line: Timeline, stand: Standing, period: Period, earlier: tuple[Standing, Period], min_n: int
) -> tuple[StageChange, ...]:
    """Return every stage's step rate of the deals begun in `period` against those of `earlier_of` it."""
    now, before = _steps(line, stand, period), _steps(line, *earlier)
    return tuple(
        StageChange(stage, new, old, two_shares(new, old) if min(new.n, old.n) >= min_n else None)
        for stage, new, old in zip(line.stages.names, now, before, strict=True)
    )


def earlier_of(line: Timeline, stand: Standing, period: Period) -> tuple[Standing, Period] | None:
    """Return the period before and how its deals stood as long after its end, for rates rise as deals grow older.

    None: the period has no beginning or no end, so that nothing comes before it.
    """
    import numpy as np

    previous = period.previous
    if previous is None or previous.end is None or period.end is None:
        return None
    return standing(line, np.asarray(stand.at - np.timedelta64((period.end - previous.end).days, "D"))), previous


def change_layers(line: Timeline, stand: Standing, period: Period, earlier: tuple[Standing, Period]) -> Iterator[Layer]:
    """Return the deals behind the rates of the period before, and those behind both rates."""
    import numpy as np

    deals, rows, passed = _reached(line, *earlier)
    yield Layer("step_rate_before", deals, rows, passed)
    now, own, _passed = _reached(line, stand, period)
    yield Layer("change", np.r_[deals, now], np.r_[rows, own], also=("chance",))


def _reached(line: Timeline, stand: Standing, period: Period) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return who reached each stage: deals, the stages' rows, and who of them reached the next one."""
    import numpy as np

    picked = cohort(line, stand, period)
    placed = picked[empty(unplaced_names(stand, picked))]
    highest = np.maximum(stand.highest[placed], 1)
    row, at = np.nonzero((highest[:, None] >= np.arange(1, len(line.stages.names) + 1)).T)
    return placed[at], row, highest[at] > row + 1


def _steps(line: Timeline, stand: Standing, period: Period) -> list[Rate]:
    """Return each stage's rate of those that reached the next one; deals without a place are in none."""
    import numpy as np

    picked = cohort(line, stand, period)
    placed = picked[empty(unplaced_names(stand, picked))]
    k = len(line.stages.names)
    highest: NDArray[Any] = np.maximum(stand.highest[placed], 1)
    counts = np.bincount(highest.astype("int64"), minlength=k + 2)
    reached = counts[::-1].cumsum()[::-1].tolist()
    return [share(reached[rank + 1], reached[rank]) for rank in range(1, k + 1)]
