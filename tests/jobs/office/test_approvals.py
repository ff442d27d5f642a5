from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crmcli.config import load_settings
from crmcli.jobs.journal.history import record_history
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.office.approvals import (
    NotAsked,
    NotDecided,
    NothingAsked,
    WhyMissing,
    decide_approval,
    list_approvals,
    request_approval,
)
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.workspace import Workspace

GATED = '{ name = "商务谈判",'
STAGES = """
[[owner]]
name = "张伟"
manager = "王芳"
deputy = "李娜"
[[owner]]
name = "王芳"
deputy = "李娜"
[[owner]]
name = "李娜"
"""


@pytest.fixture
def workspace(desk: Any) -> Workspace:
    path = desk.workspace.config_path
    text = path.read_text(encoding="utf-8").replace(GATED, f'{GATED} approval = "manager",')
    path.write_text(text + STAGES, encoding="utf-8")
    made: Workspace = replace(desk.workspace, settings=load_settings(path))
    add_record(made, "opportunity", ["stage=", "name=年框", "owner=张伟"])
    return made


def test_the_owner_s_manager_is_asked_unless_somebody_is_named(workspace: Workspace) -> None:
    made = request_approval(workspace, "年框", " 九折 ")
    keys = ("id", "subject", "for_stage", "opportunity_id", "approver", "asked_at", "asked_by", "decision", "run")
    assert [made[key] for key in keys] == [
        "Q1", "九折", None, "O1", "王芳", "2026-06-30T09:00:00+08:00", "tester", None, "R2",
    ]  # fmt: skip
    assert request_approval(workspace, "O1", "八折", approver="总经理")["approver"] == "总经理"
    assert request_approval(workspace, "O1", "七折", approver="owner")["approver"] == "张伟"


def test_a_question_about_a_stage_is_about_it_under_its_own_name(workspace: Workspace) -> None:
    made = request_approval(workspace, "O1", "", stage="Negotiation")
    assert (made["subject"], made["for_stage"]) == ("商务谈判", "商务谈判")


def test_what_cannot_be_asked(workspace: Workspace) -> None:
    with pytest.raises(NothingAsked):
        request_approval(workspace, "O1", " ")
    with pytest.raises(NotAsked, match="there is no stage 天知道"):
        request_approval(workspace, "O1", "", stage="天知道")
    with pytest.raises(NotAsked, match="there is no stage 赢单"):
        request_approval(workspace, "O1", "", stage="赢单")
    with pytest.raises(NotAsked, match="方案报价 asks for no approval") as refused:
        request_approval(workspace, "O1", "", stage="方案报价")
    assert str(refused.value.hint) == "these stages ask for one: 商务谈判"
    set_fields(workspace, "opportunity", "O1", ["owner="])
    with pytest.raises(NotAsked, match="nobody is known to ask"):
        request_approval(workspace, "O1", "九折")


def test_the_same_is_asked_again_only_when_it_was_decided(workspace: Workspace) -> None:
    request_approval(workspace, "O1", "九折")
    with pytest.raises(NotAsked, match="Q1 asks the same and waits for 王芳"):
        request_approval(workspace, "O1", "九 折")
    assert request_approval(workspace, "O1", "九折", stage="商务谈判")["id"] == "Q2"
    decide_approval(workspace, "Q1", "refused", note="太低", who="王芳")
    assert request_approval(workspace, "O1", "九折")["id"] == "Q3"


@pytest.mark.parametrize("who", ["王芳", "李娜", " 王 芳"])
def test_the_approver_or_the_deputy_decides_once(workspace: Workspace, who: str) -> None:
    request_approval(workspace, "O1", "九折")
    made = decide_approval(workspace, "Q1", "approved", note=" 仅此一次 ", who=who)
    assert [made[key] for key in ("decision", "decided_by", "decided_at", "note", "run")] == [
        "approved", who.strip().replace(" ", ""), "2026-06-30T09:00:00+08:00", "仅此一次", "R3",
    ]  # fmt: skip
    with pytest.raises(NotDecided, match="it was approved at"):
        decide_approval(workspace, "Q1", "refused", note="不行", who="王芳")
    assert [one["decision"] for one in list_approvals(workspace)] == ["approved"]


def test_the_actor_decides_where_nobody_is_named(workspace: Workspace) -> None:
    request_approval(workspace, "O1", "九折")
    with pytest.raises(NotDecided, match="tester may not decide it, only: 王芳, 李娜"):
        decide_approval(workspace, "Q1", "approved")
    assert decide_approval(replace(workspace, actor="王芳"), "Q1", "approved")["decided_by"] == "王芳"


def test_a_refusal_says_why(workspace: Workspace) -> None:
    request_approval(workspace, "O1", "九折")
    with pytest.raises(WhyMissing):
        decide_approval(workspace, "Q1", "refused", note=" ", who="王芳")
    assert list_approvals(workspace, waiting=True)[0]["decision"] is None
    assert decide_approval(workspace, "Q1", "refused", note="毛利太低", who="王芳")["note"] == "毛利太低"


def test_lists_are_filtered_and_sorted(workspace: Workspace) -> None:
    for subject in ("九折", "八折", "七折"):
        request_approval(workspace, "O1", subject)
    decide_approval(workspace, "Q2", "approved", who="王芳")
    assert [one["id"] for one in list_approvals(workspace, waiting=True)] == ["Q1", "Q3"]
    assert [one["id"] for one in list_approvals(workspace, filters=["decision = approved"])] == ["Q2"]
    assert [one["id"] for one in list_approvals(workspace, sort="-id", limit=2)] == ["Q3", "Q2"]


def test_undo_takes_a_decision_and_a_question_back(workspace: Workspace) -> None:
    request_approval(workspace, "O1", "九折")
    decided = decide_approval(workspace, "Q1", "approved", who="王芳")
    undo_run(workspace, decided["run"])
    assert list_approvals(workspace, waiting=True)[0]["id"] == "Q1"
    undo_run(workspace, "R2")
    assert list_approvals(workspace) == []


def test_the_deal_s_history_tells_who_asked_and_who_decided(workspace: Workspace) -> None:
    request_approval(workspace, "O1", "九折")
    decide_approval(workspace, "Q1", "approved", who="王芳")
    asked, decided = record_history(workspace, "O1")[1:]
    assert (asked["record"], asked["op"], decided["record"], decided["actor"]) == ("Q1", "create", "Q1", "tester")
    assert {field["field"]: field["after"] for field in decided["fields"]}["decided_by"] == "王芳"


def test_a_dry_run_decides_nothing(workspace: Workspace) -> None:
    request_approval(workspace, "O1", "九折")
    assert decide_approval(workspace, "Q1", "approved", who="王芳", dry_run=True)["run"] is None
    assert list_approvals(workspace)[0]["decision"] is None
