from __future__ import annotations

from datetime import date

import pytest

from crmcli.domain.reminders.model import Plan
from crmcli.domain.reminders.plans import is_done, protects, standing_plan

TODAY = date(2026, 6, 30)


def test_a_follow_ups_plan_counts_where_it_was_made_after_the_deals_own_was_due() -> None:
    own = Plan(date(2026, 6, 10), "报价")
    later = Plan(date(2026, 7, 10), "签约", "2026-06-20T10:00:00+08:00")
    earlier = Plan(date(2026, 7, 10), "签约", "2026-06-05T10:00:00+08:00")
    assert standing_plan(own, later) is later
    assert standing_plan(own, earlier) is own
    assert standing_plan(None, earlier) is earlier
    assert standing_plan(own, None) is own
    assert standing_plan(None, None) is None


def test_the_same_plan_twice_takes_the_time_it_was_made_from_the_follow_up() -> None:
    followed = Plan(date(2026, 7, 10), "签约", "2026-06-05T10:00:00+08:00")
    assert standing_plan(Plan(date(2026, 7, 10)), followed) == followed


@pytest.mark.parametrize(
    ("contact", "done"),
    [
        (None, False),
        ("2026-06-29T18:00:00+08:00", False),
        ("2026-06-30T08:00:00+08:00", True),
        ("2026-07-02", True),
    ],
)
def test_a_contact_on_the_day_or_later_carries_a_plan_out(contact: str | None, *, done: bool) -> None:
    assert is_done(Plan(TODAY, made="2026-06-01T10:00:00+08:00"), contact) is done


def test_the_follow_up_that_plans_something_for_the_same_day_has_not_done_it() -> None:
    made = "2026-06-30T09:00:00+08:00"
    assert not is_done(Plan(TODAY, made=made), made)


@pytest.mark.parametrize(
    ("plan", "held"),
    [
        (None, False),
        (Plan(date(2026, 6, 29), made="2026-06-28"), False),  # its day has passed
        (Plan(TODAY, made="2026-06-28"), True),
        (Plan(date(2026, 12, 31), made="2026-05-31"), True),  # made 30 days ago
        (Plan(date(2026, 12, 31), made="2026-05-30"), False),
        (Plan(date(2026, 7, 30)), True),  # nobody knows when: within 30 days
        (Plan(date(2026, 7, 31)), False),
    ],
)
def test_a_plan_protects_until_its_day_and_so_long_from_its_making(plan: Plan | None, *, held: bool) -> None:
    assert protects(plan, TODAY, 30) is held
