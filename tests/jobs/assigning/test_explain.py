from __future__ import annotations

from typing import Any

import pytest

from crmcli.jobs.assigning.assign import assign_opportunities
from crmcli.jobs.assigning.explain import explain_assignment
from crmcli.jobs.deals.gates import Passing
from crmcli.jobs.deals.moves import win_deal
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.workspace import Workspace

SIGNED = Passing(force=True, because="合同已签")

SETTINGS = """
[[owner]]
name = "张伟"
max_open = 1
[[owner]]
name = "王芳"
[[assign.rule]]
name = "大单"
when = { amount = ">= 500000" }
to = "王芳"
[[assign.rule]]
name = "其余"
to = ["张伟", "王芳"]
strategy = "fixed"
"""


@pytest.fixture
def workspace(desk: Any) -> Workspace:
    desk.workspace.config_path.write_text(SETTINGS, encoding="utf-8")
    for number in (1, 2):
        add_record(desk.workspace, "opportunity", [f"name=商机{number}", "amount=100", "created_at=2026-01-05"])
    found: Workspace = desk.workspace
    return found


def test_why_an_owner_and_not_another(workspace: Workspace) -> None:
    assign_opportunities(workspace)
    told = explain_assignment(workspace, "商机2")
    assert [told[key] for key in ("opportunity", "owner", "pool", "rule", "decided_at")] == [
        "O2", "王芳", None, "其余", "2026-06-30T09:00:00+08:00",
    ]  # fmt: skip
    assert told["skipped"] == [{"owner": "张伟", "why": "full: 1 of 1 open"}]
    assert [skip["rule"] for skip in told["passed"]] == ["大单"]
    assert told["sentences"][0] == "王芳: rule 其余 names 王芳"
    assert len(told["sentences"]) == 3


def test_what_would_be_decided_is_said_and_not_done(workspace: Workspace) -> None:
    told = explain_assignment(workspace, "O1")
    assert (told["owner"], told["rule"]) == (None, "其余")
    assert told["sentences"][0] == "not assigned yet; `crmcli assign run` would give it to 张伟"
    assert explain_assignment(workspace, "O1") == told


def test_a_change_since_is_told(workspace: Workspace) -> None:
    assign_opportunities(workspace)
    set_fields(workspace, "opportunity", "O2", ["owner=张伟"])
    told = explain_assignment(workspace, "O2")
    assert (told["owner"], told["sentences"][0]) == ("张伟", "the owner was changed since: it is 张伟 now")


def test_an_owner_that_no_rule_gave(workspace: Workspace) -> None:
    set_fields(workspace, "opportunity", "O1", ["owner=老王"])
    told = explain_assignment(workspace, "O1")
    assert (told["rule"], told["sentences"]) == (None, ["老王 was set by a person, not by a rule"])


def test_a_closed_deal_without_an_owner(workspace: Workspace) -> None:
    win_deal(workspace, "O1", passing=SIGNED)
    told = explain_assignment(workspace, "O1")
    assert (told["rule"], told["skipped"]) == (None, [])
    assert "closed" in told["reason"]
