from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest

from crmcli.config import load_settings
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.rate import Rate
from crmcli.jobs.demo import run_demo
from crmcli.jobs.reporting.write_report import Asking, make_report
from crmcli.jobs.workspace import Workspace
from crmcli.reports.model import Cell, Column, Link, Records, Report, Table
from crmcli.store.database import open_database

HALF = Period(date(2026, 1, 1), date(2026, 7, 1))
ASKED = {
    "changes": Asking(period=HALF), "flow": Asking(period=HALF), "review": Asking(period=HALF),
    "baseline": Asking(event=date(2026, 1, 1)),
}  # fmt: skip
NAMES = ("funnel", "pipeline", "flow", "winrate", "cycle", "stage-age", "stalled", "forecast", "forecast-accuracy",
         "velocity", "loss", "changes", "rep", "weekly", "baseline", "review")  # fmt: skip
ROWS_ARE_RECORDS = {"review", "stalled_deals", "over_age"}
NO_RECORDS = {"rot_days", "limit_days", "target", "target_amount", "target_count", "months", "balance"}
"""What is set, and how many months a sum is of."""
RESTS_ON = {"mean_won", "velocity"}
"""Amounts that are computed from those of their records."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    made = run_demo(tmp_path_factory.mktemp("demo") / "w", lambda _words: None).made
    clock = datetime.fromisoformat("2026-11-23T12:00:00+08:00")
    with open_database(made.db) as db:
        yield Workspace(db, load_settings(made.config), lambda: clock, "王芳", "crmcli report", made.config)


def wrong(report: Report) -> list[tuple[str, int, str]]:
    """Return the figures that lead to no records, to too many or few, or to others than they add up."""
    lists = {one.name: one for one in report.section.records}
    return [
        (table.name, row, column.key)
        for table in report.tables if table.name not in ROWS_ARE_RECORDS
        for row, cells in enumerate(table.rows)
        for column, cell in zip(table.columns, cells, strict=True)
        if _is_figure(column, cell) and not _holds(table, table.links.get((row, column.key)), column, cell, lists)
    ]  # fmt: skip


def _is_figure(column: Column, cell: Cell) -> bool:
    if column.type in ("text", "date") or column.key in NO_RECORDS:
        return False
    return bool(cell.denominator if isinstance(cell, Rate) else cell)


def _holds(table: Table, link: Link | None, column: Column, cell: Cell, lists: dict[str, Records]) -> bool:
    if link is None:
        return False
    match cell:
        case Rate() if not cell.money and table.name != "baseline":
            return link.count == cell.denominator
        case int() if not column.signed:
            return link.count == cell
        case Decimal() if column.key not in RESTS_ON:
            records = lists[link.records]
            return records.listed(link)[1] < link.count or abs(cell) in _sums(records, link)  # not all of a cut one
        case _:
            return link.count > 0


def _sums(records: Records, link: Link) -> list[Decimal]:
    """Return what the listed records add up to, by each of their columns of money."""
    first, count = records.listed(link)
    rows = records.rows[first : first + count]
    money = [at for at, column in enumerate(records.columns) if column.type == "money"]
    return [abs(sum((Decimal(str(row[at] or 0)) for row in rows), Decimal(0))) for at in money]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_what_its_records_come_to(demo: Workspace, name: str) -> None:
    asked = ASKED.get(name, Asking())
    askings = [asked]
    if name not in ("weekly", "baseline", "review"):
        askings.append(Asking(period=asked.period, by=("owner",)))
    if name == "funnel":
        askings += [Asking(mode="strict"), Asking(period=HALF)]
    for asking in askings:
        report = make_report(demo, name, asking)
        assert report.section.records
        assert wrong(report) == []


@pytest.mark.slow
def test_a_cut_list_still_has_records_of_every_figure(demo: Workspace) -> None:
    report = make_report(demo, "funnel", Asking(records_limit=200))
    lists = {one.name: one for one in report.section.records}
    assert any(len(one.rows) < one.count for one in lists.values())
    assert all(len(one.rows) <= 200 for one in lists.values())
    shown = [lists[link.records].listed(link)[1] for table in report.tables for link in table.links.values()]
    assert min(shown) > 0
