from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def known(crm: Any) -> Any:
    """Return the command line in a workspace with two customers, one with a contact and an open deal."""
    for words in (
        ["customer", "add", "name=上海华东精密机械有限公司", "external_id=KH001", "owner=王芳", "phones=021-55556666"],
        ["customer", "add", "name=北京恒远物流有限公司"],
        ["contact", "add", "name=李雷", "customer=C1", "phones=13800138000"],
        ["opp", "add", "name=年框", "customer=C1"],
        ["log", "C1", "报价已发"],
    ):
        crm(*words)
    return crm


@pytest.mark.parametrize("text", ["上海华东精密机械有限公司", "KH001", "02155556666", "138 0013 8000", "C1"])
def test_a_customer_is_found_by_what_identifies_it_and_nothing_private_is_said(known: Any, text: str) -> None:
    said = known("lookup", text, "--json").json
    customer = {
        "id": "C1",
        "kind": "customer",
        "name": "上海华东精密机械有限公司",
        "owner": "王芳",
        "pool": None,
        "state": None,
    }
    figures = {"open_deals": 1, "won_deals": 0, "last_activity": "2026-06-30", "match": "exact", "score": 100.0}
    assert said == {"query": text, "exists": True, "ambiguous": False, "matches": [customer | figures]}


def test_names_alike_are_shown_as_such(known: Any) -> None:
    said = known("lookup", "华东精密机械", "--json").json
    (match,) = said["matches"]
    assert (said["exists"], match["id"], match["match"]) == (False, "C1", "similar")
    assert 0 < match["score"] < 100
    assert "similar" in known("lookup", "华东精密机械").stdout


@pytest.mark.parametrize("text", ["无名氏", "%", "_", ""])
def test_nobody(known: Any, text: str) -> None:
    nobody = {"query": text, "exists": False, "ambiguous": False, "matches": []}
    assert known("lookup", text, "--json").json == nobody
    assert known("lookup", text).stdout.startswith("nobody is known")


def test_a_short_name_that_fits_two_is_ambiguous_and_both_are_named(crm: Any) -> None:
    for name in ("泛海国际集团有限公司", "泛海酒店集团有限公司", "泛华金融有限公司"):
        crm("customer", "add", f"name={name}")
    said = crm("lookup", "泛海集团", "--json").json
    assert (said["exists"], said["ambiguous"]) == (False, True)
    assert [match["id"] for match in said["matches"]][:2] == ["C1", "C2"]
    assert (
        "泛海集团 is ambiguous, it may as well mean: 泛海国际集团有限公司, 泛海酒店集团有限公司"
        in crm("lookup", "泛海集团").stdout
    )


def test_a_name_that_says_where_it_is_means_the_one_there(crm: Any) -> None:
    for name in ("北京鼎信物流有限公司", "上海鼎信物流有限公司"):
        crm("customer", "add", f"name={name}")
    said = crm("lookup", "上海鼎信物流", "--json").json
    assert (said["ambiguous"], said["matches"][0]["id"]) == (False, "C2")
    assert crm("lookup", "鼎信物流", "--json").json["ambiguous"]


def test_an_alias_means_a_customer_for_sure(known: Any) -> None:
    assert known("lookup", "大蓝鲸", "--json").json["matches"] == []
    known("dedupe", "alias", "大蓝鲸", "北京恒远物流有限公司")
    said = known("lookup", "大藍鯨", "--json").json
    assert (said["exists"], said["matches"][0]["id"], said["matches"][0]["match"]) == (True, "C2", "alias")
    assert "by an alias" in known("lookup", "大蓝鲸").stdout


@pytest.mark.parametrize("text", ["13717919000", "L1", "X001", "李四", "杭州测试有限公司"])
def test_a_lead_is_found_and_nothing_private_is_said(known: Any, text: str) -> None:
    values = ("name=李四", "company=杭州测试有限公司", "phones=13717919000", "external_id=X001", "owner=王芳")
    known("lead", "add", *values)
    said = known("lookup", text, "--json").json
    lead = next(match for match in said["matches"] if match["kind"] == "lead")
    assert (said["exists"], lead["id"], lead["owner"], lead["state"]) == (True, "L1", "王芳", "new")
    assert "13717919000" not in str(lead)


def test_a_lead_that_became_a_customer_is_that_customer(known: Any) -> None:
    known("lead", "add", "name=李四", "company=杭州测试有限公司", "phones=13717919000")
    known("lead", "qualify", "L1")
    said = known("lookup", "13717919000", "--json").json
    assert [match["kind"] for match in said["matches"]] == ["customer"]
