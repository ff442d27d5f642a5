"""Rows that are written beside a workbook's cells read exactly as cells do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from crmcli.domain.metrics.population import Population
from crmcli.i18n import msg
from crmcli.reports.catalogue.every import report_kind
from crmcli.reports.excel.workbook import workbook, write_workbook
from crmcli.reports.model import Column, Records, Report
from crmcli.reports.options import ReportOptions

COLUMNS = (
    Column("name", msg("Name"), "text"), Column("amount", msg("Amount"), "money"), Column("n", msg("Row"), "int"),
    Column("day", msg("Day"), "date"), Column("word", msg("Report"), "text"),
)  # fmt: skip
ODD = ("=1+1", "+86 138", " 前后 ", "<b>&\"'", "一\n二", "\x00零", "＝SUM", "", None, "a\rb", "长" * 40_000)


def _report(population: Population, options: ReportOptions) -> Report:
    made = report_kind("loss").build(population, options)
    rows = tuple(
        (ODD[n % len(ODD)], None if n % 7 == 0 else Decimal(n) / 100, n,
         None if n % 5 == 0 else date(2026, 3, n % 28 + 1), msg("Loss reason"))
        for n in range(700)
    )  # fmt: skip
    more = Records("many", msg("Records: {title}", title="many"), COLUMNS, rows, 12_000)
    return replace(made, section=replace(made.section, records=(*made.section.records, more)))


def _cells(sheet: Any) -> list[list[tuple[Any, ...]]]:
    return [
        [(cell.value, cell.data_type, cell.number_format, cell.font.name, cell.quotePrefix) for cell in row]
        for row in sheet.iter_rows()
    ]


def test_a_saved_sheet_is_the_same_as_one_made_of_cells(
    population: Population, options: ReportOptions, tmp_path: Path
) -> None:
    report = _report(population, options)
    write_workbook(report, tmp_path / "fast.xlsx")
    workbook(report).save(tmp_path / "slow.xlsx")
    fast, slow = (load_workbook(tmp_path / name) for name in ("fast.xlsx", "slow.xlsx"))
    assert fast.sheetnames == slow.sheetnames
    for name in slow.sheetnames:
        assert fast[name].dimensions == slow[name].dimensions
        for number, (mine, plain) in enumerate(zip(_cells(fast[name]), _cells(slow[name]), strict=True), 1):
            assert mine == plain, (name, number)
    assert max(sheet.max_row for sheet in fast) == 703
