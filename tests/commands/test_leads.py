from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def lead(crm: Any) -> Any:
    crm("lead", "add", "name=韩梅梅", "company=甲公司", "phones=13900139000")
    return crm


def test_a_lead_s_way_to_a_deal(lead: Any) -> None:
    lead("log", "L1", "加了微信")
    told = lead("lead", "qualify", "韩梅梅", "--amount", "5万", "--opportunity", "两台", "--owner", "王芳").stdout
    assert told.splitlines() == [
        "C1 甲公司: new",
        "P1 韩梅梅: new",
        "O1 两台: new",
        "1 follow-ups moved along",
        "run R3; take it back with: crmcli undo R3",
    ]
    assert lead("opp", "show", "O1", "--json").json["amount"] == "50000.00"
    assert "qualified" in lead("lead", "list").stdout


def test_a_lead_that_comes_to_nothing(lead: Any) -> None:
    assert lead("lead", "disqualify", "L1", "--json", code=1).json["error"]["code"] == "lead.reason"
    assert lead("lead", "disqualify", "L1", "--reason", "无需求").stdout.splitlines()[0] == "L1 韩梅梅: disqualified"
    refused = lead("lead", "qualify", "L1", "--json", code=1).json["error"]
    assert (refused["code"], refused["hint"]) == ("lead.decided", "crmcli lead reopen L1")
    assert lead("lead", "reopen", "L1").stdout.splitlines()[0] == "L1 韩梅梅: new"
    assert lead("lead", "qualify", "L1", "--no-opportunity", "--json").json["opportunity"] is None


def test_likeness_is_told(lead: Any) -> None:
    lead("customer", "add", "name=甲公司上海分公司", "phones=13900139000")
    lead("customer", "add", "name=乙公司")
    told = lead("lead", "qualify", "L1", "--json").json
    assert [one["id"] for one in told["alike"]] == ["C1"]


def test_a_qualified_lead_shows_what_it_became(lead: Any) -> None:
    lead("lead", "qualify", "L1")
    shown = lead("lead", "show", "L1").stdout
    assert all(text in shown for text in ("甲公司 (C1)", "韩梅梅 (P1)", "甲公司 (O1)"))


def test_several_leads_are_decided_on_together_or_not_at_all(lead: Any) -> None:
    for name in ("李雷", "王五"):
        lead("lead", "add", f"name={name}", f"company={name}公司")
    lead("lead", "disqualify", "L3", "--reason", "重复")
    refused = lead("lead", "disqualify", "L1", "L2", "L3", "--reason", "无需求", "--json", code=1).json["error"]
    assert (refused["code"], refused["where"]) == ("lead.decided", "L3")
    closed = lead("lead", "disqualify", "L1", "李雷", "l1", "--reason", "无需求", "--json").json
    assert [(one["id"], one["status"], one["run"]) for one in closed["leads"]] == [
        ("L1", "disqualified", closed["run"]),
        ("L2", "disqualified", closed["run"]),
    ]
    lead("undo", closed["run"], "--yes")
    assert {one["id"]: one["reason"] for one in lead("lead", "list", "--json").json} == {
        "L1": None, "L2": None, "L3": "重复",
    }  # fmt: skip
    lead("lead", "disqualify", "L1", "L2", "--reason", "无需求")
    opened = lead("lead", "reopen", "L1", "L2", "L3").stdout.splitlines()
    assert [line.split()[0] for line in opened[:3]] == ["L1", "L2", "L3"]
    assert lead("lead", "reopen", "L1", "L2", "--json", code=1).json["error"]["code"] == "lead.open"
