from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from crmcli.domain.metrics.maturity import maturity
from crmcli.domain.metrics.period import WHOLE_HISTORY
from crmcli.domain.metrics.timeline import Standing, Timeline

See = Callable[..., tuple[Timeline, Standing]]
EXACT: list[tuple[Any, ...]] = [(number, "2026-01-01", [("2026-01-11", "赢单")]) for number in range(1, 6)]


@pytest.mark.parametrize(
    "loose",
    [
        (9, "2026-01-01", [("2026-12-01", "赢单", {"between": True})]),
        (9, None, [("2026-01-01", "初步接触", {"between": True}), ("2026-12-01", "赢单")]),
    ],
)
def test_the_cycle_knows_only_dates_that_are_known(see: See, loose: tuple[Any, ...]) -> None:
    line, stand = see(*EXACT, loose)
    assert maturity(line, stand, np.arange(6), WHOLE_HISTORY, 5).cycle_days == 10
    assert maturity(line, stand, np.arange(6), WHOLE_HISTORY, 6).cycle_days is None
