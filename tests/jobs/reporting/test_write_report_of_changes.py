"""`report flow` and `report changes` on an imported sheet: what came in late, what was taken back, pipelines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from crmcli.domain.metrics.period import Period
from crmcli.jobs.deals.moves import move_deal
from crmcli.jobs.import_files import ImportOptions, import_files
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.records.editing import set_fields
from crmcli.jobs.reporting.write_report import Asking, make_report
from crmcli.jobs.workspace import Workspace
from crmcli.reports.json import document

HEAD = ("商机编号", "商机名称", "客户名称", "阶段", "商机金额", "负责人", "创建时间")
FIRST = (
    ("S1", "产线", "华东精密机械有限公司", "需求确认", "120000", "张伟", "2026-01-05"),
    ("S2", "备件", "苏州华新电子有限公司", "方案报价", "80000", "王芳", "2026-01-20"),
    ("S3", "改造", "常州凌云科技有限公司", "初步接触", "", "张伟", "2026-02-02"),
)
WRONG = (("X9", "测试", "苏州华新电子有限公司", "方案报价", "999", "王芳", "2026-02-20"),)
LATE = (
    ("S4", "扩产", "苏州华新电子有限公司", "初步接触", "50000", "王芳", "2026-02-10"),
    ("S5", "新线", "常州凌云科技有限公司", "初步接触", "60000", "王芳", "2026-04-08"),
)
WEEK = Period(date(2026, 4, 6), date(2026, 4, 13))


def _at(desk: Any, text: str) -> Workspace:
    now = datetime.fromisoformat(text)
    made: Workspace = replace(desk.workspace, clock=lambda: now)
    return made


@pytest.fixture
def told(desk: Any) -> Workspace:
    """Return a workspace with two imports before the week, and in it an amount, a move, an undo and a late import."""
    paths = [desk.write(name, HEAD, *rows) for name, rows in
             (("a.csv", FIRST), ("wrong.csv", WRONG), ("late.csv", LATE))]  # fmt: skip
    for path in paths[:2]:
        import_files(_at(desk, "2026-04-01T09:00:00+08:00"), [path], ImportOptions())
    set_fields(_at(desk, "2026-04-07T09:00:00+08:00"), "opportunity", "O1", ["amount=150000", "owner=王芳"])
    ready = ["product=备件包", "expected_close=2026-06-01"]
    set_fields(_at(desk, "2026-04-07T10:00:00+08:00"), "opportunity", "O2", ready)
    move_deal(_at(desk, "2026-04-08T09:00:00+08:00"), "O2", "商务谈判")
    undo_run(_at(desk, "2026-04-09T09:00:00+08:00"), "R2")
    import_files(_at(desk, "2026-04-10T09:00:00+08:00"), [paths[2]], ImportOptions())
    return _at(desk, "2026-04-15T09:00:00+08:00")


def _table(workspace: Workspace, name: str, **more: Any) -> list[dict[str, Any]]:
    found = document(make_report(workspace, name, Asking(**more)))
    assert all(check["ok"] for check in found["checks"])
    keys = [column["key"] for column in found["tables"][0]["columns"]]
    return [dict(zip(keys, row, strict=True)) for row in found["tables"][0]["rows"]]


def test_the_waterfall_of_the_last_week(told: Workspace) -> None:
    rows = _table(told, "changes")
    assert document(make_report(told, "changes"))["from"] == "2026-04-06"
    assert {row["key"]: (row["n"], row["amount"], row["no_amount"]) for row in rows if row["n"]} == {
        "printed": (4, "200999.00", 1), "corrected": (1, "50000.00", 0), "opening": (5, "250999.00", 1),
        "new": (1, "60000.00", 0), "amount_up": (1, "30000.00", 0), "merged": (1, "-999.00", 0),
        "closing": (5, "340000.00", 1),
    }  # fmt: skip
    open_now = [row for row in _table(told, "pipeline") if row["n"]]
    assert sum(float(row["amount"] or 0) for row in open_now) == 340000


def test_the_closing_is_the_next_week_s_printed_opening(told: Workspace) -> None:
    known = datetime.fromisoformat("2026-04-13T00:00:00+08:00")
    then = {row["key"]: row for row in _table(told, "changes", period=WEEK, known_at=known)}
    following = {row["key"]: row for row in _table(told, "changes", period=Period(WEEK.end, date(2026, 4, 20)))}
    assert {key: then["closing"][key] for key in ("n", "amount")} == {
        key: following["printed"][key] for key in ("n", "amount")
    }


def test_a_period_before_anything_was_recorded(told: Workspace) -> None:
    found = document(make_report(told, "changes", Asking(period=Period(date(2026, 3, 2), date(2026, 3, 9)))))
    assert [note["code"] for note in found["notes"]] == ["nothing_printed"]
    assert document(make_report(told, "changes"))["notes"] == []


def test_the_waterfall_by_owner(told: Workspace) -> None:
    rows = {(row["owner"], row["key"]): row["amount"] for row in _table(told, "changes", by=("owner",)) if row["n"]}
    assert (rows["张伟", "moved_out"], rows["王芳", "moved_in"]) == ("-120000.00", "120000.00")
    assert (rows["王芳", "amount_up"], rows["王芳", "closing"]) == ("30000.00", "340000.00")


def test_the_flow_of_the_week_balances(told: Workspace) -> None:
    rows = {row["stage"]: row for row in _table(told, "flow", period=WEEK)}
    assert {row["balance"] for row in rows.values()} == {0}
    quote, deal = rows["方案报价"], rows["商务谈判"]
    assert {key: quote[key] for key in ("opening", "out_forward", "corrected", "closing")} == {
        "opening": 2, "out_forward": 1, "corrected": -1, "closing": 0,
    }  # fmt: skip
    assert (deal["in_forward"], deal["amount_closing"]) == (1, "80000.00")
    assert (rows["初步接触"]["opening"], rows["初步接触"]["in_new"], rows["初步接触"]["closing"]) == (2, 1, 3)


def test_a_deal_that_changes_its_pipeline(desk: Any, settle: Any) -> None:
    settle(desk)
    desk.load(desk.write("a.csv", HEAD, ("S1", "产线", "华东精密机械有限公司", "接触", "100", "张伟", "2026-01-05")))
    move_deal(_at(desk, "2026-07-08T09:00:00+08:00"), "O1", "投标", pipeline="big")
    after = _at(desk, "2026-07-15T09:00:00+08:00")
    week = Period(date(2026, 7, 6), date(2026, 7, 13))
    for key, merged, levels in (("fast", "-100.00", ("100.00", "0.00")), ("big", "100.00", ("0.00", "100.00"))):
        rows = {row["key"]: row for row in _table(after, "changes", period=week, pipeline=key)}
        assert (rows["merged"]["amount"], rows["opening"]["amount"], rows["closing"]["amount"]) == (merged, *levels)
        flow = {row["stage"]: row for row in _table(after, "flow", period=week, pipeline=key)}
        assert sum(row["corrected"] for row in flow.values()) == (-1 if key == "fast" else 1)
