"""Every count of the reports whose records are often no deals leads to as many records, and they to their sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from crmcli.config import load_settings
from crmcli.jobs.assigning.assign import assign_opportunities
from crmcli.jobs.deals.moves import win_deal
from crmcli.jobs.deals.verdicts import decide_collision
from crmcli.jobs.leads.decided import disqualify_lead
from crmcli.jobs.leads.qualify import Wanted, qualify_lead
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.pool.claim import claim_customer
from crmcli.jobs.pool.recycle import run_pool
from crmcli.jobs.records.editing import add_record
from crmcli.jobs.reporting.explain import explain_figure
from crmcli.jobs.reporting.write_report import Asking, make_report, save_report
from crmcli.jobs.safety.snapshots import take_snapshot
from crmcli.jobs.workspace import Workspace
from crmcli.reports.listed import check_of_counts, check_of_sums
from crmcli.reports.model import Report, Table

SETTINGS = """
[[pool]]
name = "公海"
recycle = { no_follow_up_days = 30 }
[collision]
days = 30
[[owner]]
name = "王芳"
[[owner]]
name = "李强"
[[assign.rule]]
name = "轮流"
to = "*"
[[target]]
owner = "王芳"
period = "2026Q3"
amount = 300
[[goal]]
metric = "on_time_rate"
period = "2026Q3"
value = 80
"""
UNLINKED = {("assignment", "days")}
"""Counts of what is no record: working days."""


def at(desk: Any, day: str, actor: str = "王芳") -> Workspace:
    clock = datetime.fromisoformat(f"{day}T10:00:00+08:00")
    workspace: Workspace = replace(desk.workspace, clock=lambda: clock, actor=actor)
    return replace(workspace, settings=load_settings(workspace.config_path))


@pytest.fixture(scope="module")
def office(shared_desk: Any) -> Workspace:
    """Return a workspace with something of everything."""
    desk = shared_desk
    desk.workspace.config_path.write_text(SETTINGS, encoding="utf-8")
    desk.load(
        desk.write("客户.csv", ("客户名称", "负责人"), ("华东精密", "王芳"), ("昆山五金", "王芳"), ("鼎信物流", "李强"))
    )
    leads = (("展会", "跟进中", "2026-06-01"), ("展会", "跟进中", "2026-06-02"), ("官网", "跟进中", "2026-06-03"))
    rows = [(f"韩{i}", f"{i}公司", *lead) for i, lead in enumerate(leads, 1)]
    desk.load(desk.write("线索.csv", ("线索名称", "线索公司", "线索来源", "线索状态", "线索创建时间"), *rows))
    desk.load(desk.write("合同.csv", ("合同编号", "客户名称", "合同金额"), ("HT-1", "鼎信物流", "1500")))
    plans = (("HT-1", "一", "2026-02-01", "1000"), ("HT-1", "二", "2026-09-01", "500"), ("HT-1", "三", "", "70"))
    desk.load(desk.write("计划.csv", ("合同编号", "期次", "计划回款日期", "计划回款金额"), *plans))
    receipts = (("2026-02-03", "HT-1", "鼎信物流", "700"), ("2026-03-01", "", "鼎信物流", "20"))
    desk.load(desk.write("回款.csv", ("回款日期", "合同编号", "客户名称", "实收金额"), *receipts))
    run_pool(at(desk, "2026-08-20"))
    claim_customer(at(desk, "2026-08-21"), "C1", "李强")
    ready = ("expected_close=2026-07-01", "product=伺服")
    for number, amount in enumerate(("100", "200", "", "400")):
        add_record(at(desk, "2026-08-22"), "opportunity", [f"name=商机{number}", f"amount={amount}", *ready])
    assign_opportunities(at(desk, "2026-08-22"))
    add_record(at(desk, "2026-08-22"), "opportunity", ["name=改造", "customer=C1", "owner=李强", "amount=70", *ready])
    win_deal(at(desk, "2026-08-25"), "O5")
    log_activity(at(desk, "2026-08-23"), "O1", "打过电话", action="回访", next_at="2026-08-26")
    log_activity(at(desk, "2026-08-23", "李强"), "C1", "微信聊过")
    log_activity(at(desk, "2026-08-24"), "C1", "也去过")
    decide_collision(at(desk, "2026-08-25", "陈静"), "a:C1", "李强")
    qualify_lead(at(desk, "2026-08-26"), "L1", Wanted(amount="5万", opportunity="年框"))
    disqualify_lead(at(desk, "2026-08-26"), "L2", "无需求")
    take_snapshot(at(desk, "2026-08-27"))
    desk.workspace.db.connection.execute("UPDATE opportunity SET amount_fen = 50000 WHERE id = 3")  # behind the journal
    return at(desk, "2026-08-28")


REPORTS = (
    ("followup", Asking()), ("assignment", Asking()), ("collisions", Asking()), ("pool", Asking()), ("leads", Asking()),
    ("receivables", Asking(by=("owner",))), ("scorecard", Asking()), ("quality", Asking()),
)  # fmt: skip


@pytest.mark.parametrize(("name", "asking"), REPORTS, ids=[name for name, _asking in REPORTS])
def test_every_count_and_amount_leads_to_its_records(office: Workspace, name: str, asking: Asking) -> None:
    report = make_report(office, name, asking)
    counts = {}
    for table in report.tables:
        for row, cells in enumerate(table.rows):
            for column, cell in zip(table.columns, cells, strict=True):
                if column.type in ("int", "money") and cell and (table.name, column.key) not in UNLINKED:
                    counts[table.name, row, column.key] = (cell, table.links.get((row, column.key)))
    assert counts, "the workspace holds something to count"
    computed = ("amount_expected", "amount_difference")
    bare = [figure for figure, (_cell, link) in counts.items() if link is None and figure[2] not in computed]
    assert bare == []
    assert [
        figure for figure, (cell, link) in counts.items() if link and isinstance(cell, int) and cell != link.count
    ] == []


@pytest.mark.parametrize(
    ("name", "table", "column", "told", "file"),
    [
        ("followup", "owners", "due", "Due: ", ""),
        ("assignment", "assignment", "n", "Given by rule: ", ""),
        ("collisions", "collisions", "decided", "Decided: ", "客户.csv"),
        ("pool", "pool", "claimed", "Claimed and won: ", "客户.csv"),
        ("leads", "leads", "timed", "Days to qualify: ", "线索.csv"),
        ("receivables", "unallocated", "unallocated", "Settled: ", "回款.csv"),
        ("quality", "filled", "missing", "Filled: ", "客户.csv"),
    ],
)  # fmt: skip
def test_explain_tells_the_definition_the_records_and_their_source(
    office: Workspace, tmp_path: Path, name: str, table: str, column: str, told: str, file: str
) -> None:
    path = tmp_path / "r.xlsx"
    save_report(make_report(office, name), path, "xlsx")
    book = load_workbook(path)
    rows = book["keys"].iter_rows(min_row=2, max_col=5, values_only=True)
    sheet, area = next((str(row[0]), str(row[4])) for row in rows if row[1:3] == (table, column))
    cells = [cell for (cell,) in book[sheet][area]] if ":" in area else [book[sheet][area]]
    found = explain_figure(office, path, f"{sheet}!{next(cell.coordinate for cell in cells if cell.value)}")
    assert found.figure.definitions[0].startswith(told)
    assert found.count > 0
    assert not found.figure.is_computed
    (first, *_rest) = found.records[0][1]
    assert first.record
    assert not file or (first.source or {})["file"].endswith(file)
    assert not file or first.listed["Source file"].endswith(file)


def test_the_rebuilt_night_leads_to_what_it_counts(office: Workspace) -> None:
    report = make_report(office, "quality")
    table = report.table("snapshots")
    rebuilt = {row for row, cells in enumerate(table.rows) if cells[table.index("rebuilt")]}
    assert rebuilt == {row for row, key in table.links if key == "rebuilt"}
    assert len(rebuilt) < len(table.rows), "what has no records any more leads nowhere"


def _changed(report: Report, name: str, column: str, value: Any) -> Table:
    table = report.table(name)
    first = list(table.rows[0])
    first[table.index(column)] = value
    return replace(table, rows=(tuple(first), *table.rows[1:]))


def test_a_count_or_an_amount_that_is_not_that_of_its_records_fails(office: Workspace) -> None:
    report = make_report(office, "pool")
    assert check_of_counts("all", *report.tables).ok
    wrong = check_of_counts("all", _changed(report, "pool", "claimed", 9))
    assert (wrong.ok, "claimed" in str(wrong.detail)) == (False, True)
    leads = make_report(office, "leads").table("leads")
    assert not check_of_sums("sums", leads, {(0, "amount_won"): 7}).ok
