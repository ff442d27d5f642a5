from __future__ import annotations

from datetime import time
from typing import Any

import numpy as np
import pytest

from crmcli.domain.metrics.population import Working
from crmcli.domain.metrics.working_time import working_days_between, working_hours_between

OFFICE = Working("CN", (time(9), time(18)))


def times(*texts: str) -> Any:
    return np.array(texts, dtype="datetime64[us]")


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-13T17:00", "2026-11-16T10:00", 2.0),
        ("2026-11-13T20:00", "2026-11-16T08:00", 0.0),
        ("2026-11-14T11:00", "2026-11-15T11:00", 0.0),
        ("2026-11-16T09:30", "2026-11-16T11:00", 1.5),
        ("2026-10-09T17:00", "2026-10-10T10:00", 2.0),
        ("2026-11-16T10:00", "2026-11-13T17:00", -2.0),
    ],
)
def test_hours_of_work(start: str, end: str, hours: float) -> None:
    assert working_hours_between(times(start), times(end), OFFICE).tolist() == [hours]


def test_without_a_calendar_or_hours_all_time_counts() -> None:
    start, end = times("2026-11-13T17:00", "NaT"), times("2026-11-16T10:00", "2026-11-16")
    assert working_hours_between(start, end, Working())[0] == 65.0
    assert working_hours_between(start, end, Working("", (time(9), time(18))))[0] == 20.0
    assert np.isnan(working_hours_between(start, end, Working())[1])
    assert working_days_between(start, end, Working())[0] == 3.0


def test_nothing_to_count() -> None:
    assert working_days_between(times("NaT"), times("2026-01-01"), OFFICE).tolist() != [0.0]
    assert len(working_hours_between(times(), times(), OFFICE)) == 0
