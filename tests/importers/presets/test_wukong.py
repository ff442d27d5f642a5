from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from crmcli.domain.values.money import Amount

NOTE = "注意事项：\n1、表头标“*”的红色字体为必填项\n2、日期时间：推荐格式为2020-02-02 13:13:13"
WUKONG_CUSTOMER = [
    "*客户名称",
    "*负责人",
    "客户来源",
    "手机",
    "电话",
    "网址",
    "邮箱",
    "客户行业",
    "客户级别",
    "下次联系时间",
    "备注",
    "省",
    "市",
    "区",
    "详细地址",
]


def _cells(headers: list[str], **cells: Any) -> list[Any]:
    return [cells.get(header.strip("*"), "") for header in headers]


@pytest.mark.parametrize("required", ["*{}", "{}(*)"])
def test_wukongs_customer_template_under_its_note(look_xlsx: Callable[..., Any], required: str) -> None:
    headers = [required.format(h[1:]) if h.startswith("*") else h for h in WUKONG_CUSTOMER]
    row = ["甲公司", "王芳", "展会", 13800000001, "021-62345678", "a.cn", "a@b.cn", "IT", "A(重点客户)", "", "x",
           "江苏省", "苏州市", "昆山市", "新城路1号"]  # fmt: skip
    seen = look_xlsx("客户导入模板", [NOTE], headers, row, merge="A1:O1")
    assert seen.preset == ("wukong_customers", "customer")
    assert seen.rows[0]["customer"] == {
        "name": "甲公司", "owner": "王芳", "source": "展会", "phones": ["+8613800000001", "+862162345678"],
        "emails": ["a@b.cn"], "industry": "IT", "level": "A", "note": "x", "province": "江苏", "city": "苏州",
        "district": "昆山市", "address": "新城路1号",
    }  # fmt: skip


@pytest.mark.parametrize("first", ["错误原因", "错误原因(导入时需删除本列)"])
def test_what_wukong_failed_to_import(look_xlsx: Callable[..., Any], first: str) -> None:
    row = _cells(WUKONG_CUSTOMER, 客户名称="甲公司", 客户级别="B（普通客户）")
    seen = look_xlsx("客户导入模板", [NOTE], [first, *WUKONG_CUSTOMER], ["客户名称重复", *row], merge="A1:P1")
    assert seen.preset == ("wukong_customers", "customer")
    assert seen.dropped == [first]
    assert seen.rows[0]["customer"] == {"name": "甲公司", "level": "B"}
    assert seen.extra == [{}]


def test_wukong_9s_customer_csv(look_csv: Callable[..., Any]) -> None:
    seen = look_csv(
        "客户.csv",
        "客户名称,客户级别,客户行业,客户来源,成交状态,电话,网址,下次联系时间,备注,省,市,区,详细地址",
        "乙公司,C（非优先客户）,IT,转介绍,未成交,021-62345678,,,,,,,",
        encoding="utf-8-sig",
    )
    assert seen.preset == ("wukong_customers", "customer")
    assert seen.rows[0]["customer"]["lifecycle"] == "未成交"
    assert seen.rows[0]["customer"]["phones"] == ["+862162345678"]


def test_wukong_leads_and_contacts(look_csv: Callable[..., Any]) -> None:
    leads = look_csv(
        "线索.csv",
        "*线索名称,*负责人,邮箱,线索来源,手机,电话,地址,客户行业,客户级别,下次联系时间,备注",
        "展会名片12,王芳,,促销,13800000001,,,,,,要报价",
    )
    assert leads.preset == ("wukong_leads", "lead")
    assert leads.rows[0]["lead"] == {
        "name": "展会名片12", "owner": "王芳", "source": "促销", "phones": ["+8613800000001"], "note": "要报价"
    }  # fmt: skip
    contacts = look_csv(
        "联系人.csv",
        "*姓名,*负责人,*客户名称,手机,电话,邮箱,职务,是否关键决策人,地址,下次联系时间,备注,性别",
        "张三,王芳,甲公司,13800000001,,,采购经理,是,,,,男",
        "李四,王芳,甲公司,,,,,否,,,,女",
    )
    assert contacts.preset == ("wukong_contacts", "contact")
    assert contacts.rows[0]["contact"]["role"] == "决策人"
    assert "role" not in contacts.rows[1]["contact"]


def test_wukong_opportunities_and_products(crm: Any) -> None:
    deals = crm.write(
        "商机信息.csv",
        "商机名称,客户名称,商机金额,预计成交日期,商机状态组,商机阶段,负责人,备注,创建时间",
        "ERP一期,甲公司,120000,2026-09-01,系统默认,方案/报价,王芳,,2026-01-01 09:00:00",
        "ERP二期,甲公司,80000,2026-03-01,系统默认,输单,王芳,,2026-01-01 09:00:00",
    )
    products = crm.write(
        "产品.csv",
        "*产品名称,*产品编码,*产品类型,*价格,产品单位,是否上下架",
        "云盘,P-1,软件,1200,套,上架",
        "旧盘,P-2,软件,1,套,下架",
    )
    found = {sheet["preset"]: sheet for sheet in crm("import", deals, products, "--json").json["sheets"]}
    assert found["wukong_opportunities"]["records"] == {"opportunity": 2, "customer": 1}
    assert found["wukong_products"]["records"] == {"product": 2}
    assert found["wukong_products"]["sums"]["product.price"]["stored"] == "1201.00"
    stages = [(deal["name"], deal["stage"], deal["status"]) for deal in crm("opp", "list", "--json").json]
    assert stages == [("ERP一期", "方案报价", "open"), ("ERP二期", "输单", "lost")]


def test_contracts_are_contracts_of_a_customer_and_a_deal(look_csv: Callable[..., Any]) -> None:
    headers = (
        "合同编号,合同名称,客户名称,商机名称,合同金额,下单时间,合同开始时间,合同结束时间,客户签约人,公司签约人,备注"
    )
    row = ["HT-1", "采购合同", "鼎信物流", "仓储", "1", "2026-03-05", "2026-03-06", "2027-03-05", "赵", "钱", ""]
    seen = look_csv("合同.csv", headers, row)
    assert (seen.preset[0], seen.mapping.kind, seen.mapping.refusal) == ("wukong_contracts", "contract", None)
    part = {"external_id": "HT-1", "name": "采购合同", "amount": Amount(Decimal(1)), "signed_on": "2026-03-05",
            "starts_on": "2026-03-06", "ends_on": "2027-03-05"}  # fmt: skip
    assert seen.rows[0] == {"contract": part, "customer": {"name": "鼎信物流"}, "opportunity": {"name": "仓储"}}
