from __future__ import annotations

from typing import Any

import pytest

from crmcli.domain.records import ENTITIES
from crmcli.domain.stage_history import counts_until, effective, in_order, stage_columns

NOW = "2026-06-30T09:00:00+08:00"


def event(at: str | None, value: str, kind: str = "open", rank: int | None = None, **more: Any) -> dict[str, Any]:
    known = {"at": at, "value": value, "kind": kind, "rank": rank, "inferred": 0, "field": "stage"}
    return ENTITIES["event"].blank() | known | more


CONTACTED = event("2026-01-05", "初步接触", rank=1, probability=10)
QUOTED = event("2026-02-05", "方案报价", rank=3, probability=50, from_value="初步接触")
LOST = event("2026-03-05", "输单", "lost", from_value="方案报价", reason="价格")


def names(events: list[dict[str, Any]]) -> list[str]:
    return [one["value"] for one in events]


def test_order_is_by_time_and_never_by_file() -> None:
    assert names(in_order([LOST, CONTACTED, QUOTED])) == ["初步接触", "方案报价", "输单"]


def test_events_of_one_time_follow_the_chain_of_what_they_left() -> None:
    back = event("2026-02-05", "需求确认", rank=2, from_value="方案报价")
    assert names(in_order([back, QUOTED, CONTACTED])) == ["初步接触", "方案报价", "需求确认"]


def test_events_of_one_time_without_a_chain_go_by_rank_and_ends_last() -> None:
    same = [
        event("2026-02-05", "赢单", "won", 5),
        event("2026-02-05", "方案报价", rank=3),
        CONTACTED | {"at": "2026-02-05"},
    ]
    assert names(in_order(same)) == ["初步接触", "方案报价", "赢单"]


def test_an_end_of_unknown_time_is_last_until_something_left_it() -> None:
    end = event(None, "输单", "lost", inferred=1)
    again = event("2026-06-01", "方案报价", rank=3, from_value="输单", probability=50)
    assert names(in_order([end, CONTACTED])) == ["初步接触", "输单"]
    assert names(in_order([end, again, CONTACTED])) == ["初步接触", "输单", "方案报价"]
    assert stage_columns([end, again], NOW)["status"] == "open"


def test_what_was_inferred_gives_way_to_what_was_recorded() -> None:
    inferred = event("2026-01-01", "商务谈判", rank=4, inferred=1)
    assert effective([inferred]) == [inferred]
    assert effective([inferred, QUOTED]) == [QUOTED]
    close = event("2026-03-09", "输单", "lost", inferred=1)
    assert effective([close, QUOTED]) == [QUOTED, close]
    assert effective([close, QUOTED, LOST]) == [QUOTED, LOST]


@pytest.mark.parametrize("end", [None, "2026-01-20"])
def test_an_inferred_end_gives_way_to_a_real_one_at_every_time(end: str | None) -> None:
    closed = event(end, "输单", "lost", inferred=1, recorded=NOW)
    events = [closed, CONTACTED, QUOTED, LOST | {"recorded": NOW}]
    assert counts_until(closed, events) == ""
    assert names(effective(events, "2026-02-20")) == ["初步接触", "方案报价"]
    assert stage_columns(events, "2026-02-20")["status"] == "open"
    assert stage_columns(events, "2026-03-06")["closed_at"] == "2026-03-05"


def test_an_inferred_end_that_a_deal_came_back_from_was_an_end_of_its_own() -> None:
    won = event("2026-03-26", "赢单", "won", 5, inferred=1, recorded="2026-03-31T20:00:00+08:00")
    back = event("2026-05-11", "初步接触", rank=1, from_value="赢单", recorded=NOW)
    again = event("2026-05-20", "赢单", "won", 5, recorded=NOW)
    events = [won, back, again]
    assert stage_columns(events, "2026-04-15")["status"] == "won"
    assert stage_columns(events, "2026-05-12")["status"] == "open"
    assert stage_columns(events, "2026-05-21")["closed_at"] == "2026-05-20"
    assert counts_until(won, [won, back | {"from_value": None}, again]) == ""


