from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from crmcli.domain.metrics.period import Period
from crmcli.jobs.deals.moves import move_deal
from crmcli.jobs.dedupe.run import dedupe_customers
from crmcli.jobs.import_files import ImportOptions, import_files
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.records.editing import set_fields
from crmcli.jobs.reporting.differing import DifferentReports, asking_of, diff_reports
from crmcli.jobs.reporting.write_report import Asking, make_report, save_report
from crmcli.jobs.workspace import Workspace
from crmcli.reports.json import document
from crmcli.reports.made_of import read_made_of
from crmcli.reports.model import UnbalancedReportError

HEAD = ("商机编号", "商机名称", "客户名称", "阶段", "商机金额", "负责人", "创建时间", "产品")
FIRST = (
    ("S1", "产线", "华东精密机械有限公司", "需求确认", "120000", "张伟", "2026-01-05", "机床"),
    ("S2", "备件", "苏州华新电子有限公司", "方案报价", "80000", "王芳", "2026-01-20", "备件"),
    ("S3", "改造", "常州凌云科技有限公司", "初步接触", "30000", "张伟", "2026-02-02", "改造"),
)
WRONG = (("X9", "测试", "苏州华新电子有限公司", "方案报价", "999", "王芳", "2026-02-20", "备件"),)
LATE = (("S4", "扩产", "苏州华新电子有限公司", "初步接触", "50000", "王芳", "2026-02-10", "机床"),)


def _at(desk: Any, text: str) -> Workspace:
    now = datetime.fromisoformat(text)
    made: Workspace = replace(desk.workspace, clock=lambda: now)
    return made


@pytest.fixture
def write(desk: Any) -> Callable[..., Path]:
    """Return what writes a report as of a time to a file."""

    def save(name: str, file: str, when: str, asking: Asking | None = None) -> Path:
        path: Path = desk.folder / file
        report = make_report(_at(desk, when), name, asking)
        save_report(report, path, path.suffix[1:])
        return path

    return save


def _load(desk: Any, when: str, name: str, rows: Any) -> None:
    import_files(_at(desk, when), [desk.write(name, HEAD, *rows)], ImportOptions())


def _changed(desk: Any) -> None:
    """Do one thing of each kind after the first outputs."""
    undo_run(_at(desk, "2026-04-02T09:00:00+08:00"), "R2")
    _load(desk, "2026-04-03T09:00:00+08:00", "late.csv", LATE)
    set_fields(_at(desk, "2026-04-04T09:00:00+08:00"), "opportunity", "O2", ["product=整机"])
    set_fields(_at(desk, "2026-04-05T09:00:00+08:00"), "opportunity", "O1", ["amount=150000"])
    move_deal(_at(desk, "2026-04-06T09:00:00+08:00"), "O3", "需求确认")


