from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from crmcli.domain.metrics.population import Population
from crmcli.i18n import msg
from crmcli.reports.catalogue.every import REPORTS, report_kind
from crmcli.reports.excel.records import sheet_name
from crmcli.reports.excel.style import new_workbook
from crmcli.reports.excel.table import place
from crmcli.reports.excel.workbook import workbook, write_workbook
from crmcli.reports.files import FileNotWritten
from crmcli.reports.model import Column, Table
from crmcli.reports.options import ReportOptions


@pytest.fixture
def weekly(population: Population, options: ReportOptions, tmp_path: Path) -> Workbook:
    path = tmp_path / "周报.xlsx"
    write_workbook(report_kind("weekly").build(population, options), path)
    return load_workbook(path)


def _rows(book: Workbook, sheet: str, first: int, last: int, width: int) -> list[list[Any]]:
    cells = book[sheet].iter_rows(min_row=first, max_row=last, max_col=width, values_only=True)
    return [list(row) for row in cells]


def _links(sheet: Any) -> list[str]:
    return [str(cell.hyperlink.location) for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def _charts(book: Workbook, sheet: str) -> list[Any]:
    page: Any = book[sheet]
    return list(page._charts)


def _keys(book: Workbook) -> dict[tuple[str, str], tuple[str, str]]:
    rows = book["keys"].iter_rows(min_row=2, max_col=5, values_only=True)
    return {(str(table), str(key)): (str(sheet), str(cells)) for sheet, table, key, _type, cells in rows}


def test_sheets_in_reading_order(weekly: Workbook) -> None:
    assert weekly.sheetnames[:10] == [
        "Cover", "Week by week", "Changes", "Funnel", "Win rate", "Loss reasons", "Open pipeline",
        "Stalled opportunities", "Forecast", "Salespeople",
    ]  # fmt: skip
    assert weekly.sheetnames[10:13] == ["Week by week records 1", "Week by week records 2", "Changes records 1"]
    assert weekly.sheetnames[-3:] == ["Definitions", "keys", "waterfalls"]
    assert weekly["keys"].sheet_state == "hidden"


def test_the_keys_sheet_leads_from_json_keys_to_cells(weekly: Workbook) -> None:
    sheet, cells = _keys(weekly)["funnel_12m", "reached"]
    assert [row[0].value for row in weekly[sheet][cells]] == [8, 4, 4, 3, 2]
    sheet, cells = _keys(weekly)["loss_12m", "reason"]
    assert [row[0].value for row in weekly[sheet][cells]] == ["价格", "价格太贵", "未填"]


def test_figures_are_numbers_with_formats_and_too_few_is_said(population: Population, options: ReportOptions) -> None:
    book = workbook(report_kind("winrate").build(population, replace(options, min_n=6)))
    head, row = _rows(book, "Win rate", 3, 4, 9)
    assert head[:7] == ["Won", "Lost", "Void", "Win rate", "n / of", "Win rate incl. void", "n / of"]
    assert row[:7] == [2, 3, 1, "sample too small (n=5)", "2/5", 2 / 6, "2/6"]
    formats = [cell.number_format for cell in book["Win rate"][4]][:9]
    assert [formats[at] for at in (0, 5, 7)] == ["#,##0", "0.0%", "#,##0.00"]
    assert book["Win rate"]["A4"].font.name == "微软雅黑"


def test_every_figure_links_to_its_records(weekly: Workbook) -> None:
    sheet, cells = _keys(weekly)["loss_12m", "n"]
    place = str(weekly[sheet][cells][1][0].hyperlink.location)
    name, area = place.replace("'", "").split("!")
    ((first, *_others),) = weekly[name][area]
    assert first.value == "价格太贵"
    assert [cell.value for cell in weekly[name][area][0]][-3:] == ["商机表.xlsx", "Sheet1", 6]
    targets = {link.split("!")[0].strip("'") for page in weekly for link in _links(page)}
    assert targets <= set(weekly.sheetnames)


def test_no_cell_is_a_formula_and_hostile_text_is_kept_as_text(weekly: Workbook) -> None:
    cells = [cell for sheet in weekly for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    hostile = [cell for cell in cells if str(cell.value).startswith("=HYPERLINK")]
    assert hostile
    assert all(cell.quotePrefix and cell.data_type == "s" for cell in hostile)


def test_charts_are_native(weekly: Workbook, population: Population, options: ReportOptions) -> None:
    book = workbook(report_kind("loss").build(population, options))
    (pareto,) = _charts(book, "Loss reasons")
    assert [type(part).__name__ for part in pareto._charts] == ["BarChart", "LineChart"]
    few = workbook(report_kind("loss").build(population, replace(options, min_n=9)))
    (bars,) = _charts(few, "Loss reasons")
    assert [type(part).__name__ for part in bars._charts] == ["BarChart"]
    assert len(_charts(weekly, "Funnel")) == 2


def test_sheets_are_ready_to_print_and_to_filter(weekly: Workbook) -> None:
    sheet: Any = weekly["Week by week"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B4", "A3:K16")
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape", 1, 1,
    )  # fmt: skip
    assert sheet.oddFooter.right.text == "page &P of &N"
    records: Any = weekly["Week by week records 1"]
    assert (records.print_title_rows, records.page_setup.fitToHeight) == ("$3:$3", 0)
    assert [name for name, column in sheet.column_dimensions.items() if column.hidden] == ["K"]


def test_records_over_the_limit_are_cut_with_a_note(population: Population, options: ReportOptions) -> None:
    book = workbook(report_kind("funnel").build(population, replace(options, records_limit=3)))
    sheet = book[book.sheetnames[2]]
    assert sheet["A2"].value == "The first 3 of 8 records; for more of them ask for the report again with --format csv"
    assert sheet.max_row == 6
    cells: Any = book["Funnel"]["B4:B8"]
    areas = [row[0].hyperlink.location.rsplit("!", 1)[1] for row in cells]
    assert areas == ["A4:O6", "A4:O6", "A4:O6", "A4:O5", "A4:O4"]


def test_definitions_and_checks_are_in_the_workbook(weekly: Workbook) -> None:
    texts = [str(row[0]) for row in weekly["Definitions"].iter_rows(max_col=1, values_only=True) if row[0]]
    assert {"Reached", "Win rate", "Loss reason", "Open pipeline", "Config hash", "funnel_13w_identity"} <= set(texts)


def test_every_report_becomes_a_workbook(population: Population, options: ReportOptions) -> None:
    for kind in REPORTS:
        assert len(workbook(kind.build(population, options)).sheetnames) >= 4


def test_the_same_report_gives_the_same_cells(population: Population, options: ReportOptions) -> None:
    def dump() -> list[Any]:
        book = workbook(report_kind("weekly").build(population, options))
        return [(sheet.title, cell.coordinate, cell.value, cell.number_format) for sheet in book
                for row in sheet.iter_rows() for cell in row]  # fmt: skip

    assert dump() == dump()


def test_the_file_is_private_and_a_failure_leaves_the_old_one(
    population: Population, options: ReportOptions, tmp_path: Path
) -> None:
    report = report_kind("pipeline").build(population, options)
    path = tmp_path / "now.xlsx"
    write_workbook(report, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileNotWritten):
        write_workbook(report, tmp_path / "nowhere" / "now.xlsx")
    assert [child.name for child in tmp_path.iterdir()] == ["now.xlsx"]


def test_sheet_names_are_short_clean_and_different() -> None:
    taken: set[str] = set()
    assert [sheet_name(taken, "漏斗: a/b?"), sheet_name(taken, "漏斗  a b"), sheet_name(taken, "长" * 40)] == [
        "漏斗  a b", "漏斗  a b_2", "长" * 31,
    ]  # fmt: skip


def test_text_of_several_lines_stands_in_a_row_high_enough() -> None:
    column = Column("course", msg("How it went"), "text")
    table = Table("one", msg("One"), (column,), (("需求确认 3 天\n没有人跟进",),), msg("One"))
    sheet = new_workbook().create_sheet("One")
    place(sheet, table, 3, 5, lambda _link: None)
    assert sheet["A4"].alignment.wrap_text
    assert sheet.row_dimensions[4].height == 28


def test_a_chart_is_printed_on_the_page_of_its_table(population: Population, options: ReportOptions) -> None:
    sheet: Any = workbook(report_kind("weekly").build(population, options))["Loss reasons"]
    tables = [row[0].row for row in sheet.iter_rows(max_col=1) if "(as of" in str(row[0].value)]
    breaks = [line.id + 1 for line in sheet.row_breaks.brk]
    assert breaks
    assert len(sheet._charts) > 1
    assert set(breaks) <= set(tables), "a page begins with a table"
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage, "Excel heeds no breaks where it makes a sheet fit"
