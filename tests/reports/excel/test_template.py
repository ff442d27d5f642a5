from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName

from crmcli.domain.metrics.population import Population
from crmcli.errors import CrmError
from crmcli.reports.catalogue.every import report_kind
from crmcli.reports.excel.explained import figure_of
from crmcli.reports.excel.template import TemplateHasNoNames, TemplateNotRead, UnknownTemplateName, fill_template
from crmcli.reports.excel.template_cells import NoRoom
from crmcli.reports.made_of import read_made_of
from crmcli.reports.model import Headline, Report
from crmcli.reports.options import ReportOptions

COLUMNS = {"crm_funnel_stage": "周会!$A$8:$A$12", "crm_funnel_reached": "周会!$B$8:$B$12"}


@pytest.fixture
def report(population: Population, options: ReportOptions) -> Report:
    made = report_kind("funnel").build(population, options)
    return replace(made, headlines=(Headline("won", made.title, "int", 2, 1),))


def _template(path: Path, names: dict[str, str]) -> Path:
    """Write a workbook with sample figures in B8:B13, a sum of them, a chart, and these names."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "周会"
    for row in range(8, 14):
        sheet.cell(row, 2, 99).fill = PatternFill("solid", fgColor="FFF2CC")
        sheet.cell(row, 2).number_format = "0.0"
    sheet["B14"] = "=SUM(B8:B13)"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=8, max_row=12))
    sheet.add_chart(chart, "E5")
    book.create_sheet("表")
    for name, area in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=area)
    book.save(path)
    return path


def _filled(report: Report, tmp_path: Path, names: dict[str, str]) -> Any:
    fill_template(report, _template(tmp_path / "t.xlsx", names), tmp_path / "out.xlsx")
    return load_workbook(tmp_path / "out.xlsx")


def test_values_are_filled_in_and_all_else_stays(report: Report, tmp_path: Path) -> None:
    book = _filled(report, tmp_path, {**COLUMNS, "CRM_Won": "周会!$D$1", "别的": "周会!$A$1"})
    sheet = book["周会"]
    assert [cell[0].value for cell in sheet["A8:A12"]] == ["初步接触", "需求确认", "方案报价", "商务谈判", "赢单"]
    assert [cell[0].value for cell in sheet["B8:B13"]] == [8, 4, 4, 3, 2, 99]
    assert (sheet["B14"].value, sheet["D1"].value) == ("=SUM(B8:B13)", 2)
    assert (sheet["B9"].number_format, sheet["B9"].fill.fgColor.rgb) == ("0.0", "00FFF2CC")
    assert len(sheet._charts) == 1


def test_what_was_there_as_a_sample_goes(report: Report, tmp_path: Path) -> None:
    sheet = _filled(report, tmp_path, {"crm_funnel_reached": "周会!$B$8:$B$13"})["周会"]
    assert sheet["B13"].value is None


def test_a_whole_table_with_its_head_and_title_period_and_time(report: Report, tmp_path: Path) -> None:
    names = {"crm_funnel": "表!$A$5", "crm_title": "表!$A$1", "crm_period": "表!$A$2", "crm_as_of": "表!$A$3"}
    sheet = _filled(report, tmp_path, names)["表"]
    assert [cell.value for cell in sheet[5]][:4] == ["Stage", "Reached", "Step rate", "n / of"]
    assert [cell.value for cell in sheet[6]][:4] == ["初步接触", 8, pytest.approx(4 / 6), "4/6"]
    assert sheet["C6"].number_format == "0.0%"
    assert sheet["A1"].value.startswith("Funnel")
    assert sheet["A2"].value == "whole history"
    assert sheet["A3"].value.isoformat() == "2026-03-10T09:00:00"


def test_figures_can_be_explained_and_definitions_are_there(report: Report, tmp_path: Path) -> None:
    book = _filled(report, tmp_path, COLUMNS)
    assert book.sheetnames == ["周会", "表", "Funnel records", "Definitions", "keys"]
    assert book["keys"].sheet_state == "hidden"
    figure = figure_of(tmp_path / "out.xlsx", "周会!B9")
    assert (figure.table, figure.column, figure.shown, figure.row) == ("funnel", "reached", "4", {"Stage": "需求确认"})
    assert len(figure.behind[0].rows) == 4
    assert read_made_of(tmp_path / "out.xlsx").name == "funnel"


def test_a_filled_workbook_can_be_a_template_again(report: Report, tmp_path: Path) -> None:
    _filled(report, tmp_path, COLUMNS)
    fill_template(report, tmp_path / "out.xlsx", tmp_path / "again.xlsx")
    book: Any = load_workbook(tmp_path / "again.xlsx")
    assert book.sheetnames.count("keys") == 1
    assert book["周会"]["B9"].value == 4


@pytest.mark.parametrize(
    ("names", "error", "words"),
    [
        ({"crm_nonsense": "表!$A$1"}, UnknownTemplateName, "crm_nonsense"),
        ({"别的": "表!$A$1"}, TemplateHasNoNames, "names no range"),
        ({"crm_funnel_reached": "周会!$B$8"}, NoRoom, "holds something else"),
    ],
)
def test_what_cannot_be_filled_is_said_and_nothing_is_written(
    report: Report, tmp_path: Path, names: dict[str, str], error: type[CrmError], words: str
) -> None:
    with pytest.raises(error, match=words):
        _filled(report, tmp_path, names)
    assert not (tmp_path / "out.xlsx").exists()


def test_an_unknown_name_is_answered_with_those_there_are(report: Report, tmp_path: Path) -> None:
    with pytest.raises(UnknownTemplateName) as caught:
        _filled(report, tmp_path, {"crm_x": "表!$A$1"})
    assert {"crm_title", "crm_won", "crm_funnel", "crm_funnel_step_rate"} <= set(
        str(caught.value.hint).split(": ", 1)[1].split(", ")
    )


def test_a_file_that_is_no_workbook(report: Report, tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_text("no")
    with pytest.raises(TemplateNotRead):
        fill_template(report, tmp_path / "t.xlsx", tmp_path / "out.xlsx")
