"""Days and times on the command line."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo

from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import msg

_YEARS = range(1970, 2101)
_END_OF_DAY = time(23, 59, 59)


class NotATime(CrmError):
    """A date or time on the command line cannot be read."""

    code = "usage.time"
    exit_code = ExitCode.USAGE

    def __init__(self, text: str) -> None:
        super().__init__(msg("{text} is no date or time; write 2026-03-05 or 2026-03-05T10:00", text=text))


def parse_moment(text: str, zone: tzinfo) -> datetime:
    """Return an aware datetime from `2026-03-05` (its end) or an ISO instant; without an offset it is in `zone`.

    Raises:
        NotATime: the text is neither, or lies outside 1970 to 2100.
    """
    try:
        moment = datetime.combine(date.fromisoformat(text), _END_OF_DAY)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise NotATime(text) from error
    if moment.year not in _YEARS:
        raise NotATime(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def parse_day(text: str) -> date:
    """Return the day that `2026-03-05` names.

    Raises:
        NotATime: the text is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotATime(text) from error
