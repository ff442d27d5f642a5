from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest

from crmcli.domain.assignment.engine import assign
from crmcli.domain.assignment.first_contact import hours_worked
from crmcli.domain.assignment.model import Deal, Decision, Late, Loads, Outcome, Owner, Rule, Switches, Whom
from crmcli.domain.conditions import Condition

FRIDAY = "2026-11-13T16:00"
LEAVE = ((date(2026, 11, 16), date(2026, 11, 16)),)


def between(start: str, end: str) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(start), datetime.fromisoformat(end)


@pytest.mark.parametrize(
    ("owner", "calendar", "end", "hours"),
    [
        (Owner("A"), "", "2026-11-13T17:30", 1.5),
        (Owner("A"), "", "2026-11-13T23:00", 2),
        (Owner("A"), "", "2026-11-14T10:00", 3),
        (Owner("A"), "CN", "2026-11-14T10:00", 2),
        (Owner("A"), "CN", "2026-11-16T12:00", 5),
        (Owner("A", leave=LEAVE), "CN", "2026-11-17T10:00", 3),
        (Owner("A", work_days=(2,)), "", "2026-11-18T10:00", 1),
        (Owner("A"), "CN", "2026-11-30T00:00", 20),
        (Owner("A"), "CN", "2026-11-13T15:00", 0),
    ],
)
def test_only_working_hours_count(owner: Owner, calendar: str, end: str, hours: float) -> None:
    assert hours_worked(owner, *between(FRIDAY, end), Switches(holidays=calendar), most=20) == hours


def test_make_up_days_and_holidays_and_own_hours() -> None:
    switches = Switches(holidays="CN", work_hours=("10:00", "16:00"))
    assert (
        hours_worked(Owner("A"), *between("2026-09-30T15:00", "2026-10-10T12:00"), switches, most=99) == 1 + 2 * 6 + 2
    )


A, B, C = Owner("A"), Owner("B"), Owner("C")


def rule(*names: str, only_new: bool = False) -> Rule:
    return Rule("r", Condition(), Whom(names=names), only_new=only_new)


def late(number: int, *had: str, moves: int = 0, **rest: Any) -> Deal:
    return Deal(number, {}, owner=had[-1], had_owner=True, late=Late(had, moves), **rest)


def waited(some: list[Deal], rules: list[Rule], owners: list[Owner], **switches: Any) -> Outcome:
    held = Counter(deal.owner for deal in some if deal.owner)
    ways = Switches(first_contact_hours=8, **switches)
    day = date(2026, 11, 16)
    return assign(some, rules=rules, owners=owners, switches=ways, loads=Loads(held), cursor={}, today=day)


def only(outcome: Outcome) -> Decision:
    (decision,) = outcome.decisions
    return decision


def test_what_nobody_contacted_in_time_goes_to_the_next_who_did_not_have_it() -> None:
    decision = only(waited([late(1, "B", "A", moves=1)], [rule("A", "B", "C")], [A, B, C]))
    assert (decision.owner, decision.rule, decision.was) == ("C", "timeout", "A")
    assert str(decision.reason) == "A did not contact it within 8 working hours; rule r: it is C's turn"
    assert {skip.name: str(skip.why) for skip in decision.skipped} == dict.fromkeys(
        "AB", "had it and did not contact it in time"
    )


def test_the_customers_owner_loses_it_too_and_a_rule_for_new_deals_gives_it_again() -> None:
    sticky = late(1, "A", customer=7, customer_owner="A")
    assert only(waited([sticky], [rule("A", "B", only_new=True)], [A, B])).owner == "B"


def test_after_the_last_move_it_goes_to_the_manager() -> None:
    owners = [A, Owner("B", manager="M"), C, Owner("M")]
    again = late(1, "A", "B", moves=1)
    assert only(waited([again], [rule()], owners, first_contact_moves=2)).owner == "C"
    decision = only(waited([again], [rule()], owners, first_contact_moves=1))
    assert (decision.owner, decision.rule) == ("M", "timeout")
    assert "it goes to the manager" in str(decision.reason)


@pytest.mark.parametrize(
    ("manager", "above", "expected"),
    [
        ("M", [Owner("M")], "M"),
        ("M", [], "M"),
        ("M", [Owner("M", active=False, manager="N"), Owner("N")], "N"),
        ("M", [Owner("M", max_open=0)], "B"),
        ("B", [], "B"),
        ("", [], "B"),
    ],
)
def test_where_nobody_is_left_the_nearest_manager_who_can_has_it_or_it_stays(
    manager: str, above: list[Owner], expected: str
) -> None:
    decision = only(waited([late(1, "B")], [rule("B")], [Owner("B", manager=manager), *above]))
    assert (decision.owner, decision.rule) == (expected, "timeout")
    assert ("nobody to give it to" in str(decision.reason)) == (expected == "B")


def test_those_who_waited_come_before_new_ones_and_free_their_owners_place() -> None:
    owners = [Owner("A", max_open=1), Owner("B", max_open=1)]
    outcome = waited([Deal(1, {}), late(2, "A")], [rule("A", "B")], owners)
    assert [(decision.opportunity, decision.owner) for decision in outcome.decisions] == [(2, "B"), (1, "A")]
