"""How numbers of groups are spread: median, percentiles and mean of each group at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Spread:
    """The known numbers of each group in order: those of group g are `values[first[g] : first[g] + n[g]]`."""

    n: NDArray[Any]
    first: NDArray[Any]
    values: NDArray[Any]

    def quantile(self, group: int, share: float, min_n: int = 1) -> float | None:
        """Return the value under which `share` (0-1) of a group lies, to two decimals; None under `min_n` numbers.

        Between two numbers it is interpolated in a straight line.

        Source: R. J. Hyndman and Y. Fan, Sample quantiles in statistical packages, The American Statistician 50
        (1996), definition 7; as numpy's percentile and Excel's PERCENTILE.INC.
        """
        n = int(self.n[group])
        if n < max(min_n, 1):
            return None
        place = (n - 1) * share
        below = int(place)
        at = int(self.first[group]) + below
        low, high = float(self.values[at]), float(self.values[min(at + 1, at - below + n - 1)])
        return round(low + (place - below) * (high - low), 2)

    def mean(self, group: int, min_n: int = 1) -> float | None:
        """Return the mean of a group, to two decimals; None under `min_n` numbers."""
        n, first = int(self.n[group]), int(self.first[group])
        return round(float(self.values[first : first + n].mean()), 2) if n >= max(min_n, 1) else None

    def largest(self, group: int) -> float | None:
        """Return the largest number of a group; None without any."""
        return float(self.values[self.first[group] + self.n[group] - 1]) if self.n[group] else None


def spread(values: NDArray[Any], codes: NDArray[Any], size: int) -> Spread:
    """Return how `values` (NaN: unknown, left out) are spread in their groups `codes` (0..size-1).

    >>> import numpy as np
    >>> found = spread(np.array([4.0, 1.0, np.nan, 3.0, 2.0]), np.array([0, 0, 0, 0, 1]), 3)
    >>> [found.quantile(group, 0.5) for group in range(3)], found.mean(0, min_n=4)
    ([3.0, 2.0, None], None)
    """
    import numpy as np

    known = ~np.isnan(values)
    values, codes = values[known], codes[known]
    order = np.lexsort((values, codes))
    n = np.bincount(codes, minlength=size)
    return Spread(n, np.r_[0, n.cumsum()][:-1], values[order])
