from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from crmcli.domain.rejection import ADDED, KIND, MAP, SOURCE
from crmcli.reports.returned_rows import ReturnedRow, write_returned


def _row(**more: object) -> ReturnedRow:
    made = {
        "file": "a.xlsx", "sheet": "商机", "headers": ("编号", "金额"), "cells": ("1", ""), "said": ("坏",),
        "blame": "金额", "system": "旧CRM", "kind": "opportunity", "map": (("编号", "opportunity.external_id"),),
    }  # fmt: skip
    return ReturnedRow(**made | more)  # type: ignore[arg-type]


def test_what_is_added_stands_behind_the_rows_own_cells(tmp_path: Path) -> None:
    write_returned(tmp_path / "r.xlsx", ["说明"], [_row()])
    sheet = load_workbook(tmp_path / "r.xlsx").worksheets[0]
    head, row = sheet.iter_rows(values_only=True)
    assert head == ("编号", "金额", f"{ADDED}说明", SOURCE, KIND, MAP)
    assert row == ("1", None, "坏", "旧CRM", "opportunity", "编号=opportunity.external_id")


def test_the_cell_to_blame_is_coloured_even_where_it_is_empty(tmp_path: Path) -> None:
    write_returned(tmp_path / "r.xlsx", ["说明"], [_row(), _row(blame=""), _row(blame="没有")])
    sheet = load_workbook(tmp_path / "r.xlsx").worksheets[0]
    coloured = [cell.coordinate for row in sheet.iter_rows(min_row=2) for cell in row if cell.fill.fill_type == "solid"]
    assert coloured == ["B2"]


def test_without_rows_there_is_still_a_workbook(tmp_path: Path) -> None:
    write_returned(tmp_path / "r.xlsx", ["说明"], [])
    assert load_workbook(tmp_path / "r.xlsx").worksheets[0].max_row == 1
