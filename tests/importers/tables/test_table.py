from __future__ import annotations

from collections.abc import Iterable

import pytest

from crmcli.importers.readers.grid import Grid, Merge, left_out
from crmcli.importers.sheet import Sheet
from crmcli.importers.tables.asked import FileFacts, TableOptions
from crmcli.importers.tables.table import EMPTY, NO_TABLE, table_of

KNOWN = {"客户名称", "联系人", "手机", "金额", "阶段", "电话", "姓名", "名称", "省份", "备注"}


def table(rows: Iterable[list[str]], merges: list[Merge] | None = None, **options: object) -> Sheet:
    strict = bool(options.pop("strict_width", False))
    grid = Grid("s", iter(list(enumerate(rows, start=1))), merges or [], strict_width=strict)
    chosen = TableOptions(KNOWN.__contains__, {"客户名称"}.__contains__, **options)  # type: ignore[arg-type]
    return table_of(grid, FileFacts("f.xlsx", "0", "xlsx"), chosen)


def headers(sheet: Sheet) -> list[str]:
    return [column.header for column in sheet.columns]


def records(sheet: Sheet) -> list[list[str]]:
    return [block.cells(index) for block in sheet.blocks() for index in range(len(block.rows))]


def numbers(sheet: Sheet) -> list[int]:
    return [number for block in sheet.blocks() for number in block.rows]


def odd(sheet: Sheet) -> list[tuple[int, str]]:
    found = [(row.row, row.code) for block in sheet.blocks() for row in block.skipped]
    assert len(found) == sheet.skipped_count
    return found


def rejected(sheet: Sheet) -> list[tuple[int, str]]:
    found = [(row.row, row.code) for block in sheet.blocks() for row in block.rejected]
    assert len(found) == sheet.rejected_count
    return found


def test_the_header_is_found_under_title_and_preamble_rows() -> None:
    sheet = table(
        [
            ["2026年客户台账", "", "", ""],
            ["导出人：张三", "", "导出时间：2026-03-01", ""],
            ["", "", "", ""],
            ["客户名称", "联系人", "手机", "金额"],
            ["甲公司", "王五", "13800000000", "12"],
        ],
        [Merge(1, 0, 1, 3)],
    )
    assert sheet.header_row == 4
    assert headers(sheet) == ["客户名称", "联系人", "手机", "金额"]
    assert records(sheet) == [["甲公司", "王五", "13800000000", "12"]]
    assert numbers(sheet) == [5]
    assert odd(sheet) == [(1, "row.title"), (2, "row.title")]


