from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crmcli.domain.pool import RecycleRule

Dump = Callable[[Path], list[str]]


def _lived(companies: Any, scale: Any, seed: int, watch: Any) -> Any:
    company = companies(scale, seed, watch)
    watch.end_turns()
    print(company.did, watch.seen_turns)  # noqa: T201 (what pytest -s shows of how much was tried)
    return company


@pytest.mark.slow
def test_three_weeks_are_sound_and_repeat_themselves(companies: Any, three_weeks: Any, watch: Any, dump: Dump) -> None:
    lived = _lived(companies, three_weeks, 1, watch)
    assert watch.wrong == []
    assert dump(lived.db.path) == dump(companies(three_weeks, 1).db.path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 7))
def test_more_weeks_are_sound(companies: Any, three_weeks: Any, watch: Any, seed: int) -> None:
    lived = _lived(companies, three_weeks, seed, watch)
    assert watch.wrong == []
    assert lived.did["won"]


@pytest.mark.slow
def test_half_a_year_is_sound_and_repeats_itself(companies: Any, half_year: Any, watch: Any, dump: Dump) -> None:
    lived = _lived(companies, half_year, 1, watch)
    assert watch.wrong == []
    assert {"qualified", "disqualified", "won", "lost", "void", "reopened", "claimed", "handovers"} <= lived.did.keys()
    assert dump(lived.db.path) == dump(companies(half_year, 1).db.path)


def _faulty_handing(_run: Any, handings: list[Any]) -> list[Any]:
    return [
        _run.update("customer", one.customer, dict(zip(("owner", "pool"), one.held_by, strict=True)))
        for one in handings
    ]


FAULTS = {
    "is not there": ("crmcli.domain.assignment.engine.why_absent", lambda *_: None),
    "is full": ("crmcli.domain.assignment.availability.Capacity.why_full", lambda *_: None),
    "turns": ("crmcli.domain.assignment.engine.take_turn", lambda kept, here, *_: (here[0][0], dict(kept))),
    "does not follow": ("crmcli.jobs.pool.recycle.hold_all", _faulty_handing),
    "too early": ("crmcli.domain.pool.PublicPool.rule_for", lambda *_: RecycleRule(no_follow_up_days=2)),
    "nobody has": ("crmcli.jobs.assigning.assign.give_deals", lambda *_: None),
}


@pytest.mark.slow
@pytest.mark.parametrize("told", FAULTS)
def test_a_fault_would_be_seen(
    companies: Any, three_weeks: Any, watch: Any, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(*FAULTS[told])
    _lived(companies, three_weeks, 1, watch)
    assert [one for one in watch.wrong if told in one]
