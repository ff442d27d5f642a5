from __future__ import annotations

import pytest

from crmcli.domain.metrics.chance import two_shares
from crmcli.domain.metrics.rate import share


def test_the_lady_tasting_tea() -> None:
    # Fisher's own table: 3 and 1 of 4 cups; one-sided 17/70, both sides 34/70
    assert two_shares(share(3, 4), share(1, 4)) == pytest.approx(34 / 70)


def test_equal_shares_differ_by_chance_only() -> None:
    assert two_shares(share(50_000, 100_000), share(50_000, 100_000)) == pytest.approx(1)


def test_a_large_difference_of_many_is_no_chance() -> None:
    assert two_shares(share(50_000, 100_000), share(52_000, 100_000)) < 1e-9


@pytest.mark.parametrize("n", [0, 1, 7, 300])
def test_scipy_says_the_same(n: int) -> None:
    import numpy as np
    from scipy import stats

    for mine, theirs in ((0, n), (n // 2, n // 3), (n, n), (n // 7, n // 5)):
        table = [[mine, n - mine], [theirs, 2 * n - theirs]]
        expected = stats.fisher_exact(np.array(table)).pvalue
        assert two_shares(share(mine, n), share(theirs, 2 * n)) == pytest.approx(expected, abs=1e-12)
