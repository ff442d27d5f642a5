from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from crmcli.domain.metrics.population import ACTIVITY_COLUMNS, Population, StageRules, frame_of
from crmcli.domain.metrics.stalled import StalledDeal, StalledRow, stalled
from crmcli.domain.metrics.timeline import standing, timeline
from crmcli.domain.reminders.model import Plan

Judge = Callable[..., tuple[dict[str, StalledRow], tuple[StalledDeal, ...]]]
RULES = (StageRules(rot_days=7), StageRules(rot_days=14), StageRules(max_days=60), StageRules())
HELD = ("2026-05-01", "需求确认")


@pytest.fixture
def judge(build: Callable[..., Population]) -> Judge:
    def look(deals: list[Any], told: tuple[Any, ...] = (), plans: Any = None, by: tuple[str, ...] = ()) -> Any:
        whole = build(*deals)
        keys = ("opportunity_id", "customer_id", "at", "human")
        rows = [dict.fromkeys(ACTIVITY_COLUMNS) | dict(zip(keys, one, strict=True)) for one in told]
        line = timeline(replace(
            whole, stages=replace(whole.stages, rules=RULES), activities=frame_of(rows, ACTIVITY_COLUMNS),
            plans=plans or {}, max_plan_days=30,
        ))  # fmt: skip
        stand = standing(line, line.moment(datetime.fromisoformat("2026-06-30T09:00:00+08:00")))
        found, _evidence, listed = stalled(line, stand, home="CNY", by=by)
        return {" ".join((*row.group, row.stage)): row for row in found}, listed

    return look


def test_silence_counts_from_the_last_human_contact(judge: Judge) -> None:
    deals = [(number, "2026-01-01", [HELD], {"amount_fen": 100 * number}) for number in (1, 2, 3)]
    told = ((1, None, "2026-06-17T10:00:00+08:00", 1), (2, None, "2026-06-16T10:00:00+08:00", 1),
            (3, None, "2026-06-16", 1), (3, None, "2026-06-29", 0))  # fmt: skip
    rows, listed = judge(deals, told)
    row = rows["需求确认"]
    assert (row.open, row.stalled, row.amounts, row.rot_days) == (3, 2, {"CNY": 500}, 14)
    assert [(one.deal, one.stall.silent_days, one.stall.stage_days) for one in listed] == [(1, 14, 60), (2, 14, 60)]
    assert (listed[0].last_contact, str(listed[0].stall.reasons[0])) == (
        date(2026, 6, 16),
        "no contact for 14 days, 14 allowed",
    )


def test_a_contact_with_the_customer_counts_unless_it_is_about_another_deal(judge: Judge) -> None:
    deals = [(1, "2026-01-01", [HELD], {"customer_id": 7}), (2, "2026-01-01", [HELD], {"customer_id": 8})]
    rows, listed = judge(deals, ((None, 7, "2026-06-29", 1), (9, 8, "2026-06-29", 1)))
    assert (rows["需求确认"].stalled, [one.deal for one in listed]) == (1, [1])


def test_without_contact_silence_counts_from_the_creation_and_without_a_day_nothing_is_said(judge: Judge) -> None:
    rows, listed = judge([(1, "2026-06-20", [("2026-06-25", "初步接触")]), (2, None, [(None, "初步接触")])])
    assert [one.stall.silent_days for one in listed] == [10]
    assert (rows["初步接触"].stalled, rows["初步接触"].unknown) == (1, 1)


@pytest.mark.parametrize(
    ("plan", "protected"),
    [
        (Plan(date(2026, 6, 30), made="2026-06-20"), 1),
        (Plan(date(2026, 6, 29), made="2026-06-20"), 0),
        (Plan(date(2026, 12, 1), made="2026-05-31"), 1),
        (Plan(date(2026, 12, 1), made="2026-05-30"), 0),
        (Plan(date(2026, 7, 30)), 1),
        (Plan(date(2026, 7, 31)), 0),
    ],
)
def test_a_plan_protects_until_its_day_and_no_longer_than_allowed(judge: Judge, plan: Plan, protected: int) -> None:
    rows, listed = judge([(1, "2026-01-01", [HELD])], plans={1: plan})
    assert (rows["需求确认"].protected, len(listed)) == (protected, 1 - protected)


def test_a_stage_without_rot_days_never_stalls_and_max_days_stand_apart(judge: Judge) -> None:
    steps = (
        ("2026-05-01", "方案报价"),
        ("2026-05-02", "方案报价"),
        ("2026-01-01", "商务谈判"),
        ("2026-01-01", "老阶段"),
    )
    deals = [(number, "2026-01-01", [step]) for number, step in enumerate(steps, 1)]
    rows, listed = judge(deals)
    assert (rows["方案报价"].stalled, rows["方案报价"].over_max, rows["方案报价"].rot_days) == (0, 1, None)
    assert (rows["商务谈判"].stalled, rows["老阶段"].open, rows["老阶段"].stalled, listed) == (0, 1, 0, ())


def test_by_owner(judge: Judge) -> None:
    deals = [(1, "2026-01-01", [HELD], {"owner": "甲"}), (2, "2026-06-29", [HELD], {"owner": "乙"})]
    rows, _listed = judge(deals, by=("owner",))
    assert {key: (row.open, row.stalled) for key, row in rows.items()} == {"甲 需求确认": (1, 1), "乙 需求确认": (1, 0)}
