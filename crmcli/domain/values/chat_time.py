"""Written times of chat messages -> unix seconds: millions of them, so what is frequent goes fast."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo

from crmcli.domain.problem import Problem
from crmcli.domain.values.date import parse_date
from crmcli.domain.values.date_style import DateStyle
from crmcli.domain.values.text import clean

_SECOND_DIGITS, _MILLISECOND_DIGITS, _MICROSECOND_DIGITS = 10, 13, 16
_HOUR = len("2024-03-05 10")
_ISO = len("2024-03-05 10:00:00")
_TWO_DIGITS = {f"{number:02}": number for number in range(60)}


class ChatTimes:
    """What times mean that are written in one zone: unix seconds (or thousandths), or a date and a time."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self._hours: dict[str, int | None] = {}

    def seconds(self, texts: Iterable[str]) -> list[int | None]:
        """Return the unix seconds of each text, None where it is no time.

        >>> ChatTimes(UTC).seconds(["1709632800", "1709632800123", "2024-03-05 10:00:00", "2024/3/5 10:00", "昨天"])
        [1709632800, 1709632800, 1709632800, 1709632800, None]
        """
        return [self._second(text) for text in texts]

    def _second(self, text: str) -> int | None:
        if text.isdecimal() and text.isascii():
            return _from_number(text)
        if len(text) == _ISO and text[4] == "-" and text[13] == ":" == text[16]:
            minute, second = _TWO_DIGITS.get(text[14:16]), _TWO_DIGITS.get(text[17:19])
            hour = self._hour(text[:_HOUR])
            if hour is not None and minute is not None and second is not None:
                return hour + minute * 60 + second
        return self._slowly(clean(text))

    def _hour(self, text: str) -> int | None:
        """Return when an hour of the zone begins (`2024-03-05 10`); few hours hold many messages."""
        if text not in self._hours:
            self._hours[text] = self._slowly(f"{text}:00:00")
        return self._hours[text]

    def _slowly(self, text: str) -> int | None:
        if text.isdecimal() and text.isascii():
            return _from_number(text)
        value = parse_date(text, DateStyle(), self.zone)
        if isinstance(value, Problem):
            return None
        moment = datetime.fromisoformat(value)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).timestamp())


def _from_number(text: str) -> int | None:
    places = {_SECOND_DIGITS: 1, _MILLISECOND_DIGITS: 1000, _MICROSECOND_DIGITS: 1_000_000}.get(len(text))
    return int(text) // places if places else None


def instant(second: int, zone: tzinfo) -> str:
    """Return a unix second as an instant in ISO form, in a zone.

    >>> instant(1709632800, UTC)
    '2024-03-05T10:00:00+00:00'
    """
    return datetime.fromtimestamp(second, tz=UTC).astimezone(zone).isoformat(timespec="seconds")
