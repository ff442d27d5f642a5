from __future__ import annotations

import random
from zoneinfo import ZoneInfo

from crmcli.importers.mapping import MappingChoices, map_sheet
from crmcli.importers.order import row_order
from crmcli.importers.parsing import column_parsers
from crmcli.importers.tables.columns import sheet_of


def _in_order(headers: list[str], rows: list[list[str]]) -> list[list[str]]:
    sheet = sheet_of(headers, rows)
    mapping = map_sheet(headers, MappingChoices())
    parsers = column_parsers(sheet, mapping, ZoneInfo("Asia/Shanghai"))
    blocks = row_order(sheet, parsers, mapping.kind or "").blocks()
    return [block.cells(index) for block, _meeting in blocks for index in range(len(block.rows))]


def test_rows_that_name_different_things_keep_their_order() -> None:
    rows = [["乙公司", "B"], ["甲公司", "A"], ["丙公司", "C"]]
    assert _in_order(["客户名称", "客户级别"], rows) == rows


def test_rows_that_name_the_same_are_taken_by_what_they_say_numbers_first() -> None:
    headers = ["客户编号", "客户名称", "客户级别"]
    rows = [["", "甲 公司", "B"], ["9", "丙公司", "C"], ["", "甲公司", "A"], ["2", "甲公司", "C"], ["1", "甲公司", "C"]]
    once = _in_order(headers, rows)
    assert once[1] == ["9", "丙公司", "C"]
    assert [row for row in once if row[0] != "9"][:2] == [["1", "甲公司", "C"], ["2", "甲公司", "C"]]
    shuffled = random.Random(7).sample(rows, len(rows))
    assert [r for r in _in_order(headers, shuffled) if r[0] != "9"] == [r for r in once if r[0] != "9"]


def test_one_phone_among_several_is_enough_to_share() -> None:
    rows = [["张三", "13800000001、13800000002"], ["张散", "13800000002"]]
    headers = ["联系人", "手机"]
    assert _in_order(headers, rows) == _in_order(headers, rows[::-1])


def test_a_name_counts_within_its_customer_only_unless_a_row_names_none() -> None:
    headers = ["客户名称", "联系人", "职务"]
    rows = [["甲公司", "王伟", "经理"], ["乙公司", "王伟", "采购"], ["甲公司", "王伟", "财务"]]
    assert _in_order(headers, rows)[1] == rows[1]
    assert _in_order(headers, rows) == _in_order(headers, rows[::-1])
    homeless = [*rows, ["", "王伟", "秘书"]]
    assert _in_order(headers, homeless) == _in_order(headers, homeless[::-1])
