"""Shares of what rules gave, put together by the owners' team, region or manager, or counted month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from crmcli.domain.metrics.fairness import Fairness, Given, Givings, ShareRow, Worth, fair_shares
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.rate import share
from crmcli.domain.metrics.staff import OF_PEOPLE, Staff, known_keys, label_order

GROUPS = (*OF_PEOPLE, "month")
"""What shares can be broken down by; a month has the attendance, and what was given, of its own days."""


def grouped_shares(
    givings: Givings, worth: Mapping[int, Worth], period: Period, today: date, currencies: Sequence[str],
    by: tuple[str, ...],
) -> Fairness:  # fmt: skip
    """Return the shares by the keys of `by`: the sums of the owners' own shares in the period, or in each month of it.

    Raises:
        UnknownGroupingError: A key is none of `GROUPS`.
    """
    known_keys(by, GROUPS)
    whole = fair_shares(givings, worth, period, today, currencies)
    if by == ("owner",) or whole.first_day is None or whole.last_day is None:
        return whole
    staff = Staff(givings.staff)
    found: dict[tuple[str, ...], list[tuple[ShareRow, Sequence[Given]]]] = {}
    for month, part in _parts(whole, by):
        shares = fair_shares(givings, worth, part, today, currencies)
        for row in shares.rows:
            label = tuple(month if key == "month" else staff.told(key, row.owner) for key in by)
            found.setdefault(label, []).append((row, shares.given[row.first : row.first + row.n]))
    rows: list[ShareRow] = []
    given: list[Given] = []
    for label in sorted(found, key=label_order):
        rows.append(_together(label, [row for row, _had in found[label]], len(given)))
        given += [one for _row, had in found[label] for one in had]
    return Fairness(tuple(rows), tuple(given), whole.first_day, whole.last_day)


def _parts(whole: Fairness, by: tuple[str, ...]) -> list[tuple[str, Period]]:
    """Return the months in which something was given, cut to the days counted; without `month` those days as one."""
    first, last = whole.first_day or date.min, whole.last_day or date.max
    if "month" not in by:
        return [("", Period(first, _after(last)))]
    parts = []
    for year, month in sorted({(one.day.year, one.day.month) for one in whole.given}):
        begins = date(year, month, 1)
        ends = date(year + month // 12, month % 12 + 1, 1)
        parts.append((f"{begins:%Y-%m}", Period(max(begins, first), min(ends, _after(last)))))
    return parts


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _together(group: tuple[str, ...], rows: Sequence[ShareRow], first: int) -> ShareRow:
    """Return several owners' shares as one."""
    codes = tuple(rows[0].expected_fen)
    known = {code: [row.fen[code] for row in rows if row.fen[code] is not None and row.n] for code in codes}
    n = sum(row.n for row in rows)
    return replace(
        rows[0],
        owner="",
        group=group,
        weight=sum(row.weight for row in rows),
        days=sum(row.days for row in rows),
        first=first,
        n=n,
        expected=sum(row.expected for row in rows),
        fen={code: sum(fen or 0 for fen in known[code]) if known[code] or not n else None for code in codes},
        expected_fen={code: sum(row.expected_fen[code] for row in rows) for code in codes},
        rate=share(sum(row.rate.numerator for row in rows), sum(row.rate.denominator for row in rows)),
    )
