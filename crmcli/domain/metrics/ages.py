"""Days between two times, as people count them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray


def days_between(start: NDArray[Any], end: NDArray[Any]) -> NDArray[Any]:
    """Return the days from `start` to `end` (local times): NaN where one is unknown.

    Whole days between the local dates where either is a day (a midnight, or the last second that stands for an as-of
    day), else rounded to one decimal.

    >>> import numpy as np
    >>> instant, day = np.array(["2026-01-21T06:00"], "datetime64[us]"), np.array(["2026-01-21"], "datetime64[us]")
    >>> last_second = np.array(["2026-04-01T23:59:59"], "datetime64[us]")
    >>> days_between(day, last_second).tolist(), days_between(instant, instant + np.timedelta64(30, "h")).tolist()
    ([70.0], [1.2])
    """
    import numpy as np

    one = np.timedelta64(1, "D")
    between = (end.astype("datetime64[D]") - start.astype("datetime64[D]")) / one
    days: NDArray[Any] = np.where(_is_day(start) | _is_day(end), between, np.round((end - start) / one, 1))
    return days


def _is_day(times: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    days = times.astype("datetime64[D]")
    seconds = times.astype("datetime64[s]")
    result: NDArray[Any] = (times == days) | (seconds == days + np.timedelta64(24 * 60 * 60 - 1, "s"))
    return result
