"""Written counts and percentages -> int, Decimal 0-100."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from crmcli.domain.problem import Problem, register
from crmcli.domain.values.text import halfwidth

register(
    **{
        "number.invalid": "{text} is not a whole number",
        "percent.invalid": "{text} is not a percentage",
        "percent.out_of_range": "{text} is not between 0 and 100 percent",
    }
)

_INTEGER = re.compile(r"([-+]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.0*)?\s*[人名个家天次件台套年月]?")
_PERCENT = re.compile(r"([-+]?(?:[0-9]{1,6}(?:\.[0-9]{0,12})?|\.[0-9]{1,12}))\s*(%?)")
_WHOLE = Decimal(100)


def parse_integer(text: str) -> int | Problem:
    """Return a whole number; thousands commas, a `.0` and a counting word behind it are passed over.

    >>> parse_integer("1,200人"), parse_integer("50-99人").code
    (1200, 'number.invalid')
    """
    found = _INTEGER.fullmatch(halfwidth(text))
    return int(found[1] + found[2].replace(",", "")) if found else Problem("number.invalid", text)


def percent_scale(values: Iterable[str]) -> Decimal:
    """Return what a column's bare numbers are multiplied by: 100 where they are all shares of 1, else 1.

    A column of nothing but 0 and 1 holds shares: 1 means 100 %.

    >>> percent_scale(["0.3", "1"]), percent_scale(["0.5", "30"]), percent_scale(["30%"])
    (Decimal('100'), Decimal('1'), Decimal('1'))
    """
    matches = (_PERCENT.fullmatch(halfwidth(text)) for text in values)
    bare = [Decimal(found[1]) for found in matches if found and not found[2]]
    return _WHOLE if bare and all(0 <= number <= 1 for number in bare) else Decimal(1)


def parse_percent(text: str, scale: Decimal | int = 1) -> Decimal | Problem:
    """Return a percentage from 0 to 100; `scale` is the column's `percent_scale`.

    >>> parse_percent("30%", 100), parse_percent("0.3", 100), parse_percent("130").code
    (Decimal('30'), Decimal('30.0'), 'percent.out_of_range')
    """
    found = _PERCENT.fullmatch(halfwidth(text))
    if found is None:
        return Problem("percent.invalid", text)
    percent = Decimal(found[1]) * (1 if found[2] else scale)
    return percent if 0 <= percent <= _WHOLE else Problem("percent.out_of_range", text)
