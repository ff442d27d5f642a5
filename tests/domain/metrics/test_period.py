from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pytest

from crmcli.domain.metrics.period import Period, PeriodOrderError, last_complete_week, months_before, trailing_weeks


def test_the_end_day_is_not_inside() -> None:
    times = np.array(["2026-01-31T23:59", "2026-02-01", "2026-02-28T23:59:59", "2026-03-01", "NaT"], "datetime64[us]")
    assert Period(date(2026, 2, 1), date(2026, 3, 1)).covers(times).tolist() == [False, True, True, False, False]
    assert Period().covers(times).all()


def test_an_end_before_the_start_is_an_error() -> None:
    with pytest.raises(PeriodOrderError, match="2026-01-01"):
        Period(date(2026, 2, 1), date(2026, 1, 1))


def test_previous_periods() -> None:
    assert Period(date(2026, 1, 1), date(2026, 4, 1)).previous == Period(date(2025, 10, 1), date(2026, 1, 1))
    assert Period(date(2026, 3, 2), date(2026, 3, 9)).previous == Period(date(2026, 2, 23), date(2026, 3, 2))
    assert Period(date(2026, 3, 2), None).previous is None


@pytest.mark.parametrize(
    ("as_of", "starts", "first"),
    [("2026-03-09T00:00", "monday", "2026-03-02"), ("2026-03-08T23:59", "monday", "2026-02-23"),
     ("2026-03-08T00:00", "sunday", "2026-03-01")],
)  # fmt: skip
def test_last_complete_week(as_of: str, starts: str, first: str) -> None:
    week = last_complete_week(datetime.fromisoformat(as_of), starts)
    assert week.start == date.fromisoformat(first)


def test_trailing_weeks_touch() -> None:
    weeks = trailing_weeks(date(2026, 3, 9), 3)
    assert [week.start for week in weeks] == [date(2026, 2, 16), date(2026, 2, 23), date(2026, 3, 2)]
    assert weeks[-1].end == date(2026, 3, 9)


@pytest.mark.parametrize(("day", "months", "expected"), [
    (date(2026, 12, 31), 10, date(2026, 2, 28)), (date(2026, 1, 15), 1, date(2025, 12, 15)),
    (date(2024, 2, 29), 12, date(2023, 2, 28)), (date(2026, 12, 5), 12, date(2025, 12, 5)),
])  # fmt: skip
def test_months_before(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected
