from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def deal(crm: Any) -> Any:
    crm("customer", "add", "name=甲公司", "--json")
    crm("opp", "add", "stage=", "name=年框", "customer=甲公司", "amount=3.5万", "external_id=S1")
    return crm


def test_the_path_of_a_deal(deal: Any) -> None:
    assert "O1 年框: 需求确认 (open)" in deal("opp", "move", "年框", "需求确认").stdout
    lost = deal("opp", "lose", "S1", "--reason", "价格", "--note", "贵", "--json", now="2026-07-01T09:00:00+08:00").json
    assert [lost[key] for key in ("status", "stage", "loss_reason", "loss_note", "closed_at", "run")] == [
        "lost", "输单", "价格", "贵", "2026-07-01T09:00:00+08:00", "R4",
    ]  # fmt: skip
    later = "2026-07-02T09:00:00+08:00"
    assert deal("opp", "reopen", "O1", "--json", now=later).json["closed_at"] is None
    deal("opp", "set", "O1", "product=年框", "expected_close=2026-08-01", now=later)
    assert deal("opp", "win", "O1", "--at", "2026-07-03T10:00:00Z", "--json", now=later).json["status"] == "open"
    assert deal("opp", "show", "O1", "--json", now="2026-07-04T09:00:00+08:00").json["closed_at"] == (
        "2026-07-03T18:00:00+08:00"
    )
    kinds = [event["kind"] for event in deal("opp", "show", "O1", "--json").json["events"] if event["kind"]]
    assert kinds == ["open", "lost", "open", "won"]


def test_a_future_end_is_announced(deal: Any) -> None:
    deal("opp", "set", "O1", "product=年框", "expected_close=2026-08-01")
    told = deal("opp", "win", "O1", "--at", "2026-08-01")
    assert "it counts from 2026-08-01 on" in told.stderr
    assert "(open)" in told.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "error", "words"),
    [
        (["opp", "lose", "O1"], 1, "loss.reason", "价格"),
        (["opp", "lose", "O1", "--reason", "不知道"], 1, "loss.reason", "不知道"),
        (["opp", "move", "O1", "商务谈判"], 1, "stage.refused", "(product)"),
        (["opp", "move", "O1", "天知道"], 1, "stage.refused", "天知道"),
        (["opp", "move", "O1", "商务谈判", "--force"], 1, "stage.refused", "--because"),
        (["opp", "win", "O1", "--at", "某天"], 2, "usage.time", "某天"),
        (["opp", "reopen", "O1"], 1, "stage.refused", "it is open"),
        (["opp", "win", "O9"], 1, "ref.not_found", "O9"),
        (["log", "O1", ""], 2, "log.empty", "no text"),
    ],
)
def test_refusals_are_named(deal: Any, arguments: list[str], code: int, error: str, words: str) -> None:
    failed = deal(*arguments, "--json", code=code).json["error"]
    assert failed["code"] == error
    assert words in failed["message"]
    assert deal("opp", "show", "O1", "--json").json["events"] == []


def test_required_fields_are_named_in_the_users_language(deal: Any) -> None:
    failed = deal("opp", "move", "O1", "方案报价", "--lang", "zh", code=1)
    assert "预计成交日期 (expected_close)" in failed.stderr


def test_a_closed_gate_names_the_command_that_opens_it(deal: Any) -> None:
    assert "`crmcli opp set O1 expected_close=...`" in deal("opp", "move", "O1", "方案报价", code=1).stderr


@pytest.mark.parametrize(
    ("text", "day"), [("今天", "2026-06-30"), ("明天", "2026-07-01"), ("后天", "2026-07-02"), ("+3d", "2026-07-03")]
)
def test_the_next_day_may_be_counted_from_today(deal: Any, text: str, day: str) -> None:
    assert deal("log", "O1", "来电", "--next", text, "--json").json["next_at"] == day


def test_a_next_day_that_is_none_is_told_how_to_write_one(deal: Any) -> None:
    assert "明天" in deal("log", "O1", "来电", "--next", "过几天", code=2).stderr


def test_gates_do_not_bind_imports(deal: Any) -> None:
    deal("import", deal.write("a.csv", "商机编号,商机名称,阶段", "S9,空的,商务谈判"), "--quiet", code=3)
    assert deal("opp", "show", "S9", "--json").json["stage"] == "商务谈判"
    assert "gate.missing" in {finding["code"] for finding in deal("doctor", "--json").json}


def test_force_is_logged(deal: Any) -> None:
    deal("opp", "move", "O1", "商务谈判", "--force", "--because", "老板特批")
    assert deal("opp", "show", "O1", "--json").json["events"][0]["note"] == "老板特批"
    assert "老板特批" in deal("runs", "--json").json[0]["command"]


def test_dry_run_moves_nothing(deal: Any) -> None:
    tried = deal("opp", "void", "O1", "--note", "重复", "--dry-run", "--json").json
    assert (tried["run"], tried["status"]) == (None, "void")
    assert deal("opp", "show", "O1", "--json").json["status"] == "open"


def test_log(deal: Any) -> None:
    made = deal("log", "年框", "报价已发", "--type", "微信", "--next", "2026-07-05", "--action", "回访", "--json").json
    assert [made[key] for key in ("id", "about", "opportunity", "type", "next_at")] == [
        "A1", "O1", "年框", "微信", "2026-07-05",
    ]  # fmt: skip
    assert "noted A2 on C1" in deal("log", "甲公司", "来电", "--at", "2026-06-29T15:00").stdout
    activities = deal("customer", "show", "甲公司", "--json").json["belonging"]["activity"]
    assert [one["at"] for one in activities] == ["2026-06-30T09:00:00+08:00", "2026-06-29T15:00:00+08:00"]


def test_a_deal_without_a_stage_is_told_so(crm: Any) -> None:
    crm("import", crm.write("a.csv", "商机名称,客户名称,商机金额", "单子,甲公司,5万"))
    lost = crm("opp", "lose", "O1", "--reason", "价格", "--at", "2026-08-01").stdout
    assert lost.startswith("O1 单子: no stage (open)")


def test_what_happened_yesterday(deal: Any) -> None:
    made = deal("log", "O1", "打过电话", "--at", "昨天", "--json").json
    assert made["at"] == "2026-06-29"