def test_a_planned_end_replaces_an_inferred_one_only_when_it_comes() -> None:
    closed = event(None, "输单", "lost", inferred=1, recorded=NOW)
    planned = event("2027-01-01", "赢单", "won", 5, recorded=NOW)
    assert counts_until(closed, [closed, planned]) == "2027-01-01"
    assert stage_columns([closed, planned], NOW)["status"] == "lost"
    assert stage_columns([closed, planned], "2027-01-02")["status"] == "won"


def test_a_present_stage_is_no_history_before_the_changes_that_led_to_it() -> None:
    present = event("2026-01-01", "方案报价", rank=3, inferred=1, recorded=NOW)
    assert counts_until(present, [present, CONTACTED, QUOTED]) == ""
    assert effective([present, CONTACTED, QUOTED], "2026-01-02") == []


def test_a_present_stage_holds_until_the_first_change_after_it_was_read() -> None:
    present = event("2026-01-01", "方案报价", rank=3, inferred=1, recorded="2026-02-01T09:00:00+08:00")
    assert counts_until(present, [present, QUOTED, LOST]) == "2026-02-05"
    assert effective([present, QUOTED, LOST], "2026-02-04") == [present]
    assert effective([present, QUOTED, LOST], "2026-02-05") == [QUOTED]


def test_what_was_recorded_never_gives_way() -> None:
    assert counts_until(QUOTED, [CONTACTED, QUOTED, LOST]) is None


def test_no_events_decide_nothing() -> None:
    assert stage_columns([], NOW) == {}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([CONTACTED], ("初步接触", "open", None, None, 10)),
        ([CONTACTED, QUOTED], ("方案报价", "open", None, None, 50)),
        ([CONTACTED, QUOTED, LOST], ("输单", "lost", "2026-03-05", "价格", 50)),
        ([QUOTED, LOST, event("2026-04-01", "方案报价", rank=3, probability=60)], ("方案报价", "open", None, None, 60)),
        ([event("2026-04-01", "等老板点头", "unknown")], ("等老板点头", "open", None, None, None)),
    ],
)
def test_the_state_is_that_of_the_last_event(events: list[dict[str, Any]], expected: tuple[Any, ...]) -> None:
    state = stage_columns(events, NOW)
    assert tuple(state[key] for key in ("stage", "status", "closed_at", "loss_reason", "probability")) == expected


def test_an_end_alone_says_nothing_of_the_probability() -> None:
    assert "probability" not in stage_columns([LOST], NOW)


def test_the_future_changes_nothing_yet_not_even_what_counts() -> None:
    inferred = event("2026-01-01", "方案报价", rank=3, inferred=1, probability=50, recorded=NOW)
    win = event("2027-01-01", "赢单", "won", 5, recorded=NOW)
    assert stage_columns([inferred, win], NOW)["stage"] == "方案报价"
    assert stage_columns([inferred, win], "2027-01-02T00:00:00+08:00")["status"] == "won"


BETWEEN = event("2026-02-08", "方案报价", rank=3, from_value="初步接触", not_before="2026-02-01", recorded=NOW)


@pytest.mark.parametrize(
    ("exact", "counting"),
    [("2026-02-05", ["方案报价"]), ("2026-02-01", ["方案报价"]), ("2026-01-20", ["方案报价", "方案报价"])],
)
def test_an_event_between_two_versions_gives_way_to_the_one_that_says_when(exact: str, counting: list[str]) -> None:
    told = event(exact, "方案报价", rank=3)
    assert names(effective([BETWEEN, told])) == counting
    assert counts_until(told, [BETWEEN, told]) is None


def test_an_event_between_two_versions_counts_where_nothing_says_better() -> None:
    assert names(effective([CONTACTED, BETWEEN, LOST])) == ["初步接触", "方案报价", "输单"]


def test_a_stage_that_the_first_version_shows_holds_until_the_first_change() -> None:
    first = event(None, "初步接触", rank=1, inferred=1, not_after="2026-02-01", recorded=NOW)
    assert counts_until(first, [first, BETWEEN]) == "2026-02-08"
    earlier = event("2026-01-10", "需求确认", rank=2)
    assert counts_until(first, [first, BETWEEN, earlier]) == ""