def _tables(found: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    return {
        table["name"]: [dict(zip([one["key"] for one in table["columns"]], row, strict=True)) for row in table["rows"]]
        for table in found["tables"]
    }


def _one_more(path: Path) -> None:
    """Write another number of deals into the first row of a document."""
    told = json.loads(path.read_text(encoding="utf-8"))
    at = next(at for at, column in enumerate(told["tables"][0]["columns"]) if column["key"] == "n")
    told["tables"][0]["rows"][0][at] += 1
    path.write_text(json.dumps(told), encoding="utf-8")


CAUSES = ("late", "fields", "merged", "settings", "time", "program", "rest")
ONE, TWO = "2026-04-01T12:00:00+08:00", "2026-04-10T12:00:00+08:00"


QUICK = (("changes", "xlsx"), ("winrate", "json"))
NAMES = ("pipeline", "funnel", "winrate", "loss", "flow", "changes", "weekly", "cycle", "stalled")
SLOW = tuple(pytest.param(name, form, marks=pytest.mark.slow) for name in NAMES for form in ("xlsx", "json"))


@pytest.mark.parametrize(("name", "form"), [*QUICK, *SLOW])
def test_every_difference_is_explained(desk: Any, write: Callable[..., Path], name: str, form: str) -> None:
    _load(desk, "2026-03-01T09:00:00+08:00", "a.csv", FIRST)
    _load(desk, "2026-03-02T09:00:00+08:00", "wrong.csv", WRONG)
    first = write(name, f"a.{form}", ONE)
    _changed(desk)
    second = write(name, f"b.{form}", TWO)
    found = document(diff_reports(_at(desk, TWO), first, second))
    assert [check["ok"] for check in found["checks"]] == [True]
    tables = _tables(found)
    for row in [row for table in ("counts", "amounts") for row in tables.get(table, [])]:
        assert float(row["difference"]) == sum(float(row[cause]) for cause in CAUSES)
        assert float(row["rest"]) == 0
        assert row["old"] != row["new"]


def test_the_causes_of_the_open_amount(desk: Any, write: Callable[..., Path]) -> None:
    _load(desk, "2026-03-01T09:00:00+08:00", "a.csv", FIRST)
    _load(desk, "2026-03-02T09:00:00+08:00", "wrong.csv", WRONG)
    first = write("pipeline", "a.xlsx", ONE)
    _changed(desk)
    second = write("pipeline", "b.json", TWO)
    tables = _tables(document(diff_reports(_at(desk, TWO), first, second)))
    amounts = {row["row"]: row for row in tables["amounts"] if row["key"] == "pipeline.amount"}
    shown = {
        stage: {key: row[key] for key in ("difference", *CAUSES) if float(row[key])} for stage, row in amounts.items()
    }
    assert shown == {
        "初步接触": {"difference": "20000.00", "late": "50000.00", "time": "-30000.00"},
        "需求确认": {"difference": "60000.00", "fields": "30000.00", "time": "30000.00"},
        "方案报价": {"difference": "-999.00", "merged": "-999.00"},
        "合计" if "合计" in shown else "Total": {"difference": "79001.00", "late": "50000.00", "fields": "30000.00",
                                               "merged": "-999.00"},
    }  # fmt: skip
    whys = {(row["record"], row["run"]) for row in tables["why"]}
    assert {("O4", "R3"), ("O5", "R4"), ("O1", "R6"), ("O3", "R7")} <= whys


def test_a_field_that_was_overwritten(desk: Any, write: Callable[..., Path]) -> None:
    _load(desk, "2026-03-01T09:00:00+08:00", "a.csv", FIRST)
    asking = Asking(by=("product",))
    first = write("pipeline", "a.json", ONE, asking)
    set_fields(_at(desk, "2026-04-04T09:00:00+08:00"), "opportunity", "O2", ["product=整机"])
    second = write("pipeline", "b.json", ONE, asking)
    tables = _tables(document(diff_reports(_at(desk, TWO), first, second)))
    counts = {row["row"]: row for row in tables["counts"] if row["key"] == "pipeline.n"}
    assert {row: (line["difference"], line["fields"]) for row, line in counts.items() if line["fields"]} == {
        "整机 方案报价": (1, 1), "备件 方案报价": (-1, -1),
    }  # fmt: skip


def test_settings_that_changed(desk: Any, settle: Any, write: Callable[..., Path]) -> None:
    team = '[[owner]]\nname = "张伟"\nteam = "{}"\n'
    settle(desk, team.format("一队"))
    _load(desk, "2026-03-01T09:00:00+08:00", "a.csv", FIRST)
    asking = Asking(by=("team",))
    first = write("pipeline", "a.xlsx", ONE, asking)
    settle(desk, team.format("二队"))
    second = write("pipeline", "b.xlsx", ONE, asking)
    tables = _tables(document(diff_reports(_at(desk, TWO), first, second)))
    counts = {row["row"]: row["settings"] for row in tables["counts"] if row["key"] == "pipeline.n"}
    assert counts == {"一队 初步接触": -1, "一队 需求确认": -1, "二队 初步接触": 1, "二队 需求确认": 1}


def test_settings_that_changed_are_told_from_what_was_recorded(
    desk: Any, settle: Any, write: Callable[..., Path]
) -> None:
    team = '[[owner]]\nname = "张伟"\nteam = "{}"\n'
    settle(desk, team.format("一队"))
    _load(desk, "2026-03-01T09:00:00+08:00", "a.csv", FIRST)
    asking = Asking(by=("team",))
    first = write("pipeline", "a.json", ONE, asking)
    settle(desk, team.format("二队"))
    set_fields(_at(desk, "2026-04-04T09:00:00+08:00"), "opportunity", "O1", ["amount=150000"])
    second = write("pipeline", "b.xlsx", TWO, asking)
    settle(desk, team.format("三队"))
    tables = _tables(document(diff_reports(_at(desk, TWO), first, second)))
    amounts = {row["row"]: row for row in tables["amounts"] if row["key"] == "pipeline.amount"}
    shown = {row: (line["settings"], line["fields"]) for row, line in amounts.items()}
    assert shown["一队 需求确认"] == ("-120000.00", "0.00")
    assert shown["二队 需求确认"] == ("120000.00", "30000.00")


def test_an_output_of_another_program(desk: Any, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    _load(desk, "2026-03-01T09:00:00+08:00", "a.csv", FIRST)
    with monkeypatch.context() as older:
        older.setattr("crmcli.jobs.reporting.write_report.program", lambda: "0.0.9+older")
        first = write("pipeline", "a.json", ONE)
    _one_more(first)
    found = document(diff_reports(_at(desk, TWO), first, write("pipeline", "b.json", TWO)))
    counts = {row["row"]: row for row in _tables(found)["counts"] if row["key"] == "pipeline.n"}
    assert [counts["初步接触"][key] for key in ("old", "new", "program", "rest")] == [2, 1, -1, 0]
    assert found["checks"][0]["ok"]


def test_merged_customers(desk: Any, write: Callable[..., Path]) -> None:
    twice = [*FIRST, ("S8", "二期", "华东精密机械", "需求确认", "7000", "张伟", "2026-02-05", "机床")]
    with_phone = [(*row, "021-55550001" if "华东" in row[2] else "") for row in twice]
    path = desk.write("a.csv", (*HEAD, "电话"), *with_phone)
    import_files(_at(desk, "2026-03-01T09:00:00+08:00"), [path], ImportOptions())
    asking = Asking(by=("customer",))
    first = write("pipeline", "a.json", ONE, asking)
    assert dedupe_customers(_at(desk, "2026-04-02T09:00:00+08:00")).merged
    second = write("pipeline", "b.json", ONE, asking)
    tables = _tables(document(diff_reports(_at(desk, TWO), first, second)))
    assert {row["merged"] for row in tables["counts"] if row["key"] == "pipeline.n"} == {1, -1}


LEADS = ("线索编号", "姓名", "公司", "来源", "状态", "负责人", "创建时间")


def test_leads_are_explained_one_by_one(desk: Any, write: Callable[..., Path]) -> None:
    rows = (
        ("L1", "陈一", "甲公司", "展会", "", "张伟", "2026-03-01"),
        ("L2", "陈二", "乙公司", "官网", "", "王芳", "2026-03-02"),
    )
    late = (("L3", "陈三", "丙公司", "官网", "", "王芳", "2026-03-03"),)
    import_files(_at(desk, "2026-03-05T09:00:00+08:00"), [desk.write("l.csv", LEADS, *rows)], ImportOptions())
    first = write("leads", "a.json", ONE, Asking(by=("source",)))
    import_files(_at(desk, "2026-04-03T09:00:00+08:00"), [desk.write("m.csv", LEADS, *late)], ImportOptions())
    set_fields(_at(desk, "2026-04-04T09:00:00+08:00"), "lead", "L1", ["source=转介绍"])
    second = write("leads", "b.xlsx", TWO, Asking(by=("source",)))
    tables = _tables(document(diff_reports(_at(desk, TWO), first, second)))
    counts = {row["row"]: row for row in tables["counts"] if row["key"] == "leads.leads"}
    assert {row: (line["late"], line["fields"]) for row, line in counts.items() if row != "Total"} == {
        "展会": (0, -1), "转介绍": (0, 1), "官网": (1, 0),
    }  # fmt: skip
    assert {(row["record"], row["run"]) for row in tables["why"]} == {("L1", "R3"), ("L3", "R2")}


def test_an_output_that_was_edited_by_hand(desk: Any, write: Callable[..., Path]) -> None:
    _load(desk, "2026-03-01T09:00:00+08:00", "a.csv", FIRST)
    first, second = write("pipeline", "a.json", ONE), write("pipeline", "b.json", TWO)
    _one_more(second)
    with pytest.raises(UnbalancedReportError):
        diff_reports(_at(desk, TWO), first, second)


def test_reports_that_cannot_be_compared(desk: Any, write: Callable[..., Path]) -> None:
    first = write("pipeline", "a.json", ONE)
    for other in (write("funnel", "b.json", ONE), write("pipeline", "c.json", ONE, Asking(by=("owner",)))):
        with pytest.raises(DifferentReports):
            diff_reports(desk.workspace, first, other)


def test_what_was_asked_is_asked_again(write: Callable[..., Path]) -> None:
    asking = Asking(by=("owner", "month"), period=Period(date(2026, 1, 1), None), interval=True, sort="amount",
                    closing=Period(date(2026, 1, 1), date(2026, 4, 1)), event=date(2026, 3, 1))  # fmt: skip
    assert asking_of(read_made_of(write("pipeline", "a.xlsx", ONE, asking))) == asking
