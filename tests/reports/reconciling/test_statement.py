from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from crmcli.domain.said import NOTHING, Said
from crmcli.domain.statement import Difference, KindStatement, RunStatement, SheetStatement, Statement
from crmcli.i18n import msg
from crmcli.reports.excel.reconcile import write_statement
from crmcli.reports.model import Report, UnbalancedReportError, balanced
from crmcli.reports.reconciling.statement import StatementSettings, statement_document, statement_report

SETTINGS = StatementSettings(
    datetime.fromisoformat("2026-06-30T09:00:00+08:00"), "示例公司", "c0ffee", "CNY", ["初步接触", "赢单"]
)
FIRST = Said("张伟", "赢单", "2026-05-03", "CNY", 10_000)
SECOND = Said(None, "初步接触", "2026-06-01", "USD", 700)


@pytest.fixture
def statement() -> Statement:
    """Return a statement of a sheet of deals: one as it was, one whose amount a person changed, a total."""
    facts = {"owner": "负责人", "stage": "阶段", "day": "创建时间", "amount": "金额"}
    sheet = SheetStatement(1, "旧/商机.xlsx", "ab" * 32, "商机", "opportunity", facts=facts, day="created_at")
    sheet.read, sheet.counts = 3, {"new": 2, "skipped": 1}
    sheet.kept = Counter({"new": 2, "skipped": 1})
    changed = SECOND._replace(amount_fen=900)
    sheet.add(FIRST, FIRST)
    sheet.add(SECOND, changed)
    sheet.add_beside("skipped", Said(currency="CNY", amount_fen=10_700))
    sheet.printed, sheet.stored = 10_700, {"CNY": 10_000, "USD": 900}
    left = SheetStatement(1, "旧/商机.xlsx", "ab" * 32, "说明", "", left_out=msg("the sheet is hidden"))
    person = msg("{actor} changed it ({kind}, {run})", actor="root", kind="edit", run="R2")
    return Statement(
        [RunStatement(1, "crmcli import", "root", "2026-06-29T09:00:00+08:00", "c0ffee")],
        [sheet, left],
        [
            Difference(0, 3, "new", "amount", "=7 拨打 13800138000", SECOND, changed, "O2", person),
            Difference(0, 4, "skipped", "row", "合计 | 107", Said(None, None, None, "CNY", 10_700), NOTHING, "",
                       msg("a total, no record")),
        ],
        [KindStatement("opportunity", 2, 0, 0, 1, 3)],
    )  # fmt: skip


def _report(statement: Statement) -> Report:
    return balanced(statement_report(statement, SETTINGS))


def test_rows_and_amounts_stand_beside_the_database(statement: Statement) -> None:
    report = _report(statement)
    sheets, amounts = report.table("sheets"), report.table("amounts")
    assert sheets.rows == (("R1", "商机.xlsx", "商机", "opportunity", 3, 2, 0, 0, 1, 0, 0, 2, 2, 0, 0, 0, 2),)
    place = ("R1", "商机.xlsx", "商机", "opportunity", "金额")
    nothing = Decimal(0)
    assert amounts.rows == (
        (*place, "CNY", *[Decimal(100)] * 2, nothing, nothing, nothing, Decimal(107), nothing, nothing),
        (*place, "USD", Decimal(7), Decimal(9), Decimal(2), Decimal(2), nothing, nothing, nothing, nothing),
    )
    assert amounts.total is None
    assert report.table("kinds").rows == (("opportunity", 2, 0, 0, 1, 3, 0),)


def test_breakdowns_have_the_order_of_the_pipeline_and_name_what_is_not_filled_in(statement: Statement) -> None:
    report = _report(statement)
    at = report.table("by_stage").index("stage")
    assert [row[at:] for row in report.table("by_stage").rows] == [
        ("初步接触", 1, 1, 0, "USD", Decimal(7), Decimal(9), Decimal(2)),
        ("赢单", 1, 1, 0, "CNY", Decimal(100), Decimal(100), Decimal(0)),
    ]
    assert [row[3] for row in report.table("by_owner").rows] == ["张伟", "未填"]
    assert [row[3:5] for row in report.table("by_month").rows] == [("创建时间", "2026-05"), ("创建时间", "2026-06")]


def test_a_label_with_two_currencies_is_counted_once(statement: Statement) -> None:
    statement.sheets[0].cells["owner"] = {("张伟", "USD"): [1, 700, 1, 900], ("张伟", "CNY"): [1, 10_000, 1, 10_000]}
    rows = statement_report(statement, SETTINGS).table("by_owner").rows
    assert [row[3:8] for row in rows] == [("张伟", 2, 2, 0, "CNY"), ("张伟", None, None, None, "USD")]


def test_every_difference_is_in_the_document(statement: Statement) -> None:
    document = statement_document(_report(statement), statement)
    assert document["runs"] == ["R1"]
    assert document["differences"][0] == {
        "run": "R1", "file": "旧/商机.xlsx", "sheet": "商机", "row": 3, "outcome": "new", "differs": "amount",
        "cell": "=7 拨打 13800138000", "source": "7.00 USD", "database": "9.00 USD", "moves": {"USD": "2.00"},
        "record": "O2", "why": "root changed it (edit, R2)",
    }  # fmt: skip
    assert [table["name"] for table in document["tables"]] == [
        "sheets", "amounts", "kinds", "by_owner", "by_stage", "by_month", "runs", "sources",
    ]  # fmt: skip


def test_what_does_not_balance_is_not_shown(statement: Statement) -> None:
    statement.differences.pop(0)
    with pytest.raises(UnbalancedReportError, match="amounts"):
        _report(statement)


def test_the_workbook_is_to_be_signed(statement: Statement, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_statement(_report(statement), path)
    book = load_workbook(path)
    names = ["Statement", "Rows", "Amounts", "All records", "By owner", "By stage", "By month", "Source files"]
    assert book.sheetnames == [*names, "Differences", "Definitions", "keys"]
    cover = [str(cell.value) for row in book["Statement"].iter_rows() for cell in row if cell.value is not None]
    assert "Balanced: source + listed differences = database (9 checks hold)" in cover
    assert "ab" * 32 in cover
    assert {"Responsible for the migration", "Responsible for the business", "Date"} <= set(cover)
    assert "c0ffee" in cover
    first = [cell.value for cell in book["Differences"][4]]
    said = ["=7 拨打 138****8000", "7.00 USD", "9.00 USD", 2, "USD", "O2", "root changed it (edit, R2)"]
    assert first == ["R1", "商机.xlsx", "商机", 3, "amount", *said]
    assert book["Differences"].cell(4, 6).data_type == "s"
    sources = [[cell.value for cell in row] for row in book["Source files"].iter_rows()]
    assert ["R1", "商机.xlsx", "ab" * 32, 1, "说明: the sheet is hidden"] in sources
