from __future__ import annotations

from datetime import date

import pytest

from crmcli.domain.metrics.period import Period, PeriodOrderError
from crmcli.domain.metrics.period_words import UnknownPeriod, period_of

TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026年", "2026-01-01", "2027-01-01"),
        ("2026H2", "2026-07-01", "2027-01-01"),
        ("2026上半年", "2026-01-01", "2026-07-01"),
        ("2026Q4", "2026-10-01", "2027-01-01"),
        ("2026-q1", "2026-01-01", "2026-04-01"),
        ("2026年第三季度", "2026-07-01", "2026-10-01"),
        ("2026-02", "2026-02-01", "2026-03-01"),
        ("2026年2月", "2026-02-01", "2026-03-01"),
        ("2026-W01", "2025-12-29", "2026-01-05"),
        ("本周", "2026-11-23", "2026-11-30"),
        ("上周", "2026-11-16", "2026-11-23"),
        ("last week", "2026-11-16", "2026-11-23"),
        ("本月", "2026-11-01", "2026-12-01"),
        ("上个月", "2026-10-01", "2026-11-01"),
        ("下季度", "2027-01-01", "2027-04-01"),
        ("上半年", "2026-01-01", "2026-07-01"),
        ("下半年", "2026-07-01", "2027-01-01"),
        ("last-half", "2026-01-01", "2026-07-01"),
        ("去年", "2025-01-01", "2026-01-01"),
        ("今年至今", "2026-01-01", "2026-11-24"),
        ("近90天", "2026-08-26", "2026-11-24"),
        ("last-2-weeks", "2026-11-10", "2026-11-24"),
        ("近3个月", "2026-08-24", "2026-11-24"),
        ("2026-03-01..2026-04-01", "2026-03-01", "2026-04-01"),
    ],
)
def test_words(text: str, start: str, end: str) -> None:
    assert period_of(text, TODAY) == Period(date.fromisoformat(start), date.fromisoformat(end))


def test_a_week_that_starts_on_sunday() -> None:
    assert period_of("本周", TODAY, "sunday") == Period(date(2026, 11, 22), date(2026, 11, 29))


def test_all_has_no_bounds() -> None:
    assert period_of("全部", TODAY) == Period()


@pytest.mark.parametrize("text", ["", "2026Q5", "2026-13", "2026-W60", "本世纪", "0001", "上", "2026-03-01..春天"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(UnknownPeriod):
        period_of(text, TODAY)


def test_a_range_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(PeriodOrderError):
        period_of("2026-04-01..2026-03-01", TODAY)
