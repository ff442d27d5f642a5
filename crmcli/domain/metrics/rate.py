"""A share that never travels without its numerator and denominator."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

DEFAULT_MIN_N = 5
"""Under so many cases a rate is not printed."""

Z_95 = 1.959963984540054
"""The standard normal's 97.5 % point."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`numerator` out of `denominator` (counts, or fen where `money`), resting on `n` cases."""

    numerator: int
    denominator: int
    n: int
    money: bool = False

    def value(self, min_n: int) -> float | None:
        """Return the share 0-1; None where there are fewer than `min_n` cases or nothing to divide by.

        >>> Rate(3, 4, 4).value(5) is None
        True
        >>> Rate(3, 5, 5).value(5)
        0.6
        """
        return self.numerator / self.denominator if self.n >= min_n and self.denominator > 0 else None


def share(numerator: int, denominator: int) -> Rate:
    """Return the rate of two counts; it rests on as many cases as its denominator says."""
    return Rate(numerator, denominator, denominator)


def wilson(successes: int, n: int) -> tuple[float, float] | None:
    """Return the 95 % Wilson score interval of a share; None without cases.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).

    >>> low, high = wilson(8, 10)
    >>> round(low, 4), round(high, 4)
    (0.4902, 0.9433)
    """
    if n == 0:
        return None
    p, z2 = successes / n, Z_95 * Z_95
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)
