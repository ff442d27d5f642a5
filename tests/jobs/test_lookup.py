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
    customer = {"id": "C1", "name": "上海华东精密机械有限公司", "owner": "王芳", "state": None}
    figures = {"open_deals": 1, "won_deals": 0, "last_activity": "2026-06-30", "match": "exact", "score": 100.0}
    assert said == {"query": text, "exists": True, "matches": [customer | figures]}


def test_names_alike_are_shown_as_such(known: Any) -> None:
    said = known("lookup", "华东精密机械", "--json").json
    (match,) = said["matches"]
    assert (said["exists"], match["id"], match["match"]) == (False, "C1", "similar")
    assert 0 < match["score"] < 100
    assert "similar" in known("lookup", "华东精密机械").stdout


@pytest.mark.parametrize("text", ["无名氏", "%", "_", ""])
def test_nobody(known: Any, text: str) -> None:
    assert known("lookup", text, "--json").json == {"query": text, "exists": False, "matches": []}
    assert known("lookup", text).stdout.startswith("nobody is known")
