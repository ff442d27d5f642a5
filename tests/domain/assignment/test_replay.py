from __future__ import annotations

from datetime import date

import pytest

from crmcli.domain.assignment.model import Deal, Owner, Rule, Switches, Whom
from crmcli.domain.assignment.replay import PastDeal, Span, replay
from crmcli.domain.conditions import Condition

DAYS = [f"2026-11-{day}T09:00:00" for day in (16, 17, 18)]
RULES = [Rule("r", Condition(), Whom())]
Told = list[tuple[str, str | None]]


def past(number: int, at: str = "2026-11-16", closed: str = "9999", customer: int | None = None) -> PastDeal:
    return PastDeal(Deal(number, {}, customer, created_at=at), at, closed)


def told(deals: list[PastDeal], owners: list[Owner], held: list[Span] | None = None, given: int = 0) -> Told:
    found = replay(
        deals,
        held=held or [],
        given={("A", "2026-11-02"): given},
        instants=DAYS,
        rules=RULES,
        owners=owners,
        switches=Switches(),
        cursor={},
    )
    return [(fate.at[8:10], fate.decision.owner) for fate in found]


A, B = Owner("A"), Owner("B")


def test_each_deal_is_decided_at_the_first_run_after_it_came() -> None:
    assert told([past(1), past(2, "2026-11-17"), past(3, DAYS[2])], [A, B]) == [("16", "A"), ("17", "B"), ("18", "A")]


def test_absence_counts_on_the_day() -> None:
    away = Owner("A", leave=((date(2026, 11, 17), date(2026, 11, 17)),))
    assert told([past(1), past(2, "2026-11-17"), past(3, "2026-11-18")], [away]) == [
        ("16", "A"),
        ("18", "A"),
        ("18", "A"),
    ]


@pytest.mark.parametrize(
    ("owner", "given", "expected"),
    [
        (Owner("A", max_open=1), 0, [("16", "A"), ("18", None)]),
        (Owner("A", max_per_day=1), 0, [("16", "A"), ("17", "A")]),
        (Owner("A", max_per_month=2), 1, [("16", "A"), ("18", None)]),
    ],
)
def test_limits_count_what_the_other_rules_gave(owner: Owner, given: int, expected: Told) -> None:
    assert told([past(1), past(2)], [owner], given=given) == expected


def test_a_close_makes_room_and_so_does_one_of_a_deal_that_is_not_replayed() -> None:
    one = Owner("A", max_open=1)
    assert told([past(1, closed="2026-11-17"), past(2)], [one]) == [("16", "A"), ("17", "A")]
    assert told([past(2)], [one], [Span(1, "A", end="2026-11-18T08:00:00")]) == [("18", "A")]
    assert told([past(2)], [one], [Span(1, "A", start="2026-11-17")]) == [("16", "A")]


def test_a_customer_stays_with_whom_it_had_then_its_own_owner_before_its_deals() -> None:
    held = [Span(1, "B", customer=7, end="2026-11-17"), Span(0, "A", start="2026-11-18", customer=7)]
    deals = [past(2, customer=7), past(3, "2026-11-18", customer=7), past(4)]
    assert told(deals, [A, B], held) == [("16", "B"), ("18", "A"), ("16", "A")]


def test_later_deals_of_a_customer_stay_with_who_would_have_got_the_first() -> None:
    deals = [past(1), past(2, customer=7), past(3, "2026-11-17", customer=7)]
    assert told(deals, [A, B]) == [("16", "A"), ("16", "B"), ("17", "B")]


def moved(contacts: tuple[str, ...] = (), moves: int = 2) -> list[tuple[str, str | None]]:
    """Return who gets one deal because of time, of three people and their manager, within a working day each."""
    team = [Owner(name, manager="M") for name in "ABC"]
    days = [f"2026-11-{day}T09:00:00" for day in (16, 17, 18, 19, 20)]
    one = PastDeal(Deal(1, {}, created_at="2026-11-16"), "2026-11-16", contacts=contacts)
    ways = Switches(first_contact_hours=9, first_contact_moves=moves)
    rules = [Rule("r", Condition(), Whom(names=("A", "B", "C")))]
    (fate,) = replay(
        [one], held=[], given={}, instants=days, rules=rules, owners=[*team, Owner("M")], switches=ways, cursor={}
    )
    assert (fate.at, fate.decision.owner) == (days[0], "A")
    return [(at[8:10], decision.owner) for at, decision in fate.moves]


def test_who_does_not_contact_a_deal_in_time_loses_it_then_the_manager_has_it() -> None:
    assert moved() == [("17", "B"), ("18", "C"), ("19", "M")]
    assert moved(moves=0) == [("17", "M")]


def test_a_follow_up_that_there_was_ends_the_clock() -> None:
    assert moved(("2026-11-16T15:00:00",)) == []
    assert moved(("2026-11-15",)) == moved()
    assert moved(("2026-11-18",)) == [("17", "B")], "known to the day only"


def test_a_deal_that_moves_on_makes_room_and_takes_it() -> None:
    team = [Owner("A", max_open=1), Owner("B", max_open=1)]
    ways = Switches(first_contact_hours=9)
    found = replay(
        [past(1), past(2, "2026-11-17")],
        held=[],
        given={},
        instants=DAYS,
        rules=RULES,
        owners=team,
        switches=ways,
        cursor={},
    )
    assert [(fate.decision.owner, [one.owner for _, one in fate.moves]) for fate in found] == [("A", ["B"]), ("A", [])]
