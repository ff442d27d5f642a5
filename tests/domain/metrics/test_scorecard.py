from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, get_args

import numpy as np
import pytest

from crmcli.config.settings import Goal as GoalTable
from crmcli.domain.metrics.measures import MEASURES
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.population import ACTIVITY_COLUMNS, TASK_COLUMNS, Goal, Target, frame_of
from crmcli.domain.metrics.scorecard import scorecard
from crmcli.domain.metrics.timeline import standing, timeline

MARCH = (date(2026, 3, 1), date(2026, 4, 1))
TODAY = date(2026, 3, 10)


def won(number: int, day: str, amount: int, **more: Any) -> tuple[Any, ...]:
    return (number, "2026-01-01", [("2026-01-01", "方案报价"), (day, "赢单")], {"amount_fen": amount} | more)


def card(build: Callable[..., Any], deals: list[tuple[Any, ...]], **more: Any) -> dict[tuple[str, str, str], Any]:
    line = timeline(replace(build(*deals), **more))
    look = standing(line, np.asarray(np.datetime64("2026-03-10T23:59:59", "us")))
    found = scorecard(line, look, TODAY, Period(), home="CNY", min_n=2)
    rows, evidence = found.rows, found.deals
    assert sum(block.count for block in evidence.blocks.values()) == len(evidence.order)
    return {(row.level, row.who, row.metric): row for row in rows}


def test_a_target_is_measured_by_what_should_be_there_by_now(build: Callable[..., Any]) -> None:
    deals = [won(1, "2026-03-05", 3000, owner="甲"), won(2, "2026-03-06", 9000, owner="甲", currency="USD"),
             won(3, "2026-02-20", 500, owner="甲")]  # fmt: skip
    targets = (Target("甲", "", "2026-03", *MARCH, amount_fen=9300, count=9), Target("甲", "", "2025", date(2025, 1, 1),
               date(2026, 1, 1), amount_fen=1))  # fmt: skip
    rows = card(build, deals, targets=targets)
    row = rows["owner", "甲", "amount_won"]
    assert (row.actual.value, row.target, round(row.due, 4), row.light) == (3000, 9300, round(10 / 31, 4), "green")
    assert rows["owner", "甲", "won"].light == "red"  # 2 of 9, 2.9 were due
    assert set(rows) == {(level, who, metric) for level, who in (("owner", "甲"), ("company", ""))
                         for metric in ("amount_won", "won")}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "better", "light"),
    [(0.4, None, "green"), (0.55, None, "yellow"), (0.6, None, "red"), (0.4, "lower", "red")],
)
def test_a_rate_is_measured_in_whole(build: Callable[..., Any], value: float, better: Any, light: str) -> None:
    lost: Any = (2, "2026-01-01", [("2026-01-01", "方案报价"), ("2026-03-02", "输单")], {})
    goal = Goal("winrate", "", "", "2026-03", *MARCH, value, better)
    row = card(build, [won(1, "2026-03-05", 100), lost], goals=(goal,))["company", "", "winrate"]
    assert (row.actual.rate.numerator, row.actual.n, row.due, row.light) == (1, 2, 1.0, light)


def test_too_few_cases_have_no_light(build: Callable[..., Any]) -> None:
    goals = (Goal("winrate", "", "", "2026-03", *MARCH, 0.3), Goal("cycle_days", "", "", "2026-03", *MARCH, 60))
    rows = card(build, [won(1, "2026-03-05", 100)], goals=goals)
    assert {row.light for row in rows.values()} == {"grey"}
    assert rows["company", "", "cycle_days"].actual.value == 63


def test_planned_actions_are_on_time_late_or_missed(build: Callable[..., Any]) -> None:
    def contact(number: int, deal: int, at: str, due: str | None, *, human: bool = True) -> dict[str, Any]:
        row: dict[str, Any] = dict.fromkeys(ACTIVITY_COLUMNS)
        return row | {"activity_id": number, "opportunity_id": deal, "at": at, "human": human, "next_at": due}

    activities = frame_of([
        contact(1, 1, "2026-03-01", "2026-03-03"), contact(2, 1, "2026-03-03", "2026-03-04"),  # the first on time
        contact(3, 1, "2026-03-06", None),  # the second late
        contact(4, 2, "2026-03-01", "2026-03-05"), contact(5, 2, "2026-03-02", None, human=False),  # missed
        contact(6, 2, "2026-02-01", "2026-03-20"),  # due later
    ], ACTIVITY_COLUMNS)  # fmt: skip
    task = dict.fromkeys(TASK_COLUMNS) | {
        "opportunity_id": 2,
        "due": "2026-03-08",
        "done_at": "2026-03-08T10:00:00+08:00",
    }
    opened: list[Any] = [(number, "2026-01-01", [("2026-01-01", "方案报价")], {}) for number in (1, 2, 3)]
    goals = tuple(
        Goal(key, "", "", "2026-03", *MARCH, 0.5) for key in ("on_time_rate", "missed_rate", "follow_up_rate")
    )
    rows = card(build, opened, goals=goals, activities=activities, tasks=frame_of([task], TASK_COLUMNS))
    shown = {key: (row.actual.rate.numerator, row.actual.rate.denominator) for (_, _, key), row in rows.items()}
    assert shown == {"on_time_rate": (2, 4), "missed_rate": (1, 4), "follow_up_rate": (2, 3)}


def test_planned_actions_are_of_whoever_is_to_do_them_whosever_the_deal_is(build: Callable[..., Any]) -> None:
    plain = dict.fromkeys(TASK_COLUMNS) | {"due": "2026-03-08", "owner": "乙"}
    tasks = frame_of([plain | {"opportunity_id": 1}, plain], TASK_COLUMNS)
    opened = [(1, "2026-01-01", [("2026-01-01", "方案报价")], {"owner": "甲"})]
    goals = tuple(Goal("missed_rate", who, "", "2026-03", *MARCH, 0.5) for who in ("甲", "乙", ""))
    rows = card(build, opened, goals=goals, tasks=tasks)
    assert {who: row.actual.n for (_, who, _), row in rows.items()} == {"甲": 0, "乙": 2, "": 2}


def test_crm_toml_knows_the_same_figures() -> None:
    assert get_args(GoalTable.model_fields["metric"].annotation) == tuple(MEASURES)
