from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from crmcli.domain.metrics.layers import Layer
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.rate import Rate, share
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline
from crmcli.i18n import msg
from crmcli.reports.catalogue.every import report_kind
from crmcli.reports.further import further
from crmcli.reports.model import Cell, Column, Report, Table
from crmcli.reports.options import ReportOptions

NAMES = ("funnel", "pipeline", "flow", "winrate", "cycle", "stage-age", "stalled", "forecast", "forecast-accuracy",
         "velocity", "loss", "changes", "rep", "weekly", "baseline", "review")  # fmt: skip
ROWS_ARE_RECORDS = {"review", "stalled_deals", "over_age"}
NO_RECORDS = {"rot_days", "limit_days", "target", "target_amount", "target_count", "months", "balance"}
"""What is set, and how many months a sum is of."""


def bare(report: Report) -> list[tuple[str, int, str]]:
    """Return the figures that lead to no records, or to others than they count."""
    listed = {one.name for one in report.section.records}
    return [
        (table.name, row, column.key)
        for table in report.tables if table.name not in ROWS_ARE_RECORDS
        for row, cells in enumerate(table.rows)
        for column, cell in zip(table.columns, cells, strict=True)
        if _is_figure(column, cell) and not _leads(table, row, column, cell, listed)
    ]  # fmt: skip


def _is_figure(column: Column, cell: Cell) -> bool:
    if column.type in ("text", "date") or column.key in NO_RECORDS:
        return False
    return bool(cell.denominator if isinstance(cell, Rate) else cell)


def _leads(table: Table, row: int, column: Column, cell: Cell, listed: set[str]) -> bool:
    link = table.links.get((row, column.key))
    if link is None or link.records not in listed:
        return False
    if isinstance(cell, Rate) and not cell.money:
        return link.count == cell.denominator
    return link.count == cell if column.type == "int" and not column.signed else link.count > 0


@pytest.mark.parametrize("by", [(), ("owner",)], ids=["whole", "by owner"])
@pytest.mark.parametrize("name", NAMES)
def test_every_figure_leads_to_its_records(
    population: Population, options: ReportOptions, name: str, by: tuple[str, ...]
) -> None:
    asked = replace(options, by=by, event=date(2026, 2, 1), min_n=1)
    report = report_kind(name).build(population, asked)
    assert report.tables
    assert bare(report) == []


def test_the_funnel_in_order_has_its_records_too(population: Population, options: ReportOptions) -> None:
    assert bare(report_kind("funnel").build(population, replace(options, mode="strict"))) == []


def _seen(population: Population, options: ReportOptions) -> tuple[Timeline, Standing]:
    line = timeline(population)
    return line, standing(line, line.moment(options.as_of))


def _table(n: int, rate: Rate) -> Table:
    columns = (Column("stage", msg("Stage"), "text"), Column("n", msg("Opportunities"), "int"),
               Column("rate", msg("Win rate"), "rate"))  # fmt: skip
    return Table("some", msg("Stage"), columns, (("初步接触", n, rate),), msg("Stage"))


def test_a_figure_that_its_records_do_not_come_to_fails(population: Population, options: ReportOptions) -> None:
    three, row = np.arange(3), np.zeros(3, dtype="int64")
    layers = (Layer("n", three, row), Layer("rate", three, row, np.array([True, False, False])))
    table, section = further(_table(3, share(1, 3)), _seen(population, options), layers, options)
    assert [check.ok for check in section.checks] == [True]
    (kept,) = section.records
    assert [tuple(map(str, cells[:4])) for cells in kept.rows[-3:]] == [
        ("Win rate", "初步接触", "yes", "O1"), ("Win rate", "初步接触", "only in the denominator", "O2"),
        ("Win rate", "初步接触", "only in the denominator", "O3"),
    ]  # fmt: skip
    assert table.links[0, "n"].count == 3
    for wrong in (_table(4, share(1, 3)), _table(3, share(2, 3))):
        _table_of, failed = further(wrong, _seen(population, options), layers, options)
        assert [check.ok for check in failed.checks] == [False]
    nothing = (Layer("n", three[:0], row[:0]),)
    _table_of, failed = further(_table(4, share(0, 0)), _seen(population, options), nothing, options)
    assert [check.ok for check in failed.checks] == [False]
