from __future__ import annotations

from collections.abc import Callable
from typing import Any


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
