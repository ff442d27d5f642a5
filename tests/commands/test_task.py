from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def deal(crm: Any) -> Any:
    crm("customer", "add", "name=甲公司", "owner=张伟")
    crm("opp", "add", "name=年框", "customer=甲公司", "owner=张伟")
    return crm


def test_the_path_of_a_task(deal: Any) -> None:
    assert deal("task", "add", "O1", "发报价", "--due", "+3d").stdout.splitlines()[0] == (
        "task T1 for 张伟 until 2026-07-03: 发报价 (open)"
    )
    deal("task", "add", "C1", "拜访", "--owner", "李娜", "--due", "2026-06-28")
    listed = deal("task", "list", "--json").json
    assert [(one["id"], one["days_late"], one["status"]) for one in listed] == [("T2", 2, "open"), ("T1", 0, "open")]
    done = deal("task", "done", "T1", "--result", "要九折")
    assert "(done)" in done.stdout
    assert "noted as A1" in done.stdout
    assert [one["id"] for one in deal("task", "list", "--all", "--owner", "张伟", "--json").json] == ["T1"]
    assert "要九折" in deal("task", "list", "--all").stdout
    assert deal("task", "reopen", "T1", "--json").json["status"] == "open"
    assert "T1" in deal("opp", "show", "O1").stdout
    assert "task T1 created" in deal("opp", "history", "O1").stdout
    assert "noted" not in deal("task", "done", "T1").stdout


def test_due_by_a_day_and_as_of_another(deal: Any) -> None:
    deal("task", "add", "O1", "发报价", "--due", "2026-07-03")
    assert deal("task", "list", "--due", "明天", "--json").json == []
    (late,) = deal("task", "list", "--due", "今天", "--as-of", "2026-07-05", "--json").json
    assert late["days_late"] == 2


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (["task", "add", "O1", ""], 2, "task.empty"),
        (["task", "add", "O9", "x"], 1, "ref.not_found"),
        (["task", "add", "O1", "x", "--due", "过几天"], 2, "usage.option"),
        (["task", "done", "T9"], 1, "ref.not_found"),
        (["task", "reopen", "T1"], 1, "task.refused"),
        (["task", "list", "--filter", "x"], 2, "usage.filter"),
    ],
)
def test_refusals_are_named(deal: Any, arguments: list[str], code: int, error: str) -> None:
    deal("task", "add", "O1", "发报价")
    assert deal(*arguments, "--json", code=code).json["error"]["code"] == error
