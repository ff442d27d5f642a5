from __future__ import annotations

from zoneinfo import ZoneInfo

from crmcli.importers.mapping import MappingChoices, map_sheet
from crmcli.importers.order import row_order
from crmcli.importers.parsing import column_parsers
from crmcli.importers.tables.columns import sheet_of


def _meeting(headers: list[str], *rows: list[str], kind: str = "") -> list[int]:
    sheet = sheet_of(headers, list(rows))
    mapping = map_sheet(headers, MappingChoices(kind=kind))
    order = row_order(sheet, column_parsers(sheet, mapping, ZoneInfo("Asia/Shanghai")), mapping.kind or "")
    return [int(row) for row in order.meeting]


def test_rows_meet_by_any_name_number_or_phone_whosever_it_is() -> None:
    headers = ["客户编号", "客户名称", "联系人", "手机", "公司电话"]
    assert _meeting(
        headers,
        ["1", "甲公司", "张三", "13800000001", ""],
        ["2", "乙公司", "李四", "13800000002", ""],
        ["3", "丙公司", "王五", "13800000003", "13800000001"],  # the customer's phone is the first row's contact's
        ["4", "乙 公司", "李四", "13800000004", ""],
        ["5", "丁公司", "李四", "13800000005", ""],  # a namesake at another customer
    ) == [0, 1, 2, 3]


def test_a_phone_and_a_firm_inside_a_cell_of_people_meet_others() -> None:
    headers = ["客户名称", "联系人", "手机"]
    assert _meeting(headers, ["甲公司", "张三 13800000001", ""], ["乙公司", "李四", "13800000001"],
                    ["丙公司", "王五", "13800000007"]) == [0, 1]  # fmt: skip


def test_a_row_does_not_meet_itself() -> None:
    headers = ["客户名称", "联系人", "手机", "公司电话"]
    assert _meeting(headers, ["甲公司", "张三", "13800000001", "13800000001"], ["乙公司", "李四", "", ""]) == []


def test_leads_of_one_name_meet_where_their_company_is_anothers_too_or_none() -> None:
    headers = ["线索名称", "公司", "手机"]
    rows = [["张三", "甲公司", ""], ["张三", "乙公司", ""], ["张三", "甲 公司", ""], ["李四", "", ""], ["李四", "", ""],
            ["赵六", "甲公司", ""]]  # fmt: skip
    assert _meeting(headers, *rows, kind="lead") == [0, 2, 3, 4]


def test_a_row_that_is_moved_is_still_known_to_meet() -> None:
    headers = ["姓名", "公司名称", "手机"]
    rows = [["张三", "", ""], ["张三", "乙公司", "13800000001"], ["张三", "甲公司", "13800000002"],
            ["李四", "丙公司", "13800000002"]]  # fmt: skip
    sheet = sheet_of(headers, rows)
    mapping = map_sheet(headers, MappingChoices(kind="contact"))
    order = row_order(sheet, column_parsers(sheet, mapping, ZoneInfo("Asia/Shanghai")), "contact")
    ((block, meeting),) = order.blocks()
    assert {tuple(block.cells(index)) for index in meeting} == {tuple(rows[2]), tuple(rows[3])}


def test_three_rows_of_which_two_are_one_another_meet_all() -> None:
    headers = ["客户名称", "客户级别"]
    assert _meeting(headers, ["甲公司", "A"], ["甲公司", "A"], ["乙公司", "B"], ["甲公司", "C"]) == [0, 1, 3]
