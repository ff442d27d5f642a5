from __future__ import annotations

from typing import Any

import pytest

from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.logging_activity import NothingSaid, log_activity
from crmcli.jobs.records.editing import add_record
from crmcli.jobs.records.showing import show_record


@pytest.fixture
def workspace(desk: Any) -> Any:
    add_record(desk.workspace, "customer", ["name=甲公司"])
    add_record(desk.workspace, "contact", ["name=李雷", "customer=C1", "phones=13800138000"])
    add_record(desk.workspace, "opportunity", ["name=年框", "customer=C1"])
    return desk.workspace


def test_a_follow_up_on_a_deal_plans_its_next_step(workspace: Any) -> None:
    made = log_activity(workspace, "年框", "报价已发", kind="微信", next_at="2026-07-05", action="回访")
    keys = ("id", "customer_id", "opportunity_id", "type", "at", "by", "text", "next_at", "run", "about")
    assert [made[key] for key in keys] == [
        "A1", "C1", "O1", "微信", "2026-06-30T09:00:00+08:00", "tester", "报价已发", "2026-07-05", "R4", "O1",
    ]  # fmt: skip
    deal = show_record(workspace, "opportunity", "O1")
    assert (deal["next_action"], deal["next_at"]) == ("回访", "2026-07-05")


def test_a_phone_leads_to_the_contact_and_its_customer(workspace: Any) -> None:
    made = log_activity(workspace, "13800138000", "电话未接", at="2026-06-29")
    assert [made[key] for key in ("contact_id", "customer_id", "at", "about")] == ["P1", "C1", "2026-06-29", "P1"]


def test_a_plan_stays_where_nothing_new_is_planned(workspace: Any) -> None:
    log_activity(workspace, "O1", "报价已发", next_at="2026-07-05", action="回访")
    log_activity(workspace, "O1", "对方在开会")
    assert show_record(workspace, "opportunity", "O1")["next_at"] == "2026-07-05"


def test_undo_takes_it_back_with_its_plan(workspace: Any) -> None:
    run = log_activity(workspace, "O1", "报价已发", next_at="2026-07-05")["run"]
    assert undo_run(workspace, run).kept == []
    assert show_record(workspace, "opportunity", "O1")["next_at"] is None
    assert show_record(workspace, "customer", "C1")["belonging"]["activity"] == []


@pytest.mark.parametrize("text", ["", "  "])
def test_a_follow_up_says_something(workspace: Any, text: str) -> None:
    with pytest.raises(NothingSaid):
        log_activity(workspace, "O1", text)


def test_a_lead_has_its_own_follow_ups(workspace: Any) -> None:
    add_record(workspace, "lead", ["name=韩梅梅", "company=乙公司"])
    made = log_activity(workspace, "L1", "加了微信")
    assert [made[key] for key in ("lead", "lead_id", "customer_id", "about")] == ["韩梅梅", "L1", None, "L1"]
    assert [one["text"] for one in show_record(workspace, "lead", "L1")["belonging"]["activity"]] == ["加了微信"]
