from __future__ import annotations

from io import BytesIO

import xlrd
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from crmcli.demo_data.biff import xls_bytes
from crmcli.demo_data.model import Row, Table

SHEETS = (
    Table(
        "客户", (Row(("注意：\n两行",), "above"), Row(("*名称", "数"), "header"), Row(("甲🌻", 1.5))), ((1, 1, 1, 2),)
    ),
    Table("地址", (Row(("上海",)),), hidden=True),
)


def test_both_readers_see_texts_numbers_merges_and_hidden_sheets() -> None:
    book = xlrd.open_workbook(file_contents=xls_bytes(SHEETS), formatting_info=True)
    sheet = book.sheet_by_index(0)
    assert [sheet.row_values(row) for row in range(3)] == [["注意：\n两行", ""], ["*名称", "数"], ["甲🌻", 1.5]]
    assert sheet.merged_cells == [(0, 1, 0, 2)]
    assert book.sheet_by_index(1).visibility == 1
    other = CalamineWorkbook.from_object(BytesIO(xls_bytes(SHEETS)))
    assert other.get_sheet_by_name("客户").to_python() == [["注意：\n两行", ""], ["*名称", "数"], ["甲🌻", 1.5]]
    assert other.sheets_metadata[1].visible == SheetVisibleEnum.Hidden


def test_many_texts_run_over_several_records_and_sectors() -> None:
    texts = [f"第{number}行的一段比较长的文字" * 9 for number in range(700)]
    table = Table("长", tuple(Row((text, number)) for number, text in enumerate(texts)))
    sheet = xlrd.open_workbook(file_contents=xls_bytes((table,))).sheet_by_index(0)
    assert sheet.col_values(0) == texts
    assert sheet.col_values(1) == list(range(700))
