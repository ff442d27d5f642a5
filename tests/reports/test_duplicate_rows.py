from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from crmcli.reports.duplicate_rows import DuplicateRow, write_duplicates


def test_a_row_is_told_with_what_it_hit(tmp_path: Path) -> None:
    row = DuplicateRow(
        "旧/a.csv", "", 7, ("名称",), ("甲公司",), "updated", "C1", "甲公司", "b row 2",
        (("Owner", "张伟"), ("Level", "A")), "default", "customer",
    )  # fmt: skip
    write_duplicates(tmp_path / "d.xlsx", [row])
    _head, told = load_workbook(tmp_path / "d.xlsx").worksheets[0].iter_rows(values_only=True)
    assert told[:9] == ("甲公司", "a.csv", None, "7", "updated", "C1", "甲公司", "b row 2", "Owner: 张伟\nLevel: A")
