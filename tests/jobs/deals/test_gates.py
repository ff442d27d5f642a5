from __future__ import annotations

from typing import Any

import pytest

from crmcli.domain.records import ENTITIES
from crmcli.jobs.deals.checklists import tick
from crmcli.jobs.deals.gates import MoveRefused, Passing
from crmcli.jobs.deals.moves import lose_deal, move_deal, win_deal
from crmcli.jobs.journal.history import record_history
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.records.showing import show_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import open_run
from crmcli.store.records import fetch_where


@pytest.fixture
def workspace(desk: Any, settle: Any) -> Workspace:
    found: Workspace = settle(desk)
    add_record(found, "opportunity", ["stage=", "name=年框", "owner=张伟"])
    return found


def _decided(workspace: Workspace, decision: str) -> None:
    about = {"opportunity_id": 1, "for_stage": "签约", "decision": decision, "decided_at": workspace.now()}
    with open_run(workspace.db, workspace.start("approve")) as run:
        run.insert("approval", [ENTITIES["approval"].blank() | about])


def test_all_that_is_missing_is_told_at_once(workspace: Workspace) -> None:
    with pytest.raises(MoveRefused) as refused:
        move_deal(workspace, "O1", "签约", passing=Passing(force=True))
    told = str(refused.value)
    for missing in ("(amount)", "报价单已发", "现场勘察", "approval of 陈静", "--because"):
        assert missing in told
    hint = str(refused.value.hint)
    assert "crmcli opp set O1 amount=..." in hint
    assert 'crmcli opp tick O1 "现场勘察"' in hint
    assert show_record(workspace, "opportunity", "O1")["stage"] is None


def test_the_last_decision_opens_the_gate_or_shuts_it(workspace: Workspace) -> None:
    set_fields(workspace, "opportunity", "O1", ["amount=5"])
    for item in ("报价单", "勘察"):
        tick(workspace, "O1", item)
    _decided(workspace, "approved")
    _decided(workspace, "refused")
    with pytest.raises(MoveRefused, match="approval of 陈静"):
        move_deal(workspace, "O1", "签约")
    _decided(workspace, "approved")
    assert move_deal(workspace, "O1", "签约")["stage"] == "签约"


def test_a_win_asks_for_everything_and_a_loss_for_nothing(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "接触")
    before = show_record(workspace, "opportunity", "O1")
    with pytest.raises(MoveRefused, match=r"amount.*报价单已发.*现场勘察.*陈静"):
        win_deal(workspace, "O1")
    assert show_record(workspace, "opportunity", "O1") == before
    assert lose_deal(workspace, "O1", "价格")["status"] == "lost"


def test_what_was_passed_by_force_is_in_the_note_and_in_the_history(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "接触")
    move_deal(workspace, "O1", "签约", passing=Passing(force=True, because="老板特批"))
    move = record_history(workspace, "O1")[-1]["move"] or record_history(workspace, "O1")[-2]["move"]
    told = [entry["move"] for entry in record_history(workspace, "O1") if entry["move"]]
    assert told[-1] == {
        "reason": None,
        "note": "老板特批",
        "skipped": ["报价"],
        "back": False,
        "forced": {"fields": ["amount"], "checklist": ["报价单已发", "现场勘察"], "approval": ["签约"]},
    }
    assert move == told[-1]
    move_deal(workspace, "O1", "接触")
    assert [e["move"]["back"] for e in record_history(workspace, "O1") if e["move"]] == [False, False, True]


def test_force_that_is_not_needed_leaves_no_trace_of_force(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "接触", passing=Passing(force=True, because="随便"))
    (event,) = fetch_where(workspace.db, "event", "field = 'stage'")
    assert (event["extra"], event["note"]) == ({}, "随便")
