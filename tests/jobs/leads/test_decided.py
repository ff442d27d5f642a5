from __future__ import annotations

from typing import Any

import pytest

from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.leads.decided import LeadDecided, LeadIsOpen, LeadReasonNeeded, disqualify_lead, reopen_lead, told_of
from crmcli.jobs.leads.qualify import Wanted, qualify_lead
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.records.editing import add_record, set_fields


@pytest.fixture
def workspace(desk: Any) -> Any:
    add_record(desk.workspace, "lead", ["name=韩梅梅", "company=甲公司"])
    return desk.workspace


def test_a_lead_is_closed_for_a_reason_of_the_list(workspace: Any, desk: Any) -> None:
    closed = disqualify_lead(workspace, "L1", " 无预算")
    assert [closed[key] for key in ("status", "reason", "decided_at", "decided_by", "run")] == [
        "disqualified", "无预算", "2026-06-30T09:00:00+08:00", "tester", "R2",
    ]  # fmt: skip
    undo_run(workspace, "R2")
    assert [desk.one("lead")[key] for key in ("status", "reason", "decided_at")] == [None, None, None]


@pytest.mark.parametrize("reason", ["", "  ", "不想要"])
def test_no_lead_is_closed_without_one(workspace: Any, desk: Any, reason: str) -> None:
    with pytest.raises(LeadReasonNeeded) as refused:
        disqualify_lead(workspace, "L1", reason)
    assert "联系不上" in str(refused.value)
    assert desk.one("lead")["status"] is None


def test_what_was_decided_is_decided_once(workspace: Any) -> None:
    disqualify_lead(workspace, "L1", "重复")
    with pytest.raises(LeadDecided):
        disqualify_lead(workspace, "L1", "重复")
    with pytest.raises(LeadDecided):
        qualify_lead(workspace, "L1", Wanted())


def test_a_closed_lead_is_taken_up_again(workspace: Any) -> None:
    with pytest.raises(LeadIsOpen):
        reopen_lead(workspace, "L1")
    disqualify_lead(workspace, "L1", "联系不上")
    again = reopen_lead(workspace, "L1")
    assert [again[key] for key in ("status", "reason", "decided_at", "decided_by")] == ["new", None, None, None]
    log_activity(workspace, "L1", "接通了")
    disqualify_lead(workspace, "L1", "无需求")
    assert reopen_lead(workspace, "L1")["status"] == "new"


@pytest.mark.parametrize("status", ["following", "等老板点头"])
def test_a_lead_taken_up_again_has_the_status_that_it_had(workspace: Any, status: str) -> None:
    set_fields(workspace, "lead", "L1", [f"status={status}"])
    disqualify_lead(workspace, "L1", "联系不上")
    again = reopen_lead(workspace, "L1")
    assert (again["status"], again["stays"]) == (status, [])


def test_what_a_qualified_lead_became_stays_and_is_told(workspace: Any) -> None:
    qualify_lead(workspace, "L1", Wanted())
    again = reopen_lead(workspace, "L1")
    assert (again["status"], again["stays"]) == ("new", ["C1", "P1", "O1"])
    assert str(told_of(again)) == "L1 韩梅梅: new; what it became stays: C1, P1, O1"
