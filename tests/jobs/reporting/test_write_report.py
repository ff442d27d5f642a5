from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from crmcli.config import load_settings
from crmcli.domain.metrics.grouping import UnknownGroupingError
from crmcli.domain.metrics.period import Period
from crmcli.jobs.import_files import ImportOptions, import_files
from crmcli.jobs.reporting.write_report import Asking, make_report, save_report
from crmcli.jobs.workspace import Workspace
from crmcli.reports.catalogue.every import REPORTS, UnknownReportError
from crmcli.reports.files import FileNotWritten
from crmcli.reports.json import document

NAMES = [kind.name for kind in REPORTS]


@pytest.fixture(scope="module")
def maven(shared_desk: Any, shared: Path) -> Iterator[Workspace]:
    """Return a workspace that holds the public Maven CRM data, brought in by one command."""
    folder = shared / "data" / "maven-crm"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data/maven-crm")
    names = ("accounts", "products", "sales_teams", "sales_pipeline")
    import_files(shared_desk.workspace, [str(folder / f"{name}.csv") for name in names], ImportOptions())
    yield shared_desk.workspace  # noqa: PT022 (the desk closes it)


def rows(workspace: Workspace, name: str, table: str | None = None, **more: Any) -> list[dict[str, Any]]:
    found = document(make_report(workspace, name, Asking(**more)))
    wanted = next(one for one in found["tables"] if one["name"] == (table or name))
    keys = [column["key"] for column in wanted["columns"]]
    return [dict(zip(keys, row, strict=True)) for row in wanted["rows"]]


def test_maven_win_rate(maven: Workspace) -> None:
    (row,) = rows(maven, "winrate")
    assert [row[key] for key in ("won", "lost", "void")] == [4238, 2473, 0]
    assert round(row["rate"], 4) == 0.6315
    assert (row["rate_numerator"], row["rate_denominator"], row["amount_won"]) == (4238, 6711, "10005534.00")


def test_maven_losses_have_no_reason_and_are_all_in_one_row(maven: Workspace) -> None:
    found = make_report(maven, "loss")
    (row,) = rows(maven, "loss")
    assert (row["reason"], row["n"], row["share"]) == ("未填", 2473, 1.0)
    assert document(found)["tables"][0]["total"][1] == 2473


def test_maven_funnel_drops_no_loss_of_unknown_stage(maven: Workspace) -> None:
    found = rows(maven, "funnel")
    assert [row["stage"] for row in found] == ["初步接触", "需求确认", "方案报价", "商务谈判", "赢单"]
    assert [row["reached"] for row in found] == [8800, 5827, 4238, 4238, 4238]
    assert (found[0]["unplaced"], found[0]["open_here"], found[1]["open_here"]) == (2473, 500, 1589)
    unplaced = {row["stage"]: row["n"] for row in rows(maven, "funnel", "unplaced")}
    assert unplaced == {"终止阶段未知": 2473, "无日期": 500}


def test_maven_pipeline_weighs_what_import_copied(maven: Workspace) -> None:
    found = {row["stage"]: row for row in rows(maven, "pipeline")}
    assert [(stage, row["n"], row["no_amount"]) for stage, row in found.items() if row["n"]] == [
        ("初步接触", 500, 500),
        ("需求确认", 1589, 1589),
    ]
    assert {row["no_probability"] for row in found.values()} == {0}


@pytest.mark.parametrize(("by", "count"), [("region", 3), ("manager", 6), ("team", 1), ("owner", 30)])
def test_maven_by_what_is_known_of_the_owners(maven: Workspace, by: str, count: int) -> None:
    found = rows(maven, "winrate", by=(by,))
    assert len(found) == count
    assert (sum(row["won"] for row in found), sum(row["lost"] for row in found)) == (4238, 2473)


def test_maven_in_a_period_is_half_open(maven: Workspace) -> None:
    months = [Period(date(2017, month, 1), date(2017, month + 1, 1)) for month in (3, 4)]
    both = rows(maven, "winrate", period=Period(date(2017, 3, 1), date(2017, 5, 1)))[0]
    parts = [rows(maven, "winrate", period=month)[0] for month in months]
    assert both["won"] == sum(part["won"] for part in parts) > 0


