from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from crmcli.domain.metrics.population import Population
from crmcli.reports.catalogue.every import REPORTS, report_kind
from crmcli.reports.excel.workbook import write_workbook
from crmcli.reports.json import document
from crmcli.reports.options import ReportOptions
from crmcli.reports.printed import TOTAL, figures_of, figures_of_file, naming_columns
from crmcli.reports.records_behind import records_behind


@pytest.mark.parametrize("name", ["winrate", "loss", "changes", "weekly"])
def test_what_an_output_prints_is_what_the_report_says(
    population: Population, options: ReportOptions, tmp_path: Path, name: str
) -> None:
    report = report_kind(name).build(population, options)
    naming = naming_columns(report)
    wanted = figures_of(report, naming)
    assert wanted
    write_workbook(report, tmp_path / "a.xlsx")
    (tmp_path / "a.json").write_text(json.dumps(document(report)), encoding="utf-8")
    assert figures_of_file(tmp_path / "a.json", naming) == wanted
    assert figures_of_file(tmp_path / "a.xlsx", naming) == wanted


def test_rows_are_named_by_data_not_by_words(population: Population, options: ReportOptions) -> None:
    report = report_kind("changes").build(population, options)
    assert naming_columns(report)["changes"] == ("key",)
    figures = figures_of(report, {"changes": ("key",)})
    assert figures["changes", ("new",), "n"] == len(population.deals)


def test_the_deals_behind_a_figure(population: Population, options: ReportOptions) -> None:
    report = report_kind("pipeline").build(population, replace(options, by=("owner",)))
    behind = records_behind(report, naming_columns(report))
    assert set(behind["pipeline", ("张伟", "初步接触"), "n"]) == {"O7"}
    assert set(behind["pipeline", ("张伟", "初步接触"), "amount"]) == {"O7"}
    assert set(behind["pipeline", TOTAL, "n"]) == {"O7", "O8"}
    assert {kind.name for kind in REPORTS} >= {"flow", "changes"}
