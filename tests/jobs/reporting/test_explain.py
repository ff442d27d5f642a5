from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from crmcli.jobs.records.editing import set_fields
from crmcli.jobs.reporting.explain import explain_figure
from crmcli.jobs.reporting.write_report import Asking, make_report, save_report
from crmcli.jobs.workspace import Workspace
from crmcli.reports.excel.explained import NoFigure
from crmcli.reports.made_of import NotAReport

HEAD = ("商机编号", "商机名称", "客户名称", "阶段", "商机金额")
ROWS = (
    ("S1", "产线", "华东精密", "需求确认", "1000"),
    ("S2", "备件", "苏州华新", "方案报价", "2000"),
    ("S3", "改造", "常州凌云", "输单", "3000"),
    ("S4", "新线", "常州凌云", "赢单", "4000"),
)


@pytest.fixture
def ledger(desk: Any) -> Workspace:
    """Return a workspace with four deals from a sheet that begins in B4 and has an empty column D."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet["B2"] = "2026年商机台账"
    for row, cells in enumerate((HEAD, *ROWS), 4):
        for letter, text in zip("BCEFG", cells, strict=True):
            sheet[f"{letter}{row}"] = text
    path = desk.folder / "台账.xlsx"
    book.save(path)
    desk.load(str(path))
    found: Workspace = desk.workspace
    return found


def _written(workspace: Workspace, name: str, asking: Asking | None = None) -> tuple[Path, str]:
    """Return a report's workbook and the name of its first sheet of figures."""
    path = workspace.db.path.parent / f"{name}.xlsx"
    save_report(make_report(workspace, name, asking), path, "xlsx")
    return path, load_workbook(path).sheetnames[1]


def test_a_count_leads_to_the_cells_of_its_source_rows(ledger: Workspace) -> None:
    set_fields(ledger, "opportunity", "O2", ["amount=2500"])
    path, sheet = _written(ledger, "funnel")
    found = explain_figure(ledger, path, f"{sheet}!B6")
    assert (found.figure.column, found.figure.shown, found.figure.row) == ("reached", "2", {"Stage": "方案报价"})
    assert found.figure.definitions[0].startswith("Reached: ")
    ((label, records),) = found.records
    assert (label, found.count) == ("Reached", 2)
    deal = next(one for one in records if one.record == "O2")
    assert deal.source is not None
    assert (Path(deal.source["file"]).name, deal.source["row"]) == ("台账.xlsx", 6)
    cells = {one["header"]: (one["cell"], one["text"], one["field"]) for one in deal.cells}
    assert cells["商机金额"] == ("G6", "2000", "opportunity.amount")
    assert cells["客户名称"] == ("E6", "苏州华新", "customer.name")
    assert [(one["field"], one["before"], one["after"]) for one in deal.changes] == [("amount", "2000.00", "2500.00")]


def test_a_rate_and_a_total_lead_to_the_records_they_rest_on(ledger: Workspace) -> None:
    path, sheet = _written(ledger, "winrate", Asking(by=("owner",)))
    keys = load_workbook(path)["keys"].iter_rows(min_row=2, max_col=6, values_only=True)
    cells = {column: (area, total) for _sheet, table, column, _type, area, total in keys if table == "winrate"}
    rate = explain_figure(ledger, path, f"{sheet}!{str(cells['rate'][0]).partition(':')[0]}")
    assert not rate.figure.is_computed
    assert [(label, [one.record for one in records]) for label, records in rate.records] == [("Win rate", ["O4", "O3"])]
    total = explain_figure(ledger, path, f"{sheet}!{cells['won'][1]}")
    assert [(label, [one.record for one in records]) for label, records in total.records] == [("Won", ["O4"])]


def test_the_column_after_a_rate_without_parts_is_a_figure_of_its_own(ledger: Workspace) -> None:
    path, _sheet = _written(ledger, "rep")
    keys = load_workbook(path)["keys"].iter_rows(min_row=2, max_col=5, values_only=True)
    cells = {key: f"{sheet}!{str(area).partition(':')[0]}" for sheet, _table, key, _type, area in keys if area}
    for key in ("attainment", "open", "win_rate"):
        assert explain_figure(ledger, path, cells[key]).figure.column == key


def test_a_row_that_is_a_deal_leads_to_the_deal(ledger: Workspace) -> None:
    set_fields(ledger, "opportunity", "O1", ["created_at=2025-01-02"])
    path, _sheet = _written(ledger, "stalled")
    found = explain_figure(ledger, path, f"{load_workbook(path).sheetnames[2]}!A4")
    ((_label, (record,)),) = found.records
    assert record.record == found.figure.shown
    assert record.source is not None
    assert not found.figure.is_computed


def test_a_count_that_somebody_wrote_is_told(ledger: Workspace) -> None:
    path, sheet = _written(ledger, "funnel")
    assert not explain_figure(ledger, path, f"{sheet}!B4").figure.is_changed
    book = load_workbook(path)
    book[sheet]["B4"] = 99
    book.save(path)
    found = explain_figure(ledger, path, f"{sheet}!B4").figure
    assert (found.shown, found.is_changed) == ("99", True)


def test_only_so_many_records_are_looked_up(ledger: Workspace) -> None:
    path, sheet = _written(ledger, "funnel")
    found = explain_figure(ledger, path, f"'{sheet}'！$B$4", limit=1)
    assert (found.count, len(found.records[0][1])) == (4, 1)


def test_what_holds_no_figure_is_named(ledger: Workspace) -> None:
    path, sheet = _written(ledger, "funnel")
    for reference, said in ((f"{sheet}!A1", "no figure"), ("天上!B4", "no such sheet"), ("B0", "no cell")):
        with pytest.raises(NoFigure, match=said):
            explain_figure(ledger, path, reference)
    with pytest.raises(NotAReport):
        explain_figure(ledger, path.parent / "台账.xlsx", "Sheet!B5")


def test_an_undone_record_is_told_without_its_history(ledger: Workspace) -> None:
    path, sheet = _written(ledger, "funnel")
    with ledger.db.connection:
        ledger.db.connection.execute("PRAGMA foreign_keys = OFF")
        ledger.db.connection.execute("DELETE FROM opportunity WHERE id = 4")
    ((_label, records),) = explain_figure(ledger, path, f"{sheet}!B8").records
    assert [(one.record, one.changes, one.listed["Customer"]) for one in records] == [("O4", (), "常州凌云")]
