from __future__ import annotations

from crmcli.importers.identification import identifying_headers, no_identity, tie
from crmcli.importers.presets import shipped_presets


def test_identifying_headers_hold_those_of_presets() -> None:
    words = identifying_headers(shipped_presets())
    assert {"客户名称", "username", "编号", "opportunity name"} <= words
    assert "金额" not in words


def test_a_name_or_a_number_identifies_an_amount_does_not() -> None:
    assert no_identity("customer", {"customer.name"}, ["客户名称"]) is None
    assert "金额" in str(no_identity("opportunity", {"opportunity.amount"}, ["金额"]))


def test_two_columns_of_one_header_tie_two_of_different_ones_do_not() -> None:
    twice = [("customer.name", 0.95, "客户名称"), ("customer.name", 0.95, "*客户名称")]
    assert "#2=customer.name" in str(tie("customer", twice))
    assert tie("customer", [("customer.name", 0.95, "客户名称"), ("customer.name", 0.95, "公司")]) is None
