from __future__ import annotations

import csv
import io
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlrd

from crmcli.demo_data.files import write_samples
from crmcli.demo_data.generate import generate
from crmcli.demo_data.model import Cell

SAMPLES = Path(__file__).parents[2] / "samples"
Dump = dict[str, list[object]]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_samples(generate(), tmp_path_factory.mktemp("samples"))


def test_the_samples_folder_is_what_the_generator_writes(written: list[Path]) -> None:
    found = {path.name: _dump(path) for path in SAMPLES.iterdir() if path.suffix in {".csv", ".xls", ".xlsx"}}
    assert sorted(found) == sorted(path.name for path in written)
    for path in written:
        assert found[path.name] == _dump(path), "run: python samples/make_samples.py"


def test_the_files_are_small(written: list[Path]) -> None:
    assert sum(path.stat().st_size for path in written) < 300_000


def test_what_is_written_is_what_the_rows_say(written: list[Path]) -> None:
    demo = generate()
    for file, path in zip(demo.files, written, strict=True):
        if path.suffix == ".xlsx":
            sheet = openpyxl.load_workbook(path).worksheets[0]
            for number, row in enumerate(file.tables[0].rows, 1):
                got = [sheet.cell(number, column + 1).value for column in range(len(row.cells))]
                assert got == [_as_read(cell) for cell in row.cells]


def test_the_old_list_is_gbk_and_wechat_has_a_mark_in_front(written: list[Path]) -> None:
    files = {path.name: path.read_bytes() for path in written}
    assert files["微信联系人.csv"].startswith(b"\xef\xbb\xbfUserName,Alias,Type,Remark")
    assert files["老客户.csv"].decode("gbk").startswith("单位名称,联系人,手机")
    with pytest.raises(UnicodeDecodeError):
        files["老客户.csv"].decode("utf-8")


def test_the_customer_book_has_a_hidden_list_merges_and_dropdowns(written: list[Path]) -> None:
    book = openpyxl.load_workbook(next(path for path in written if path.name == "客户表.xlsx"))
    sheet = book["客户信息"]
    assert book["下拉选项"].sheet_state == "hidden"
    assert "A1:O1" in {str(merge) for merge in sheet.merged_cells.ranges}
    assert any(merge.min_col == 9 and merge.max_row > merge.min_row for merge in sheet.merged_cells.ranges)
    assert len(sheet.data_validations.dataValidation) == 2
    assert sheet["B3"].value == "*客户名称"


def _dump(path: Path) -> Dump:
    """Return sheet name (its state in front) -> cells and merges; bytes differ on every write, these do not."""
    if path.suffix == ".csv":
        return {"": list(csv.reader(io.StringIO(path.read_bytes().decode(_encoding(path)))))}
    if path.suffix == ".xls":
        book = xlrd.open_workbook(path, formatting_info=True)
        return {
            f"{sheet.visibility} {sheet.name}": [
                sheet.merged_cells,
                *(sheet.row_values(row) for row in range(sheet.nrows)),
            ]
            for sheet in book.sheets()
        }
    return {
        f"{sheet.sheet_state} {sheet.title}": [
            sorted(str(merge) for merge in sheet.merged_cells.ranges),
            *([(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()),
        ]
        for sheet in openpyxl.load_workbook(path).worksheets
    }


def _as_read(cell: Cell) -> Cell:
    """Return what openpyxl gives back: no empty texts, days as midnights."""
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime.combine(cell, time())
    return cell or None


def _encoding(path: Path) -> str:
    return "utf-8-sig" if path.read_bytes().startswith(b"\xef\xbb\xbf") else "gbk"
