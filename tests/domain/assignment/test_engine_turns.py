"""Turns when people or weights change, and deals that go together."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmcli.domain.assignment.engine import assign
from crmcli.domain.assignment.model import Cursor, Deal, Loads, Outcome, Owner, Rule, Switches, Whom
from crmcli.domain.conditions import Condition

TODAY = date(2026, 11, 16)  # a Monday
AWAY = ((date(2026, 11, 10), date(2026, 11, 16)),)
A, B = Owner("A"), Owner("B")


def rule(*names: str, strategy: str = "round_robin") -> list[Rule]:
    to = Whom(names=names) if names else Whom(team=("all",))
    return [Rule("r", Condition(()), to, strategy)]


def deals(number: int) -> list[Deal]:
    return [Deal(i, {}, created_at="2026-11-01") for i in range(1, number + 1)]


def run(
    some: list[Deal], rules: list[Rule], owners: list[Owner], cursor: Cursor | None = None, loads: Loads | None = None
) -> Outcome:
    return assign(
        some,
        rules=rules,
        owners=owners,
        switches=Switches(),
        loads=loads or Loads(),
        cursor=cursor or {},
        today=TODAY,
    )


def got(outcome: Outcome) -> str:
    return "".join(decision.owner or "-" for decision in outcome.decisions)


_PHASES = st.lists(
    st.tuples(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.lists(st.integers(1, 9), max_size=8)),
    min_size=2,
    max_size=4,
)


@settings(max_examples=60)
@given(_PHASES)
@example([([9, 4, 4, 1], [1]), ([1], []), ([9, 4, 4, 1], [9])])
def test_after_a_change_of_weights_nobody_is_a_whole_turn_off_at_any_moment(
    phases: list[tuple[list[int], list[int]]],
) -> None:
    """Each phase has its people with their weights, and runs of so many deals."""
    rules = rule(strategy="weighted")
    cursor: Cursor = {}
    before: list[int] = []
    had: Counter[str] = Counter()
    for weights, runs in phases:
        owners = [Owner(chr(65 + n), team="all", weight=weight) for n, weight in enumerate(weights)]
        for number in runs:
            # weights that nobody was given a deal by changed nothing
            had = had if weights == before else Counter()
            before = weights
            outcome = run(deals(number), rules, owners, cursor=json.loads(json.dumps(cursor)))
            assert outcome == run(deals(number), rules, owners, cursor=cursor)
            cursor = outcome.cursor
            for decision in outcome.decisions:
                had[decision.owner or ""] += 1
                due = {owner.name: had.total() * owner.weight / sum(weights) for owner in owners}
                assert all(abs(had[name] - turns) < 1 for name, turns in due.items())


def test_who_leaves_or_comes_lets_a_round_begin_anew_and_leave_of_absence_does_not() -> None:
    rules = rule("A", "B", "C")
    first = run(deals(1), rules, [A, B])
    assert got(run(deals(2), rules, [A, B], cursor=first.cursor)) == "BA"
    assert got(run(deals(3), rules, [A, B, Owner("C")], cursor=first.cursor)) == "ABC"
    away = Owner("B", leave=AWAY)
    absent = run(deals(1), rules, [A, away], cursor=first.cursor)
    assert got(absent) == "A"
    assert got(run(deals(2), rules, [A, B], cursor=absent.cursor)) == "BA"


def test_a_round_that_does_not_know_its_weights_begins_anew() -> None:
    rules = rule("A", "B")
    before: Any = {"r": {"A": -0.5, "B": 0.5}}
    assert got(run(deals(2), rules, [A, B], cursor=before)) == "AB"


def test_deals_that_go_together_count_together() -> None:
    some = [Deal(1, {}, together=2), Deal(2, {})]
    outcome = run(some, rule("A", "B"), [Owner("A", max_open=2), B], loads=Loads(open={"A": 1}))
    assert got(outcome) == "BA"
    (skip,) = outcome.decisions[0].skipped
    assert (skip.name, str(skip.why), skip.full) == ("A", "full: 1 of 2 open, and 2 come together", True)
