from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.domain.assignment.engine import assign
from crmcli.domain.assignment.model import Cursor, Deal, Decision, Loads, Outcome, Owner, Rule, Switches, Whom
from crmcli.domain.conditions import Condition, parse_condition

TODAY = date(2026, 11, 16)  # a Monday
AWAY = ((date(2026, 11, 10), date(2026, 11, 16)),)


def rule(name: str = "all", *names: str, when: dict[str, Any] | None = None, **rest: Any) -> Rule:
    condition = parse_condition(when or {})
    assert isinstance(condition, Condition)
    return Rule(name, condition, rest.pop("to", Whom(names=names)), **rest)


def deals(number: int, **rest: Any) -> list[Deal]:
    return [Deal(i, rest.get("fields", {}), created_at="2026-11-01") for i in range(1, number + 1)]


def run(
    some: list[Deal],
    rules: list[Rule],
    owners: list[Owner],
    cursor: Cursor | None = None,
    loads: Loads | None = None,
    today: date = TODAY,
    **switches: Any,
) -> Outcome:
    return assign(
        some,
        rules=rules,
        owners=owners,
        switches=Switches(**switches),
        loads=loads or Loads(),
        cursor=cursor or {},
        today=today,
    )


def only(outcome: Outcome) -> Decision:
    (decision,) = outcome.decisions
    return decision


def got(outcome: Outcome) -> str:
    return "".join(decision.owner or "-" for decision in outcome.decisions)


def skips(decision: Decision) -> dict[str, str]:
    return {skip.name: str(skip.why) for skip in decision.skipped}


A, B, C = Owner("A"), Owner("B"), Owner("C")


@pytest.mark.parametrize(
    ("strategy", "owners", "expected"),
    [
        ("fixed", [A, B, C], "AAAAAA"),
        ("round_robin", [Owner("A", weight=5), B, C], "ABCABC"),
        ("weighted", [Owner("A", weight=2), B], "ABAABA"),
        ("least_load", [Owner("A", weight=2), B], "ABAAAB"),
    ],
)
def test_strategies(strategy: str, owners: list[Owner], expected: str) -> None:
    members = [owner.name for owner in owners]
    assert Counter(got(run(deals(6), [rule("all", *members, strategy=strategy)], owners))) == Counter(expected)


def test_least_load_counts_what_is_open_and_breaks_ties_by_name() -> None:
    outcome = run(deals(3), [rule("r", "C", "B", "A", strategy="least_load")], [A, B, C], loads=Loads({"A": 1}))
    assert got(outcome) == "BCA"
    assert str(outcome.decisions[0].reason) == "rule r: B has the least to do"


def test_the_first_rule_that_matches_decides_and_the_others_say_why_not() -> None:
    rules = [
        rule("large", "A", when={"amount": ">= 100"}),
        rule("east", "B", when={"province": "上海"}),
        rule("rest", "C"),
    ]
    some = [Deal(1, {"amount": 100, "province": "上海"}), Deal(2, {"province": "上海市"}), Deal(3, {"amount": 99})]
    outcome = run(some, rules, [A, B, C])
    assert [(decision.owner, decision.rule) for decision in outcome.decisions] == [
        ("A", "large"),
        ("B", "east"),
        ("C", "rest"),
    ]
    assert {passed.name: str(passed.why) for passed in outcome.decisions[2].passed} == {
        "large": "amount is 99, not >= 100",
        "east": "province is unknown, not 上海",
    }
    assert outcome.by_owner == {"A": 1, "B": 1, "C": 1}


def test_the_order_is_creation_then_number_whatever_order_the_deals_come_in() -> None:
    some = [Deal(3, {}, created_at="2026-01-01"), Deal(1, {}), Deal(2, {}, created_at="2026-01-01")]
    expected = run(some, [rule("r", "A", "B")], [A, B])
    assert [decision.opportunity for decision in expected.decisions] == [2, 3, 1]
    assert run(some[::-1], [rule("r", "A", "B")], [A, B]) == expected


