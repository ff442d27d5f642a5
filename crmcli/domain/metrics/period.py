"""Half-open spans of days, [start, end), in the workspace's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import msg

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class PeriodOrderError(CrmError):
    """A period ends before it starts."""

    code = "period_order"
    exit_code = ExitCode.USAGE

    def __init__(self, start: date, end: date) -> None:
        super().__init__(
            msg("The period ends ({end}) before it starts ({start})", start=start, end=end),
            hint=msg("Give --from a day before --to; the day of --to is not included"),
        )


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` up to but without `end`; None means no bound on that side.

    Raises:
        PeriodOrderError: `end` lies before `start`.
    """

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start and self.end and self.end < self.start:
            raise PeriodOrderError(self.start, self.end)

    @property
    def is_whole_history(self) -> bool:
        """Return whether there is no bound; only then do undated records count."""
        return self.start is None and self.end is None

    def covers(self, times: NDArray[Any]) -> NDArray[Any]:
        """Return which local times lie inside; an unknown time does in the whole history only."""
        import numpy as np

        inside: NDArray[Any] = ~np.isnat(times) | self.is_whole_history
        if self.start:
            inside &= times >= np.datetime64(self.start, "us")
        if self.end:
            inside &= times < np.datetime64(self.end, "us")
        return inside

    @property
    def previous(self) -> Period | None:
        """Return the span of the same length just before; whole months stay whole months. None if unbounded.

        >>> Period(date(2026, 3, 1), date(2026, 4, 1)).previous
        Period(start=datetime.date(2026, 2, 1), end=datetime.date(2026, 3, 1))
        """
        if self.start is None or self.end is None:
            return None
        if self.start.day == 1 and self.end.day == 1:
            months = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
            return Period(months_before(self.start, months), self.start)
        return Period(self.start - (self.end - self.start), self.start)


WHOLE_HISTORY = Period()
"""No bounds: the only period in which undated records count."""


def months_before(day: date, months: int) -> date:
    """Return the same day of the month `months` earlier, the month's last day where it has no such day.

    >>> months_before(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)  # noqa: PLR2004 - December
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def last_complete_week(as_of: datetime, week_starts: str = "monday") -> Period:
    """Return the last week of seven days that is over at the local time `as_of`.

    >>> last_complete_week(datetime(2026, 3, 11, 9))
    Period(start=datetime.date(2026, 3, 2), end=datetime.date(2026, 3, 9))
    """
    (week,) = trailing_weeks(last_week_end(as_of, week_starts), 1)
    return week


def last_week_end(as_of: datetime, week_starts: str = "monday") -> date:
    """Return the day before which the last complete week lies."""
    into_week = (as_of.weekday() - WEEKDAYS.index(week_starts)) % 7
    return as_of.date() - timedelta(days=into_week)


def trailing_weeks(end: date, count: int) -> tuple[Period, ...]:
    """Return the `count` weeks before `end`, the oldest first."""
    return tuple(Period(end - timedelta(weeks=back), end - timedelta(weeks=back - 1)) for back in range(count, 0, -1))
