"""How often chance alone brings about a difference."""

from __future__ import annotations

from crmcli.domain.metrics.rate import Rate

_SAME = 1 + 1e-9
"""Tables whose likelihoods differ by less are equally likely: what differs is rounding."""


def two_shares(one: Rate, other: Rate) -> float:
    """Return the two-sided p-value that two shares of cases are of one and the same share: Fisher's exact test.

    The sum of the likelihoods of all tables with these margins that are not likelier than this one. Each is a multiple
    of its neighbour's, outwards from the likeliest; scipy.stats says the same, but takes a second to be loaded.

    Source: R. A. Fisher, Statistical Methods for Research Workers (1934), section 21.02.

    >>> round(two_shares(Rate(1, 10, 10), Rate(9, 10, 10)), 5)
    0.00109
    """
    import numpy as np

    mine, theirs, hits = one.denominator, other.denominator, one.numerator + other.numerator
    least, most = max(0, hits - theirs), min(mine, hits)
    if least == most:
        return 1.0
    likeliest = (hits + 1) * (mine + 1) // (mine + theirs + 2)
    up = np.arange(likeliest, most, dtype="float64")
    down = np.arange(likeliest, least, -1, dtype="float64")
    above = np.cumprod((mine - up) * (hits - up) / ((up + 1) * (theirs - hits + up + 1)))
    below = np.cumprod(down * (theirs - hits + down) / ((mine - down + 1) * (hits - down + 1)))
    likely = np.concatenate((below[::-1], [1.0], above))
    rare = likely <= likely[one.numerator - least] * _SAME
    return float(min(1.0, likely[rare].sum() / likely.sum()))
