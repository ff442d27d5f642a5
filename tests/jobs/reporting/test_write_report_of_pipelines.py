from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from crmcli.jobs.deals.moves import move_deal, win_deal
from crmcli.jobs.records.editing import add_record
from crmcli.jobs.reporting.write_report import Asking, make_report
from crmcli.jobs.workspace import Workspace
from crmcli.reports.json import document
from crmcli.reports.model import Report

PROCESSES = """
[[pipeline]]
key = "fast"
name = "快销"
stages = [{ name = "接触" }, { name = "报价" }, { name = "签约" }]

[[pipeline]]
key = "big"
name = "大客户"
when = { amount = ">= 100万", level = "A" }
stages = [{ name = "接触" }, { name = "招标" }, { name = "投标" }, { name = "签约" }]
"""
BIG = ("大单一", "大单二", "大单三")


@pytest.fixture
def workspace(desk: Any, settle: Any) -> Workspace:
    """Return a workspace with a fast deal in 报价 and one won, and of the big pipeline two won and one open."""
    found: Workspace = settle(desk, PROCESSES)
    add_record(found, "customer", ["name=甲公司", "level=A"])
    for name in ("小单一", "小单二"):
        add_record(found, "opportunity", [f"name={name}", "amount=5"])
    for name in BIG:
        add_record(found, "opportunity", [f"name={name}", "amount=500万", "customer=甲公司"])
    for ref in ("O1", "O2"):
        move_deal(found, ref, "报价")
    for ref in ("O3", "O4", "O5"):
        move_deal(found, ref, "招标")
    for ref in ("O2", "O3", "O4"):
        win_deal(found, ref)
    return found


def _column(report: Report, table: str, key: str) -> dict[str, Any]:
    found = report.table(table)
    return {str(row[found.index("stage")]): row[found.index(key)] for row in found.rows}


def _notes(report: Report) -> dict[str, str]:
    return {note.table: str(note.text) for note in report.section.notes if note.code == "other_pipelines"}


def test_a_funnel_is_of_one_pipeline_and_says_what_it_leaves_out(workspace: Workspace) -> None:
    report = make_report(workspace, "funnel")
    assert _column(report, "funnel", "reached") == {"接触": 2, "报价": 2, "签约": 1, "赢单": 1}
    assert str(report.title) == "Funnel: cohort conversion: 快销, by highest stage reached"
    assert _notes(report) == {
        "funnel": "Only the pipeline 快销: 3 opportunities of others are left out (big: 3); --pipeline KEY shows them."
    }
    assert [check.name for check in report.section.checks][-1] == "funnel_pipelines"
    assert [note["code"] for note in document(report)["notes"]] == ["immature_cohort", "other_pipelines"]


def test_the_other_pipeline_has_a_funnel_of_its_own(workspace: Workspace) -> None:
    report = make_report(workspace, "funnel", Asking(pipeline="big"))
    assert _column(report, "funnel", "reached") == {"接触": 3, "招标": 3, "投标": 2, "签约": 2, "赢单": 2}
    assert "大客户" in str(report.table("funnel").title)
    assert _notes(report) == {}


def test_the_open_pipeline_leaves_out_what_is_open_in_others(workspace: Workspace) -> None:
    report = make_report(workspace, "pipeline")
    assert _column(report, "pipeline", "n") == {"接触": 0, "报价": 1, "签约": 0}
    assert "1 opportunities of others are left out (big: 1)" in _notes(report)["pipeline"]


def test_win_rates_are_of_all_and_only_their_stages_of_one_pipeline(workspace: Workspace) -> None:
    report = make_report(workspace, "winrate")
    won = report.table("winrate").index("won")
    assert report.table("winrate").rows[0][won] == 3
    assert max(_column(report, "from_stage", "won").values()) == 1
    assert list(_notes(report)) == ["from_stage"]


def test_the_weekly_workbook_counts_all_and_says_where_it_shows_one_pipeline(workspace: Workspace) -> None:
    later = "2026-07-06T09:00:00+08:00"
    workspace = Workspace(
        workspace.db, workspace.settings, lambda: datetime.fromisoformat(later), "tester",
        "crmcli", workspace.config_path,
    )  # fmt: skip
    report = make_report(workspace, "weekly")
    heads = {head.key: head.value for head in report.headlines}
    assert (heads["won"], heads["open"]) == (3, 2)
    assert _column(report, "funnel_13w", "reached")["赢单"] == 1
    assert set(_notes(report)) >= {"funnel_13w", "funnel_12m", "pipeline"}
    assert [str(one.term) for one in report.section.definitions].count("Several pipelines") == 1


def test_one_pipeline_leaves_nothing_out_and_titles_do_not_name_it(desk: Any) -> None:
    add_record(desk.workspace, "opportunity", ["name=单", "amount=5"])
    report = make_report(desk.workspace, "funnel")
    assert "标准" not in str(report.title)
    assert _notes(report) == {}
    assert not [check for check in report.section.checks if "pipelines" in check.name]
