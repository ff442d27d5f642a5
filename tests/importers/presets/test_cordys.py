from __future__ import annotations

from collections.abc import Callable
from typing import Any


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
        "company": "乙公司", "name": "李四", "phones": ["+8613800000002"], "status": "following", "source": "线上",
        "note": "要云盘", "owner": "王芳",
    }  # fmt: skip
    contacts = look_csv("联系人.csv", "唯一ID,客户名称,姓名,邮箱,手机号,负责人", "5,甲公司,张三,,13800000001,王芳")
    assert contacts.preset == ("cordys_contacts", "contact")
    assert contacts.rows[0]["contact"]["external_id"] == "5"
