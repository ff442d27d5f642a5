from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.importers.extract import drafts
from crmcli.importers.mapping import MappingChoices, map_sheet
from crmcli.importers.parsing import column_parsers, parse_block
from crmcli.importers.plain import KINDS, PlainRows, plain_rows
from crmcli.importers.presets import shipped_presets
from crmcli.importers.tables.columns import sheet_of

_ZONE = ZoneInfo("Asia/Shanghai")
_TEXTS = (
    *("", "甲公司", "乙（上海）有限公司", "张三", "李四 13800000001", "张三/李四", "13800000002", "暂无", "#N/A"),
    *("13800000003、021-5555", "江苏", "苏州", "华东", "昆山市", "江苏省苏州市人民路1号", "2026-03-04", "3/4/2026"),
    *("A", "1.2E+10", "重点;老客户", "张伟", "K1", "a@b.cn", "1万", "USD 500", "12.5"),
)
_HEADERS = ("客户名称", "客户编号", "联系人", "手机", "电话", "公司电话", "省份", "城市", "地区", "详细地址", "负责人",
            "创建时间", "备注", "说明", "标签", "邮箱", "随便", "昵称", "微信", "公司",
            "线索名称", "客户级别", "商机名称", "商机编号", "商机金额", "预计成交日期", "商机阶段")  # fmt: skip


def _both(headers: list[str], rows: list[list[str]], kind: str = "") -> tuple[PlainRows, list[Any]]:
    sheet = sheet_of(headers, rows)
    mapping = map_sheet(headers, MappingChoices(kind=kind))
    parsers = column_parsers(sheet, mapping, _ZONE)
    (block,) = sheet.blocks()
    columns = parse_block(block, parsers)
    return plain_rows(columns, mapping, len(block.rows), ()), list(drafts(block, columns, mapping))


def _said(plain: PlainRows, place: int) -> dict[str, dict[str, Any]]:
    parts: dict[str, dict[str, Any]] = {}
    for path in plain.fields:
        entity, _, key = path.partition(".")
        value = plain.value(path)[place]
        if value is not None:
            parts.setdefault(entity, {})[key] = value
    return parts


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_plain_row_says_what_its_draft_says(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    headers = data.draw(st.lists(st.sampled_from(_HEADERS), min_size=1, max_size=9, unique=True))
    row = st.lists(st.sampled_from(_TEXTS), min_size=len(headers), max_size=len(headers))
    plain, drafted = _both(headers, data.draw(st.lists(row, min_size=1, max_size=8)), kind)
    extras = plain.extras()
    for place, index in enumerate(plain.rows.tolist()):
        draft = drafted[index]
        assert _said(plain, place) == {entity: part for entity, part in draft.parts.items() if part}
        assert extras[place] == draft.extra
        assert not draft.problems
        assert not draft.others


def test_most_rows_of_a_customer_list_are_plain() -> None:
    headers = ["客户名称", "联系人", "手机", "电话", "城市", "备注2"]
    rows = [["甲公司", "张三", "13800000001", "13800000002", "苏州", "x"], ["乙公司", "", "", "", "", ""]]
    plain, _ = _both(headers, rows)
    assert plain.rows.tolist() == [0, 1]
    assert plain.value("contact.phones") == [["+8613800000001", "+8613800000002"], None]
    assert plain.value("customer.province") == ["江苏", None]
    assert plain.extras() == [{"备注2": "x"}, {}]


@pytest.mark.parametrize(
    "row",
    [
        ["", "张三", "13800000001", "A"],  # no customer
        ["甲公司", "张三/李四", "13800000001", "A"],  # several people
        ["甲公司", "", "13800000001", "A"],  # a phone of nobody
        ["甲公司", "张三", "12", "A"],  # a phone that is none
    ],
)
def test_a_row_that_needs_a_closer_look_is_left_out(row: list[str]) -> None:
    plain, _ = _both(["客户名称", "联系人", "手机", "客户级别"], [row, ["乙公司", "王五", "13800000009", "B"]])
    assert plain.rows.tolist() == [1]


def test_a_deal_is_plain_where_it_names_its_customer_and_no_end() -> None:
    headers = ["客户名称", "商机名称", "商机金额", "丢单原因"]
    rows = [
        ["甲公司", "设备", "1万", ""],
        ["乙公司", "设备", "1", "价格"],
        ["", "设备", "1", ""],
        ["丙公司", "设备", "USD 5", ""],
    ]
    plain, _ = _both(headers, rows, "opportunity")
    assert plain.rows.tolist() == [0]


def test_a_sheet_of_a_preset_with_constants_has_no_plain_rows() -> None:
    preset = next(preset for preset in shipped_presets() if preset.name == "registry")
    assert preset.constant
    headers = ["企业名称", "统一社会信用代码", "成立日期"]
    sheet = sheet_of(headers, [["甲公司", "", ""]])
    mapping = map_sheet(
        [c.header for c in sheet.columns], MappingChoices(preset=preset.name, presets=shipped_presets())
    )
    (block,) = sheet.blocks()
    columns = parse_block(block, column_parsers(sheet, mapping, _ZONE))
    assert not len(plain_rows(columns, mapping, 1, ()).rows)


def test_only_the_rows_asked_for_are_changed() -> None:
    plain, _ = _both(["客户名称", "客户级别"], [["甲公司", "A"], ["乙公司", "B"], ["丙公司", "A"]])
    seen: list[str] = []
    part = plain.between(0, 2).but([1])
    assert part.value("customer.level", lambda text: seen.append(text) or text.lower()) == ["a"]  # type: ignore[func-returns-value]
    assert seen == ["A"]