def test_a_saved_cursor_goes_on_and_the_given_one_is_left_alone() -> None:
    rules = [rule("r", "A", "B", strategy="weighted")]
    owners = [Owner("A", weight=2), B]
    first = run(deals(2), rules, owners)
    before = json.dumps(first.cursor)
    second = run(deals(4), rules, owners, cursor=json.loads(before))
    assert got(first) + got(second) == got(run(deals(6), rules, owners))
    assert json.dumps(first.cursor) == before


def test_no_match_goes_to_the_fallback_pool_or_person() -> None:
    nothing = [rule("r", "A", when={"amount": "> 5"})]
    to_pool = only(run(deals(1), nothing, [A, B]))
    assert (to_pool.owner, to_pool.pool, to_pool.rule) == (None, "公海", "fallback")
    assert only(run(deals(1), nothing, [A, B], fallback="老客户池")).pool == "老客户池"
    to_person = only(run(deals(1), nothing, [A, B], fallback="B"))
    assert (to_person.owner, to_person.pool, to_person.rule) == ("B", None, "fallback")


@pytest.mark.parametrize(
    "owner", [Owner("B", active=False), Owner("B", leave=AWAY), Owner("B", max_open=0)], ids=["left", "away", "full"]
)
def test_a_fallback_person_who_cannot_take_it_leaves_it_to_the_public_pool(owner: Owner) -> None:
    decision = only(run(deals(1), [], [A, owner], fallback="B"))
    assert (decision.owner, decision.pool) == (None, "公海")
    assert list(skips(decision)) == ["B"]


@pytest.mark.parametrize(
    ("owner", "why"),
    [
        (Owner("A", active=False), "left the company"),
        (Owner("A", leave=AWAY), "on leave from 2026-11-10 to 2026-11-16"),
        (Owner("A", work_days=(1, 2)), "2026-11-16 is a rest day"),
        (Owner("A", weight=0), "has weight 0"),
        (Owner("A", max_open=3), "full: 3 of 3 open"),
        (Owner("A", max_per_day=2), "full: 2 of 2 today"),
        (Owner("A", max_per_month=4), "full: 5 of 4 this month"),
    ],
)
def test_who_cannot_be_given_more_is_skipped_and_why(owner: Owner, why: str) -> None:
    loads = Loads(open={"A": 3}, today={"A": 2}, this_month={"A": 5})
    decision = only(run(deals(1), [rule("r", "A", "B")], [owner, B], loads=loads))
    assert (decision.owner, decision.candidates) == ("B", ("B",))
    assert skips(decision) == {"A": why}


def test_public_holidays_count_only_where_configured() -> None:
    national_day = date(2026, 10, 1)
    assert got(run(deals(1), [rule("r", "A")], [A], today=national_day)) == "A"
    assert got(run(deals(1), [rule("r", "A")], [A], today=national_day, holidays="CN")) == "-"
    assert got(run(deals(1), [rule("r", "A")], [A], today=date(2026, 10, 10), holidays="CN")) == "A"
    (note,) = run([], [], [A], today=date(2099, 1, 1), holidays="CN").notes
    assert "2099" in str(note)


def test_a_group_gives_only_within_the_territory_and_names_give_anywhere() -> None:
    owners = [Owner("A", provinces=("上海市",)), Owner("B", provinces=("江苏", "浙江")), C]
    jiangsu = {"fields": {"province": "江苏省"}}
    decision = only(run(deals(1, **jiangsu), [rule("r", to=Whom())], owners))
    assert (decision.owner, decision.candidates) == ("B", ("B", "C"))
    assert skips(decision) == {"A": "江苏省 is not in the territory"}
    assert got(run(deals(3), [rule("r", to=Whom())], owners)) == "ABC"
    assert got(run(deals(1, **jiangsu), [rule("r", "A")], owners)) == "A"


@pytest.mark.parametrize(
    ("on_full", "expected"), [("next_member", "ABBBB"), ("next_rule", "ABCBC"), ("fallback", "AB-B-")]
)
def test_what_happens_when_the_member_in_turn_is_full(on_full: str, expected: str) -> None:
    rules = [rule("r", "A", "B", on_full=on_full), rule("rest", "C")]
    assert got(run(deals(5), rules, [Owner("A", max_open=1), B, C])) == expected


