from __future__ import annotations

from collections.abc import Callable
from typing import Any

WECOM = (
    "客户名称,描述,添加人,添加人账号,添加人所属部门,添加时间,来源,手机,企业,邮箱,地址,职务,电话,"
    "标签组1(客户等级),标签组2（意向）"
)
TWICE = 'A000张三🌟,,{who},x,销售一部,2026-01-05 10:00:00,1,13800000001,上海鼎信物流有限公司,,,采购,,"重要,VIP",高'


def test_the_console_list(look_csv: Callable[..., Any]) -> None:
    seen = look_csv("客户列表.csv", WECOM, TWICE.format(who="王芳"), ",,,", "小王,,王芳,,,2026/01/06 9:00,201,,,,,,,,")
    assert seen.preset == ("wecom", "contact")
    assert seen.rows[0]["customer"] == {"name": "上海鼎信物流有限公司", "source": "扫描二维码"}
    assert seen.rows[0]["contact"]["tags"] == ["客户等级:重要", "客户等级:VIP", "意向:高"]
    assert seen.rows[0]["contact"]["phones"] == ["+8613800000001"]
    assert seen.rows[1]["contact"] == {"name": "小王", "owner": "王芳", "created_at": "2026-01-06T09:00:00+08:00"}


def test_one_customer_of_two_employees_is_imported_once(crm: Any) -> None:
    other = TWICE.format(who="李雷").replace("重要,VIP", "老客户")
    file = crm.write("客户列表.csv", WECOM, TWICE.format(who="王芳"), other)
    (sheet,) = crm("import", file, "--json", code=3).json["sheets"]  # who added it is told, the other one kept
    assert (sheet["preset"], sheet["alternates"]) == ("wecom", 1)
    assert sheet["records"] == {"contact": 1, "customer": 1}
    (contact,) = crm("contact", "list", "--json").json
    assert (contact["name"], contact["customer"]) == ("A000张三🌟", "上海鼎信物流有限公司")
    assert contact["tags"] == ["客户等级:VIP", "客户等级:老客户", "客户等级:重要", "意向:高"]
    assert crm("customer", "list", "--json").json[0]["source"] == "扫描二维码"


def test_an_export_names_its_preset_and_why(crm: Any) -> None:
    file = crm.write("客户列表.csv", WECOM, TWICE.format(who="王芳").replace(",1,138", ",99,138"))
    (sheet,) = crm("inspect", file, "--json").json["sheets"]
    assert sheet["preset_why"] == "known by the headers 客户名称, 添加人, 添加人账号, 添加时间, 企业"
    assert any("来源: the preset's list lacks 1 values" in note for note in sheet["notes"])
    assert "企业微信 客户列表: known by the headers" in crm("inspect", file).stdout


def test_a_manager_of_several_accounts(look_csv: Callable[..., Any]) -> None:
    seen = look_csv(
        "a.csv",
        "客户名称,所属企微号,所属企业,添加时间,标签,客户系统备注,客户备注名,描述信息,企微手机号,系统手机,"
        "客户编号,企微编号",
        "阿强,客服1号,我们自己公司,2026-01-01 08:00:00,新客,要发票,钱强-宁波海晨贸易,周末联系,13800000006,"
        "0574-87654321,K1,W1",
        encoding="gb18030",
    )
    assert seen.preset == ("wecom_manager", "contact")
    contact = seen.rows[0]["contact"]
    assert (contact["name"], contact["external_id"], contact["owner"]) == ("钱强", "K1", "客服1号")
    assert (contact["note"], contact["phones"]) == ("要发票\n周末联系", ["+8613800000006", "+8657487654321"])
    assert seen.rows[0]["customer"]["name"] == "宁波海晨贸易"
