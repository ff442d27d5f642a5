from __future__ import annotations

from zoneinfo import ZoneInfo

from crmcli.jobs.leads.extra_columns import columns_of_extra

_ZONE = ZoneInfo("Asia/Shanghai")


def test_columns_go_to_the_record_that_has_a_field_for_them() -> None:
    columns, left = columns_of_extra(
        {"行业": "机械", "职位": "采购", "预计金额": "5万", "地区": "江苏省苏州市", "网址": "x.cn"}, _ZONE
    )
    assert columns == {
        "customer": {"industry": "机械", "province": "江苏", "city": "苏州"},
        "contact": {"title": "采购"},
        "opportunity": {"amount_fen": 5_000_000},
    }
    assert left == {"网址": "x.cn"}


def test_what_cannot_be_read_stays_as_it_is() -> None:
    columns, left = columns_of_extra({"预计金额": "看情况", "负责人": "王芳"}, _ZONE)
    assert columns == {"customer": {}, "contact": {}, "opportunity": {}}
    assert left == {"预计金额": "看情况", "负责人": "王芳"}


def test_the_second_column_of_a_field_is_kept_too() -> None:
    columns, left = columns_of_extra({"行业": "机械", "客户行业": "机床"}, _ZONE)
    assert (columns["customer"], left) == ({"industry": "机械"}, {"客户行业": "机床"})
