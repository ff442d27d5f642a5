from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from crmcli.config import load_settings
from crmcli.domain.records import ENTITIES, record_number
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.reminders.collect import Reminders, UnknownOwner, collect_reminders
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import open_run

SETTINGS = """
[[owner]]
name = "张伟"
manager = "陈静"
[[owner]]
name = "王芳"
[remind]
roles = ["决策人"]
silent_days = 60
[[pool]]
name = "公海"
recycle = { no_follow_up_days = 90 }
protect = ["locked"]
"""
Told = list[tuple[str, str, int, str]]


@pytest.fixture
def office(desk: Any) -> Callable[..., Workspace]:
    """Return the desk's workspace on a day, with the settings above or others."""

    def make(day: str = "2026-06-01", settings: str = SETTINGS) -> Workspace:
        workspace: Workspace = desk.workspace
        assert workspace.config_path is not None
        workspace.config_path.write_text(settings, encoding="utf-8")
        now = datetime.fromisoformat(f"{day}T10:00:00+08:00")
        return replace(workspace, settings=load_settings(workspace.config_path), clock=lambda: now)

    return make


def told(reminders: Reminders) -> Told:
    return [
        (one.finding.kind, record_number(one.finding.entity, one.finding.id), one.days, one.level)
        for one in reminders.items
    ]


def a_deal(workspace: Workspace, *more: str) -> None:
    add_record(workspace, "customer", ["name=甲公司", "owner=张伟"])
    add_record(workspace, "contact", ["name=李总", "customer=C1", "role=决策人"])
    add_record(
        workspace, "opportunity", ["name=年框", "customer=C1", "owner=张伟", "stage=需求确认", "amount=1000", *more]
    )


Office = Callable[..., Workspace]


def test_a_fresh_deal_with_a_plan_is_nothing_to_tell_of(office: Office) -> None:
    workspace = office()
    a_deal(workspace)
    log_activity(workspace, "O1", "初访", next_at="2026-06-10", action="报价")
    assert told(collect_reminders(office("2026-06-09"))) == []


def test_a_next_step_is_due_grows_overdue_and_ends_with_the_next_contact(office: Office) -> None:
    workspace = office()
    a_deal(workspace)
    log_activity(workspace, "O1", "初访", next_at="2026-06-10", action="报价")
    assert told(collect_reminders(office("2026-06-10"))) == [("action", "O1", 0, "owner")]
    assert ("action", "O1", 5, "manager") in told(collect_reminders(office("2026-06-15")))
    assert ("action", "O1", 7, "risk") in told(collect_reminders(office("2026-06-17")))
    log_activity(office("2026-06-12"), "O1", "报了价")
    assert told(collect_reminders(office("2026-06-13"))) == [("no_next_step", "O1", 1, "owner")]


def test_a_deal_is_stalled_after_silence_and_a_new_plan_protects_it(office: Office) -> None:
    workspace = office()
    a_deal(workspace)
    log_activity(workspace, "O1", "初访")
    assert "stalled" not in [kind for kind, *_ in told(collect_reminders(office("2026-06-14")))]
    assert ("stalled", "O1", 0, "owner") in told(collect_reminders(office("2026-06-15")))
    set_fields(office("2026-06-15"), "opportunity", "O1", ["next_at=2026-12-31"])
    assert told(collect_reminders(office("2026-06-16"))) == []
    # made on 15 June, it protects for 30 days
    assert told(collect_reminders(office("2026-07-15"))) == []
    assert told(collect_reminders(office("2026-07-16"))) == [("stalled", "O1", 31, "risk")]


def test_what_no_person_did_resets_no_clock(office: Office) -> None:
    workspace = office()
    a_deal(workspace)
    log_activity(workspace, "O1", "初访")
    later = office("2026-06-14")
    with open_run(later.db, later.start("assign")) as run:
        note = {"opportunity_id": 1, "customer_id": 1, "at": run.started, "text": "reassigned", "origin": "rule"}
        run.insert("activity", [ENTITIES["activity"].blank() | note])
    set_fields(later, "opportunity", "O1", ["amount=2000"])
    assert ("stalled", "O1", 0, "owner") in told(collect_reminders(office("2026-06-15")))


def test_a_contact_with_the_customer_counts_for_its_deals(office: Office) -> None:
    workspace = office()
    a_deal(workspace)
    log_activity(office("2026-06-10"), "C1", "电话")
    assert told(collect_reminders(office("2026-06-20"))) == [("no_next_step", "O1", 10, "risk")]


def test_closed_deals_and_deals_in_a_pool_are_left_alone(office: Office) -> None:
    workspace = office()
    a_deal(workspace)
    with open_run(workspace.db, workspace.start("pool")) as run:
        deal = ENTITIES["opportunity"].blank() | {"customer_id": 1, "expected_close": "2026-01-01"}
        run.insert("opportunity", [
            deal | {"name": "赢了", "status": "won", "owner": "张伟"},
            deal | {"name": "公海里", "status": "open", "pool": "公海"},
            deal | {"name": "没人", "status": "open"},
        ])  # fmt: skip
    found = [(kind, number) for kind, number, *_ in told(collect_reminders(workspace))]
    assert found == [("no_next_step", "O1"), ("overdue_close", "O4"), ("no_next_step", "O4")]


