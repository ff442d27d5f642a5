from __future__ import annotations

from typing import Any

import pytest

STEPS = ["backup", "grade", "assign", "pool", "remind", "snapshot"]


@pytest.fixture
def team(crm: Any) -> Any:
    """Return a workspace with a deal that no rule gives to anybody yet, and one whose next step is due."""
    crm.write(
        "deals.csv",
        "商机编号,客户名称,商机名称,商机金额,阶段,负责人,下次跟进时间,创建时间",
        "SJ1,上海鼎信物流有限公司,仓储改造,100000,需求确认,王芳,2026-06-25,2026-06-01",
        "SJ2,苏州华东精密有限公司,质检系统,200000,方案报价,,,2026-06-02",
    )
    with (crm.folder / "crm.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[[grade.rule]]\nwhen = { amount = ">= 150000" }\npoints = 80\n[[owner]]\nname = "王芳"\n')
        settings.write('[[assign.rule]]\nname = "大单"\nwhen = { grade = "A" }\nto = "王芳"\n')
    crm("import", "deals.csv")
    return crm


def _told(document: dict[str, Any]) -> list[Any]:
    return [(step["step"], step["state"], step["counts"], step["due"]) for step in document["steps"]]


def test_a_rehearsal_says_what_the_round_then_does_and_leaves_nothing(team: Any, dump: Any) -> None:
    before = dump(team.folder / "crm.db"), sorted(path.name for path in team.folder.rglob("*"))
    tried = team("run", "daily", "--dry-run", "--json", code=10).json
    assert (dump(team.folder / "crm.db"), sorted(path.name for path in team.folder.rglob("*"))) == before
    assert [step["step"] for step in tried["steps"]] == STEPS
    assert tried["dry_run"] is True
    assert {(step["run"], *step["files"]) for step in tried["steps"]} == {(None,)}
    done = team("run", "daily", "--json", code=10).json
    assert (done["dry_run"], _told(done)) == (False, _told(tried))
    assert {step["step"]: step["counts"] for step in tried["steps"]}["assign"]["assigned"] == 1, (
        "by the grade before it"
    )
    again = team("run", "daily", "--dry-run", "--json").json
    assert {step["state"] for step in again["steps"]} == {"earlier"}


def test_a_rehearsal_sends_nothing_and_tells_people_every_step(team: Any) -> None:
    path = team.folder / "crm.toml"
    text = path.read_text(encoding="utf-8").replace("notify = []", 'notify = ["env:NO_SUCH_HOOK"]')
    path.write_text(text, encoding="utf-8")
    assert "NO_SUCH_HOOK" in text
    lines = team("run", "daily", "--dry-run", code=10).stdout.splitlines()
    assert lines[0] == "dry run: nothing was written"
    assert len(lines) == len(STEPS) + 1
