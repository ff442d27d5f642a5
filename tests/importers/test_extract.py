from __future__ import annotations

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crmcli.domain.values.money import Amount
from crmcli.importers.extract import Draft, amount_in, cells_of, drafts, parse_text
from crmcli.importers.mapping import MappingChoices, map_sheet
from crmcli.importers.parsing import TakenApart, column_parsers, parse_block
from crmcli.importers.presets import shipped_presets
from crmcli.importers.sheet import Sheet
from crmcli.importers.tables.columns import sheet_of

ZONE = ZoneInfo("Asia/Shanghai")


def _sheet(headers: str, *rows: str) -> Sheet:
    return sheet_of(headers.split(","), [row.split(",") for row in rows])


def _drafts(headers: str, *rows: str, blanks: bool = False, **choices: Any) -> list[Draft]:
    sheet = _sheet(headers, *rows)
    mapping = map_sheet(headers.split(","), MappingChoices(presets=shipped_presets(), **choices))
    (block,) = sheet.blocks()
    return list(drafts(block, parse_block(block, column_parsers(sheet, mapping, ZONE)), mapping, blanks=blanks))


def _one(headers: str, row: str) -> dict[str, dict[str, Any]]:
    return _drafts(headers, row)[0].parts


def test_a_row_is_taken_apart_into_its_kinds() -> None:
    parts = _one("客户名称,联系人,手机,商机名称,金额(万元),阶段", "华东精密,张三,138 0000 0000,年框,3.5,谈判中")
    assert parts["customer"] == {"name": "华东精密"}
    assert parts["contact"] == {"name": "张三", "phones": ["+8613800000000"]}
    assert parts["opportunity"] == {"name": "年框", "amount": Amount(Decimal("35000.0"), "CNY"), "stage": "谈判中"}


def test_an_amounts_own_currency_wins_over_its_columns() -> None:
    assert _one("客户名称,金额(USD)", "甲,100")["opportunity"]["amount"] == Amount(Decimal(100), "USD")
    assert _one("客户名称,金额(USD)", "甲,￥100")["opportunity"]["amount"] == Amount(Decimal(100), "CNY")
    assert _one("客户名称,金额", "甲,100")["opportunity"]["amount"] == Amount(Decimal(100))


@pytest.mark.parametrize(("written", "code"), [("人民币", "CNY"), ("usd", "USD"), ("美元", "USD"), ("chf", "CHF")])
def test_a_currency_column_gives_codes(written: str, code: str) -> None:
    assert _one("商机名称,币种", f"年框,{written}")["opportunity"]["currency"] == code


@pytest.mark.parametrize(
    ("headers", "row", "area"),
    [
        ("省,市,区", "辽宁省,朝阳市,双塔区", ("辽宁", "朝阳", "双塔区")),
        ("省,市,区", "江苏省,苏州市,昆山市", ("江苏", "苏州", "昆山市")),
        ("省,市,区", "江苏,南京,鼓楼", ("江苏", "南京", "鼓楼区")),
        ("省,市,区", "上海市,上海市,浦东新区", ("上海", "上海", "浦东新区")),
        ("省,市,区", ",苏州市,", ("江苏", "苏州", None)),
        ("省,市,区", "内蒙古自治区,,", ("内蒙古", None, None)),
        ("省,市,区", "加利福尼亚州,洛杉矶,", ("加利福尼亚州", "洛杉矶", None)),
        ("省,市,区", "江苏,杭州,", ("江苏", "杭州", None)),
        ("地区,客户级别,邮编", "江苏省苏州市昆山市,A,1", ("江苏", "苏州", "昆山市")),
        ("地区,客户级别,邮编", "华东,A,1", ("华东", None, None)),
        ("省份,地区,邮编", "江苏,华东,1", ("江苏", None, None)),
    ],
)
def test_areas_are_read_together(headers: str, row: str, area: tuple[str | None, ...]) -> None:
    customer = _one(f"客户名称,{headers}", f"甲,{row}")["customer"]
    assert tuple(customer.get(key) for key in ("province", "city", "district")) == area


def test_an_area_that_says_nothing_of_the_province_is_kept_as_extra() -> None:
    draft = _drafts("客户名称,省份,地区", "甲,江苏,华东")[0]
    assert (draft.parts["customer"]["province"], draft.extra) == ("江苏", {"地区": "华东"})


def test_a_bad_cell_blanks_its_field_keeps_its_text_and_is_a_problem() -> None:
    draft = _drafts("客户名称,公司电话,金额", "甲,12,很多")[0]
    assert draft.parts["customer"] == {"name": "甲"}
    assert draft.extra == {"公司电话": "12", "金额": "很多"}
    assert [problem.path for problem in draft.problems] == ["customer.phones", "opportunity.amount"]


@pytest.mark.parametrize("text", ["1.23456789012346E+17", "1.23456789012346e+17", "9.2E17"])
@pytest.mark.parametrize("header", ["客户编号", "统一社会信用代码", "公司电话"])
def test_numbers_that_lost_digits_identify_nobody(header: str, text: str) -> None:
    draft = _drafts(f"客户名称,{header}", f"甲,{text}")[0]
    assert draft.parts["customer"] == {"name": "甲"}
    assert draft.problems[0].problem.code.endswith("lost_digits")


def test_an_amount_in_scientific_form_has_lost_digits() -> None:
    assert _drafts("客户名称,金额", "甲,1.23456789012346E+17")[0].problems[0].problem.code == "amount.lost_digits"


def test_a_phone_is_the_contacts_where_one_is_named_else_the_customers() -> None:
    headers = "客户名称,联系人,电话,公司电话"
    assert _one(headers, "甲,张三,13800000000,021-62345678") == {
        "contact": {"name": "张三", "phones": ["+8613800000000"]},
        "customer": {"name": "甲", "phones": ["+862162345678"]},
    }
    nobody = _one(headers, "甲,,13800000000,021-62345678")
    assert nobody["customer"]["phones"] == ["+862162345678", "+8613800000000"]
    assert "contact" not in nobody


