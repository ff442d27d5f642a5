"""Working days and hours between times, by the holiday calendar, of many pairs at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crmcli.domain.calendar import works_on
from crmcli.domain.metrics.population import Working

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROUND_THE_CLOCK = 24.0


def working_days_between(start: NDArray[Any], end: NDArray[Any], working: Working) -> NDArray[Any]:
    """Return how many working days follow the day of `start` up to that of `end` (local times); NaN: one is unknown.

    >>> import numpy as np
    >>> friday, monday = np.array(["2026-11-13"], "datetime64[us]"), np.array(["2026-11-16"], "datetime64[us]")
    >>> working_days_between(friday, monday, Working("CN")).tolist()
    [1.0]
    """
    import numpy as np

    known = ~np.isnat(start) & ~np.isnat(end)
    days = np.full(len(start), np.nan)
    first, last = (times[known].astype("datetime64[D]") for times in (start, end))
    if not len(first):
        return days
    earliest, until = _work_days(first, last, working)
    days[known] = until[_place(last, earliest) + 1] - until[_place(first, earliest) + 1]
    return days


def working_hours_between(start: NDArray[Any], end: NDArray[Any], working: Working) -> NDArray[Any]:
    """Return the working hours between local times, negative where `end` is earlier; NaN where one is unknown.

    >>> import numpy as np
    >>> from datetime import time as clock
    >>> start, end = np.array(["2026-11-13T17:00"], "datetime64[us]"), np.array(["2026-11-16T10:00"], "datetime64[us]")
    >>> working_hours_between(start, end, Working("CN", (clock(9), clock(18)))).tolist()
    [2.0]
    """
    import numpy as np

    known = ~np.isnat(start) & ~np.isnat(end)
    hours = np.full(len(start), np.nan)
    if not known.any():
        return hours
    first, last = start[known], end[known]
    earliest, until = _work_days(first.astype("datetime64[D]"), last.astype("datetime64[D]"), working)
    hours[known] = _worked(last, earliest, until, working) - _worked(first, earliest, until, working)
    return hours


def _worked(times: NDArray[Any], earliest: Any, until: NDArray[Any], working: Working) -> NDArray[Any]:
    """Return the working hours from the start of the day `earliest` up to each time."""
    import numpy as np

    opens, length = _hours(working)
    days = times.astype("datetime64[D]")
    place = _place(days, earliest)
    into = (times - days) / np.timedelta64(1, "h") - opens
    today = until[place + 1] - until[place]
    hours: NDArray[Any] = until[place] * length + today * np.clip(into, 0, length)
    return hours


def _hours(working: Working) -> tuple[float, float]:
    """Return the hour at which a day's work begins and how many hours it has."""
    if working.hours is None:
        return 0.0, _ROUND_THE_CLOCK
    opens, closes = (clock.hour + clock.minute / 60 for clock in working.hours)
    return opens, closes - opens


def _work_days(first: NDArray[Any], last: NDArray[Any], working: Working) -> tuple[Any, NDArray[Any]]:
    """Return the earliest day and how many working days lie before it, before the day after it, and so on."""
    import numpy as np

    earliest = min(first.min(), last.min())
    day, count = earliest.astype(object), int((max(first.max(), last.max()) - earliest).astype(int)) + 1
    if not working.calendar:
        return earliest, np.arange(count + 1)
    works = [works_on(day + timedelta(days=ahead), calendar=working.calendar) for ahead in range(count)]
    return earliest, np.r_[0, np.cumsum(works)]


def _place(days: NDArray[Any], earliest: Any) -> NDArray[Any]:
    place: NDArray[Any] = (days - earliest).astype("int64")
    return place
