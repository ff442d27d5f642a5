from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from crmcli.jobs.deals.gates import MoveRefused, Passing, ReasonNeeded
from crmcli.jobs.deals.moves import lose_deal, move_deal, reopen_deal, void_deal, win_deal
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.records.listing import list_records
from crmcli.jobs.records.showing import show_record
from crmcli.jobs.workspace import Workspace

STATE = ("stage", "status", "closed_at", "loss_reason", "loss_note", "probability")
FILLED = ["product=年框", "expected_close=2026-09-30"]
NOW = "2026-06-30T09:00:00+08:00"


@pytest.fixture
def workspace(desk: Any) -> Workspace:
    given = ["name=华东年框", "external_id=S1", "amount=3.5万", "created_at=2026-01-05", *FILLED]
    add_record(desk.workspace, "opportunity", ["stage=", *given])
    found: Workspace = desk.workspace
    return found


def at(workspace: Workspace, moment: str) -> Workspace:
    return replace(workspace, clock=lambda: datetime.fromisoformat(moment))


def state(workspace: Workspace) -> tuple[Any, ...]:
    shown = show_record(workspace, "opportunity", "O1")
    return tuple(shown[key] for key in STATE)


def stages(workspace: Workspace) -> list[tuple[Any, ...]]:
    events = show_record(workspace, "opportunity", "O1")["events"]
    return [(event["at"], event["from_value"], event["value"]) for event in events if event["field"] == "stage"]


def test_a_move_copies_the_probability_and_says_who_moved_it(workspace: Workspace) -> None:
    moved = move_deal(workspace, "S1", "Engaging")
    assert (moved["stage"], moved["probability"], moved["run"]) == ("需求确认", 30, "R2")
    event = show_record(workspace, "opportunity", "O1")["events"][0]
    assert (event["at"], event["from_value"], event["value"], event["by"]) == (NOW, None, "需求确认", "tester")
    stored = workspace.db.rows("SELECT probability_source FROM opportunity")
    assert stored == [{"probability_source": "stage"}]


def test_a_probability_set_by_hand_stays_until_it_is_emptied(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "初步接触")
    set_fields(workspace, "opportunity", "O1", ["probability=65"])
    assert move_deal(workspace, "O1", "需求确认")["probability"] == 65
    set_fields(workspace, "opportunity", "O1", ["probability="])
    assert show_record(workspace, "opportunity", "O1")["probability"] is None
    assert move_deal(workspace, "O1", "初步接触")["probability"] == 10


def test_a_closed_gate_names_the_field_in_the_users_language(workspace: Workspace) -> None:
    set_fields(workspace, "opportunity", "O1", ["product=", "expected_close="])
    with pytest.raises(MoveRefused, match=r"expected_close.*product") as refused:
        move_deal(workspace, "O1", "商务谈判")
    assert refused.value.where == "O1"
    assert "--force" in str(refused.value.hint)
    assert stages(workspace) == []


def test_force_passes_a_gate_and_keeps_why(workspace: Workspace) -> None:
    moved = move_deal(workspace, "O1", "商务谈判", passing=Passing(force=True, because="老板特批"))
    assert moved["stage"] == "商务谈判"
    assert show_record(workspace, "opportunity", "O1")["events"][0]["note"] == "老板特批"


@pytest.mark.parametrize(
    ("stage", "words"), [("没有这个阶段", "there is no stage"), ("赢单", "an end"), ("初步接触", "already")]
)
def test_force_passes_gates_only(workspace: Workspace, stage: str, words: str) -> None:
    move_deal(workspace, "O1", "初步接触")
    with pytest.raises(MoveRefused, match=words):
        move_deal(workspace, "O1", stage, passing=Passing(force=True, because="试试"))


def test_winning_sets_status_and_stage_together(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "需求确认")
    won = win_deal(at(workspace, "2026-07-01T10:00:00+08:00"), "O1")
    assert [won[key] for key in ("stage", "status", "closed_at", "probability")] == [
        "赢单", "won", "2026-07-01T10:00:00+08:00", 30,
    ]  # fmt: skip


@pytest.mark.parametrize("act", [win_deal, lambda w, ref: lose_deal(w, ref, "价格"), void_deal])
def test_a_closed_deal_moves_no_more(workspace: Workspace, act: Callable[[Workspace, str], object]) -> None:
    void_deal(workspace, "O1", note="重复录入")
    with pytest.raises(MoveRefused, match="reopen it first"):
        act(workspace, "O1")
    with pytest.raises(MoveRefused, match="reopen it first"):
        move_deal(workspace, "O1", "需求确认", passing=Passing(force=True, because="试试"))


