from __future__ import annotations

import numpy as np
import pandas as pd

from crmcli.domain.metrics.population import local_times
from crmcli.domain.metrics.written_times import times_in

ZONE = "Asia/Shanghai"
WRITTEN = (
    "2026-03-05", "2026-03-05T10:20:30+08:00", "2026-03-05T10:20:30-03:30", "2026-12-31T23:59:59+00:00", "",
    "2024-02-29", "2026-02-29", "2026-13-01", "2026-00-10", "2026-03-00T10:00:00+08:00", "2026-03-05T24:00:00+08:00",
    "2026-03-05T10:20:30Z", "2026-03-05T10:20:30.250000+08:00", "2026-03-05 10:20", "1900-06-01T00:00:00+08:00",
    "2026/03/05", "sometime", "2026-03-05T10:60:00+08:00", "2026-3-5",
)  # fmt: skip


def test_written_times_are_those_that_are_read_one_by_one() -> None:
    times, is_day = times_in("|".join(WRITTEN).encode(), b"|", ZONE)
    one_by_one = local_times(pd.Series([text or None for text in WRITTEN], dtype=object), ZONE)
    assert np.array_equal(times, one_by_one, equal_nan=True)
    assert is_day.tolist() == [len(text) == 10 for text in WRITTEN]
    assert str(times[2]) == "2026-03-05T21:50:30.000000"
