from __future__ import annotations

from decimal import Decimal

import pytest

from crmcli.domain.rejection import ADDED
from crmcli.importers.mapping import (
    MappingChoices,
    SheetMapping,
    UnknownField,
    UnknownPreset,
    answered,
    map_sheet,
)
from crmcli.importers.presets import preset_from, shipped_presets


def _map(headers: str, **choices: object) -> SheetMapping:
    return map_sheet(headers.split(","), MappingChoices(**choices))  # type: ignore[arg-type]


def _paths(mapping: SheetMapping) -> list[str]:
    return [column.path for column in mapping.columns]


def test_units_and_currencies_in_headers() -> None:
    mapping = _map("客户名称,金额(万元),合同额(USD)")
    amount, contract = mapping.columns[1:]
    assert (amount.unit, amount.currency) == (Decimal(10000), "CNY")
    assert contract.path == ""
    assert _map("客户名称,金额（USD）").columns[1].currency == "USD"


def test_an_unknown_column_is_extra_and_says_why() -> None:
    column = _map("客户名称,幸运数字").columns[1]
    assert (column.path, column.confidence) == ("", 0.0)
    assert "no field is called so" in str(column.why)


def test_confidence_is_highest_for_what_a_person_named() -> None:
    mapping = _map("商机编号,甲方,状态", map={"甲方": "customer.name"})
    assert [(c.path, c.confidence) for c in mapping.columns] == [
        ("opportunity.external_id", 0.95), ("customer.name", 1.0), ("opportunity.stage", 0.9)
    ]  # fmt: skip
    assert mapping.kind == "opportunity"


def test_a_field_without_its_kind_is_the_sheets_own() -> None:
    assert _paths(_map("商机编号,客户名称,多少钱", map={"多少钱": "amount"}))[2] == "opportunity.amount"


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(UnknownField, match=r"customer\.nmae"):
        _map("甲方", map={"甲方": "customer.nmae"})


def test_an_unknown_preset_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownPreset) as failure:
        _map("客户名称", preset="wecmo", presets=shipped_presets())
    assert "wecom" in str(failure.value.hint)


def test_no_identifying_column() -> None:
    refusal = _map("日期,金额,说明").refusal
    assert "no column identifies a record" in str(refusal)
    assert "金额" in str(refusal)


@pytest.mark.parametrize("headers", ["客户名称,*客户名称,手机", "商机编号,商机名称,商机编号", "名称,名称,行业"])
def test_two_columns_that_tie_for_the_identity(headers: str) -> None:
    mapping = _map(headers)
    assert mapping.tied
    assert "#2" in str(mapping.refusal)


def test_a_tie_is_settled_by_naming_one() -> None:
    mapping = _map("客户名称,客户名称,手机", map={"客户名称#2": "customer.name"})
    assert mapping.refusal is None
    assert _paths(mapping) == ["", "customer.name", "contact.phones"]


def test_of_two_headings_for_one_field_the_usual_one_has_it() -> None:
    mapping = _map("编号,商机名称,跟进状态,商机状态")
    assert _paths(mapping) == ["opportunity.external_id", "opportunity.name", "", "opportunity.stage"]
    assert "another column holds this field" in str(mapping.columns[2].why)


def test_several_phones_notes_and_tags_are_all_taken() -> None:
    assert _paths(_map("客户名称,联系人,手机1,手机2,备注,说明")) == [
        "customer.name", "contact.name", "contact.phones", "contact.phones", "contact.note", "contact.note"
    ]  # fmt: skip


def test_columns_without_a_header_are_named_by_their_place() -> None:
    mapping = map_sheet(["", "", ""], MappingChoices(map={"#1": "customer.name", "#3": "customer.phones"}))
    assert (mapping.kind, _paths(mapping)) == ("customer", ["customer.name", "", "customer.phones"])


def test_what_the_rejects_workbook_added_is_left_out() -> None:
    mapping = _map(f"客户名称,{ADDED}row,{ADDED}--source")
    assert [column.type for column in mapping.columns] == ["company", "left out", "left out"]


def test_a_companys_own_preset() -> None:
    fields = {"工单流水": "opportunity.external_id", "甲方": "customer.name", "经办": "opportunity.owner"}
    preset = preset_from({"name": "老系统", "headers": list(fields), "map": fields})
    mapping = _map("工单流水,甲方,经办,备注", presets=(preset, *shipped_presets()))
    assert mapping.preset is preset
    assert _paths(mapping) == ["opportunity.external_id", "customer.name", "opportunity.owner", "opportunity.note"]


def test_a_two_row_header_keeps_its_groups_meaning() -> None:
    assert _paths(_map("客户_名称,客户_电话,联系人_姓名,联系人_电话,商机_金额(万元)")) == [
        "customer.name", "customer.phones", "contact.name", "contact.phones", "opportunity.amount"
    ]  # fmt: skip


def test_headers_that_a_name_answers_to() -> None:
    assert answered(["客户名称", "金额"], ["金额(万元)", "客户名称", "电话"]) == {"客户名称"}


def test_a_column_that_no_header_explains_is_known_by_what_it_holds() -> None:
    headers, firms = ["列1", "列2", "列3"], ["甲公司", "乙厂", "丙店"]
    phones = ["13800000001", "13800000002", "13800000003"]
    found = map_sheet(headers, MappingChoices(), samples=[firms, ["张三", "李四", "王五"], phones])
    assert (found.kind, [c.path for c in found.columns]) == ("customer", ["customer.name", "", "contact.phones"])
    assert "mobile numbers" in str(found.columns[2].why)
    assert found.refusal is None


def test_what_a_person_or_a_header_says_of_a_column_counts_before_its_content() -> None:
    phones = ["13800000001", "13800000002", "13800000003"]
    said = map_sheet(["客户名称", "列2", "备注"], MappingChoices(map={"列2": ""}), samples=[[], phones, phones])
    assert [c.path for c in said.columns] == ["customer.name", "", "customer.note"]


def test_what_deals_and_contracts_call_alike_is_the_contracts_in_a_sheet_of_contracts() -> None:
    mapping = _map("编号,合同名称,客户名称,项目名称,合同额,签约日期,开始日期,结束日期,状态,业务员,已回款金额")
    assert (mapping.kind, _paths(mapping)) == (
        "contract",
        [
            "contract.external_id", "contract.name", "customer.name", "opportunity.name", "contract.amount",
            "contract.signed_on", "contract.starts_on", "contract.ends_on", "contract.status", "contract.owner", "",
        ],
    )  # fmt: skip
    assert _paths(_map("商机名称,合同额,签约日期,阶段"))[1:3] == ["opportunity.amount", "opportunity.closed_at"]


def test_a_bare_amount_is_what_its_day_says_and_a_payers_contract_only_names_it() -> None:
    assert _paths(_map("回款日期,合同编号,合同金额,客户名称,金额,负责人"))[1:] == [
        "contract.external_id", "", "customer.name", "payment.received_amount", "payment.owner",
    ]  # fmt: skip
    assert _paths(_map("应收日期,合同编号,金额"))[2] == "payment.due_amount"
    assert _paths(_map("客户名称,应收金额,到期日"))[2] == "payment.due_on"
