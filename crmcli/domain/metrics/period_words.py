"""A period as people say it: 本周, 上月, 2026Q1, last-week, 近90天."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from crmcli.domain.metrics.period import WEEKDAYS, Period, months_before
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import msg

_YEAR = 12
_QUARTER = 3
_HALF = 6


class UnknownPeriod(CrmError):
    """A text that names no period."""

    code = "usage.period"
    exit_code = ExitCode.USAGE

    def __init__(self, text: str) -> None:
        super().__init__(
            msg("{text} is no period", text=text),
            hint=msg(
                "Write 2026, 2026H1, 2026Q3, 2026-09, 2026-W36, this-week, last-month (week, month, quarter, half, "
                "year), last-90-days, 本周, 上月, 本季度, 去年, 近90天, or 2026-03-01..2026-04-01"
            ),
        )


def period_of(text: str, today: date, week_starts: str = "monday") -> Period:
    """Return the period that a text names, seen from `today`; the days of a range are [from, to).

    Raises:
        UnknownPeriod: the text names none.
        PeriodOrderError: a range ends before it starts.

    >>> from datetime import date
    >>> period_of("2026Q1", date(2026, 11, 23))
    Period(start=datetime.date(2026, 1, 1), end=datetime.date(2026, 4, 1))
    >>> period_of("上周", date(2026, 11, 23)) == period_of("last-week", date(2026, 11, 23))
    True
    """
    word = text.strip().lower().replace(" ", "-").replace("_", "-")
    word = _ENGLISH.get(word, word)
    found = _relative(word, today, week_starts) or _written(word) or _trailing(word, today) or _range(word)
    if found is None:
        raise UnknownPeriod(text)
    return found


_UNITS = {"week": "周", "month": "月", "quarter": "季", "half": "半", "year": "年"}
_ENGLISH = {f"{said}-{unit}": f"{at}{word}" for unit, word in _UNITS.items() for said, at in
            (("this", "本"), ("last", "上"), ("next", "下"))} | {
    "today": "今天", "yesterday": "昨天", "ytd": "今年至今", "all": "全部",
}  # fmt: skip
_SAME = {
    "这周": "本周", "本星期": "本周", "上星期": "上周", "下星期": "下周",
    "这个月": "本月", "当月": "本月", "上个月": "上月", "下个月": "下月",
    "本季度": "本季", "上季度": "上季", "下季度": "下季", "今年": "本年", "去年": "上年", "明年": "下年",
    "今日": "今天", "昨日": "昨天",
}  # fmt: skip
_STEP = {"本": 0, "上": -1, "下": 1}


def _relative(word: str, today: date, week_starts: str) -> Period | None:
    word = _SAME.get(word, word)
    fixed: dict[str, Callable[[], Period]] = {
        "今天": lambda: Period(today, today + timedelta(days=1)),
        "昨天": lambda: Period(today - timedelta(days=1), today),
        "今年至今": lambda: Period(date(today.year, 1, 1), today + timedelta(days=1)),
        "全部": Period,
        "上半年": lambda: _months(date(today.year, 1, 1), _HALF),
        "下半年": lambda: _months(date(today.year, _HALF + 1, 1), _HALF),
    }
    if word in fixed:
        return fixed[word]()
    step, unit = _STEP.get(word[:1]), word[1:]
    if step is None:
        return None
    if unit == "周":
        start = today - timedelta(days=(today.weekday() - WEEKDAYS.index(week_starts)) % 7) + timedelta(weeks=step)
        return Period(start, start + timedelta(weeks=1))
    months = {"月": 1, "季": _QUARTER, "半": _HALF, "年": _YEAR}.get(unit)
    if months is None:
        return None
    first = date(today.year, (today.month - 1) // months * months + 1, 1)
    return _months(months_before(first, -step * months), months)


def _months(start: date, count: int) -> Period:
    return Period(start, months_before(start, -count))


_FORMS = re.compile(
    r"(?P<year>[0-9]{4})(?:年)?(?:-?q(?P<quarter>[1-4])|-?第?(?P<q2>[1-4一二三四])季度?|-?h(?P<half>[12])"
    r"|(?P<h2>上半年|下半年)|-w(?P<week>[0-9]{2})|[-/年]?(?P<month>0?[1-9]|1[0-2])月?)?"
)
_CHINESE_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}


def _written(word: str) -> Period | None:
    form = _FORMS.fullmatch(word)
    if form is None or not 1970 <= int(form["year"]) <= 2100:  # noqa: PLR2004 - years that dates are read in
        return None
    year = int(form["year"])
    if form["week"]:
        try:
            start = date.fromisocalendar(year, int(form["week"]), 1)
        except ValueError:
            return None
        return Period(start, start + timedelta(weeks=1))
    quarter = form["quarter"] or form["q2"]
    if quarter:
        number = _CHINESE_DIGITS.get(quarter) or int(quarter)
        return _months(date(year, (number - 1) * _QUARTER + 1, 1), _QUARTER)
    if form["half"] or form["h2"]:
        return _months(date(year, _HALF + 1 if form["half"] == "2" or form["h2"] == "下半年" else 1, 1), _HALF)
    return _months(date(year, int(form["month"]), 1), 1) if form["month"] else _months(date(year, 1, 1), _YEAR)


_TRAILING = re.compile(r"(?:last-|近|最近|过去)([1-9][0-9]{0,3})-?(days?|weeks?|months?|天|周|个?月)")


def _trailing(word: str, today: date) -> Period | None:
    """Return the last so many days, weeks or months, today included."""
    form = _TRAILING.fullmatch(word)
    if form is None:
        return None
    count, unit, end = int(form[1]), form[2], today + timedelta(days=1)
    if unit.startswith(("day", "天")):
        return Period(end - timedelta(days=count), end)
    if unit.startswith(("week", "周")):
        return Period(end - timedelta(weeks=count), end)
    return Period(months_before(end, count), end)


def _range(word: str) -> Period | None:
    first, dots, last = word.partition("..")
    try:
        return Period(date.fromisoformat(first), date.fromisoformat(last)) if dots else None
    except ValueError:
        return None
