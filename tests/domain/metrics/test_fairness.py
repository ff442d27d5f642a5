from __future__ import annotations

from datetime import date

from crmcli.domain.assignment.model import Owner, Switches
from crmcli.domain.metrics.fairness import Fairness, Given, Givings, Worth, fair_shares
from crmcli.domain.metrics.period import WHOLE_HISTORY, Period

TODAY = date(2026, 11, 30)
WEEK = Period(date(2026, 11, 16), date(2026, 11, 23))  # Monday to Sunday
LEAVE = ((date(2026, 11, 18), date(2026, 11, 20)),)


def given(number: int, owner: str, day: int) -> Given:
    return Given(number, owner, f"2026-11-{day:02d}T10:00:00+08:00", "轮流")


WORTH = {
    n: Worth(f"商机{n}", None, "CNY", n * 100 if n != 4 else None, "won" if n < 3 else "lost") for n in range(1, 9)
}


def shares(givings: Givings, period: Period = WEEK, today: date = TODAY) -> Fairness:
    return fair_shares(givings, WORTH, period, today, ("CNY",))


def test_expected_is_weight_times_days_present() -> None:
    staff = (Owner("A", weight=2), Owner("B", leave=LEAVE), Owner("C"), Owner("D", weight=0))
    some = (given(1, "A", 16), given(2, "A", 17), given(3, "b", 16), given(4, "C", 19), given(5, "C", 9))
    found = shares(Givings(some, staff, Switches(holidays="CN")))
    assert [(row.owner, row.days, row.n) for row in found.rows] == [("A", 5, 2), ("C", 5, 1), ("B", 2, 1)]
    assert [round(row.expected, 4) for row in found.rows] == [round(4 * part / 17, 4) for part in (10, 5, 2)]
    assert [row.fen["CNY"] for row in found.rows] == [300, None, 300]
    assert [(row.rate.numerator, row.rate.denominator) for row in found.rows] == [(2, 2), (0, 1), (0, 1)]
    assert [one.opportunity_id for one in found.given] == [1, 2, 4, 3]


def test_who_left_is_there_until_the_last_deal_and_the_future_is_not_counted() -> None:
    staff = (Owner("A"), Owner("B", active=False), Owner("C", active=False))
    found = shares(Givings((given(1, "B", 17), given(2, "A", 16), given(3, "A", 21)), staff), today=date(2026, 11, 19))
    assert [(row.owner, row.days, row.n) for row in found.rows] == [("A", 4, 1), ("B", 2, 1)]


def test_without_bounds_the_period_begins_with_the_first_deal_given() -> None:
    found = shares(Givings((given(1, "A", 28),), (Owner("A"), Owner("B"))), WHOLE_HISTORY)
    assert (found.first_day, found.last_day) == (date(2026, 11, 28), TODAY)
    assert [(row.owner, row.days, row.expected) for row in found.rows] == [("A", 3, 0.5), ("B", 3, 0.5)]
    assert shares(Givings()).rows == ()


def test_shares_are_expected_only_of_those_who_can_be_chosen() -> None:
    staff = (Owner("A"), Owner("B"), Owner("C"), Owner("D"))
    late = Given(3, "C", "2026-11-18T10:00:00+08:00", "timeout")
    some = (given(1, "A", 16), Given(2, "B", "2026-11-17T10:00:00+08:00", "sticky"), late)
    found = shares(Givings(some, staff, members=frozenset({"A"})))
    assert [(row.owner, row.n, row.expected) for row in found.rows] == [("A", 1, 1.5), ("B", 1, 1.5), ("C", 1, 0)]
    alone = shares(Givings((late,), staff, members=frozenset()))
    assert sum(row.expected for row in alone.rows) == 1
