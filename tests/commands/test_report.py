from __future__ import annotations

import json
from typing import Any

import pytest

from crmcli.reports.names import REPORT_NAMES, REPORT_OPTIONS

SHAPE = {"report", "from", "to", "as_of", "config_hash", "tables", "checks"}


@pytest.fixture
def held(crm: Any) -> Any:
    head = "商机编号,商机名称,商机金额,阶段,商机创建时间,成交日期,丢单原因,负责人"
    rows = (
        "S1,年框,100,赢单,2026-01-05,2026-02-10,,张伟",
        "S2,二期,200,输单,2026-01-06,2026-03-01,价格,王芳",
        "S3,三期,300,方案报价,2026-01-07,,,张伟",
    )
    crm("import", crm.write("a.csv", head, *rows), "--quiet", code=3)
    return crm


def main_rows(held: Any, *arguments: str) -> list[dict[str, Any]]:
    table = held("report", *arguments, "--json").json["tables"][0]
    keys = [column["key"] for column in table["columns"]]
    return [dict(zip(keys, row, strict=True)) for row in table["rows"]]


@pytest.mark.parametrize("name", ["funnel", "winrate", "loss", "pipeline", "leads", "assignment", "weekly"])
def test_every_report_for_people_and_for_scripts(held: Any, name: str) -> None:
    told = held("report", name, "--json").json
    assert set(told) >= SHAPE
    assert {"name", "columns", "rows", "total"} <= set(told["tables"][0])
    assert set(told["tables"][0]["columns"][0]) == {"key", "label", "type"}
    assert told["as_of"] == "2026-06-30T09:00:00+08:00"
    assert held("report", name, "--format", "json").json == told
    assert "checks, all hold" in held("report", name).stdout


def test_an_empty_workspace_says_so(crm: Any) -> None:
    told = crm("report", "funnel")
    assert "there are no opportunities yet" in told.stderr
    assert crm("report", "weekly", "--out", "w.xlsx", "--quiet").stderr == ""


def test_as_of_the_past(held: Any) -> None:
    held("opp", "set", "S3", "amount=900", "owner=王芳")
    (row,) = main_rows(held, "winrate", "--as-of", "2026-02-15")
    assert (row["won"], row["lost"]) == (1, 0)
    before = {
        row["stage"]: row["amount"] for row in main_rows(held, "pipeline", "--as-of", "2026-05-01", "--by", "owner")
    }
    assert before == {"方案报价": "300.00"}
    after = {row["owner"]: row["amount"] for row in main_rows(held, "pipeline", "--by", "owner")}
    assert after == {"王芳": "900.00"}


def test_a_period_is_half_open(held: Any) -> None:
    assert main_rows(held, "loss", "--from", "2026-03-01", "--to", "2026-03-02")[0]["n"] == 1
    assert main_rows(held, "loss", "--from", "2026-02-01", "--to", "2026-03-01") == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--by", "colour"], "colour"),
        (["--format", "pdf"], "md"),
        (["--format", "xlsx"], "--out"),
        (["--out", "x.pdf"], "x.pdf"),
        (["--from", "2026-13-01"], "2026-13-01"),
        (["--from", "2026-02-01", "--to", "2026-01-01"], "2026-01-01"),
        (["--mode", "sideways"], "sideways"),
    ],
)
def test_what_cannot_be_asked_for_exits_2(held: Any, arguments: list[str], words: str) -> None:
    failed = held("report", "funnel", *arguments, "--json", code=2).json["error"]
    assert words in failed["message"]
    assert not list(held.folder.glob("x.*"))


def test_files_are_written_and_told(held: Any) -> None:
    told = held("report", "weekly", "--out", "周报.xlsx")
    assert (told.stdout, "wrote 周报.xlsx" in told.stderr) == ("", True)
    assert (held.folder / "周报.xlsx").read_bytes()[:2] == b"PK"
    held("report", "weekly", "--out", "周报.html")
    assert (held.folder / "周报.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    held("report", "funnel", "--out", "漏斗.json")
    written = json.loads((held.folder / "漏斗.json").read_text(encoding="utf-8"))
    assert written == held("report", "funnel", "--json").json


def test_the_list_names_them_all(crm: Any) -> None:
    names = [row["name"] for row in crm("report", "list", "--json").json]
    assert (sorted(names), names[-1]) == (sorted(REPORT_NAMES), "weekly")


def test_a_template_is_for_workbooks_and_is_not_overwritten(held: Any) -> None:
    assert "--out FILE.xlsx" in held("report", "funnel", "--template", "t.xlsx", code=2).stderr
    told = held("report", "funnel", "--template", "t.xlsx", "--out", "t.xlsx", code=2).stderr
    assert "another file than the template" in told
    assert (
        "the template cannot be read"
        in held("report", "funnel", "--template", "t.xlsx", "--out", "w.xlsx", code=1).stderr
    )


@pytest.mark.parametrize(
    ("report", "option"),
    [("pool", ("--closing", "2026Q1")), ("collisions", ("--from", "2026-01-01")), ("weekly", ("--by", "owner")),
     ("funnel", ("--working-days",)), ("winrate", ("--mode", "reached")), ("quality", ("--period", "2026Q1"))],
)  # fmt: skip
def test_an_option_that_means_nothing_to_a_report_is_refused(crm: Any, report: str, option: tuple[str, ...]) -> None:
    refused = crm("report", report, *option, "--json", code=2).json["error"]
    assert refused["code"] == "usage.not_taken"
    assert refused["message"] == f"report {report} takes no {option[0]}"
    assert "--known-at" in refused["hint"]
    assert option[0] not in refused["hint"].split(", ")


def test_every_report_says_what_it_takes_and_takes_that(crm: Any) -> None:
    listed = {row["name"]: row["options"] for row in crm("report", "list", "--json").json}
    assert listed.keys() == REPORT_OPTIONS.keys()
    assert "--closing" in listed["changes"]
    assert "--closing" not in listed["funnel"]
    assert "--closing" in crm("report", "changes", "--help").stdout
    assert "--closing" not in crm("report", "funnel", "--help").stdout
    assert "takes --from --to --period --by --pipeline --mode" in crm("report", "list").stdout
    crm("report", "cycle", "--period", "2026Q1", "--by", "owner", "--working-days")
