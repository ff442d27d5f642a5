"""Lists that a sheet has only a part of stand whole in a csv beside the workbook."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from crmcli.domain.metrics.period import Period
from crmcli.jobs.reporting.write_report import Asking, make_report, save_report
from crmcli.jobs.workspace import Workspace
from crmcli.reports.csv_tables import write_whole_lists
from crmcli.reports.files import csv_cell
from crmcli.reports.model import Records, Report

HEAD = ("商机编号", "商机名称", "客户名称", "阶段", "商机金额", "商机创建时间")
ROWS = (
    ("S1", '=cmd|"x"', "华东,精密", "需求确认", "1000", "2026-05-05"),
    ("S2", "备件", "苏州华新", "方案报价", "", "2026-05-06"),
    ("S3", "改造", "常州凌云", "输单", "3000.5", "2026-05-07"),
)


@pytest.fixture
def ledger(desk: Any) -> Workspace:
    desk.load(desk.write("台账.csv", HEAD, *ROWS))
    desk.load(desk.write("跟进.csv", ("商机编号", "跟进时间", "跟进人", "跟进内容", "下次跟进时间"),
                         ("S1", "2026-06-01", "王芳", "打过电话", "2026-06-10"),
                         ("S2", "2026-06-02", "王芳", "去过", "2026-06-11")))  # fmt: skip
    workspace: Workspace = desk.workspace
    return workspace


@pytest.mark.parametrize("name", ["funnel", "followup", "rep", "quality", "changes"])
def test_the_csv_beside_has_what_a_csv_of_all_records_has(ledger: Workspace, tmp_path: Path, name: str) -> None:
    every = make_report(ledger, name, Asking(records_limit=10**9))
    save_report(every, tmp_path / "all.csv", "csv")
    cut = make_report(ledger, name, Asking(records_limit=1))
    book, *beside = save_report(cut, tmp_path / "r.xlsx", "xlsx")
    lists = [one.name for one in cut.section.records if one.whole and len(one.rows) < one.count]
    assert lists
    assert beside == [tmp_path / f"r-{one}.csv" for one in lists]
    for one, path in zip(lists, beside, strict=True):
        assert path.read_bytes() == (tmp_path / f"all-{one}.csv").read_bytes()
        assert path.stat().st_mode & 0o777 == 0o600
    notes = {str(sheet["A2"].value) for sheet in load_workbook(book)}
    assert all(any(path.name in note for note in notes) for path in beside)
    first = [path.read_bytes() for path in beside]
    write_whole_lists(make_report(ledger, name, Asking(records_limit=1)), book)
    assert [path.read_bytes() for path in beside] == first


@pytest.mark.parametrize("name", ["review", "stalled"])
def test_tables_of_deals_stand_whole_beside_the_workbook(
    ledger: Workspace, desk: Any, tmp_path: Path, name: str
) -> None:
    head = ("商机编号", "商机名称", "阶段", "商机金额", "商机创建时间", "结束时间")
    desk.load(desk.write("旧.csv", head, ("S8", "年框", "输单", "100", "2026-05-01", "2026-05-20"),
                         ("S9", "备件", "赢单", "200", "2026-05-02", "2026-05-21")))  # fmt: skip
    asking = Asking(period=Period(date(2026, 1, 1), date(2027, 1, 1)))
    every = make_report(ledger, name, replace(asking, records_limit=10**9))
    whole, *others = save_report(every, tmp_path / "all.csv", "csv")
    cut = make_report(ledger, name, replace(asking, records_limit=1))
    table = next(one for one in cut.tables if one.count)
    book, beside, *_lists = save_report(cut, tmp_path / "r.xlsx", "xlsx")
    assert beside.name == f"r-{table.name}.csv"
    given = next((path for path in others if path.stem == f"all-{table.name}"), whole)
    assert beside.read_bytes() == given.read_bytes()
    texts = [str(cell.value) for sheet in load_workbook(book) for row in sheet for cell in row]
    assert any(beside.name in text for text in texts)
    assert not any("--format csv" in text and str(table.count) in text for text in texts)


def test_a_list_with_more_than_it_can_have_is_not_whole(ledger: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    cut = Asking(records_limit=1)
    assert [one for one in _figures(make_report(ledger, "pipeline", cut)) if one.whole]
    monkeypatch.setattr("crmcli.reports.further.MOST", 1)
    assert not [one for one in _figures(make_report(ledger, "pipeline", cut)) if one.whole]


def _figures(report: Report) -> list[Records]:
    return [one for one in report.section.records if one.name.endswith("_figures")]


def test_whole_lists_need_no_file_and_a_template_only_those_that_it_shows(ledger: Workspace, tmp_path: Path) -> None:
    whole = make_report(ledger, "funnel")
    assert save_report(whole, tmp_path / "r.xlsx", "xlsx") == [tmp_path / "r.xlsx"]
    cut = make_report(ledger, "followup", Asking(records_limit=1))
    assert write_whole_lists(cut, tmp_path / "r.xlsx", only=()) == []
    (only,) = write_whole_lists(cut, tmp_path / "r.xlsx", only=("followup_due_records",))
    assert only.name == "r-followup_due_records.csv"


def test_texts_are_data_and_one_cell(ledger: Workspace, tmp_path: Path) -> None:
    cut = make_report(ledger, "funnel", Asking(records_limit=1))
    path = write_whole_lists(cut, tmp_path / "r.xlsx", only=("funnel_records",))[0]
    text = path.read_text(encoding="utf-8-sig")
    assert '"\'=cmd|""x""","华东,精密"' in text
    assert [csv_cell(one) for one in ("@a", "-5", "a\nb", "")] == ["'@a", "-5", '"a\nb"', ""]


def test_amounts_before_and_after_are_in_yuan(ledger: Workspace) -> None:
    kept = make_report(ledger, "changes", Asking(period=Period(date(2026, 5, 6), date(2026, 6, 1)))).section.records[0]
    keys = [column.key for column in kept.columns]
    rows = [dict(zip(keys, row, strict=True)) for row in kept.rows]
    before = {str(row["amount_before"]) for row in rows if row["opportunity"] == "O1"}
    assert before - {"None"} == {"1000.00"}
