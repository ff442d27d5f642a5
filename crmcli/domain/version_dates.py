"""The day that a version of a sheet is of, as its file's name or a title says it.

>>> [str(day_in(name)) for name in ("商机表_0301", "2026年3月1日商机", "商机20260301", "3.1商机表", "商机表(最终)")]
['03-01', '2026-03-01', '2026-03-01', '03-01', 'None']
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

_YEAR, _MONTH, _DAY = r"(?P<year>(?:19|20)\d{2})", r"(?P<month>1[0-2]|0?[1-9])", r"(?P<day>3[01]|[12]\d|0?[1-9])"
_TWO = r"(?P<month>1[0-2]|0[1-9])(?P<day>3[01]|[12]\d|0[1-9])"
_FREE, _END = r"(?<![\dvV])(?<!\d[.])", r"(?!\d)(?![.]\d)"
# the fuller writing first: a day that was found is not read a second time as a shorter one
_WRITINGS = tuple(
    re.compile(_FREE + pattern + _END)
    for pattern in (
        rf"{_YEAR}\s*[年./_\-]\s*{_MONTH}\s*[月./_\-]\s*{_DAY}(?:\s*[日号])?",
        rf"{_YEAR}{_TWO}",
        rf"(?P<year>\d{{2}})年\s*{_MONTH}月\s*{_DAY}(?:[日号])?",
        rf"(?P<year>2\d){_TWO}",
        rf"{_MONTH}月\s*{_DAY}(?:\s*[日号])?",
        _TWO,
        rf"{_MONTH}[./_\-]{_DAY}(?:[日号])?",
    )
)
_RANGE = re.compile(r"\s*(?:[-~–—至到]+)\s*")
_LEAP = 2024
_CENTURY, _DAYS_OF_YEAR = 100, 366


@dataclass(frozen=True, slots=True, order=True)
class WrittenDay:
    """A day as it is written; `year` is None where it names none."""

    month: int
    day: int
    year: int | None = None

    def in_year(self, year: int) -> date | None:
        """Return the day in a year, None where that year has no such day."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None

    def __str__(self) -> str:
        """Return the day as ISO writes it, without a year where there is none."""
        short = f"{self.month:02}-{self.day:02}"
        return short if self.year is None else f"{self.year}-{short}"


class SeveralDaysError(ValueError):
    """A text names several days and none of them is meant more than the others."""


def day_in(text: str) -> WrittenDay | None:
    """Return the day that a text names, None where it names none; of a span (0301-0307) its last day.

    Days with a year count more than those without.

    Raises:
        SeveralDaysError: it names several.
    """
    value = unicodedata.normalize("NFKC", text)
    found = _found(value)
    dated = [item for item in found if item[1].year is not None]
    found = dated or found
    days = [day for _place, day in found]
    if not days or len(set(days)) == 1:
        return days[0] if days else None
    (first, _), (second, last) = found[0], found[-1]
    if len(days) > 2 or not _RANGE.fullmatch(value[first[1] : second[0]]):  # noqa: PLR2004 - a span has two ends
        raise SeveralDaysError(", ".join(str(day) for day in days))
    return last


def _found(value: str) -> list[tuple[tuple[int, int], WrittenDay]]:
    """Return the days of a text with their places, in order; shorter writings only where no fuller one stands."""
    found: dict[tuple[int, int], WrittenDay] = {}
    for writing in _WRITINGS:
        for match in writing.finditer(value):
            start, end = match.span()
            if all(end <= first or start >= last for first, last in found):
                day = _day(match)
                if day is not None:
                    found[start, end] = day
    return sorted(found.items())


def _day(match: re.Match[str]) -> WrittenDay | None:
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    if year is not None and year < _CENTURY:
        year += 2000
    written = WrittenDay(int(parts["month"]), int(parts["day"]), year)
    return written if written.in_year(year or _LEAP) else None


def with_years(
    days: Sequence[WrittenDay], *, first_year: int | None = None, held: Mapping[int, str] | None = None
) -> list[date | None]:
    """Return the days with their years; None where nothing says the year.

    Where some days have one, the others lie nearest to those. Else the days follow one another from the longest
    gap of the calendar on; the first of them is in `first_year`, or, where that is not given, in the first year in
    which no version is older than what it holds (`held`: position -> its latest day, ISO).

    >>> weeks = [day_in(text) for text in ("1228", "0104", "1221")]
    >>> [str(day) for day in with_years(weeks, first_year=2025)]
    ['2025-12-28', '2026-01-04', '2025-12-21']
    >>> [str(day) for day in with_years([day_in("0301"), day_in("2026-03-08")])]
    ['2026-03-01', '2026-03-08']
    """
    anchors = [found for day in days if day.year is not None and (found := day.in_year(day.year))]
    if anchors:
        return [day.in_year(day.year) if day.year is not None else _nearest(day, anchors) for day in days]
    turns = _turns(days)
    if first_year is None:
        first_year = _year_of_what_is_held(days, turns, held or {})
    if first_year is None:
        return [None] * len(days)
    return [day.in_year(first_year + turn) for day, turn in zip(days, turns, strict=True)]


def _nearest(day: WrittenDay, anchors: Iterable[date]) -> date | None:
    """Return the day in the year that brings it nearest to one of the anchors; None where two are as near."""
    places: dict[date, timedelta] = {}
    for anchor in anchors:
        for year in (anchor.year - 1, anchor.year, anchor.year + 1):
            there = day.in_year(year)
            if there is not None:
                places[there] = min(abs(there - anchor), places.get(there, timedelta.max))
    ranked = sorted(places, key=lambda there: (places[there], there))
    tied = len(ranked) > 1 and places[ranked[1]] == places[ranked[0]]
    return None if tied or not ranked else ranked[0]


def _turns(days: Sequence[WrittenDay]) -> list[int]:
    """Return for each day how many new years it lies after the first: the year turns where they do not end."""
    distinct = sorted({date(_LEAP, day.month, day.day) for day in days})
    gaps = [(later - earlier).days for earlier, later in pairwise(distinct)]
    over_new_year = (distinct[0] - distinct[-1]).days + _DAYS_OF_YEAR
    longest = max(gaps, default=0)
    if longest <= over_new_year:
        return [0] * len(days)
    first = distinct[gaps.index(longest) + 1]
    return [int(date(_LEAP, day.month, day.day) < first) for day in days]


def _year_of_what_is_held(days: Sequence[WrittenDay], turns: Sequence[int], held: Mapping[int, str]) -> int | None:
    years = []
    for place, text in held.items():
        latest = date.fromisoformat(text[:10])
        year = latest.year
        while (there := days[place].in_year(year)) is None or there < latest:
            year += 1
        years.append(year - turns[place])
    return max(years, default=None)