def test_totals_notes_ends_and_repeated_headers_are_skipped_and_blank_rows_not_read() -> None:
    sheet = table(
        [
            ["客户名称", "联系人", "手机", "金额"],
            ["甲公司", "王五", "13800000000", "12"],
            ["小 计", "", "", "12"],
            ["客户名称", "联系人", "手机", "金额"],
            ["", " ", "", ""],
            ["乙公司", "", "", ""],
            ["合计", "", "2", "￥1,200.00"],
            ["备注：金额为含税价", "", "", ""],
            ["制表人：李四", "", "审核：赵六", ""],
            ["——以下空白——", "", "", ""],
            ["", "", "", "一段没有客户的话"],
        ]
    )
    assert [row[0] for row in records(sheet)] == ["甲公司", "乙公司"]
    assert odd(sheet) == [
        (3, "row.total"), (4, "row.header"), (7, "row.total"), (8, "row.note"), (9, "row.note"), (10, "row.note"),
        (11, "row.note"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "row",
    [
        ["Total", "张三", "13800000000", "法国"],
        ["总计划研究院", "", "", "5"],
        ["C001", "合计", "", "5"],
        ["小计有限公司", "", "", ""],
    ],
)
def test_a_record_whose_name_sounds_like_a_total_stays(row: list[str]) -> None:
    sheet = table([["客户名称", "联系人", "手机", "金额"], row])
    assert records(sheet) == [row]
    assert odd(sheet) == []


def test_groups_over_fields_are_joined() -> None:
    sheet = table(
        [
            ["客户名称", "联系人", "", "金额"],
            ["", "姓名", "电话", ""],
            ["甲公司", "王五", "010-1", "5"],
        ],
        [Merge(1, 0, 2, 0), Merge(1, 1, 1, 2), Merge(1, 3, 2, 3)],
    )
    assert headers(sheet) == ["客户名称", "联系人_姓名", "联系人_电话", "金额"]
    assert sheet.header_row == 2
    assert records(sheet) == [["甲公司", "王五", "010-1", "5"]]


def test_a_merged_title_is_no_group() -> None:
    sheet = table(
        [["客户信息表", "", ""], ["客户名称", "联系人", "手机"], ["甲", "乙", "1"]],
        [Merge(1, 0, 1, 2)],
    )
    assert headers(sheet) == ["客户名称", "联系人", "手机"]


def test_two_contacts_in_a_csv_are_told_apart_by_the_row_above() -> None:
    sheet = table(
        [["客户名称", "联系人1", "", "联系人2", ""], ["", "姓名", "电话", "姓名", "电话"], ["甲", "a", "1", "b", "2"]]
    )
    assert headers(sheet) == ["客户名称", "联系人1_姓名", "联系人1_电话", "联系人2_姓名", "联系人2_电话"]


def test_labels_win_over_the_field_keys_of_kingdee() -> None:
    sheet = table(
        [
            ["FBillHead(BD_Customer)", "FNumber", "FName#2052"],
            ["*单据头(序号)", "(单据头)编码", "*(单据头)名称#中文(简体)"],
            ["1", "C001", "甲公司"],
        ]
    )
    assert headers(sheet) == ["*单据头(序号)", "(单据头)编码", "*(单据头)名称#中文(简体)"]
    assert (sheet.header_row, numbers(sheet)) == (2, [3])


def test_merged_body_cells_are_filled_only_where_the_sheet_says_so() -> None:
    rows = [["客户名称", "联系人", "手机"], ["甲公司", "王五", "1"], ["", "赵六", "2"], ["", "孙七", "3"]]
    merged = table([list(row) for row in rows], [Merge(2, 0, 3, 0)])
    assert [row[0] for row in records(merged)] == ["甲公司", "甲公司", ""]
    assert [row[0] for row in records(table(rows))] == ["甲公司", "", ""]


def test_a_sheet_without_a_header_is_left_out_until_the_user_says_there_is_none() -> None:
    rows = [["甲公司", "王五", "13800000000"], ["乙公司", "赵六", "13900000000"]]
    assert table(rows).left_out == NO_TABLE
    sheet = table(rows, header_row=0)
    assert sheet.header_row is None
    assert headers(sheet) == ["", "", ""]
    assert records(sheet) == rows


def test_the_header_row_can_be_named() -> None:
    rows = [["客户名称", "联系人"], ["x", "y"], ["甲", "乙"]]
    sheet = table(rows, header_row=2)
    assert (headers(sheet), records(sheet)) == (["x", "y"], [["甲", "乙"]])
    assert "9" in str(table(rows, header_row=9).left_out)


def test_empty_hidden_and_header_only_sheets_say_so() -> None:
    assert table([["", ""], [" ", ""]]).left_out == EMPTY
    assert table([]).left_out == EMPTY
    only = table([["客户名称", "手机"]])
    assert only.left_out is None
    assert (only.count, list(only.blocks())) == (0, [])
    assert headers(only) == ["客户名称", "手机"]
    assert any("no rows" in str(note) for note in only.notes)
    hidden = table_of(left_out("h", NO_TABLE), FileFacts("f", "0", "xlsx"), TableOptions(bool, bool))
    assert hidden.left_out == NO_TABLE


def test_a_csv_row_longer_than_the_header_is_rejected_unless_the_rest_is_blank() -> None:
    rows = [["客户名称", "手机"], ["甲", "1", "x"], ["乙", "2", "", ""], ["丙"]]
    sheet = table(rows, strict_width=True)
    assert rejected(sheet) == [(2, "line.too_many_cells")]
    assert records(sheet) == [["乙", "2"], ["丙", ""]]


def test_unnamed_columns_are_kept_where_they_hold_something() -> None:
    sheet = table([["客户名称", "", "手机"], ["甲", "旧", "1", "", "尾"], ["乙", "", "2", "", ""]])
    assert [(c.header, c.position) for c in sheet.columns] == [("客户名称", 1), ("", 2), ("手机", 3), ("", 5)]
    assert records(sheet) == [["甲", "旧", "1", "尾"], ["乙", "", "2", ""]]


def test_the_limit_counts_records() -> None:
    sheet = table([["客户名称", "手机"], *[[f"公司{n}", str(n)] for n in range(9)]], limit=3)
    assert (sheet.count, len(records(sheet))) == (3, 3)


def test_the_limit_ends_before_the_next_odd_row() -> None:
    body = [["甲", "1"], ["合计", "1"], ["乙", "2"], ["合计", "2"], ["丙", "3"]]
    sheet = table([["客户名称", "金额"], *body], limit=2)
    assert (records(sheet), odd(sheet)) == ([["甲", "1"], ["乙", "2"]], [(3, "row.total")])


def test_rows_come_in_blocks_with_the_odd_rows_that_stand_among_them() -> None:
    names = [[f"公司{n}", str(n), "", ""] for n in range(7)]
    rows = [["台账", "", ""], ["客户名称", "金额", ""], *names[:3], ["合计", "3", ""], *names[3:], ["备注：无", "", ""]]
    sheet = table(rows, block_rows=3)
    blocks = list(sheet.blocks())
    assert [(block.start, len(block.rows)) for block in blocks] == [(0, 3), (3, 3), (6, 1)]
    assert [[row.code for row in block.skipped] for block in blocks] == [["row.title"], ["row.total"], ["row.note"]]
    assert records(sheet) == [row[:2] for row in names]
    assert [(c.header, c.filled, len(c.sample)) for c in sheet.columns] == [("客户名称", 7, 7), ("金额", 7, 7)]
    assert list(sheet.blocks()) == blocks


def test_a_column_that_begins_in_a_later_block_is_blank_above() -> None:
    sheet = table([["客户名称", "金额"], ["甲", "1"], ["乙", "2"], ["丙", "3", "旧"], ["丁"]], block_rows=1)
    assert records(sheet) == [["甲", "1", ""], ["乙", "2", ""], ["丙", "3", "旧"], ["丁", "", ""]]
    assert (sheet.columns[2].header, sheet.columns[2].position, sheet.columns[2].filled) == ("", 3, 1)


def test_rows_of_white_space_are_blank_however_wide() -> None:
    header = ["客户名称", "联系人", "手机", "金额", "省份"]
    sheet = table(
        [header, [" "] * 5, ["甲", "乙", "1", "2", "沪"], [" ", "\u3000"], ["丙", "\t", "", "", ""], ["\t"] * 6]
    )
    assert records(sheet) == [["甲", "乙", "1", "2", "沪"], ["丙", "", "", "", ""]]
    assert (numbers(sheet), odd(sheet)) == ([3, 5], [])


def test_an_odd_row_is_found_among_many_full_rows() -> None:
    header = ["客户名称", "联系人", "手机", "金额", "省份"]
    full = [[f"公司{n}", "乙", str(n), "2", "沪"] for n in range(1200)]
    full[700] = ["本页 小计", "", "700", "9", ""]
    full[900] = header
    full[1100] = ["", "", "", "", ""]
    sheet = table([header, *full])
    assert (sheet.count, odd(sheet)) == (1197, [(702, "row.total"), (902, "row.header")])


def test_a_header_without_any_known_word_is_found_by_its_looks() -> None:
    sheet = table(
        [["Quarterly list", "", ""], ["alpha", "beta", "gamma"], ["1", "x", "2026-01-01"], ["2", "y", "2026-01-02"]]
    )
    assert sheet.header_row == 2


def test_letters_that_recur_over_values_are_a_header() -> None:
    assert table([["a", "b", "c"], ["100", "x", "a"], ["200", "y", "A"]]).header_row == 1


def test_a_record_that_holds_header_words_is_not_taken_for_the_header() -> None:
    sheet = table([["客户名称", "来源渠道", "沟通方式"], ["甲", "电话", "手机"], ["乙", "电话", "手机"]])
    assert sheet.header_row == 1
    wide = table([[f"col{n}" for n in range(9)], ["甲", "电话", "手机", *"abcdef"], ["乙", *"abcdefgh"]])
    assert wide.header_row == 1


def test_an_item_far_down_a_list_of_words_is_no_header() -> None:
    assert table([["开关"], ["刀具"], ["开发"], ["阶段"], ["销售"]]).header_row == 1


def test_a_lone_number_is_left_to_be_rejected_and_not_hidden_as_a_note() -> None:
    sheet = table([["客户名称", "手机", "金额"], ["甲", "1", "2"], ["", "", "12000"]])
    assert sheet.count == 2
    assert odd(sheet) == []


def test_categories_that_recur_below_are_no_header() -> None:
    assert table([["甲", "华东", "重点"], ["乙", "华东", "普通"], ["丙", "华北", "重点"]]).left_out == NO_TABLE


def test_a_total_that_is_only_about_is_a_total() -> None:
    rows = [["客户名称", "联系人", "金额"], ["甲公司", "张三", "1"], ["合计", "", ">100"], ["共计", "", "约20万"]]
    assert odd(table(rows)) == [(3, "row.total"), (4, "row.total")]
