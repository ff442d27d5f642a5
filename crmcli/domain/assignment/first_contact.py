"""Whether a deal was contacted in time: working hours, counted on the calendar of who has it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from crmcli.domain.assignment.availability import is_at_work
from crmcli.domain.assignment.model import Owner, Switches

_HOUR = timedelta(hours=1)


def hours_worked(owner: Owner, start: datetime, end: datetime, switches: Switches, *, most: float) -> float:
    """Return the working hours of an owner between two local times, counted no further than `most`.

    Rest days, public holidays and leave hold none.

    >>> from datetime import datetime
    >>> friday, monday = datetime(2026, 11, 13, 17), datetime(2026, 11, 16, 10)
    >>> hours_worked(Owner("A"), friday, monday, Switches(holidays="CN"), most=8)
    2.0
    """
    opens, closes = (time.fromisoformat(text) for text in switches.work_hours)
    worked, day = timedelta(), start.date()
    while day <= end.date() and worked < most * _HOUR:
        if is_at_work(owner, day, switches):
            first, last = max(start, datetime.combine(day, opens)), min(end, datetime.combine(day, closes))
            worked += max(last - first, timedelta())
        day += timedelta(days=1)
    return min(worked / _HOUR, most)
