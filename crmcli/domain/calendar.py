"""Which days people work: week days, Chinese public holidays and the make-up working days (调休)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from crmcli.i18n import Message, msg

CALENDARS = ("", "CN")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Day:
    """What a calendar says of a day. `holiday`: a public one, not a mere weekend; `note`: what it could not know."""

    working: bool
    holiday: bool = False
    note: Message | None = None


@lru_cache(maxsize=4096)
def day_in(calendar: str, day: date) -> Day:
    """Return what a calendar says of a day; `""` knows no rest days, "CN" the holidays and make-up days of China.

    Outside the years that the holiday table holds only weekends are rest days, and `note` says so.

    Source: notices of the State Council's General Office, through the package chinesecalendar.

    >>> from datetime import date
    >>> day_in("CN", date(2026, 10, 1)), day_in("CN", date(2026, 10, 10)).working
    (Day(working=False, holiday=True, note=None), True)
    """
    if calendar == "":
        return Day(working=True)
    from chinese_calendar import get_holiday_detail

    try:
        rest, holiday = get_holiday_detail(day)
    except NotImplementedError:
        note = msg("no holidays are known for {year}: only weekends are rest days", year=day.year)
        return Day(working=day.weekday() < _SATURDAY, note=note)
    return Day(working=not rest, holiday=rest and holiday is not None)


def works_on(day: date, *, calendar: str = "", work_days: Collection[int] = ()) -> bool:
    """Return whether somebody works on a day, leave apart.

    `work_days` are the person's own week days (0 is Monday), empty where nothing is said of them. Public holidays
    are rest days for everybody; a make-up day is worked by those who have no week days of their own.

    >>> from datetime import date
    >>> works_on(date(2026, 10, 10)), works_on(date(2026, 10, 10), calendar="CN", work_days={0, 1})
    (True, False)
    """
    known = day_in(calendar, day)
    return day.weekday() in work_days and not known.holiday if work_days else known.working
