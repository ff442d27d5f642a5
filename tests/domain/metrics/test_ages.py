from __future__ import annotations

import numpy as np
import pytest

from crmcli.domain.metrics.ages import days_between


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2026-01-21", "2026-04-01T23:59:59", 70.0),  # the last second stands for the as-of day
        ("2026-01-21", "2026-04-01T09:30", 70.0),
        ("2026-01-21T18:00", "2026-01-22T23:59:59", 1.0),
        ("2026-01-21T18:00", "2026-01-22T09:00", 0.6),
        ("2026-01-22", "2026-01-21", -1.0),
    ],
)
def test_days_are_counted_between_dates_unless_both_times_are_known(start: str, end: str, days: float) -> None:
    assert days_between(np.array([start], "datetime64[us]"), np.asarray(np.datetime64(end, "us"))).tolist() == [days]


def test_what_is_unknown_has_no_age() -> None:
    assert np.isnan(days_between(np.array(["NaT"], "datetime64[us]"), np.array(["2026-01-01"], "datetime64[us]")))[0]
