from __future__ import annotations

from typing import Any

import pytest

CUSTOMER = ("客户编号", "客户名称", "统一社会信用代码", "公司电话", "客户级别")


def _counts(result: Any) -> dict[str, int]:
    return {key: number for key, number in result.tally.counts.items() if number}


@pytest.mark.parametrize(
    "row",
    [
        ("1", "別的名字", "", "", ""),  # its number
        ("", "另一个名字", "91320583MA1MT1KN53", "", ""),  # its credit code
        ("", "華東　精密（上海）有限公司", "", "", ""),  # the exact name: width, writing, space, punctuation
        ("", "华东精密(上海)有限公司", "", "", ""),
    ],
)
def test_what_finds_a_customer(desk: Any, row: tuple[str, ...]) -> None:
    desk.rows(CUSTOMER, ("1", "华东精密(上海)有限公司", "91320583MA1MT1KN53", "", "A"))
    desk.rows(CUSTOMER, row)
    assert desk.one("customer")["level"] == "A"


@pytest.mark.parametrize("name", ["北京鼎信物流", "上海鼎信物流有限公司", "上海鼎信"])
def test_place_and_legal_form_tell_names_apart(desk: Any, name: str) -> None:
    desk.rows(CUSTOMER, ("", "上海鼎信物流", "", "", ""))
    assert _counts(desk.rows(CUSTOMER, ("", name, "", "", ""))) == {"new": 1}


def test_a_number_counts_within_its_source_only(desk: Any) -> None:
    desk.rows(CUSTOMER, ("1", "甲公司", "", "", ""))
    assert _counts(desk.rows(CUSTOMER, ("1", "乙公司", "", "", ""), source="旧CRM")) == {"new": 1}
    assert [c["external_ids"] for c in desk.records("customer")] == [["default:1"], ["旧CRM:1"]]


def test_the_source_is_never_the_files_or_the_sheets_name(desk: Any) -> None:
    desk.load(desk.csv("a.csv", CUSTOMER, ("1", "甲公司", "", "", "")))
    desk.load(desk.book("b.xlsx", 别的=[CUSTOMER, ("1", "甲公司改名", "", "", "")]))
    assert desk.one("customer")["external_ids"] == ["default:1"]


def test_one_name_under_two_numbers_is_two_customers_and_a_pair_to_review(desk: Any) -> None:
    outcome = desk.rows(CUSTOMER, ("1", "甲公司", "", "", ""), ("2", "甲公司", "", "", ""))
    assert _counts(outcome) == {"new": 2}
    assert len(desk.records("pair")) == 1


def test_a_phone_in_common_is_a_pair_to_review_and_holds_nothing_back(desk: Any) -> None:
    outcome = desk.rows(CUSTOMER, ("1", "甲公司", "", "13800000000", ""), ("2", "乙公司", "", "138-0000-0000", ""))
    assert _counts(outcome) == {"new": 2}
    pair = desk.one("pair")
    assert (pair["a_id"], pair["b_id"], pair["tier"]) == (1, 2, "review")
    desk.rows(CUSTOMER, ("1", "甲公司", "", "13800000000", ""), ("2", "乙公司", "", "138-0000-0000", ""))
    assert len(desk.records("pair")) == 1


def test_a_phone_that_comes_later_makes_the_same_pair(desk: Any) -> None:
    desk.rows(CUSTOMER, ("1", "甲公司", "", "", ""), ("2", "乙公司", "", "021-62345678", ""))
    desk.rows(CUSTOMER, ("1", "甲公司", "", "02162345678", ""))
    assert len(desk.records("pair")) == 1


def test_exact_keys_of_two_records_hold_the_row_back(desk: Any) -> None:
    desk.rows(CUSTOMER, ("1", "甲公司", "", "", ""), ("2", "乙公司", "", "", ""))
    result = desk.load(
        desk.csv("b.csv", CUSTOMER, ("1", "甲公司", "", "", "A"), ("", "丙公司", "91320583MA1MT1KN53", "", ""))
    )
    assert _counts(result.sheets[0]) == {"updated": 1, "new": 1}
    result = desk.load(desk.csv("c.csv", CUSTOMER, ("1", "丙公司", "91320583MA1MT1KN53", "", "B")))
    assert _counts(result.sheets[0]) == {"review": 1}
    (rejection,) = result.rejections
    assert rejection.code == "row.two_records"
    assert "甲公司" in str(rejection.message)
    assert "丙公司" in str(rejection.message)
    assert desk.records("customer")[0]["level"] == "A"


CONTACT = ("客户名称", "联系人", "手机", "职务")


def test_contacts_match_within_their_customer(desk: Any) -> None:
    desk.rows(CONTACT, ("甲公司", "张三", "13800000001", ""), ("乙公司", "张三", "13800000002", ""))
    desk.rows(CONTACT, ("甲公司", "张三", "", "经理"), ("乙公司", "张先生", "13800000002", "总监"))
    assert [(c["name"], c["title"]) for c in desk.records("contact")] == [("张三", "经理"), ("张先生", "总监")]


def test_a_mobile_alone_identifies_a_contact_whose_row_names_no_customer(desk: Any) -> None:
    desk.rows(CONTACT, ("甲公司", "张三", "13800000001", ""))
    desk.rows(("联系人", "手机", "职务"), ("三哥", "13800000001", "经理"))
    assert desk.one("contact")["title"] == "经理"


