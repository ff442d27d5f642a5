from __future__ import annotations

from collections.abc import Callable
from typing import Any


def test_an_archive_of_yonyou(look_csv: Callable[..., Any]) -> None:
    seen = look_csv(
        "客户档案.csv",
        "客户编码,客户名称,客户简称,客户分类编码,应收余额,最近发票时间,最近发票金额,最近收款时间,最近收款金额,营业执照照片,"
        "银行开户许可证,联系人,电话,地址,统一社会信用代码,备注,开票单位,开户银行,银行账号,所属银行编码,发货地址,发展日期,创建人,"
        "创建时间,修改人,修改时间,税率",
        "0101,甲公司,甲,01,3500.00,,,,,,,张三,0512-57001234,新城路1号,,老客户,甲公司,工商银行,1102,,,2019-05-06,demo,"
        "2020-01-01 00:00:00,,,13",
    )
    assert seen.preset == ("yonyou", "customer")
    customer = seen.rows[0]["customer"]
    assert (customer["external_id"], customer["short_name"], customer["created_at"]) == ("0101", "甲", "2019-05-06")
    assert (customer["phones"], customer["note"]) == (["+8651257001234"], "老客户")
    assert seen.extra[0]["开票单位"] == "甲公司"