def test_tasks_and_customers(office: Office) -> None:
    workspace = office()
    a_deal(workspace, "expected_close=2026-06-03")
    log_activity(workspace, "O1", "初访", next_at="2026-06-20")
    with open_run(workspace.db, workspace.start("task")) as run:
        task = ENTITIES["task"].blank() | {"owner": "王芳", "opportunity_id": 1}
        run.insert("task", [
            task | {"title": "法务改合同", "due": "2026-06-01"},
            task | {"title": "快到了", "due": "2026-06-04"},
            task | {"title": "还早", "due": "2026-06-05"},
            task | {"title": "做完了", "due": "2026-05-01", "done_at": "2026-05-01"},
            task | {"title": "没有日期"},
        ])  # fmt: skip
    log_activity(workspace, "C1", "约好", next_at="2026-06-01T15:00:00+08:00", action="再打电话")
    found = collect_reminders(workspace)
    assert told(found) == [
        ("action", "C1", 0, "owner"),
        ("key_date", "O1", -2, "owner"),
        ("task", "T1", 0, "owner"),
        ("key_date", "T2", -3, "owner"),
    ]
    assert [one.finding.customer for one in found.items] == ["甲公司"] * 4


def test_silent_customers_and_those_near_the_pool(office: Office) -> None:
    add_record(office(), "customer", ["name=甲公司", "owner=张伟", "created_at=2026-06-01"])
    assert told(collect_reminders(office("2026-07-30"))) == []
    assert told(collect_reminders(office("2026-07-31"))) == [("silent", "C1", 0, "owner")]
    kinds = [kind for kind, *_ in told(collect_reminders(office("2026-08-28")))]
    assert kinds == ["silent", "pool"]


def test_who_decides_is_asked_beyond_the_first_stage(office: Office) -> None:
    workspace = office()
    a_deal(workspace, "next_at=2026-06-20")
    assert told(collect_reminders(workspace)) == []
    set_fields(workspace, "contact", "P1", ["role=使用者"])
    assert told(collect_reminders(workspace)) == [("no_decision_maker", "O1", 0, "owner")]


def test_one_owners_and_a_managers_own(office: Office) -> None:
    workspace = office()
    a_deal(workspace)
    add_record(workspace, "opportunity", ["name=二期", "customer=C1", "owner=王芳", "created_at=2026-05-20"])
    assert {number for _, number, *_ in told(collect_reminders(workspace, "张伟"))} == {"O1"}
    assert {number for _, number, *_ in told(collect_reminders(workspace, "王芳"))} == {"O2"}
    assert told(collect_reminders(workspace, "陈静")) == []
    assert [level for *_, level in told(collect_reminders(office("2026-06-06"), "陈静"))] == ["manager"]
    with pytest.raises(UnknownOwner, match="nobody is called 路人"):
        collect_reminders(workspace, "路人")


def test_a_pool_that_a_sheet_names_as_the_owner_is_nobody_before_and_after_the_pools_were_run(
    office: Office, desk: Any
) -> None:
    workspace = office("2026-06-30")
    desk.load(
        desk.write(
            "c.csv",
            ("客户名称", "负责人", "创建时间"),
            ("甲公司", " 公海 ", "2026-03-20"),
            ("乙公司", "张伟", "2026-03-20"),
        ),
        desk.write("o.csv", ("商机名称", "客户名称", "负责人", "创建时间"), ("单", "甲公司", "公海", "2026-01-05")),
    )
    with open_run(workspace.db, workspace.start("task")) as run:
        run.insert("task", [ENTITIES["task"].blank() | {"title": "寄样", "owner": "公海", "due": "2026-06-30"}])
    found = collect_reminders(office("2026-06-30"))
    assert {one.finding.owner for one in found.items} == {None, "张伟"}
    assert [one for one in told(found) if one[1] != "C2"] == [("task", "T1", 0, "manager")]
    with pytest.raises(UnknownOwner):
        collect_reminders(workspace, "公海")


def test_who_stands_in_for_an_absent_owner_is_told_and_named(office: Office) -> None:
    away = SETTINGS.replace('name = "王芳"', 'name = "王芳"\ndeputy = "张伟"\nleave = [["2026-06-01", "2026-06-05"]]')
    workspace = office("2026-06-01", away)
    with open_run(workspace.db, workspace.start("task")) as run:
        run.insert("task", [ENTITIES["task"].blank() | {"title": "寄样", "owner": "王芳", "due": "2026-06-05"}])
    (one,) = collect_reminders(office("2026-06-05", away), "张伟").items
    assert (one.finding.owner, one.recipients, one.deputy) == ("王芳", ("王芳", "张伟"), "张伟")
    (one,) = collect_reminders(office("2026-06-08", away)).items
    assert (one.recipients, one.deputy) == (("王芳",), None)
