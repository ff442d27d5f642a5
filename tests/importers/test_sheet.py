from __future__ import annotations

from dataclasses import replace

from crmcli.importers.sheet import Block, Column, OddRow, Sheet, SheetColumn

SHEET = Sheet("f", "0", "text", None, "", 1, [])


def test_a_column_gives_texts_by_row() -> None:
    column = Column("客户", 1, ["甲", ""], [0, 1, 0])
    assert (list(column.texts()), column[1], column[2]) == (["甲", "", "甲"], "", "甲")


def test_every_block_has_the_columns_of_the_sheet() -> None:
    odd = [OddRow(4, "row.total", ["合计"])]
    early = Block(0, [2, 3], [Column("客户", 1, ["甲"], [0, 0]), Column("", 2, [""], [0, 0])], odd)
    late = Block(2, [5], [Column("客户", 1, ["乙"], [0]), Column("", 2, [""], [0]), Column("", 3, ["旧"], [0])])
    columns = [SheetColumn("客户", 1, ["甲", "乙"], 3), SheetColumn("", 3, ["旧"], 1)]
    sheet = replace(SHEET, columns=columns, count=3, stored=[early, late])
    first, second = sheet.blocks()
    assert [(c.header, c.position) for c in first.columns] == [("客户", 1), ("", 3)]
    assert [first.cells(0), first.cells(1), second.cells(0)] == [["甲", ""], ["甲", ""], ["乙", "旧"]]
    assert (first.rows, first.skipped, second.start) == ([2, 3], odd, 2)
    assert len(list(sheet.blocks())) == 2


def test_a_sheet_without_rows_has_no_blocks() -> None:
    assert list(SHEET.blocks()) == []
