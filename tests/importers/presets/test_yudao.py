from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from crmcli.domain.values.money import Amount

YUDAO_DEAL = (
    "编号,商机名称,客户名称,跟进状态,最后跟进时间,下次联系时间,负责人的用户编号,负责人名字,负责人部门,商机状态组,商机状态,"
    "结束状态,结束时的备注,预计成交日期,产品总金额,整单折扣,商机总金额,备注,创建人,创建人名字,创建时间,更新时间"
)


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
        "name": "张三", "owner": "王芳", "phones": ["+8613800000001"], "role": "决策人", "title": "经理",
        "created_at": "2026-01-01T09:00:00+08:00",
    }  # fmt: skip
    assert seen.extra[0]["直属上级"] == "赵总"


def test_contracts_are_known_by_their_names_for_two_numbers_are_called_the_same(look_csv: Callable[..., Any]) -> None:
    headers = "合同编号,合同名称,客户名称,负责人名字,合同编号,下单时间,合同金额"
    row = ["1"] * len(headers.split(","))
    seen = look_csv("合同.csv", headers, row)
    assert seen.preset[0] == "yudao_contracts"
    assert (seen.mapping.kind, seen.mapping.refusal) == ("contract", None)
    assert seen.rows[0]["contract"] == {"name": "1", "owner": "1", "amount": Amount(Decimal(1))}
    assert seen.extra[0]["合同编号"] == "1"
