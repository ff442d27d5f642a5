from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from crmcli.importers.readers.engine import EngineFailed, engine_border
from crmcli.importers.readers.failures import FileHostile
from crmcli.importers.readers.grid import Grid, Merge
from crmcli.importers.readers.options import ReadOptions
from crmcli.importers.readers.workbook import first_engine, second_engine

Engine = Callable[[Path, str, ReadOptions], Iterator[Grid]]
ENGINES = pytest.mark.parametrize("engine", [first_engine, second_engine])


@pytest.fixture
def book(tmp_path: Path) -> Path:
    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    page.title = "客户"
    page["B2"] = "客户名称"
    page["C2"], page["D2"], page["E2"], page["F2"], page["G2"] = "手机", "日期", "时间", "真", "错"
    page["B3"], page["C3"], page["F3"], page["G3"] = "甲", 13800000000, True, "#N/A"
    page["D3"], page["E3"] = dt.date(2026, 3, 5), dt.datetime(2026, 3, 5, 10, 0)  # noqa: DTZ001
    page.merge_cells("B3:B4")
    workbook.create_sheet("mapAddress").sheet_state = "veryHidden"
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    return path


def read(
    engine: Engine, path: Path, options: ReadOptions | None = None
) -> list[tuple[Grid, list[tuple[int, list[str]]]]]:
    return [(grid, list(grid.rows)) for grid in engine(path, "xlsx", options or ReadOptions())]


@ENGINES
def test_cells_are_text_at_their_place_errors_included(engine: Engine, book: Path) -> None:
    (grid, rows), _hidden = read(engine, book)
    assert rows[1] == (2, ["", "客户名称", "手机", "日期", "时间", "真", "错"])
    assert rows[2] == (3, ["", "甲", "13800000000", "2026-03-05", "2026-03-05 10:00:00", "TRUE", "#N/A"])
    assert grid.merges == [Merge(3, 1, 4, 1)]


@ENGINES
def test_hidden_sheets_are_listed_and_not_read_unless_asked_for(engine: Engine, book: Path) -> None:
    assert str(read(engine, book)[1][0].left_out) == "the sheet is hidden"
    assert read(engine, book, ReadOptions(include_hidden=True))[1][0].left_out is None
    only = read(engine, book, ReadOptions(sheet="mapAddress"))
    assert [grid.left_out is None for grid, _rows in only] == [False, True]


@ENGINES
def test_dates_of_1904(engine: Engine, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    page = workbook.active
    assert page is not None
    page["A1"] = dt.date(2026, 3, 5)
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    assert read(engine, path)[0][1] == [(1, ["2026-03-05"])]


@ENGINES
def test_the_look_before_opening_comes_before_every_engine(engine: Engine, book: Path) -> None:
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("xl/evil.xml", '<!DOCTYPE x [<!ENTITY e "a">]><x/>')
    with pytest.raises(FileHostile):
        read(engine, book)


def test_a_panic_of_native_code_is_one_failure() -> None:
    class Panic(BaseException):
        pass

    with pytest.raises(EngineFailed, match="overflow"), engine_border():
        raise Panic("overflow")
    with pytest.raises(MemoryError), engine_border():
        raise MemoryError


CORPORA = Path(__file__).parents[4] / "shared" / "corpora"
needs_corpora = pytest.mark.skipif(not CORPORA.is_dir(), reason="../shared/corpora is not there")


@needs_corpora
@ENGINES
@pytest.mark.parametrize(
    ("name", "rows", "merges"),
    [
        ("date_1904.xls", [(1, ["2021-01-01", "15"]), (2, ["2021-01-02", "16"]), (3, ["255:10:10", "17"])], []),
        ("date.xls", [(1, ["2021-01-01", "15"]), (2, ["2021-01-02", "16"]), (3, ["255:10:10", "17"])], []),
        ("merged_range.xls", None, True),
        ("merge_cells.xls", None, True),
    ],
)
def test_both_engines_read_an_xls_file_alike(engine: Engine, name: str, rows: object, merges: object) -> None:
    (first, *_others) = [(grid, list(grid.rows)) for grid in engine(CORPORA / "calamine" / name, "xls", ReadOptions())]
    assert rows in (None, first[1])
    assert bool(first[0].merges) == bool(merges)


@needs_corpora
def test_merged_ranges_of_an_xls_file_are_the_same_in_both_engines() -> None:
    path = CORPORA / "calamine" / "merged_range.xls"
    found = [[grid.merges for grid in engine(path, "xls", ReadOptions())] for engine in (first_engine, second_engine)]
    assert found[0] == found[1]


@needs_corpora
def test_texts_in_half_characters_are_left_to_the_second_engine() -> None:
    (grid,) = first_engine(CORPORA / "calamine" / "sheet_name_parsing.xls", "xls", ReadOptions())
    with pytest.raises(EngineFailed):
        list(grid.rows)


@ENGINES
def test_a_formula_that_nobody_computed_is_no_blank_cell(engine: Engine, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    page["A1"], page["B1"] = "=1+1", "x"
    path = tmp_path / "a.xlsx"
    workbook.save(path)
    ((_grid, rows),) = read(engine, path)
    assert rows[0][1][0] == "#NO RESULT! =1+1"


@ENGINES
@pytest.mark.parametrize("name", ["a.xls", "a.csv", "a"])
def test_the_extension_is_never_believed(engine: Engine, book: Path, name: str) -> None:
    path = book.rename(book.with_name(name))
    assert read(engine, path)[0][1][1][1][1] == "客户名称"
