from __future__ import annotations

from datetime import date

import pytest

from crmcli.domain.calendar import day_in, works_on

SATURDAY, SUNDAY, MONDAY = date(2026, 11, 14), date(2026, 11, 15), date(2026, 11, 16)
NATIONAL_DAY, MAKE_UP_SATURDAY = date(2026, 10, 1), date(2026, 10, 10)


def test_without_calendar_and_week_days_nobody_rests() -> None:
    assert all(works_on(day) for day in (SATURDAY, SUNDAY, NATIONAL_DAY))


@pytest.mark.parametrize(
    ("day", "works"),
    [(SATURDAY, False), (MONDAY, True), (NATIONAL_DAY, False), (MAKE_UP_SATURDAY, True)],
)
def test_chinese_holidays_and_make_up_days(day: date, works: bool) -> None:
    assert works_on(day, calendar="CN") is works


@pytest.mark.parametrize(
    ("day", "works"),
    [(SATURDAY, True), (MONDAY, False), (NATIONAL_DAY, False), (MAKE_UP_SATURDAY, True), (SUNDAY, False)],
)
def test_own_week_days_are_kept_but_for_public_holidays(day: date, works: bool) -> None:
    thursday_to_saturday = (3, 4, 5)
    assert works_on(day, calendar="CN", work_days=thursday_to_saturday) is works


def test_own_week_days_count_without_a_calendar() -> None:
    assert works_on(NATIONAL_DAY, work_days=(3,))
    assert not works_on(MONDAY, work_days=(3,))


def test_outside_the_table_only_weekends_rest_and_a_note_says_so() -> None:
    wednesday, saturday = date(2099, 10, 7), date(2099, 10, 10)
    assert (day_in("CN", wednesday).working, day_in("CN", saturday).working) == (True, False)
    assert str(day_in("CN", wednesday).note) == "no holidays are known for 2099: only weekends are rest days"
    assert day_in("CN", MONDAY).note is None
