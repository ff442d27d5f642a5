from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from crmcli.domain.rejection import ADDED, KIND, MAP, SOURCE, Rejection
from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.reports.rejects import write_rejects


def _rejection(sheet: str = "商机", **more: object) -> Rejection:
    made = Rejection(
        "数据/a.xlsx", sheet, 7, "金额", "多", "row.no_identity", msg("nothing"), msg("fill in {x}", x="a name"),
        ("编号", "金额"), ("1", "=1+1"), "旧CRM", "opportunity", (("编号", "opportunity.external_id"),),
    )  # fmt: skip
    return Rejection(**{key: getattr(made, key) for key in made.__dataclass_fields__} | more)


def test_the_row_its_place_its_reason_and_the_options(tmp_path: Path) -> None:
    write_rejects(tmp_path / "r.xlsx", [_rejection()])
    head, row = load_workbook(tmp_path / "r.xlsx").worksheets[0].iter_rows(values_only=True)
    assert head[:2] == ("编号", "金额")
    assert all(str(title).startswith(ADDED) for title in head[2:])
    assert head[-3:] == (SOURCE, KIND, MAP)
    assert row[2:] == (
        "a.xlsx", "商机", "7", "金额", "row.no_identity", "nothing", "fill in a name", "旧CRM", "opportunity",
        "编号=opportunity.external_id",
    )  # fmt: skip


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    write_rejects(tmp_path / "r.xlsx", [_rejection(headers=("=A1", "+B"), sheet="=x")])
    book = load_workbook(tmp_path / "r.xlsx")
    assert all(cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)


def test_a_sheet_a_source_sheet(tmp_path: Path) -> None:
    write_rejects(tmp_path / "r.xlsx", [_rejection(), _rejection("客户/[新]"), _rejection("客户/[新]")])
    book = load_workbook(tmp_path / "r.xlsx")
    assert book.sheetnames == ["1 商机", "2 客户__新_"]
    assert [sheet.max_row for sheet in book.worksheets] == [2, 3]


def test_a_row_with_more_cells_than_headers_keeps_them(tmp_path: Path) -> None:
    write_rejects(tmp_path / "r.xlsx", [_rejection(cells=("1", "2", "多"))])
    head, row = load_workbook(tmp_path / "r.xlsx").worksheets[0].iter_rows(values_only=True)
    assert (head[:3], row[:3]) == (("编号", "金额", None), ("1", "2", "多"))


def test_it_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(CrmError):
        write_rejects(tmp_path / "nowhere" / "r.xlsx", [_rejection()])
