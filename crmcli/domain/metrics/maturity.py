"""Whether a cohort is old enough for its rates to mean anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.ages import days_between
from crmcli.domain.metrics.closings import closed_between
from crmcli.domain.metrics.rate import Rate, share
from crmcli.domain.metrics.timeline import OPEN, WON, Standing, Timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmcli.domain.metrics.period import Period

OPEN_SHARE_LIMIT = 0.20
"""A cohort with a larger open share is immature."""


@dataclass(frozen=True, slots=True)
class Maturity:
    """A cohort's age against the sales cycle, and how much of it is still open.

    Attributes:
        age_days: Days from the period's end (else from the latest start) to the standing's time; None if undated.
        cycle_days: P75 of the days from start to won of all deals won by then; None under `min_n` dated wins. Dates
            that only lie between two versions of a sheet are none.
        open: Open deals of the cohort out of all.
    """

    age_days: float | None
    cycle_days: float | None
    open: Rate

    @property
    def immature(self) -> bool:
        """Return whether there is a cohort, and it is younger than the cycle or more than 20 % of it is open."""
        young = self.age_days is not None and self.cycle_days is not None and self.age_days < self.cycle_days
        return self.open.denominator > 0 and (young or self.open.numerator > OPEN_SHARE_LIMIT * self.open.denominator)


def maturity(line: Timeline, stand: Standing, picked: NDArray[Any], period: Period, min_n: int) -> Maturity:
    """Return the maturity of the deals at the positions `picked`, which began in `period`."""
    import numpy as np

    starts = line.start[picked]
    known = starts[~np.isnat(starts)]
    end = np.datetime64(period.end, "us") if period.end else (known.max() if len(known) else None)
    exact = ~(line.start_between | closed_between(line, stand))
    days = days_between(line.start, stand.closed)[(stand.status == WON) & exact]
    days = days[~np.isnan(days) & (days >= 0)]
    return Maturity(
        age_days=None if end is None else float(days_between(np.asarray(end), stand.at)),
        cycle_days=float(np.percentile(days, 75)) if len(days) >= min_n else None,
        open=share(int((stand.status[picked] == OPEN).sum()), len(picked)),
    )
