from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

REGISTRY = (
    "企业名称,公司ID,登记状态,法定代表人,注册资本,成立日期,所在省份,所在城市,所在区县,电话,网址,邮箱,统一社会信用代码,注册号,"
    "组织机构代码,参保人数,企业类型,行业门类,行业大类,行业中类,曾用名,企业地址,经营范围"
)
FIRM = (
    "苏州精工科技有限公司,88,存续,赵六,1000万,2010-05-01,江苏省,苏州市,昆山市,0512-57001234,,info@jg.cn,91320583MA1MQ3RL7P,"
    ",,56,有限责任公司,制造业,,,,江苏省昆山市新城路1号,机械加工"
)


def test_a_registry_list_under_its_disclaimer(look_csv: Callable[..., Any]) -> None:
    seen = look_csv(
        "企业名录.csv",
        "声明：本数据仅供参考，不构成任何建议",
        "客服电话：400-000-0000",
        REGISTRY,
        FIRM,
        encoding="gb18030",
    )
    assert seen.preset == ("registry", "customer")
    customer = seen.rows[0]["customer"]
    assert customer["name"] == "苏州精工科技有限公司"
    assert customer["phones"] == ["+8651257001234"]
    assert (customer["province"], customer["city"], customer["industry"]) == ("江苏", "苏州", "制造业")
    assert "external_id" not in customer
    assert seen.rows[0]["contact"] == {"name": "赵六", "role": "法定代表人"}
    assert seen.extra[0]["登记状态"] == "存续"


@pytest.mark.parametrize(
    "headers",
    [
        "公司名称,经营状态,法定代表人,注册资本,成立日期,统一社会信用代码,更多电话",
        "名称,法定代表人,注册资本,统一社会信用代码",
    ],
)
def test_other_registries_call_it_otherwise(look_csv: Callable[..., Any], headers: str) -> None:
    row = ["甲公司" if header in ("公司名称", "名称") else "" for header in headers.split(",")]
    seen = look_csv("a.csv", headers, row)
    assert (seen.preset, seen.rows[0]["customer"]["name"]) == (("registry", "customer"), "甲公司")


def test_a_list_without_a_legal_representative_makes_no_contact(crm: Any) -> None:
    file = crm.write(
        "a.csv", REGISTRY, FIRM, FIRM.replace("赵六", "").replace("苏州精工", "昆山华诚").replace("P,", ",", 1)
    )
    (sheet,) = crm("import", file, "--json", code=None).json["sheets"]
    assert sheet["records"] == {"customer": 2, "contact": 1}
