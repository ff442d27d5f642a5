"""How a column writes its dates: the order of day, month and year, decided for all its values together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from crmcli.domain.values.text import clean, halfwidth
from crmcli.i18n import Message, msg

_PIVOT = 69  # a two-digit year up to this is 20yy; the years before 1970 hold no sales
_YEAR_MARKS = frozenset("-/.年")
_WEEKDAY_SIGN = re.compile(r"[A-Za-z周星礼]")
NUMERIC = re.compile(
    r"(?P<a>[0-9]{1,4})\s?(?P<mark>[-/.年])\s?(?P<b>[0-9]{1,2})\s?[-/.月]\s?(?P<c>[0-9]{1,4})\s?[日号]?"
    r"(?=$|[\sT,上下晚中凌早]|(?<=[日号])[0-9])"
)
_WEEKDAY = re.compile(
    r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b[,.]?",
    re.IGNORECASE,
)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_LAST_MONTH, _LAST_DAY = 12, 31
_SHORT_YEAR, _YEAR_LENGTHS = 2, (2, 4)
_PLACES = {"ymd": (0, 1, 2), "mdy": (2, 0, 1), "dmy": (2, 1, 0)}
_CLEAR_YEARS = 5


@dataclass(frozen=True, slots=True)
class DateStyle:
    """How a column's numeric dates are read.

    `order` is "ymd", "mdy" or "dmy" and holds for dates that do not start with a four-digit year; `why` says what
    decided it; `ambiguous` means that it was assumed, or that the column contradicts itself. `date1904` is the
    workbook's epoch of serial numbers.
    """

    order: str = "ymd"
    why: Message = field(default_factory=lambda: msg("no date leaves its order open"))
    ambiguous: bool = False
    date1904: bool = False


def plain_date(text: str) -> str:
    """Return a written date in half width, with plain hyphens and without the weekday."""
    value = halfwidth(text)
    if not value.isascii():
        value = value.translate(_DASHES)
    return clean(_WEEKDAY.sub(" ", value)) if _WEEKDAY_SIGN.search(value) else value


def full_year(digits: str) -> int:
    """Return a year written with four digits or with two (69 is 2069, 70 is 1970)."""
    year = int(digits)
    if len(digits) > _SHORT_YEAR:
        return year
    return year + (2000 if year <= _PIVOT else 1900)


def year_leads(numeric: re.Match[str]) -> bool:
    """Return whether one match of `NUMERIC` shows by itself that its year stands first."""
    return len(numeric["a"]) > _SHORT_YEAR or numeric["mark"] == "年"


def in_order(numeric: re.Match[str], order: str) -> tuple[str, str, str]:
    """Return the digits of year, month and day of one match of `NUMERIC`."""
    parts = numeric.group("a", "b", "c")
    year, month, day = _PLACES[order]
    return parts[year], parts[month], parts[day]


def orders_of(numeric: re.Match[str]) -> tuple[str, ...]:
    """Return the orders in which one match of `NUMERIC` can be a date."""
    return tuple(order for order in _PLACES if fits(numeric, order))


def fits(numeric: re.Match[str], order: str) -> bool:
    """Return whether one match of `NUMERIC` can be a date in `order`."""
    year, month, day = in_order(numeric, order)
    return len(year) in _YEAR_LENGTHS and 0 < int(month) <= _LAST_MONTH and 0 < int(day) <= _LAST_DAY


def order_evidence(text: str) -> str:
    """Return what of a written date may say in which order its column writes day, month and year, "" where nothing.

    >>> order_evidence("26-02-2018 19:58"), order_evidence("2018-02-26 19:58"), order_evidence("1519631880")
    ('26-02-2018', '', '')
    """
    day = text.strip().partition(" ")[0]
    return "" if day.isdigit() or (text[4:5] in _YEAR_MARKS and text[:4].isdigit()) else day


def decide_date_style(values: Iterable[str], *, date1904: bool = False) -> DateStyle:
    """Return how a column's dates are to be read, from all its (distinct) values.

    The order that fits most values is taken. Where several fit equally, it is the one whose years lie closest
    together (a column of days spreads over 31, a column of years does not); where that says nothing, the year is
    taken to stand first if it has two digits, else the month before `/` (as Excel's US default writes) and the day
    before `-` and `.`. That last step is an assumption and marks the style as ambiguous.

    >>> decide_date_style(["10/09/2016", "10/20/2016"]).order, decide_date_style(["26-02-2018 19:58"]).order
    ('mdy', 'dmy')
    >>> decide_date_style(["03/04/2021"]).ambiguous
    True
    """
    evidence = _Evidence()
    for text in sorted({order_evidence(text) for text in values} - {""}):
        evidence.add(text)
    if not evidence.votes:
        return DateStyle(date1904=date1904)
    order, clear = evidence.winner()
    against = next((text for orders, text in evidence.examples.items() if order not in orders), "")
    proof = next((text for orders, text in evidence.examples.items() if orders == (order,)), "")
    return DateStyle(order, _why(order, proof, against, clear=clear), bool(against) or not clear, date1904)


def _why(order: str, proof: str, against: str, *, clear: bool) -> Message:
    if against:
        return msg("most dates are written {order}, but {example} is not", order=order, example=against)
    if proof:
        return msg("{example} can only be written {order}", order=order, example=proof)
    if clear:
        return msg("written {order}, the years lie closest together", order=order)
    return msg("no date says which order is meant; {order} is assumed", order=order)


class _Evidence:
    """What the undecided dates of a column say about their order."""

    def __init__(self) -> None:
        self.votes: Counter[str] = Counter()
        self.examples: dict[tuple[str, ...], str] = {}
        self.years: dict[str, set[int]] = {}
        self.marks: Counter[str] = Counter()

    def add(self, text: str) -> None:
        """Count one written date; what is none, or has its year in front, says nothing."""
        numeric = NUMERIC.match(plain_date(text))
        if numeric is None or year_leads(numeric):
            return
        orders = orders_of(numeric)
        if not orders:
            return
        self.examples.setdefault(orders, text)
        self.marks[numeric["mark"]] += 1
        for order in orders:
            self.votes[order] += 1
            self.years.setdefault(order, set()).add(full_year(in_order(numeric, order)[0]))

    def winner(self) -> tuple[str, bool]:
        """Return the order to take, and whether the dates themselves decided it."""
        most = max(self.votes.values())
        best = [order for order in self._preferred() if self.votes[order] == most]
        spans = sorted((max(self.years[order]) - min(self.years[order]), i) for i, order in enumerate(best))
        clear = len(spans) == 1 or spans[1][0] - spans[0][0] >= _CLEAR_YEARS
        return best[spans[0][1] if clear else 0], clear

    def _preferred(self) -> tuple[str, ...]:
        return ("ymd", "mdy", "dmy") if self.marks["/"] >= self.marks.total() / 2 else ("ymd", "dmy", "mdy")
