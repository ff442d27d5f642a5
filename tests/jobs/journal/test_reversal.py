from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crmcli.store.database import open_database
from crmcli.store.records import fetch_where

HEAD = "商机编号,商机名称,客户名称,金额,创建时间,阶段\n"


def deal(crm: Any) -> dict[str, Any]:
    found: dict[str, Any] = crm("opp", "show", "O1", "--json").json
    return found


@pytest.fixture
def moved(crm: Any, tmp_path: Path) -> Any:
    """A deal imported (R1), given a date (R2), moved (R3) and won (R4)."""
    sheet = tmp_path / "o.csv"
    sheet.write_text(HEAD + "D9,项目9,客户9公司,40000,2026-01-10,初步接触\n", encoding="utf-8")
    crm("import", str(sheet))
    crm("opp", "set", "D9", "expected_close=2026-12-31")
    crm("opp", "move", "D9", "方案报价")
    crm("opp", "win", "D9", "--force", "--because", "合同已签")
    return crm


def test_a_move_taken_back_under_a_win_leaves_the_win(moved: Any) -> None:
    moved("undo", "R3")
    assert (deal(moved)["stage"], deal(moved)["status"]) == ("赢单", "won")


@pytest.mark.parametrize("order", [("R3", "R4"), ("R4", "R3"), ("R3", "R2", "R4")])
def test_moves_taken_back_in_any_order_leave_what_the_file_said(moved: Any, order: tuple[str, ...]) -> None:
    for run in order:
        moved("undo", run)
    left = deal(moved)
    assert (left["stage"], left["status"], left["closed_at"]) == ("初步接触", "open", None)
    assert left["probability"] == 10


def test_an_undo_taken_back_brings_the_move_again(moved: Any) -> None:
    moved("undo", "R4")
    moved("undo", "R5")
    assert (deal(moved)["stage"], deal(moved)["status"]) == ("赢单", "won")


def test_whose_a_deal_is_comes_back_as_a_whole_or_not_at_all(crm: Any) -> None:
    crm("opp", "add", "name=项目", "owner=")
    assert crm("assign", "run", "--json", code=None).json["items"][0]["pool"] == "公海"
    settings = crm.folder / "crm.toml"
    rule = '[[owner]]\nname = "王芳"\n[[assign.rule]]\nname = "都给王芳"\nto = "王芳"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + rule, encoding="utf-8")
    given = crm("assign", "run", "--json").json
    crm("opp", "set", "O1", "owner=李强")
    undone = crm("undo", given["run"], "--json", code=None).json
    with open_database(crm.db) as db:
        (left,) = fetch_where(db, "opportunity")
        told = [(event["from_value"], event["value"]) for event in fetch_where(db, "event", "field = 'owner'")]
    assert [left[key] for key in ("owner", "owner_by", "pool")] == ["李强", "person", None]
    assert {(one["record"], one["field"]) for one in undone["kept"]} == {
        ("O1", k) for k in ("owner", "owner_by", "pool")
    }
    assert told == [(None, "王芳"), ("王芳", "李强")], "the history has no gap"


def test_who_had_a_customer_stays_known_when_a_run_under_a_claim_is_taken_back(crm: Any) -> None:
    crm("customer", "add", "name=甲公司", "owner=王芳")
    settings = crm.folder / "crm.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("recycle = {}", "recycle = { no_follow_up_days = 30 }"), encoding="utf-8")
    fallen = crm("pool", "run", "--json", now="2026-09-01T09:00:00+08:00").json["run"]
    claimed = crm("pool", "claim", "C1", "--as", "李强", "--json", now="2026-09-02T09:00:00+08:00").json["run"]
    crm("undo", fallen, code=3)
    with open_database(crm.db) as db:
        held = [(one["from_owner"], one["from_pool"], one["owner"], one["pool"]) for one in fetch_where(db, "holding")]
    assert held == [("王芳", None, None, "公海"), (None, "公海", "李强", None)]
    crm("undo", claimed)
    assert crm("customer", "show", "C1", "--json").json["pool"] == "公海"


def test_a_lead_that_was_closed_again_keeps_what_the_closing_says(crm: Any) -> None:
    crm("lead", "add", "name=李雷", "company=甲公司")
    crm("lead", "qualify", "L1")
    reopened = crm("lead", "reopen", "L1", "--json").json["run"]
    crm("lead", "disqualify", "L1", "--reason", "重复")
    crm("undo", reopened, code=3)
    with open_database(crm.db) as db:
        (lead,) = fetch_where(db, "lead")
    assert [lead[key] for key in ("status", "reason", "customer_id")] == ["disqualified", "重复", None]
