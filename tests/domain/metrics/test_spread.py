from __future__ import annotations

import numpy as np
import pytest

from crmcli.domain.metrics.spread import spread


@pytest.mark.parametrize("share", [0.0, 0.5, 0.75, 0.9, 1.0])
def test_quantiles_and_means_are_those_of_numpy(share: float) -> None:
    draw = np.random.default_rng(7)
    values, codes = draw.integers(0, 300, 500) / 10, draw.integers(0, 9, 500)
    found = spread(values, codes, 10)
    for group in range(9):
        own = values[codes == group]
        assert found.quantile(group, share) == round(float(np.percentile(own, share * 100)), 2)
        assert found.mean(group) == round(float(own.mean()), 2)
        assert found.largest(group) == own.max()
    assert (found.quantile(9, share), found.mean(9), found.largest(9)) == (None, None, None)


def test_unknown_numbers_are_left_out_and_too_few_say_nothing() -> None:
    found = spread(np.array([1.0, np.nan, 3.0]), np.array([0, 0, 0]), 1)
    assert found.n.tolist() == [2]
    assert (found.quantile(0, 0.5, min_n=2), found.quantile(0, 0.5, min_n=3), found.mean(0, min_n=3)) == (
        2.0,
        None,
        None,
    )