@pytest.mark.parametrize(("by", "header"), [("owner", "sales_agent"), ("product", "product")])
def test_maven_cycles_are_those_of_a_direct_calculation(maven: Workspace, shared: Path, by: str, header: str) -> None:
    sheet = pd.read_csv(shared / "data" / "maven-crm" / "sales_pipeline.csv", parse_dates=["engage_date", "close_date"])
    sheet["days"] = (sheet["close_date"] - sheet["engage_date"]).dt.days
    sheet["product"] = sheet["product"].replace("GTXPro", "GTX Pro")
    wanted = {}
    for (group, stage), days in sheet.dropna(subset=["days"]).groupby([header, "deal_stage"])["days"]:
        figures = (days.median(), days.quantile(0.75), days.mean()) if len(days) >= 5 else (None, None, None)
        outcome = {"Won": "赢单", "Lost": "输单"}[str(stage)]
        wanted[group, outcome] = (len(days), *(None if one is None else round(one, 2) for one in figures), 0)
    found = rows(maven, "cycle", by=(by,))
    keys = ("n", "median_days", "p75_days", "mean_days", "excluded")
    assert {(row[by], row["outcome"]): tuple(row[key] for key in keys) for row in found} == wanted


def test_maven_monthly_win_rates_are_those_of_a_direct_calculation(maven: Workspace, shared: Path) -> None:
    sheet = pd.read_csv(shared / "data" / "maven-crm" / "sales_pipeline.csv").dropna(subset=["close_date"])
    counts = pd.crosstab(sheet["close_date"].str[:7], sheet["deal_stage"])
    wanted = {str(month): (row["Won"], row["Lost"], row["Won"] / row.sum()) for month, row in counts.iterrows()}
    found = {row["month"]: (row["won"], row["lost"], row["rate"]) for row in rows(maven, "winrate", by=("month",))}
    assert found == wanted
    assert len(found) == 10


@pytest.mark.parametrize("name", NAMES)
def test_every_report_works_on_an_empty_workspace(desk: Any, name: str) -> None:
    found = document(make_report(desk.workspace, name))
    assert {"report", "from", "to", "as_of", "config_hash", "tables", "checks"} <= set(found)
    assert found["report"] == name
    assert all(check["ok"] for check in found["checks"])


@pytest.mark.parametrize("name", NAMES)
def test_every_report_works_on_a_deal_of_which_only_the_name_is_known(desk: Any, name: str) -> None:
    desk.load(desk.write("a.csv", ("商机编号", "商机名称"), ("S1", "年框")))
    assert desk.one("opportunity")["created_at"] is None
    assert all(check.ok for check in make_report(desk.workspace, name).section.checks)


def test_a_deal_without_a_start_stands_in_the_whole_history_only(desk: Any) -> None:
    desk.load(desk.write("a.csv", ("商机编号", "商机名称", "阶段"), ("S1", "年框", "方案报价")))
    assert rows(desk.workspace, "funnel")[0]["reached"] == 1
    assert rows(desk.workspace, "funnel", "unplaced")[0]["stage"] == "无日期"
    assert rows(desk.workspace, "funnel", period=Period(date(2026, 1, 1)))[0]["reached"] == 0


def test_the_settings_are_those_of_the_workspace(desk: Any) -> None:
    desk.workspace.config_path.write_text('[workspace]\ncurrency = "USD"\nmin_n = 2\n', encoding="utf-8")
    settings = load_settings(desk.workspace.config_path)
    desk.load(desk.write("a.csv", ("商机编号", "商机名称", "阶段"), ("S1", "甲", "赢单"), ("S2", "乙", "输单")))
    workspace = Workspace(desk.workspace.db, settings, desk.workspace.clock, "tester", "", desk.workspace.config_path)
    (row,) = rows(workspace, "winrate")
    assert row["rate"] == 0.5
    assert rows(desk.workspace, "winrate")[0]["rate"] is None


def test_what_cannot_be_asked_for_is_named(desk: Any) -> None:
    with pytest.raises(UnknownGroupingError, match="colour"):
        make_report(desk.workspace, "winrate", Asking(by=("colour",)))
    with pytest.raises(UnknownReportError, match="weather"):
        make_report(desk.workspace, "weather")


def test_the_weekly_workbook_and_the_document_are_written_whole(desk: Any) -> None:
    report = make_report(desk.workspace, "weekly")
    save_report(report, desk.folder / "周报.xlsx", "xlsx")
    save_report(report, desk.folder / "周报.json", "json")
    assert (desk.folder / "周报.xlsx").read_bytes()[:2] == b"PK"
    written = json.loads((desk.folder / "周报.json").read_text(encoding="utf-8"))
    assert written["tables"][0]["name"] == "week"
    with pytest.raises(FileNotWritten):
        save_report(report, desk.folder / "nowhere" / "周报.json", "json")
