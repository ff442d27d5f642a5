from __future__ import annotations

from typing import Any

import pytest
from openpyxl import load_workbook

from crmcli.jobs.reconciling.duplicates import save_duplicates
from crmcli.jobs.reconciling.statement import NothingImported
from crmcli.jobs.records.editing import add_record

HEADERS = ("客户编号", "客户名称", "负责人", "信用代码")


def _saved(desk: Any, run: str = "") -> list[tuple[Any, ...]]:
    """Return the rows of the workbook without the options."""
    number = save_duplicates(desk.workspace, run, desk.folder / "d.xlsx")
    rows = [
        row[:-3]
        for sheet in load_workbook(desk.folder / "d.xlsx").worksheets
        for row in sheet.iter_rows(min_row=2, values_only=True)
    ]
    assert len(rows) == number
    return rows


def test_rows_that_hit_a_known_record_are_told_with_where_it_came_from(desk: Any) -> None:
    rows = (("1", "甲公司", "张伟", ""), ("1", "甲公司", "", ""), ("1", "甲公司", "李", ""), ("2", "乙公司", "", ""))
    desk.load(desk.write("a.csv", HEADERS, *rows))
    hit = ("C1", "甲公司", "a.csv row 2")
    assert _saved(desk) == [
        ("1", "甲公司", None, None, "a.csv", None, "3", "same", *hit, None),
        ("1", "甲公司", "李", None, "a.csv", None, "4", "updated", *hit, "Customer owner: 李"),
    ]


def test_a_record_that_a_person_made_is_told_so(desk: Any) -> None:
    add_record(desk.workspace, "customer", ["name=甲公司"])
    desk.load(desk.write("a.csv", HEADERS, ("1", "甲公司", "张伟", "")))
    assert [row[7:11] for row in _saved(desk, "R2")] == [("updated", "C1", "甲公司", "made by hand (R1)")]


def test_a_row_that_points_at_two_records_says_which(desk: Any) -> None:
    desk.load(desk.write("a.csv", HEADERS, ("1", "甲公司", "", ""), ("2", "乙公司", "", "")))
    desk.load(desk.write("b.csv", HEADERS, ("1", "乙公司", "", "")))
    ((*_, outcome, record, _name, origin, _untaken),) = _saved(desk, "R2")
    assert (outcome, record) == ("for review", None)
    assert "甲公司" in origin
    assert "乙公司" in origin


def test_nothing_imported(desk: Any) -> None:
    with pytest.raises(NothingImported):
        save_duplicates(desk.workspace, "", desk.folder / "d.xlsx")
