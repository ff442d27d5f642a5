"""Written dates and times -> a day `YYYY-MM-DD` or an instant `YYYY-MM-DDTHH:MM:SS+08:00`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from crmcli.domain.problem import Problem, register
from crmcli.domain.values.date_style import (
    NUMERIC,
    DateStyle,
    fits,
    full_year,
    in_order,
    orders_of,
    plain_date,
    year_leads,
)
from crmcli.domain.values.text import clean

register(
    **{
        "date.impossible": "{text} is a day that does not exist, or lies outside 1970 to 2100",
        "date.order": "{text} contradicts the order of day and month in the rest of its column",
        "date.no_year": "{text} has no year",
        "date.no_day": "{text} has no day",
        "date.invalid": "{text} is not a date",
    }
)

_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_MONTH_NAMES = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTHS = {name: i for i, name in enumerate(_MONTH_NAMES.split("|"), 1)}
_MONTH = rf"(?P<month>{_MONTH_NAMES})[a-z]*\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{4}|[0-9]{2})"
_NAMED = (
    re.compile(rf"{_DAY}[\s,-]*{_MONTH}[\s,-]*{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_MONTH}[\s,-]*{_DAY}[\s,-]+{_YEAR}", re.IGNORECASE),
)
_PLAIN = re.compile(
    r"(?P<a>[0-9]{1,4})(?P<mark>[-/.年])(?P<b>[0-9]{1,2})[-/.月](?P<c>[0-9]{1,4})日?"
    r"(?:[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?"
)
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})(?:\.0+)?")
_COMPACT_TIME = re.compile(r"((?:19|20)[0-9]{6})([0-9]{2})([0-9]{2})([0-9]{2})")
_TIME = re.compile(
    r"""(?:T|[\s,]|^|(?<=[日号])|(?=[上下晚中凌早]))\s*(?P<half>上午|下午|晚上|中午|凌晨|早上)?\s*
    (?P<hour>[0-9]{1,2})(?:[:时点](?P<minute>[0-9]{2})(?:[:分](?P<second>[0-9]{2})(?:[.,][0-9]+)?)?[分秒]?|[时点])
    \s*(?P<english>[ap]\.?m\.?)?\s*(?P<zone>Z|(?:UTC|GMT)?\s*[+-][0-9]{2}(?::?[0-9]{2})?|UTC|GMT)?(?:\s*\(.*\))?$""",
    re.VERBOSE | re.IGNORECASE,
)
_OFFSET = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})?$")
_NO_YEAR = re.compile(r"[0-9]{1,2}(?:月[0-9]{1,2}[日号]?|[-/.][0-9]{1,2})")
_NO_DAY = re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?:[-/.年]?(?P<month>0?[1-9]|1[0-2])?月?|年)(?:\.0+)?")
_NUMBER = re.compile(r"(?P<whole>[0-9]{5}|[0-9]{10}|[0-9]{13})(?P<fraction>\.[0-9]+)?")
_SERIAL_DIGITS, _MILLISECOND_DIGITS = 5, 13
_EPOCH_1900, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001


def parse_date(text: str, style: DateStyle, tz: tzinfo) -> str | Problem:
    """Return the day or the instant that a cell of a column of `style` says.

    A time without offset is in `tz`, and every instant is written in `tz`, to the second. Midnight without an
    offset is how spreadsheets write a day, and is one; so is a unix time that is midnight in `tz`.

    >>> from zoneinfo import ZoneInfo
    >>> from crmcli.domain.values.date_style import DateStyle
    >>> china = ZoneInfo("Asia/Shanghai")
    >>> [parse_date(t, DateStyle(), china) for t in ("2023年3月5日", "45631", "2026-03-05T10:00:00.000+0000")]
    ['2023-03-05', '2024-12-05', '2026-03-05T18:00:00+08:00']
    """
    plain = _PLAIN.fullmatch(text)
    if plain and (year_leads(plain) or fits(plain, style.order)):
        return _from_plain(text, plain, style, tz)
    value = plain_date(text)
    if numeric := NUMERIC.match(value):
        day, tail = _from_numeric(text, numeric, style), value[numeric.end() :]
    elif number := _NUMBER.fullmatch(value):
        return _from_number(text, number, style, tz)
    else:
        if compact := _COMPACT_TIME.fullmatch(value):
            value = compact.expand(r"\1 \2:\3:\4")
        time = _TIME.search(value)
        end = time.start() if time else len(value)
        day, tail = _from_words(text, clean(value[:end]).rstrip(",")), value[end:]
    return day if isinstance(day, Problem) or not tail else _at(text, day, tail, tz)


def _from_plain(text: str, plain: re.Match[str], style: DateStyle, tz: tzinfo) -> str | Problem:
    """Return what the most frequent writings say, quickly; they could all go the long way."""
    year, month, day = in_order(plain, "ymd" if year_leads(plain) else style.order)
    hour, minute, second = plain.groups("0")[4:]
    try:
        moment = datetime(full_year(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=tz)
    except ValueError:
        return Problem("date.impossible", text)
    return _written(text, moment)


def _day(text: str, year: int, month: int, day: int) -> str | Problem:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return Problem("date.impossible", text)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return Problem("date.impossible", text)


def _from_numeric(text: str, numeric: re.Match[str], style: DateStyle) -> str | Problem:
    order = "ymd" if year_leads(numeric) else style.order
    if year_leads(numeric) or fits(numeric, order):
        return _in_order(text, numeric, order)
    others = orders_of(numeric)
    if not others:
        return Problem("date.impossible", text)
    meant = _in_order(text, numeric, others[0])
    return Problem("date.order", text, meant if isinstance(meant, str) and len(others) == 1 else "")


def _in_order(text: str, numeric: re.Match[str], order: str) -> str | Problem:
    year, month, day = in_order(numeric, order)
    return _day(text, full_year(year), int(month), int(day))


def _from_words(text: str, value: str) -> str | Problem:
    for pattern in _NAMED:
        if named := pattern.fullmatch(value):
            return _day(text, full_year(named["year"]), _MONTHS[named["month"].casefold()], int(named["day"]))
    if compact := _COMPACT.fullmatch(value):
        return _day(text, *map(int, compact.groups()))
    if _NO_YEAR.fullmatch(value):
        return Problem("date.no_year", text)
    if partial := _NO_DAY.fullmatch(value):
        suggestion = f"{partial['year']}-{int(partial['month']):02}-01" if partial["month"] else ""
        return Problem("date.no_day", text, suggestion)
    return Problem("date.invalid", text)


def _from_number(text: str, number: re.Match[str], style: DateStyle, tz: tzinfo) -> str | Problem:
    whole, fraction = number["whole"], float(number["fraction"] or 0)
    if len(whole) == _SERIAL_DIGITS:
        epoch = _EPOCH_1904 if style.date1904 else _EPOCH_1900
        moment = (epoch + timedelta(days=int(whole), seconds=round(fraction * 86400))).replace(tzinfo=tz)
    else:
        seconds = int(whole) // (1000 if len(whole) == _MILLISECOND_DIGITS else 1)
        moment = datetime.fromtimestamp(seconds, tz=UTC).astimezone(tz)
    return _written(text, moment)


def _written(text: str, moment: datetime) -> str | Problem:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return Problem("date.impossible", text)
    if moment.hour == moment.minute == moment.second == 0:
        return moment.date().isoformat()
    return moment.isoformat(timespec="seconds")


def _at(text: str, day: str, tail: str, tz: tzinfo) -> str | Problem:
    time = _TIME.fullmatch(tail)
    if time is None:
        return Problem("date.invalid", text)
    try:
        moment = datetime.fromisoformat(day).replace(
            hour=_hour(time), minute=int(time["minute"] or 0), second=int(time["second"] or 0), tzinfo=tz
        )
        if not time["zone"]:
            return _written(text, moment)
        return moment.replace(tzinfo=_offset(time["zone"])).astimezone(tz).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        return Problem("date.impossible", text)


def _hour(time: re.Match[str]) -> int:
    hour, half, english = int(time["hour"]), time["half"], (time["english"] or "").casefold()
    afternoon = half in {"下午", "晚上"} or english.startswith("p") or (half == "中午" and hour < 11)  # noqa: PLR2004
    noon = 12
    if afternoon and hour < noon:
        return hour + noon
    return 0 if hour == noon and (english.startswith("a") or half in {"凌晨", "上午"}) else hour


def _offset(zone: str) -> tzinfo:
    found = _OFFSET.search(zone)
    if found is None:
        return UTC
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes))
