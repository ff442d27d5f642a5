"""The period of a target, in the one way it is written."""

from __future__ import annotations

import re
from datetime import date

from crmcli.domain.metrics.period_words import UnknownPeriod, period_of

_FIRST_OF_MONTH = re.compile(r"([0-9]{4})[-/.](0?[1-9]|1[0-2])[-/.]0?1( 0?0:00(:00)?)?")
_YEAR, _HALF, _QUARTER, _MONTH = 12, 6, 3, 1
_NEVER = date(1970, 1, 1)


def target_period(text: str) -> str | None:
    """Return `2026`, `2026H1`, `2026Q4` or `2026-10` for what a text names; None for anything else.

    >>> [target_period(text) for text in ("2026年10月", "2026/10", "2026-10-01", "2026年第四季度", "2026年", "10月")]
    ['2026-10', '2026-10', '2026-10', '2026Q4', '2026', None]
    """
    day = _FIRST_OF_MONTH.fullmatch(text.strip())  # what a spreadsheet makes of a month
    word = f"{day[1]}-{int(day[2]):02}" if day else text
    try:
        span = period_of(word, _NEVER)
    except UnknownPeriod:
        return None
    if not span.start or not span.end or not word.strip()[:4].isdecimal() or span.start.day != 1 or span.end.day != 1:
        return None
    months = (span.end.year - span.start.year) * _YEAR + span.end.month - span.start.month
    first = span.start.month - 1
    forms = {
        _YEAR: f"{span.start.year}", _HALF: f"{span.start.year}H{first // _HALF + 1}",
        _QUARTER: f"{span.start.year}Q{first // _QUARTER + 1}", _MONTH: f"{span.start:%Y-%m}",
    }  # fmt: skip
    return forms.get(months)
