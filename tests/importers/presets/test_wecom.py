from __future__ import annotations

from collections.abc import Callable
from typing import Any

WECOM = (
    "客户名称,描述,添加人,添加人账号,添加人所属部门,添加时间,来源,手机,企业,邮箱,地址,职务,电话,"
    "标签组1(客户等级),标签组2（意向）"
)
TWICE = 'A000张三🌟,,{who},x,销售一部,2026-01-05 10:00:00,1,13800000001,上海鼎信物流有限公司,,,采购,,"重要,VIP",高'
LINKWECHAT = (
    "客户姓名,客户类型,性别,userid,unionid,生日,所属企业,所属职位,跟进员工,商机阶段,添加方式,添加时间,企业标签,"
    "手机号,邮箱,QQ,所在省市县,详细地址,是否加入黑名单"
)


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


def test_linkwechat_customers(crm: Any) -> None:
    file = crm.write(
        "客户.csv",
        LINKWECHAT,
        '张三,微信用户,男,wmAAA,oU1,,杭州云帆科技有限公司,经理,王芳,跟进中,201,2026-01-05 10:00:00,"重点,华东",'
        "13800000002,,,浙江省/杭州市/西湖区,文三路1号,否",
        "李四,微信用户,女,wmBBB,oU2,,,,李雷,观望中,3,2026-01-06 10:00:00,,,,,,,否",
    )
    (sheet,) = crm("import", file, "--json").json["sheets"]
    assert (sheet["preset"], sheet["new"], sheet["records"]) == ("linkwechat", 2, {"contact": 2, "customer": 1})
    first, second = crm("contact", "list", "--json").json
    assert (first["external_id"], first["owner"], first["tags"]) == ("wmAAA", "王芳", ["华东", "重点"])
    assert second["extra"]["添加方式"] == "名片分享"
    (customer,) = crm("customer", "list", "--json").json
    assert (customer["lifecycle"], customer["source"], customer["city"]) == ("跟进中", "内部成员共享", "杭州")


def test_linkwechat_stages_that_it_does_not_have_are_told(look_csv: Callable[..., Any]) -> None:
    seen = look_csv("a.csv", LINKWECHAT, "李四,,,wmB,oU,,,,李雷,观望中,3,,,,,,,,")
    assert seen.notes == ["商机阶段: the preset's list lacks 1 values, which are kept as written: 观望中"]


def test_linkwechats_public_pool_is_known_by_its_sheet(look_xlsx: Callable[..., Any]) -> None:
    rows = (["手机号", "客户名称"], [13800000003, "王五"], ["13800000004", ""])
    seen = look_xlsx("2022-05-09_客户公海", *rows)
    assert seen.preset == ("linkwechat_seas", "lead")
    assert seen.rows[0]["lead"] == {"phones": ["+8613800000003"], "name": "王五", "source": "客户公海"}
    assert look_xlsx("客户公海", *rows).preset == (None, "customer")


def test_easyink_customers_in_either_order(look_csv: Callable[..., Any]) -> None:
    tail = "添加时间,所属员工,所属部门,标签,客户状态,出生日期,电话,邮箱,地址,描述"
    row = '小赵,赵六-苏州精工科技,{},2026-03-01,王芳,一部,"高意向,华东",正常,,13800000005,,,爱喝茶'
    for order, cells in (("公司,来源", ",8"), ("来源,公司", "8,")):
        seen = look_csv("a.csv", f"客户,备注,{order},{tail}", row.format(cells))
        assert seen.preset == ("easyink", "contact")
        assert seen.rows[0]["contact"]["name"] == "赵六"
        assert seen.rows[0]["customer"]["name"] == "苏州精工科技"
        assert seen.rows[0]["customer"]["source"] == "安装第三方应用时自动添加的客服人员"
        assert seen.extra[0]["客户"] == "小赵"
    chosen = look_csv("b.csv", "客户,externalUserId,所属员工", "小赵,wmC,王芳")
    assert chosen.rows == [{"contact": {"name": "小赵", "external_id": "wmC", "owner": "王芳"}}]


def test_easyink_groups_are_no_customers(crm: Any) -> None:
    groups = crm.write("群.csv", "群昵称,群成员,群主,标签,客户群状态,创建时间", "老客户群,35,王芳,,正常,2026/03/01")
    customers = crm.write("客户.csv", "客户名称,行业", "甲公司,电子")
    found = {sheet["file"]: sheet for sheet in crm("inspect", groups, customers, "--json", code=3).json["sheets"]}
    assert found[groups]["preset"] == "easyink_groups"
    assert found[groups]["left_out"] == "easyink 客户群: this holds no customers, contacts or deals"
    assert "easyink 客户群" in crm("import", groups, code=1).stderr
    assert crm("customer", "list", "--json").json == []


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
