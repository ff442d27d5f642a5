from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crmcli.domain.conditions import Condition, parse_condition
from crmcli.domain.pool import Held, PublicPool, RecycleRule, Recycling, Standing

TODAY = date(2026, 6, 30)
MONTH = RecycleRule(no_follow_up_days=30)
HELD = Held(1, "王芳", "A", {"level": "A", "province": "上海"}, received="2026-01-05T09:00:00+08:00")


def stands(held: Held, *pools: PublicPool, today: date = TODAY) -> Standing:
    return Recycling(pools or (PublicPool("公海", rules=(MONTH,)),), today).standing(held)


@pytest.mark.parametrize(
    ("last", "remaining", "falls_on"),
    [
        ("2026-06-30T08:00:00+08:00", 30, date(2026, 7, 31)),
        ("2026-05-31", 0, date(2026, 7, 1)),
        ("2026-05-30", -1, date(2026, 6, 30)),
    ],
)
def test_a_customer_falls_when_more_days_have_passed_than_the_rule_says(
    last: str, remaining: int, falls_on: date
) -> None:
    found = stands(replace(HELD, followed_up=last))
    assert (found.remaining_days, found.falls_on, found.falls) == (remaining, falls_on, remaining < 0)
    assert str(found.reason) == f"no follow-up since {last[:10]}: {30 - remaining} days of 30"


def test_being_handed_over_starts_the_clock_anew() -> None:
    found = stands(replace(HELD, followed_up="2026-02-01", received="2026-06-20T10:00:00+08:00"))
    assert (found.since, found.remaining_days) == (date(2026, 6, 20), 20)
    assert str(found.reason) == "no follow-up since it was received on 2026-06-20: 10 days of 30"


@pytest.mark.parametrize(
    ("held", "code"),
    [
        (replace(HELD, received=None, followed_up="2026-01-06"), "received"),
        (replace(HELD, undated_follow_up="2026-01-05T09:00:00+08:00"), "follow_up_date"),
        (replace(HELD, followed_up="2026-03-01", undated_follow_up="2026-04-01T09:00:00+08:00"), "follow_up_date"),
    ],
)
def test_a_missing_date_is_never_recyclable(held: Held, code: str) -> None:
    found = stands(held)
    assert (found.state, found.code, found.falls_on, found.falls) == ("undated", code, None, False)


def test_an_undated_follow_up_from_before_the_last_dated_one_does_not_matter() -> None:
    found = stands(replace(HELD, followed_up="2026-04-01", undated_follow_up="2026-03-01T09:00:00+08:00"))
    assert (found.state, found.since) == ("counting", date(2026, 4, 1))


def test_the_first_rule_that_is_for_a_level_decides() -> None:
    rules = (RecycleRule(("A", "B"), 30), RecycleRule(("C",), 90), RecycleRule((), 200))
    pool = PublicPool("公海", rules=rules)
    left = {level: stands(replace(HELD, level=level), pool).remaining_days for level in ("a", "B", "C", "D", None)}
    assert left == {"a": -146, "B": -146, "C": -86, "D": 24, None: 24}


def test_a_level_without_a_rule_and_a_rule_without_a_clock_never_fall() -> None:
    for pool in (PublicPool("公海", rules=(RecycleRule(("C",), 30),)), PublicPool("公海", rules=(RecycleRule(),))):
        assert (stands(HELD, pool).state, stands(HELD, pool).falls) == ("unruled", False)


@pytest.mark.parametrize(
    ("held", "code"),
    [
        (replace(HELD, open_deals=2), "open_deal"),
        (replace(HELD, won_deals=1), "won_deal"),
        (replace(HELD, locked_until="2026-06-30"), "locked"),
        (replace(HELD, contracts=1, contract_until="2026-12-31"), "contract"),
        (replace(HELD, receivable="100.00 CNY"), "receivable"),
    ],
)
def test_what_protects_keeps_a_customer_out_of_the_pool(held: Held, code: str) -> None:
    every = PublicPool("公海", rules=(MONTH,), protect=("open_deal", "won_deal", "locked", "contract", "receivable"))
    assert (stands(held, every).state, stands(held, every).code) == ("protected", code)
    assert stands(held, replace(every, protect=())).falls


def test_the_reason_says_until_when_a_contract_runs_and_what_is_unpaid() -> None:
    reasons = [
        str(stands(replace(HELD, **held)).reason)
        for held in (
            {"contracts": 2, "contract_until": "2026-12-31"},
            {"contracts": 1},
            {"receivable": "1200.00 CNY"},
        )
    ]
    assert reasons == [
        "2 contracts in force, until 2026-12-31",
        "1 contracts in force, the end of one is not known",
        "1200.00 CNY is still to be received",
    ]


def test_a_lock_ends_with_its_day() -> None:
    assert stands(replace(HELD, locked_until="2026-06-29")).falls


def test_the_clock_without_an_opportunity_counts_from_the_day_of_receipt() -> None:
    pool = PublicPool("公海", rules=(RecycleRule(no_opportunity_days=90),), protect=())
    assert stands(replace(HELD, began="2026-01-04"), pool).falls, "the opportunity is from before"
    assert stands(replace(HELD, began="2026-01-05"), pool).code == "active"
    assert stands(replace(HELD, open_deals=1), pool).code == "active"
    assert stands(replace(HELD, undated_began="2026-02-01T09:00:00+08:00"), pool).state == "undated"
    assert stands(replace(HELD, undated_began="2026-01-01T09:00:00+08:00"), pool).falls, "it was there before"


def test_the_clock_without_a_win_is_not_stopped_by_an_opportunity() -> None:
    pool = PublicPool("公海", rules=(RecycleRule(no_deal_days=90),), protect=())
    assert stands(replace(HELD, open_deals=1, began="2026-06-01"), pool).falls
    assert not stands(replace(HELD, won="2026-02-01"), pool).falls
    assert stands(replace(HELD, undated_won="2026-02-01T09:00:00+08:00"), pool).state == "undated"


def test_of_several_clocks_the_first_to_run_out_decides() -> None:
    pool = PublicPool("公海", rules=(RecycleRule((), 30, 200),))
    found = stands(replace(HELD, followed_up="2026-06-29"), pool)
    assert (found.code, found.remaining_days) == ("no_opportunity", 24)


def test_the_first_enabled_pool_whose_condition_holds_takes_a_customer() -> None:
    shanghai, off = parse_condition({"province": "上海"}), PublicPool("关", enabled=False, rules=(MONTH,))
    assert isinstance(shanghai, Condition)
    pools = (off, PublicPool("华东公海", when=shanghai, rules=(MONTH,)), PublicPool("公海", rules=(MONTH,)))
    assert stands(HELD, *pools).pool == "华东公海"
    assert stands(replace(HELD, fields={"province": "北京"}), *pools).pool == "公海"


def test_working_days_leave_holidays_out() -> None:
    pool = PublicPool("公海", rules=(RecycleRule(no_follow_up_days=5),), calendar="CN")
    found = stands(replace(HELD, followed_up="2026-09-30"), pool, today=date(2026, 10, 12))
    assert found.remaining_days == 5 - 4, "8, 9, 12 October, and the 10th, which is worked"
    assert found.falls_on == date(2026, 10, 14)
