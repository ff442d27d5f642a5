from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crmcli.jobs.journal.history import record_history
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.office.tasks import NoTitle, TaskRefused, add_task, finish_task, list_tasks, reopen_task
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.records.listing import BadFilter
from crmcli.jobs.records.refs import NotFound
from crmcli.jobs.records.showing import show_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import count


@pytest.fixture
def workspace(desk: Any) -> Workspace:
    made: Workspace = desk.workspace
    add_record(made, "owner", ["name=张伟", "manager=王芳"])
    add_record(made, "customer", ["name=甲公司", "owner=张伟"])
    add_record(made, "contact", ["name=李雷", "customer=C1", "phones=13800138000"])
    add_record(made, "opportunity", ["stage=", "name=年框", "customer=C1", "owner=李娜"])
    return made


def numbers(found: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in found]


def test_a_task_belongs_to_a_deal_and_its_customer(workspace: Workspace) -> None:
    made = add_task(workspace, "年框", " 发报价 ", due="2026-07-05")
    keys = ("id", "title", "owner", "due", "opportunity_id", "customer_id", "contact_id", "origin", "created_by",
            "created_at", "status", "days_late", "done_at", "run")  # fmt: skip
    assert [made[key] for key in keys] == [
        "T1", "发报价", "李娜", "2026-07-05", "O1", "C1", None, "person", "tester",
        "2026-06-30T09:00:00+08:00", "open", 0, None, "R5",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ref", "said", "owner"),
    [("C1", "", "张伟"), ("13800138000", "", "张伟"), ("C1", "manager", "王芳"), ("C1", "张 伟", "张伟"),
     ("O1", "法务部", "法务部")],
)  # fmt: skip
def test_the_owner_is_who_is_named_else_who_has_the_record(
    workspace: Workspace, ref: str, said: str, owner: str
) -> None:
    assert add_task(workspace, ref, "拜访", owner=said)["owner"] == owner


def test_a_task_of_what_nobody_has_is_the_actor_s(workspace: Workspace) -> None:
    set_fields(workspace, "customer", "C1", ["owner="])
    assert add_task(workspace, "P1", "打电话")["owner"] == "tester"


def test_the_most_urgent_come_first_and_done_ones_not_at_all(workspace: Workspace) -> None:
    for title, due in (("一", None), ("二", "2026-07-05"), ("三", "2026-06-28"), ("四", "2026-06-01")):
        add_task(workspace, "O1", title, due=due)
    finish_task(workspace, "T4")
    found = list_tasks(workspace)
    assert numbers(found) == ["T3", "T2", "T1"]
    assert [one["days_late"] for one in found] == [2, 0, 0]
    assert numbers(list_tasks(workspace, done_too=True)) == ["T4", "T3", "T2", "T1"]
    assert numbers(list_tasks(workspace, until="2026-06-30")) == ["T3"]
    assert numbers(list_tasks(workspace, sort="-due", limit=2)) == ["T2", "T3"]
    assert numbers(list_tasks(workspace, filters=["title ~ 二", "due >= 2026-07-01"])) == ["T2"]


def test_a_person_s_tasks_are_found_however_the_name_is_written(workspace: Workspace) -> None:
    add_task(workspace, "O1", "一")
    add_task(workspace, "C1", "二")
    assert numbers(list_tasks(workspace, owner=" 张 伟")) == ["T2"]


def test_an_unknown_field_is_refused(workspace: Workspace) -> None:
    with pytest.raises(BadFilter):
        list_tasks(workspace, filters=["amount > 5"])


def test_a_result_becomes_a_follow_up_in_the_same_run(workspace: Workspace) -> None:
    add_task(workspace, "O1", "发报价")
    made = finish_task(workspace, "t1", result=" 要九折 ")
    assert [made[key] for key in ("status", "done_at", "done_by", "result", "activity", "run")] == [
        "done", "2026-06-30T09:00:00+08:00", "tester", "要九折", "A1", "R6",
    ]  # fmt: skip
    (noted,) = show_record(workspace, "opportunity", "O1")["belonging"]["activity"]
    assert (noted["text"], noted["by"], noted["customer_id"]) == ("要九折", "tester", "C1")


def test_a_task_without_a_result_notes_nothing(workspace: Workspace) -> None:
    add_task(workspace, "O1", "发报价")
    assert finish_task(workspace, "T1", result=" ")["activity"] is None
    assert count(workspace.db, "activity") == 0


def test_undo_takes_the_follow_up_and_the_end_back(workspace: Workspace) -> None:
    add_task(workspace, "O1", "发报价")
    finish_task(workspace, "T1", result="要九折")
    assert undo_run(workspace, "R6").kept == []
    (task,) = list_tasks(workspace)
    assert (task["status"], task["result"], count(workspace.db, "activity")) == ("open", None, 0)
    assert undo_run(workspace, "R5").kept == []
    assert list_tasks(workspace) == []


def test_a_reopened_task_keeps_its_follow_up(workspace: Workspace) -> None:
    add_task(workspace, "O1", "发报价")
    finish_task(workspace, "T1", result="要九折")
    again = reopen_task(workspace, "T1")
    assert [again[key] for key in ("status", "done_at", "done_by", "result")] == ["open", None, None, None]
    assert count(workspace.db, "activity") == 1
    undo_run(workspace, again["run"])
    assert list_tasks(workspace) == []


def test_nothing_is_done_twice(workspace: Workspace) -> None:
    add_task(workspace, "O1", "发报价")
    with pytest.raises(TaskRefused, match="the task is open"):
        reopen_task(workspace, "T1")
    finish_task(workspace, "T1")
    with pytest.raises(TaskRefused, match="T1: it was done at"):
        finish_task(workspace, "T1", result="又一次")
    assert count(workspace.db, "activity") == 0


def test_a_task_says_what_is_to_be_done(workspace: Workspace) -> None:
    with pytest.raises(NoTitle):
        add_task(workspace, "O1", "  ")
    with pytest.raises(NotFound):
        finish_task(workspace, "T9")


def test_a_dry_run_leaves_nothing(workspace: Workspace) -> None:
    assert add_task(workspace, "O1", "发报价", dry_run=True)["run"] is None
    add_task(workspace, "O1", "发报价")
    assert finish_task(workspace, "T1", result="好", dry_run=True)["status"] == "done"
    assert list_tasks(workspace)[0]["status"] == "open"


def test_the_deal_s_history_tells_its_tasks(workspace: Workspace) -> None:
    add_task(workspace, "O1", "发报价")
    finish_task(replace(workspace, actor="李娜"), "T1", result="要九折")
    told = [(entry["record"], entry["op"], entry["actor"]) for entry in record_history(workspace, "O1")]
    assert told == [("O1", "create", "tester"), ("T1", "create", "tester"), ("T1", "update", "李娜")]
    assert [entry["op"] for entry in record_history(workspace, "T1")] == ["create", "update"]