def test_a_rule_whose_members_are_all_full_or_away_falls_back_or_gives_way() -> None:
    owners = [Owner("A", max_open=1), Owner("B", leave=AWAY), C]
    assert got(run(deals(2), [rule("r", "A", "B"), rule("rest", "C")], owners)) == "A-"
    given_way = run(deals(2), [rule("r", "A", "B", on_full="next_rule"), rule("rest", "C")], owners)
    assert got(given_way) == "AC"
    assert [passed.name for passed in given_way.decisions[1].passed] == ["r"]


def test_only_new_and_min_age() -> None:
    rules = [rule("new", "A", only_new=True, min_age_days=3), rule("rest", "B")]
    some = [
        Deal(1, {}, created_at="2026-11-13"),
        Deal(2, {}, created_at="2026-11-14T09:00:00+08:00"),
        Deal(3, {}, created_at="2026-11-01", had_owner=True),
        Deal(4, {}),
    ]
    outcome = run(some, rules, [A, B])
    found = {
        decision.opportunity: (decision.owner, *(str(p.why) for p in decision.passed)) for decision in outcome.decisions
    }
    assert found == {
        1: ("A",),
        2: ("B", "2 days old, not 3"),
        3: ("B", "it had an owner before"),
        4: ("B", "its creation date is unknown"),
    }


def test_the_customers_owner_comes_first() -> None:
    decision = only(run([Deal(1, {}, 7, "B")], [rule("r", "A")], [A, B]))
    assert (decision.owner, decision.rule, str(decision.reason)) == ("B", "sticky", "B has the customer")
    assert only(run([Deal(1, {}, 7, "B")], [rule("r", "A")], [A, B], sticky=False)).owner == "A"


@pytest.mark.parametrize(
    ("owner", "why"),
    [
        (Owner("B", active=False, deputy="C"), "left the company"),
        (Owner("B", leave=AWAY), "on leave from 2026-11-10 to 2026-11-16"),
        (Owner("B", max_open=0, deputy="C"), "full: 0 of 0 open"),
        (Owner("X"), "has the customer, but is not on the list of owners"),
    ],
)
def test_a_customers_owner_who_cannot_take_it_is_skipped_with_the_reason(owner: Owner, why: str) -> None:
    decision = only(run([Deal(1, {}, 7, "B")], [rule("r", "A")], [A, owner, C]))
    assert (decision.owner, decision.rule, skips(decision)) == ("A", "r", {"B": why})


def test_a_deputy_stands_in_and_the_customer_stays_whose_it_was() -> None:
    owners = [A, Owner("B", leave=AWAY, deputy="C"), C]
    decision = only(run([Deal(1, {}, 7, "B")], [rule("r", "A")], owners))
    assert (decision.owner, decision.rule, decision.deputy_for) == ("C", "sticky", "B")
    assert "代管" in str(decision.reason)
    away_too = [A, Owner("B", leave=AWAY, deputy="C"), Owner("C", leave=AWAY)]
    fallen = only(run([Deal(1, {}, 7, "B")], [rule("r", "A")], away_too))
    assert (fallen.owner, list(skips(fallen))) == ("A", ["B", "C"])


def test_a_customers_later_deals_in_one_run_stay_with_who_got_the_first() -> None:
    some = [Deal(1, {}, 7), Deal(2, {}, 8), Deal(3, {}, 7), Deal(4, {}, 8), Deal(5, {})]
    assert got(run(some, [rule("r", "A", "B")], [A, B])) == "ABABA"
    assert got(run([Deal(i, {}, 7) for i in range(4)], [rule("r", "A", "B")], [A, B], sticky=False)) == "ABAB"


def test_a_present_owner_is_never_taken_from_without_reassign() -> None:
    owned = [Deal(1, {}, owner="B"), Deal(2, {}, owner="nobody we know")]
    assert run(owned, [rule("r", "A")], [A, B]).decisions == ()
    assert got(run(owned, [rule("r", "A")], [A, B], reassign=True)) == "AA"


