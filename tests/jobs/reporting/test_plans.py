from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from crmcli.domain.reminders.model import STALLED, Plan
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.reminders.collect import collect_reminders
from crmcli.jobs.reporting.plans import load_plans
from crmcli.jobs.reporting.write_report import make_report
from crmcli.jobs.workspace import Workspace


def on(workspace: Workspace, day: str) -> Workspace:
    return replace(workspace, clock=lambda: datetime.fromisoformat(f"{day}T10:00:00+08:00"))


def add(workspace: Workspace, name: str, *more: str) -> None:
    add_record(on(workspace, "2026-01-05"), "opportunity", [f"name={name}", "created_at=2026-01-05", *more])


def test_the_plans_and_the_stalled_are_those_that_reminders_know(desk: Any) -> None:
    workspace: Workspace = desk.workspace
    for name in "甲乙丙丁":
        add(workspace, name, "owner=张伟")
    set_fields(on(workspace, "2026-02-20"), "opportunity", "O2", ["next_at=2026-03-10", "next_action=拜访"])
    log_activity(on(workspace, "2026-02-25"), "O3", "电话", next_at="2026-03-02", action="报价")
    log_activity(on(workspace, "2026-02-27"), "O4", "电话")
    as_of = "2026-03-03T10:00:00+08:00"
    plans = load_plans(workspace, as_of)
    assert plans[2] == Plan(date(2026, 3, 10), "拜访", "2026-02-20T10:00:00+08:00")
    assert (plans[3].day, plans[3].made, sorted(plans)) == (date(2026, 3, 2), "2026-02-25T10:00:00+08:00", [2, 3])
    for day in ("2026-03-03", "2026-03-04", "2026-03-06", "2026-03-11", "2026-04-20"):
        told = collect_reminders(on(workspace, day)).items
        listed = make_report(on(workspace, day), "stalled").table("stalled_deals").rows
        assert {row[0] for row in listed} == {f"O{one.finding.id}" for one in told if one.finding.kind == STALLED}
        assert listed


def test_a_plan_that_was_made_later_is_none_yet(desk: Any) -> None:
    workspace: Workspace = desk.workspace
    add(workspace, "甲", "owner=张伟", "next_at=2026-02-10")
    log_activity(on(workspace, "2026-02-25"), "O1", "电话", next_at="2026-03-02", action="报价")
    days = [load_plans(workspace, f"2026-{day}T10:00:00+08:00")[1].day for day in ("02-01", "02-28")]
    assert days == [date(2026, 2, 10), date(2026, 3, 2)]
