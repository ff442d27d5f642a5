from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest

from crmcli.domain.metrics.followup import Followup, FollowupRow, followup
from crmcli.domain.metrics.period import WHOLE_HISTORY, Period
from crmcli.domain.metrics.population import (
    ACTIVITY_COLUMNS,
    MOVE_COLUMNS,
    TASK_COLUMNS,
    Population,
    Working,
    frame_of,
)
from crmcli.domain.metrics.timeline import standing, timeline
from crmcli.domain.reminders.model import Plan

Look = Callable[..., Followup]
HELD = [("2026-01-01", "需求确认")]


def _rows(columns: tuple[str, ...], keys: tuple[str, ...], given: tuple[Any, ...]) -> Any:
    return frame_of([dict.fromkeys(columns) | dict(zip(keys, one, strict=False)) for one in given], columns)


@pytest.fixture
def look(build: Callable[..., Population]) -> Look:
    def make(deals: list[Any], told: tuple[Any, ...] = (), period: Period = WHOLE_HISTORY, **more: Any) -> Followup:
        keys = ("activity_id", "opportunity_id", "customer_id", "at", "human", "next_at", "by")
        moves, tasks = more.pop("moves", ()), more.pop("tasks", ())
        line = timeline(replace(
            build(*deals), activities=_rows(ACTIVITY_COLUMNS, keys, told),
            moves=_rows(MOVE_COLUMNS, ("opportunity_id", "field", "at", "from_value", "value"), moves),
            tasks=_rows(TASK_COLUMNS, ("task_id", "opportunity_id", "owner", "due", "done_at"), tasks),
            working=Working("CN", (time(9), time(18))), plans=more.pop("plans", {}),
        ))  # fmt: skip
        stand = standing(line, line.moment(datetime.fromisoformat("2026-03-31T09:00:00+08:00")))
        return followup(line, stand, period, 1, **more)

    return make


def one(found: Followup) -> FollowupRow:
    (row,) = found.rows
    return row


def test_a_step_is_done_by_the_next_human_contact_in_time_late_or_never(look: Look) -> None:
    deals = [(number, "2026-01-01", HELD, {"customer_id": number}) for number in (1, 2, 3, 4)]
    told = (
        (1, 1, 1, "2026-03-01T10:00:00+08:00", 1, "2026-03-05"), (2, 1, 1, "2026-03-05T18:00:00+08:00", 1, None),
        (3, 2, 2, "2026-03-01T10:00:00+08:00", 1, "2026-03-05"), (4, None, 2, "2026-03-06", 1, None),
        (5, 3, 3, "2026-03-01T10:00:00+08:00", 1, "2026-03-05"), (6, 3, 3, "2026-03-04", 0, None),
        (7, 4, 4, "2026-03-01T10:00:00+08:00", 1, "2026-04-05"),
    )  # fmt: skip
    row = one(look(deals, told))
    assert (row.due, row.on_time, row.late, row.missed) == (3, 1, 1, 1)
    assert (row.on_time_rate.value(1), row.missed_rate.value(1)) == (1 / 3, 1 / 3)
    assert one(look(deals, told, Period(date(2026, 3, 6), date(2026, 4, 1)))).due == 0


def test_a_contact_about_another_deal_does_not_count_but_any_does_for_a_mere_customer(look: Look) -> None:
    deals = [(number, "2026-01-01", HELD, {"customer_id": 7}) for number in (1, 2)]
    told = (
        (1, 1, 7, "2026-03-01", 1, "2026-03-05"), (2, None, 7, "2026-03-01", 1, "2026-03-05"),
        (3, 2, 7, "2026-03-03", 1, None),
    )  # fmt: skip
    found = look(deals, told)
    assert [STATE[state] for state in found.due.state.tolist()] == ["on_time", "on_time"]
    found = look(deals, (told[0], told[2]))
    assert [STATE[state] for state in found.due.state.tolist()] == ["missed"]


STATE = ("on_time", "late", "missed")


def test_tasks_are_done_when_they_are_ticked_off_by_the_as_of_time(look: Look) -> None:
    tasks = (
        (1, 1, "甲", "2026-03-05", "2026-03-05T20:00:00+08:00"),
        (2, 1, "甲", "2026-03-05", "2026-03-06T08:00:00+08:00"),
        (3, 1, "乙", "2026-03-05", "2026-04-01T08:00:00+08:00"),
        (4, 1, None, "2026-03-05", None),
    )
    found = look([(1, "2026-01-01", HELD, {"owner": "丙"})], tasks=tasks, by=("owner",))
    assert [(row.group, row.on_time, row.late, row.missed) for row in found.rows] == [
        (("丙",), 0, 0, 1),
        (("乙",), 0, 0, 1),
        (("甲",), 1, 1, 0),
    ]
    assert found.blocks[2, "due"].count == 2


def test_the_first_response_in_working_hours_of_who_had_it_then(look: Look) -> None:
    begun = (("2026-03-02T10:00:00+08:00", "乙"), ("2026-03-06T17:00:00+08:00", "甲"), ("2026-03-06", "甲"))
    deals = [(number, at, HELD, {"owner": owner}) for number, (at, owner) in enumerate(begun, 1)]
    told = ((1, 1, None, "2026-03-05T11:30:00+08:00", 1), (2, 2, None, "2026-03-09T10:00:00+08:00", 1))
    moves = ((1, "owner", "2026-03-05T10:00:00+08:00", "甲", "乙"),)
    found = look(deals, told, moves=moves, by=("owner",))
    assert [(row.group, row.answered, row.unanswered, row.median_hours) for row in found.rows] == [
        (("乙",), 1, 0, 1.5),
        (("甲",), 1, 2, 2.0),
    ]


def test_a_contact_of_that_day_may_have_been_after_the_assignment(look: Look) -> None:
    row = one(look([(1, "2026-03-02T15:00:00+08:00", [], {"owner": "甲"})], ((1, 1, None, "2026-03-02", 1),)))
    assert (row.answered, row.median_hours) == (1, 0.0)


def test_deals_without_a_next_step(look: Look) -> None:
    deals = [(number, "2026-01-01", HELD) for number in (1, 2, 3, 4)] + [(5, "2026-01-01", [("2026-02-01", "赢单")])]
    plans = {1: Plan(date(2026, 3, 31)), 2: Plan(date(2026, 3, 30))}
    tasks = ((1, 3, "甲", "2026-04-01", None), (2, 4, "甲", "2026-04-01", "2026-03-01"))
    found = look(deals, plans=plans, tasks=tasks)
    assert (one(found).open, one(found).no_next) == (4, 2)
    assert found.opened.order[:2].tolist() == [1, 3]