def test_reassign_moves_the_load_and_leaves_what_no_rule_wants_where_it_is() -> None:
    owned = [Deal(1, {"amount": 9}, owner="A"), Deal(2, {"amount": 1}, owner="A"), Deal(3, {"amount": 1}, owner="L")]
    owners = [A, Owner("B", max_open=1), Owner("L", active=False)]
    outcome = run(owned, [rule("r", "B", when={"amount": "> 5"})], owners, loads=Loads({"A": 2, "L": 1}), reassign=True)
    assert [(decision.owner, decision.pool) for decision in outcome.decisions] == [
        ("B", None),
        ("A", None),
        (None, "公海"),
    ]
    balanced = run(
        [Deal(1, {}, owner="A"), Deal(2, {}, owner="A")],
        [rule("r", "A", "B", strategy="least_load")],
        [A, B],
        loads=Loads({"A": 2}),
        reassign=True,
    )
    assert got(balanced) == "BA"


people = st.lists(
    st.builds(
        Owner,
        name=st.sampled_from("ABCDE"),
        weight=st.sampled_from([0, 1, 2, 0.5]),
        max_open=st.none() | st.integers(0, 6),
        max_per_day=st.none() | st.integers(0, 6),
        max_per_month=st.none() | st.integers(0, 6),
        leave=st.sampled_from([(), AWAY]),
        active=st.booleans(),
        deputy=st.sampled_from(["", "A", "B"]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda owner: owner.name,
)
some_rules = st.lists(
    st.builds(
        lambda strategy, on_full, names, least: (strategy, on_full, names, least),
        st.sampled_from(["fixed", "round_robin", "weighted", "least_load"]),
        st.sampled_from(["next_member", "next_rule", "fallback"]),
        st.lists(st.sampled_from("ABCDE"), max_size=3),
        st.integers(0, 3),
    ),
    max_size=3,
)
some_deals = st.lists(
    st.tuples(st.integers(0, 4), st.none() | st.integers(1, 3), st.none() | st.sampled_from("ABCDEX")), max_size=20
)


@settings(deadline=None)
@given(people, some_rules, some_deals, st.sampled_from(["公海", "A"]), st.integers(0, 2))
def test_nobody_is_over_capacity_or_absent_and_the_same_input_gives_the_same(
    owners: list[Owner], rules_drawn: list[Any], drawn: list[Any], fallback: str, catch_up: int
) -> None:
    rules = [
        rule(f"r{i}", *names, when={"amount": f">= {least}"}, strategy=strategy, on_full=on_full)
        for i, (strategy, on_full, names, least) in enumerate(rules_drawn)
    ]
    some = [Deal(i, {"amount": amount}, customer, holder) for i, (amount, customer, holder) in enumerate(drawn)]
    loads = Loads({"A": 2, "B": 1}, {"A": 1}, {"B": 3})
    outcome = run(some, rules, owners, loads=loads, fallback=fallback, catch_up=catch_up)
    assert run(list(reversed(some)), rules, owners, loads=loads, fallback=fallback, catch_up=catch_up) == outcome
    assert [decision.opportunity for decision in outcome.decisions] == list(range(len(some)))
    for owner in owners:
        given_now = outcome.by_owner.get(owner.name, 0)
        assert given_now == 0 or (owner.active and not owner.leave)
        for limit, load in (
            (owner.max_open, loads.open),
            (owner.max_per_day, loads.today),
            (owner.max_per_month, loads.this_month),
        ):
            assert given_now == 0 or limit is None or given_now + load.get(owner.name, 0) <= limit
    for decision in outcome.decisions:
        assert (decision.owner is None) != (decision.pool is None)
        assert str(decision.reason)
    assert json.loads(json.dumps(outcome.cursor)) == outcome.cursor


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(1, 60))
def test_at_every_deal_nobody_is_a_whole_turn_off_the_weights(weights: list[int], number: int) -> None:
    owners = [Owner(chr(65 + i), weight=weight) for i, weight in enumerate(weights)]
    had: Counter[str | None] = Counter()
    outcome = run(deals(number), [rule("r", to=Whom(), strategy="weighted")], owners)
    for n, decision in enumerate(outcome.decisions, 1):
        had[decision.owner] += 1
        assert all(abs(had[owner.name] - n * owner.weight / sum(weights)) < 1 for owner in owners)
