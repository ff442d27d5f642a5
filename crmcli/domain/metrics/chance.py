"""How often chance alone brings about a difference."""

from __future__ import annotations

from crmcli.domain.metrics.rate import Rate


def two_shares(one: Rate, other: Rate) -> float:
    """Return the two-sided p-value that two shares of cases are of one and the same share: Fisher's exact test.

    Source: R. A. Fisher, Statistical Methods for Research Workers (1934), section 21.02.

    >>> round(two_shares(Rate(1, 10, 10), Rate(9, 10, 10)), 5)
    0.00109
    """
    import numpy as np
    from scipy import stats

    table = np.array([[rate.numerator, rate.denominator - rate.numerator] for rate in (one, other)])
    return float(stats.fisher_exact(table).pvalue)
