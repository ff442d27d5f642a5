from __future__ import annotations

from collections.abc import Callable
from typing import Any

LINKWECHAT = (
    "客户姓名,客户类型,性别,userid,unionid,生日,所属企业,所属职位,跟进员工,商机阶段,添加方式,添加时间,企业标签,"
    "手机号,邮箱,QQ,所在省市县,详细地址,是否加入黑名单"
)


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