def test_a_bare_owner_of_a_contact_sheet_is_the_customers_too() -> None:
    parts = _one("客户名称,联系人,负责人", "甲,张三,王芳")
    assert (parts["contact"]["owner"], parts["customer"]["owner"]) == ("王芳", "王芳")
    parts = _one("客户名称,联系人,负责人,客户负责人", "甲,张三,王芳,李雷")
    assert (parts["contact"]["owner"], parts["customer"]["owner"]) == ("王芳", "李雷")


@pytest.mark.parametrize(
    ("first", "last", "name"), [("John", "Smith", "John Smith"), ("三", "张", "张三"), ("Li", "", "Li")]
)
def test_first_and_last_names_make_a_name(first: str, last: str, name: str) -> None:
    assert _one("First Name,Last Name,Company,Email", f"{first},{last},ACME,a@b.cn")["contact"]["name"] == name


def test_a_cell_with_a_person_and_a_number_is_taken_apart_and_told() -> None:
    sheet = _sheet("客户名称,联系人", "甲,张三 13800000000", "乙,李四")
    mapping = map_sheet(["客户名称", "联系人"], MappingChoices())
    (block,) = sheet.blocks()
    columns = parse_block(block, column_parsers(sheet, mapping, ZONE))
    first, second = drafts(block, columns, mapping)
    assert first.parts["contact"] == {"name": "张三", "phones": ["+8613800000000"]}
    assert first.extra == {"联系人": "张三 13800000000"}
    assert second.parts["contact"] == {"name": "李四"}
    taken = TakenApart()
    taken.look_at(columns)
    assert "1 cells hold more than a name" in str(taken.notes()[0])


def test_a_wechat_remark_gives_a_firm_a_nickname_never_does() -> None:
    headers = "UserName,Alias,Remark,NickName"
    rows = ["wx1,zs,张三-华东精密科技-13800000000,三哥", "wx2,,,AAA建材王姐", "wx3,,,上海鼎信科技有限公司"]
    remark, nickname, firm = _drafts(headers, *rows)
    assert remark.parts["contact"] == {
        "external_id": "wx1", "wechat": "zs", "name": "张三", "phones": ["+8613800000000"]
    }  # fmt: skip
    assert remark.parts["customer"] == {"name": "华东精密科技"}
    assert remark.extra == {"Remark": "张三-华东精密科技-13800000000", "NickName": "三哥"}
    assert (nickname.parts["contact"]["name"], "customer" in nickname.parts) == ("AAA建材王姐", False)
    assert "customer" not in firm.parts


def test_tag_groups_become_tags_with_their_group() -> None:
    headers = "客户名称,添加人,添加人账号,添加时间,企业,标签组1(等级),标签组12（意向产品）"
    (draft,) = _drafts(headers, "三哥,王芳,wf,2026-01-05 10:00:00,华东精密,A,机器人")
    assert draft.parts["contact"]["tags"] == ["等级:A", "意向产品:机器人"]


def test_columns_of_one_header_do_not_push_each_other_out() -> None:
    (draft,) = _drafts("客户名称,随便,随便", "甲,一,二")
    assert draft.extra == {"随便": "一", "随便'": "二"}


def test_notes_of_several_columns_stand_under_each_other() -> None:
    assert _one("客户名称,行业,备注,说明", "甲,电子,一,二")["customer"]["note"] == "一\n二"


def test_placeholders_are_blank_and_blanks_are_told_on_request() -> None:
    (draft,) = _drafts("客户名称,行业,级别,公司电话", "甲,暂无,A,12", blanks=True)
    assert draft.parts["customer"] == {"name": "甲", "level": "A"}
    assert draft.blanks == {"customer.industry"}


def test_dates_are_decided_for_the_whole_column() -> None:
    first, second = _drafts("客户名称,建档日期", "甲,03/04/2026", "乙,25/04/2026")
    assert (first.parts["customer"]["created_at"], second.parts["customer"]["created_at"]) == (
        "2026-04-03",
        "2026-04-25",
    )


def test_amounts_in_rows_outside_the_table() -> None:
    sheet = _sheet("客户名称,金额(万元)", "甲,1")
    column = column_parsers(sheet, map_sheet(["客户名称", "金额(万元)"], MappingChoices()), ZONE)[1]
    assert amount_in(column, ["合计", "12.5"]) == 125000
    assert amount_in(column, ["备注：无"]) == 0
    assert amount_in(column, ["合计", "很多"]) == 0


def test_the_cells_that_say_something_of_one_kind() -> None:
    sheet = _sheet("商机名称,行业,客户级别", "年框,电子,-")
    (block,) = sheet.blocks()
    parsers = column_parsers(sheet, map_sheet(["商机名称", "行业", "客户级别"], MappingChoices()), ZONE)
    columns = parse_block(block, parsers)
    assert list(cells_of(columns, 0, "customer")) == [("行业", "电子")]


@pytest.mark.parametrize(
    ("kind", "key", "text", "value"),
    [
        ("phones", "phones", "138 0000 0000", ["+8613800000000"]),
        ("region", "province", "江苏省", "江苏"),
        ("region", "city", "苏州市", "苏州"),
        ("region", "province", "月球", "月球"),
        ("date", "created_at", "2026/3/5", "2026-03-05"),
        ("text", "external_id", "10086", "10086"),
    ],
)
def test_what_a_person_types_goes_the_way_cells_go(kind: str, key: str, text: str, value: object) -> None:
    assert parse_text(kind, text, ZONE, key) == value
