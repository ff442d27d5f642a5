"""Days and times on a command line."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crmcli.commands.choices import BadOption
from crmcli.commands.moments import NotATime, parse_moment
from crmcli.i18n import msg

if TYPE_CHECKING:
    from crmcli.jobs.workspace import Workspace

_DAY = len("2026-03-05")
_DAYS_PAST = {"前天": -2, "昨天": -1, "今天": 0, "yesterday": -1, "today": 0}
_DAYS_AHEAD = {"今天": 0, "明天": 1, "后天": 2, "today": 0, "tomorrow": 1}
_COUNTED = re.compile(r"\+([0-9]{1,4})d")


def time_of(workspace: Workspace, text: str | None) -> str | None:
    """Return a day as it is, one named back from today (昨天, today) too, and an instant in the workspace's time zone.

    Raises:
        NotATime: the text is neither.
    """
    if text is None:
        return None
    if (days := _DAYS_PAST.get(text.casefold())) is not None:
        return _days_from_today(workspace, days)
    moment = parse_moment(text, workspace.zone).astimezone(workspace.zone)
    return moment.date().isoformat() if len(text) == _DAY else moment.isoformat(timespec="seconds")


def time_ahead(workspace: Workspace, option: str, text: str | None) -> str | None:
    """Return the day that a text such as 明天 or +3d means, counted from today; a written one as `time_of` does.

    Raises:
        BadOption: the text is no day.
    """
    if text is None:
        return None
    counted = _COUNTED.fullmatch(text)
    days = int(counted[1]) if counted else _DAYS_AHEAD.get(text.casefold())
    if days is not None:
        return _days_from_today(workspace, days)
    try:
        return time_of(workspace, text)
    except NotATime as error:
        raise BadOption(option, text, msg("a day such as 2026-03-05, 今天, 明天, 后天 or +3d")) from error


def day_ahead(workspace: Workspace, option: str, text: str | None) -> str | None:
    """Return the day that a text means, as `time_ahead` does; of an instant its day.

    Raises:
        BadOption: the text is no day.
    """
    found = time_ahead(workspace, option, text)
    return found[:_DAY] if found else None


def _days_from_today(workspace: Workspace, days: int) -> str:
    return (date.fromisoformat(workspace.now()[:_DAY]) + timedelta(days)).isoformat()
