from __future__ import annotations

from collections.abc import Callable
from typing import Any


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
