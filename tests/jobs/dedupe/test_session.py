from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crmcli.config import Settings
from crmcli.jobs.dedupe.deciding import NotDecided
from crmcli.jobs.dedupe.session import ReviewSession
from crmcli.jobs.journal.undo import undo_run


@pytest.fixture
def four(office: Any) -> Any:
    """Return an office with four customers: three that may be one, the fourth like the third."""
    office.add("customer", *({"name": f"沐钰设备{number}"} for number in "甲乙丙丁"))
    blank: dict[str, Any] = {"tier": "review", "reasons": []}
    ends = ((1, 2, 90.0), (1, 3, 80.0), (1, 4, 70.0), (3, 4, 75.0))
    office.add("pair", *({"a_id": a, "b_id": b, "score": score} | blank for a, b, score in ends))
    return office


def test_every_decision_is_a_run_that_can_be_taken_back(four: Any) -> None:
    session = ReviewSession(four.workspace)
    before = four.tables()
    assert session.total == 3
    for decision in ("same", "different", "unsure"):
        assert session.question()
        session.decide(decision)
    assert session.question() is None
    assert dict(session.counts) == {"same": 1, "different": 1, "unsure": 1}
    assert [session.take_back() for _ in range(4)] == [True, True, True, False]
    assert four.tables() == before
    assert session.place == 0


def test_one_decision_of_many_is_taken_back_by_undo(four: Any) -> None:
    session = ReviewSession(four.workspace)
    session.decide("different")
    session.decide("related")
    undo_run(four.workspace, session.taken[0].run)
    assert [pair["decision"] for pair in four.all("pair")][:2] == [None, "related"]


def test_merged_customers_are_shown_as_they_are_now(four: Any) -> None:
    session = ReviewSession(four.workspace)
    session.decide("same")
    shown = session.question()
    assert shown
    alive = next(customer for customer in four.all("customer")[:2] if not customer["merged_into"])
    assert {shown.a["number"], shown.b["number"]} == {f"C{alive['id']}", "C3"}


def test_what_cannot_be_decided_stays_the_present_pair(four: Any) -> None:
    four.set("customer", 1, level="A")
    four.set("customer", 2, level="B")
    rules = Settings.model_validate({"merge": {"fields": {"level": "by_hand"}}})
    session = ReviewSession(replace(four.workspace, settings=rules))
    shown = session.question()
    assert shown
    assert shown.wanted == {"level": ("A", "B")}
    with pytest.raises(NotDecided):
        session.decide("same")
    assert (session.place, session.taken) == (0, [])
    session.decide("same", {"level": "B"})
    assert {customer["level"] for customer in four.all("customer") if not customer["merged_into"]} == {"B", None}
