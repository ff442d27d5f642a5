from __future__ import annotations

import csv
from pathlib import Path

from crmcli.domain.metrics.population import Population
from crmcli.i18n import set_language
from crmcli.reports.catalogue.every import report_kind
from crmcli.reports.csv_tables import main_table, write_tables
from crmcli.reports.options import ReportOptions


def test_every_table_and_list_has_its_file(population: Population, options: ReportOptions, tmp_path: Path) -> None:
    report = report_kind("winrate").build(population, options)
    written = write_tables(report, tmp_path / "w.csv")
    names = [table.name for table in report.tables[1:]] + [records.name for records in report.section.records]
    assert [path.name for path in written] == ["w.csv", *(f"w-{name}.csv" for name in names)]
    with written[0].open(encoding="utf-8-sig", newline="") as file:
        head, row = csv.reader(file)
    assert head[:6] == ["Won", "Lost", "Void", "Win rate", "Win rate numerator", "Win rate denominator"]
    assert row[:6] == ["2", "3", "1", "0.4", "2", "5"]
    with (tmp_path / "w-winrate_records.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6
    assert {row["Source file"] for row in rows} == {"商机表.xlsx"}
    hostile = next(row["Opportunity name"] for row in rows if "HYPERLINK" in row["Opportunity name"])
    assert hostile.startswith("'="), "no spreadsheet runs it"


def test_what_has_a_code_for_programs_is_told_in_words_once(population: Population, options: ReportOptions) -> None:
    set_language("zh")
    head, row, *_rest = csv.reader(main_table(report_kind("changes").build(population, options)).splitlines())
    assert row[:2] == ["printed", "上期期末"]
    assert head.count(head[1]) == 1


def test_a_rate_of_too_few_is_empty_and_its_counts_are_there(population: Population, options: ReportOptions) -> None:
    report = report_kind("winrate").build(population, options)
    assert main_table(report).splitlines()[1].startswith("2,3,1,0.4,2,5,")
    few = report_kind("funnel").build(population, options)
    last = list(csv.reader(main_table(few).splitlines()))[-1]
    assert last[:3] == ["赢单", "2", ""]
