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
YUDAO_DEAL = (
    "编号,商机名称,客户名称,跟进状态,最后跟进时间,下次联系时间,负责人的用户编号,负责人名字,负责人部门,商机状态组,商机状态,"
    "结束状态,结束时的备注,预计成交日期,产品总金额,整单折扣,商机总金额,备注,创建人,创建人名字,创建时间,更新时间"
)


def _cells(headers: list[str], **cells: Any) -> list[Any]:
    return [cells.get(header.strip("*"), "") for header in headers]


@pytest.mark.parametrize("required", ["*{}", "{}(*)"])
def test_wukongs_customer_template_under_its_note(look_xlsx: Callable[..., Any], required: str) -> None:
    headers = [required.format(h[1:]) if h.startswith("*") else h for h in WUKONG_CUSTOMER]
    row = _cells(
        WUKONG_CUSTOMER,
        客户名称="甲公司",
        负责人="王芳",
        手机=13800000001,
        客户级别="A(重点客户)",
        省="江苏省",
        市="苏州市",
    )
    seen = look_xlsx("客户导入模板", [NOTE], headers, row, merge="A1:O1")
    assert seen.preset == ("wukong_customers", "customer")
    assert seen.rows[0]["customer"] == {
        "name": "甲公司", "owner": "王芳", "phones": ["+8613800000001"], "level": "A", "province": "江苏",
        "city": "苏州",
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
    assert contacts.rows[0]["contact"]["role"] == "关键决策人"
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


@pytest.mark.parametrize(
    ("preset", "headers"),
    [
        (
            "wukong_contracts",
            "合同编号,合同名称,客户名称,商机名称,合同金额,下单时间,合同开始时间,合同结束时间,客户签约人,公司签约人,备注",
        ),
        ("yudao_contracts", "合同编号,合同名称,客户名称,负责人名字,合同编号,下单时间,合同金额"),
    ],
)
def test_contracts_are_named_and_left_out(look_csv: Callable[..., Any], preset: str, headers: str) -> None:
    row = ["1"] * len(headers.split(","))
    seen = look_csv("合同.csv", headers, row)
    assert seen.preset[0] == preset
    assert "this holds no customers" in str(seen.mapping.refusal)
    as_deals = look_csv("合同.csv", headers, row, kind="opportunity")
    assert as_deals.mapping.refusal is None
    assert as_deals.rows[0]["opportunity"]["amount"] == Amount(Decimal(1))


def test_yudao_deals_say_why_they_were_lost(crm: Any) -> None:
    file = crm.write(
        "商机.csv",
        YUDAO_DEAL,
        "1,ERP一期,甲公司,true,,,8,王芳,销售部,默认,,赢单,客户很满意,2026-03-01,,,90000,,1,admin,2026-01-01 09:00:00,",
        "2,ERP二期,甲公司,true,,,8,王芳,销售部,默认,,2,价格,2026-03-01,100000,10,90000,,1,admin,2026-01-01 09:00:00,",
        "3,OA,甲公司,true,,,8,王芳,销售部,默认,方案/报价,,,2026-09-01,100000,10,80000,,1,admin,2026-01-01 09:00:00,",
    )
    (sheet,) = crm("import", file, "--json").json["sheets"]
    assert (sheet["preset"], sheet["sums"]["opportunity.amount"]["source"]) == ("yudao_opportunities", "260000.00")
    deals = crm("opp", "list", "--json").json
    assert [(deal["external_id"], deal["owner"], deal["stage"], deal["loss_reason"]) for deal in deals] == [
        ("1", "王芳", "赢单", None), ("2", "王芳", "输单", "价格"), ("3", "王芳", "方案报价", None)
    ]  # fmt: skip


def test_yudao_customers_as_exported_and_as_the_template(look_csv: Callable[..., Any]) -> None:
    exported = look_csv(
        "客户.csv",
        "编号,客户名称,跟进状态,最后跟进时间,最后跟进内容,下次联系时间,负责人的用户编号,负责人名字,负责人部门,锁定状态,成交状态,手机,电话,"
        "QQ,wechat,email,地区编号,地区名称,详细地址,所属行业,客户等级,客户来源,备注,创建时间,更新时间,创建人,创建人名字",
        "7,甲公司,true,,,,8,王芳,销售部,false,true,13800000001,,10001,zs88,a@b.cn,320500,江苏省 苏州市,,IT,"
        "A （重点客户）,广告,,2026-01-01 09:00:00,,1,admin",
    )
    assert exported.preset == ("yudao_customers", "customer")
    customer = exported.rows[0]["customer"]
    assert (customer["external_id"], customer["owner"], customer["lifecycle"]) == ("7", "王芳", "已成交")
    assert (customer["wechat"], customer["emails"], customer["level"], customer["city"]) == (
        "zs88", ["a@b.cn"], "A", "苏州"
    )  # fmt: skip
    template = look_csv(
        "模板.csv",
        "客户名称,手机,电话,QQ,微信,邮箱,地区,详细地址,所属行业,客户等级,客户来源,备注",
        "乙公司,13800000002,,,,,,,,B （普通客户）,转介绍,",
    )
    assert template.preset == ("yudao_customers", "customer")
    assert template.rows[0]["customer"] == {
        "name": "乙公司", "phones": ["+8613800000002"], "level": "B", "source": "转介绍"
    }  # fmt: skip


def test_yudao_contacts(look_csv: Callable[..., Any]) -> None:
    seen = look_csv(
        "联系人.csv",
        "联系人姓名,客户名称,最后跟进时间,最后跟进内容,下次联系时间,负责人名字,负责人部门,手机号,电话,邮箱,QQ,微信,地区,地址,性别,"
        "是否关键决策人,职位,直属上级,备注,创建人,创建时间,更新时间",
        "张三,甲公司,,,,王芳,销售部,13800000001,,,,,,,男,是,经理,赵总,,admin,2026-01-01 09:00:00,",
    )
    assert seen.preset == ("yudao_contacts", "contact")
    assert seen.rows[0]["contact"] == {
        "name": "张三", "owner": "王芳", "phones": ["+8613800000001"], "role": "关键决策人", "title": "经理",
        "created_at": "2026-01-01T09:00:00+08:00",
    }  # fmt: skip
    assert seen.extra[0]["直属上级"] == "赵总"


def test_cordys_deals(crm: Any) -> None:
    file = crm.write(
        "商机.csv",
        "唯一ID,商机名称,客户名称,业务编码,商机来源,金额,意向产品,结束时间,可能性,联系人,客户标签,备注信息,地区,负责人,失败原因,商机阶段",
        '11,ERP一期,甲公司,OPP1,广告,120000,云盘,2026/9/1,60%,张三,"[重点，华东]",,,王芳,,方案验证',
        "12,ERP二期,甲公司,OPP2,广告,80000,云盘,2026/3/1,0,张三,,,,王芳,客户选择竞品,失败",
    )
    (sheet,) = crm("import", file, "--json", code=3).json["sheets"]
    assert (sheet["preset"], sheet["new"], sheet["listed"]) == (
        "cordys_opportunities",
        2,
        1,
    )  # 方案验证: no stage of ours
    first, second = crm("opp", "list", "--json").json
    assert (first["external_id"], first["probability"], first["expected_close"]) == ("11", 60, "2026-09-01")
    assert (second["status"], second["loss_reason"], second["closed_at"]) == ("lost", "竞品", "2026-03-01")
    assert first["extra"]["业务编码"] == "OPP1"


def test_cordys_customers_leads_and_contacts(look_csv: Callable[..., Any]) -> None:
    customers = look_csv(
        "客户.csv",
        "客户名称,客户行业,客户等级,客户类型,客户来源,线上来源详情,客户标签,地区,负责人",
        "甲公司,IT,A,潜在客户,线上,抖音,重点,江苏省苏州市,王芳",
    )
    assert customers.preset == ("cordys_customers", "customer")
    assert customers.rows[0]["customer"]["owner"] == "王芳"
    leads = look_csv(
        "线索.csv",
        "公司名称,线索进度,线索来源,线上来源详情,客户需求,联系人名称,联系人电话,意向产品,地区,负责人",
        "乙公司,跟进中,线上,抖音,要云盘,李四,(+86)13800000002,云盘,,王芳",
    )
    assert leads.preset == ("cordys_leads", "lead")
    assert leads.rows[0]["lead"] == {
        "company": "乙公司", "name": "李四", "phones": ["+8613800000002"], "status": "跟进中", "source": "线上",
        "note": "要云盘", "owner": "王芳",
    }  # fmt: skip
    contacts = look_csv("联系人.csv", "唯一ID,客户名称,姓名,邮箱,手机号,负责人", "5,甲公司,张三,,13800000001,王芳")
    assert contacts.preset == ("cordys_contacts", "contact")
    assert contacts.rows[0]["contact"]["external_id"] == "5"


def test_kingdee_has_keys_over_labels(look_xlsx: Callable[..., Any]) -> None:
    labels = [
        "*单据头(序号)",
        "(单据头)编码",
        "*(单据头)名称#中文(简体)",
        "(单据头)简称#中文(简体)",
        "间隔列",
        "(单据头)销售员#名称",
    ]
    keys = ["FBillHead(BD_Customer)", "FNumber", "FName#2052", "FShortName#2052", "", "FSELLER#Name"]
    row = ["100001", "CUST0001", "甲公司", "甲", "", "王芳"]
    seen = look_xlsx("客户#单据头(FBillHead)", keys, labels, row)
    assert seen.preset == ("kingdee_customers", "customer")
    assert seen.rows[0]["customer"] == {
        "external_id": "CUST0001", "name": "甲公司", "short_name": "甲", "owner": "王芳"
    }  # fmt: skip
    assert look_xlsx("物料#单据头(FBillHead)", keys, labels, row).preset == ("kingdee_materials", "product")
    suppliers = look_xlsx("供应商#单据头(FBillHead)", keys, labels, row)
    assert suppliers.preset[0] == "kingdee_suppliers"
    assert suppliers.mapping.refusal is not None
