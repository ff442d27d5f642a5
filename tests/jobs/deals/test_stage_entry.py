from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from crmcli.jobs.deals.gates import Passing
from crmcli.jobs.deals.moves import lose_deal, move_deal, reopen_deal
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.office.tasks import finish_task
from crmcli.jobs.owners.staff import everybody
from crmcli.jobs.records.editing import add_record
from crmcli.jobs.reminders.reading import read_tasks
from crmcli.jobs.reminders.rules import rules_of
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import open_run
from crmcli.store.records import fetch_where

FORCE = Passing(force=True, because="先做方案")


@pytest.fixture
def workspace(desk: Any, settle: Any) -> Workspace:
    found: Workspace = settle(desk)
    add_record(found, "customer", ["name=甲公司"])
    add_record(found, "opportunity", ["stage=", "name=年框", "owner=张伟", "amount=5", "customer=甲公司"])
    return found


def test_a_stage_makes_its_tasks_in_the_same_run(workspace: Workspace) -> None:
    moved = move_deal(workspace, "O1", "报价", passing=FORCE)
    assert moved["tasks"] == [
        {"id": "T1", "title": "写方案", "owner": "张伟", "due": "2026-07-03"},
        {"id": "T2", "title": "价格复核", "owner": "陈静", "due": "2026-06-30"},
        {"id": "T3", "title": "法务过目", "owner": "赵律师", "due": "2026-07-01"},
    ]
    stored = fetch_where(workspace.db, "task")
    assert {(task["origin"], task["opportunity_id"], task["customer_id"]) for task in stored} == {("stage:报价", 1, 1)}
    undo_run(workspace, moved["run"])
    assert fetch_where(workspace.db, "task") == []


def test_open_tasks_are_not_made_twice_and_done_ones_are(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "报价", passing=FORCE, at="2026-06-01")
    move_deal(workspace, "O1", "接触", at="2026-06-02")
    assert move_deal(workspace, "O1", "报价", passing=FORCE, at="2026-06-03")["tasks"] == []
    with open_run(workspace.db, workspace.start("task")) as run:
        run.update("task", fetch_where(workspace.db, "task", "id = 1")[0], {"done_at": workspace.now()})
    move_deal(workspace, "O1", "接触", at="2026-06-04")
    again = move_deal(workspace, "O1", "报价", passing=FORCE, at="2026-06-05")["tasks"]
    assert [(task["title"], task["due"]) for task in again] == [("写方案", "2026-06-08")]


def test_a_move_that_was_long_ago_makes_no_tasks(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "签约", passing=FORCE)
    assert move_deal(workspace, "O1", "报价", passing=FORCE, at="2026-06-01")["tasks"] == []
    assert fetch_where(workspace.db, "task") == []


def test_a_new_deal_enters_its_stage_with_tasks(workspace: Workspace) -> None:
    text = ["name=新单", "amount=1", "stage=接触"]
    add_record(workspace, "opportunity", text)
    assert fetch_where(workspace.db, "task") == []


def test_closing_tells_the_stage_s_open_tasks_and_reopening_makes_none_anew(workspace: Workspace) -> None:
    assert move_deal(workspace, "O1", "报价", passing=FORCE)["left"] == []
    finish_task(workspace, "T1")
    later = _at(workspace, "2026-07-30T09:00:00+08:00")
    assert _due(later) == [2, 3]
    lost = lose_deal(later, "O1", "价格")
    assert [(task["id"], task["title"]) for task in lost["left"]] == [("T2", "价格复核"), ("T3", "法务过目")]
    assert _due(later) == []
    again = reopen_deal(_at(workspace, "2026-07-31T09:00:00+08:00"), "O1")
    assert (again["stage"], again["tasks"], again["left"]) == ("报价", [], [])
    assert _due(later) == [2, 3]


def _at(workspace: Workspace, now: str) -> Workspace:
    return replace(workspace, clock=lambda: datetime.fromisoformat(now))


def _due(workspace: Workspace) -> list[int]:
    staff = everybody(workspace)
    return [task.id for task in read_tasks(workspace.db, workspace.now(), rules_of(workspace.settings), staff)]
