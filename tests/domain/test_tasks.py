from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crmcli.domain.records import ENTITIES
from crmcli.domain.tasks import (
    days_late,
    done,
    follow_up,
    is_open,
    reopened,
    soonest_first,
    why_not_done,
    why_not_reopened,
)

TODAY = date(2026, 6, 30)


def task(**known: Any) -> dict[str, Any]:
    return {"id": 3, **ENTITIES["task"].blank(), "title": "发报价", **known}


@pytest.mark.parametrize(
    ("due", "done_at", "days"),
    [
        ("2026-06-28", None, 2),
        ("2026-06-30", None, 0),
        ("2026-07-05", None, 0),
        (None, None, 0),
        ("2026-06-28", "2026-06-29", 0),
        ("2026-06-28T18:00:00+08:00", None, 2),
    ],
)
def test_only_what_is_open_and_past_its_day_is_late(due: str | None, done_at: str | None, days: int) -> None:
    assert days_late(task(due=due, done_at=done_at), TODAY) == days


def test_tasks_without_a_day_come_last() -> None:
    days = [None, "2026-07-01", "2026-06-01"]
    assert [one["due"] for one in sorted((task(due=day) for day in days), key=soonest_first)] == [
        "2026-06-01", "2026-07-01", None,
    ]  # fmt: skip


def test_what_is_done_is_done_once_and_what_is_open_stays_open() -> None:
    finished = task(**done("李娜", "2026-06-30T09:00:00+08:00", ""))
    assert not is_open(finished)
    assert finished["result"] is None
    assert "2026-06-30T09:00:00+08:00 by 李娜" in str(why_not_done(finished))
    assert why_not_reopened(finished) is None
    again = finished | reopened()
    assert (is_open(again), why_not_done(again)) == (True, None)
    assert str(why_not_reopened(again)) == "the task is open"


def test_a_follow_up_is_about_what_the_task_was_about_and_names_it() -> None:
    said = follow_up(task(opportunity_id=7, customer_id=1), "李娜", "2026-06-30", "要九折")
    assert {key: value for key, value in said.items() if value} == {
        "opportunity_id": 7,
        "customer_id": 1,
        "at": "2026-06-30",
        "by": "李娜",
        "text": "要九折",
        "origin": "human",
        "extra": {"任务": "T3 发报价"},
    }