@pytest.mark.parametrize("reason", ["", "老板不喜欢"])
def test_losing_needs_a_reason_of_the_list(workspace: Workspace, reason: str) -> None:
    with pytest.raises(ReasonNeeded, match="价格"):
        lose_deal(workspace, "O1", reason)
    assert state(workspace)[1] == "open"


def test_reopening_keeps_the_old_loss_in_history_only(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "需求确认")
    lose_deal(at(workspace, "2026-07-01T09:00:00+08:00"), "O1", "价格", note="贵了两成")
    later = at(workspace, "2026-07-02T09:00:00+08:00")
    assert state(later) == ("输单", "lost", "2026-07-01T09:00:00+08:00", "价格", "贵了两成", 30)
    assert reopen_deal(later, "O1")["stage"] == "需求确认"
    assert state(later)[:4] == ("需求确认", "open", None, None)
    lose_deal(at(workspace, "2026-07-03T09:00:00+08:00"), "O1", "竞品")
    last = at(workspace, "2026-07-04T09:00:00+08:00")
    assert state(last)[2:5] == ("2026-07-03T09:00:00+08:00", "竞品", None)
    losses = [e for e in show_record(last, "opportunity", "O1")["events"] if e["kind"] == "lost"]
    assert [(loss["reason"], loss["note"]) for loss in losses] == [("价格", "贵了两成"), ("竞品", None)]


def test_reopening_goes_back_to_the_last_open_stage_or_to_a_named_one(workspace: Workspace) -> None:
    win_deal(workspace, "O1")
    later = at(workspace, "2026-07-02T09:00:00+08:00")
    with pytest.raises(MoveRefused, match="no open stage"):
        reopen_deal(later, "O1", stage="输单")
    assert reopen_deal(later, "O1")["stage"] == "初步接触"
    with pytest.raises(MoveRefused, match="it is open"):
        reopen_deal(later, "O1")


def test_an_imported_loss_of_unknown_time_can_be_reopened(desk: Any) -> None:
    desk.load(desk.write("a.csv", ("商机编号", "商机名称", "阶段", "丢单原因"), ("S1", "年框", "输单", "价格")))
    assert desk.one("opportunity")["status"] == "lost"
    assert reopen_deal(desk.workspace, "S1", stage="方案报价")["status"] == "open"
    assert desk.one("opportunity")["stage"] == "方案报价"


def test_the_past_is_completed_without_changing_the_present(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "需求确认", at="2026-03-01")
    move_deal(workspace, "O1", "初步接触", at="2026-02-01")
    assert stages(workspace) == [("2026-02-01", None, "初步接触"), ("2026-03-01", None, "需求确认")]
    assert state(workspace)[0] == "需求确认"


def test_an_end_is_not_put_before_what_came_after_it(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "需求确认", at="2026-03-01")
    with pytest.raises(MoveRefused, match=r"需求确认 after that, at 2026-03-01"):
        win_deal(workspace, "O1", at="2026-02-01")
    assert win_deal(workspace, "O1", at="2026-03-02")["closed_at"] == "2026-03-02"


def test_today_as_a_day_means_now(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "需求确认")
    won = win_deal(at(workspace, "2026-06-30T18:00:00+08:00"), "O1", at="2026-06-30")
    assert (won["status"], won["closed_at"]) == ("won", "2026-06-30T18:00:00+08:00")


def test_the_future_counts_when_it_comes(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "需求确认")
    assert win_deal(workspace, "O1", at="2026-08-01")["status"] == "open"
    assert state(workspace)[:3] == ("需求确认", "open", None)
    august = at(workspace, "2026-08-02T09:00:00+08:00")
    assert state(august)[:3] == ("赢单", "won", "2026-08-01")
    assert [deal["status"] for deal in list_records(august, "opportunity", ["status = won"])] == ["won"]
    with pytest.raises(MoveRefused, match="reopen it first"):
        win_deal(august, "O1")
    with pytest.raises(MoveRefused, match="after that, at 2026-08-01"):
        win_deal(workspace, "O1", at="2026-07-01")


def test_a_dry_run_moves_nothing(workspace: Workspace) -> None:
    tried = win_deal(workspace, "O1", dry_run=True)
    assert (tried["run"], tried["status"]) == (None, "won")
    assert state(workspace)[1] == "open"


def test_undo_takes_a_move_back(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "需求确认")
    run = lose_deal(workspace, "O1", "价格")["run"]
    assert undo_run(workspace, run).kept == []
    assert state(workspace)[:4] == ("需求确认", "open", None, None)
