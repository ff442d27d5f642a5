from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def held(crm: Any) -> Any:
    head = "客户名称,联系人,手机,商机编号,商机名称,商机金额,阶段"
    rows = ("甲公司,李雷,13800138000,S1,年框,12万,方案报价", "乙公司,,,S2,二期,,初步接触")
    crm("import", crm.write("a.csv", head, *rows), "--quiet")
    return crm


def test_lists_as_people_and_as_scripts_see_them(held: Any) -> None:
    assert "120000.00" in held("opp", "list", "--filter", "amount > 10万").stdout
    found = held("opp", "list", "--filter", "stage = 方案报价", "--sort", "-amount", "--limit", "1", "--json").json
    assert [(deal["external_id"], deal["customer_id"]) for deal in found] == [("S1", "C1")]
    assert held("lead", "list", "--json").json == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--filter", "colour = red"], "colour"), (["--sort", "colour"], "colour"), (["--filter", "amount"], "condition")],
)
def test_what_cannot_be_filtered_exits_2(held: Any, arguments: list[str], words: str) -> None:
    failed = held("opp", "list", *arguments, "--json", code=2).json["error"]
    assert failed["code"] == "usage.filter"
    assert words in failed["message"]


def test_a_negative_limit_exits_2(held: Any) -> None:
    assert held("opp", "list", "--limit", "-1", code=2).stdout == ""


def test_show_add_set_and_history(held: Any) -> None:
    assert "李雷" in held("customer", "show", "甲公司").stdout
    assert "方案报价" in held("opp", "show", "S1").stdout
    assert "added L1" in held("lead", "add", "name=韩梅梅", "phones=13900139000").stdout
    assert held("opp", "set", "S1", "probability=60", "note=", "--json").json["probability"] == 60
    told = held("opp", "history", "S1", "--json").json
    assert [(entry["op"], entry["run"], entry["actor"]) for entry in told] == [
        ("create", "R1", "tester"),
        ("update", "R3", "tester"),
    ]
    place = told[0]["source"]
    assert (place["file"].endswith("a.csv"), place["row"]) == (True, 2)
    assert told[1]["command"] == "crmcli opp set S1 probability=60 note= --json"


def test_a_bad_value_exits_2_and_names_it(held: Any) -> None:
    failed = held("opp", "set", "S1", "amount=很多", "--json", code=2).json["error"]
    assert (failed["code"], failed["where"]) == ("usage.value", "amount=很多")


def test_what_is_ambiguous_lists_the_candidates(held: Any) -> None:
    held("opp", "add", "name=年框", "customer=乙公司")
    failed = held("opp", "show", "年框", "--json", code=1).json["error"]
    assert failed["code"] == "ref.ambiguous"
    assert "O1 年框 (甲公司), O3 年框 (乙公司)" in failed["message"]


@pytest.mark.parametrize("dashed", [["--expected-close", "2026-12-31"], ["--expected-close=2026-12-31"]])
def test_fields_typed_as_options_are_shown_as_they_are_written(held: Any, dashed: list[str]) -> None:
    refused = held("opp", "set", "O1", "--json", *dashed, code=2).json["error"]
    assert refused["hint"].endswith(": crmcli opp set O1 --json expected_close=2026-12-31")


def test_contracts_and_payments_are_kept_like_other_records(crm: Any) -> None:
    crm("customer", "add", "name=华东精密")
    crm("contract", "add", "external_id=HT-1", "customer=华东精密", "amount=30万", "ends_on=2027-06-30")
    crm("payment", "add", "contract=HT-1", "due_on=2026-05-01", "due_amount=10万", "installment=首付")
    crm("payment", "add", "contract=HT-1", "received_on=2026-05-08", "received_amount=4万")
    crm("contract", "set", "HT-1", "status=履行中")
    (contract,) = crm("contract", "list", "--filter", "ends_on > 2027-01-01", "--json").json
    assert (contract["id"], contract["amount"], contract["status"]) == ("J1", "300000.00", "履行中")
    shown = crm("contract", "show", "HT-1", "--json").json
    assert [one["id"] for one in shown["belonging"]["payment"]] == ["I1", "I2"]
    assert len(crm("contract", "history", "J1", "--json").json) == 2
    main = crm("report", "receivables", "--json").json["tables"][0]
    row = dict(zip([column["key"] for column in main["columns"]], main["rows"][0], strict=True))
    assert (row["due"], row["settled"], row["outstanding"], row["rate"]) == ("100000.00", "40000.00", "60000.00", None)