def test_a_landline_identifies_nobody_without_the_name(desk: Any) -> None:
    desk.rows(("联系人", "手机"), ("张三", "021-62345678"))
    desk.rows(("联系人", "手机"), ("李四", "021-62345678"))
    desk.rows(("联系人", "手机"), ("张三", "021-62345678"))
    assert [c["name"] for c in desk.records("contact")] == ["张三", "李四"]


def test_two_people_of_one_name_and_no_customer_are_told_apart_by_their_phones(desk: Any) -> None:
    desk.rows(("联系人", "手机"), ("王先生", "13800000001"), ("王先生", "13800000002"))
    assert len(desk.records("contact")) == 2


def test_a_nickname_alone_is_anybodys(desk: Any) -> None:
    headers = ("联系人", "职务", "手机")
    rows = (headers, ("平安是福", "采购", ""), ("平安是福", "经理", ""), ("张三", "采购", ""), ("张三", "经理", ""))
    assert _counts(desk.rows(*rows)) == {"new": 3, "updated": 1}
    assert _counts(desk.rows(*rows)) == {"same": 4}


def test_a_name_that_was_not_taken_finds_the_record_too(desk: Any) -> None:
    first = (("客户编号", "客户名称"), ("1", "华东精密"), ("1", "华东精密机械"))
    desk.rows(*first)
    assert _counts(desk.rows(("客户名称", "客户级别"), ("华东精密", "A"))) == {"updated": 1}
    assert desk.one("customer")["name"] == "华东精密机械"


LEAD = ("线索编号", "线索名称", "线索公司", "线索电话")


def test_leads_match_by_number_mobile_and_name_within_a_company(desk: Any) -> None:
    desk.rows(LEAD, ("1", "张三", "甲公司", "13800000001"), ("", "李四", "甲公司", "13800000002"))
    outcome = desk.rows(
        LEAD,
        ("1", "张三丰", "", ""),
        ("", "李先生", "", "13800000002"),
        ("", "李四", "乙公司", ""),
        ("", "王先生", "", "13800000003"),
        ("", "王先生", "", "13800000004"),
    )
    assert outcome.tally.counts["new"] == 3
    assert [lead["name"] for lead in desk.records("lead")][:2] == ["张三丰", "李先生"]


def test_owners_and_products_match_by_number_else_exact_name(desk: Any) -> None:
    desk.rows(("工号", "销售姓名", "团队"), ("7", "张伟", "华东"))
    desk.rows(("工号", "销售姓名", "大区"), ("7", "张大伟", "东区"))
    desk.rows(("销售姓名", "权重"), ("张 伟", "2"))
    assert (desk.one("owner")["team"], desk.one("owner")["region"], desk.one("owner")["weight"]) == ("华东", "东区", 2)
    desk.rows(("产品名称", "单价"), ("GTX Pro", "10"))
    desk.rows(("产品名称", "产品系列"), ("ＧＴＸ　pro", "GTX"))
    assert desk.one("product")["category"] == "GTX"


DEAL = ("客户名称", "商机名称", "金额", "阶段")


def test_a_deal_without_number_is_its_customer_and_name(desk: Any) -> None:
    desk.rows(DEAL, ("甲公司", "年框", "100", "初步接触"), ("乙公司", "年框", "100", "初步接触"))
    assert _counts(desk.rows(DEAL, ("甲公司", "年 框", "100", "初步接触"))) == {"updated": 1}
    assert len(desk.records("opportunity")) == 2


def test_two_such_deals_with_different_values_in_one_file_are_two(desk: Any) -> None:
    rows = (DEAL, ("甲公司", "年框", "100", "初步接触"), ("甲公司", "年框", "200", "初步接触"))
    assert _counts(desk.rows(*rows)) == {"new": 2}
    assert _counts(desk.rows(*rows)) == {"same": 2}
    assert _counts(desk.rows(rows[0], rows[2], rows[1])) == {"same": 2}
    moved = (DEAL, ("甲公司", "年框", "300", "初步接触"), ("甲公司", "年框", "200", "初步接触"))
    assert _counts(desk.rows(*moved)) == {"same": 1, "updated": 1}
    assert sorted(d["amount_fen"] for d in desk.records("opportunity")) == [20000, 30000]


def test_two_equal_rows_are_one_deal(desk: Any) -> None:
    assert _counts(desk.rows(DEAL, *[("甲公司", "年框", "100", "初步接触")] * 2)) == {"new": 1, "same": 1}


def test_a_deal_without_customer_is_kept_and_listed(desk: Any) -> None:
    outcome = desk.rows(("商机编号", "客户名称", "金额"), ("1", "", "100"))
    assert _counts(outcome) == {"new": 1}
    assert [listed.code for listed in outcome.tally.listed] == ["opportunity.no_customer"]
    assert desk.one("opportunity")["customer_id"] is None
    desk.rows(("商机编号", "客户名称", "金额"), ("1", "甲公司", "100"))
    assert desk.one("opportunity")["customer_id"] == desk.one("customer")["id"]


def test_a_row_that_names_nothing_is_rejected(desk: Any) -> None:
    result = desk.load(desk.csv("a.csv", CUSTOMER, ("", "", "", "021-62345678", "A"), ("", "广州***公司", "", "", "B")))
    assert _counts(result.sheets[0]) == {"rejected": 2}
    assert [(r.code, r.row, r.header, r.value) for r in result.rejections] == [
        ("row.no_identity", 2, "", ""),
        ("row.no_identity", 3, "客户名称", "广州***公司"),
    ]
