"""A statement of dated versions: the newest about each deal stands beside the database, older ones are superseded."""

from __future__ import annotations

from typing import Any

import pytest

from crmcli.domain.statement import Statement
from crmcli.jobs.reconciling.statement import make_statement
from crmcli.jobs.records.editing import set_fields
from crmcli.jobs.series.read_series import SeriesOptions, read_series
from crmcli.reports.reconciling.checks import checks_of

HEADERS = ("商机编号", "客户名称", "商机名称", "金额", "阶段", "负责人")
FIRST = (("1", "甲公司", "年框", "100", "初步接触", "张伟"), ("2", "乙公司", "设备", "200", "方案报价", "王芳"))
SECOND = (("1", "甲公司", "年框", "120", "需求确认", "张伟"), ("2", "乙公司", "设备", "200", "方案报价", "王芳"))
THIRD = (("3", "丙公司", "服务", "50", "需求确认", "李娜"), ("1", "甲公司", "年框", "130", "赢单", "李娜"))


@pytest.fixture
def files(desk: Any) -> list[str]:
    """Return three weekly versions: one deal moves each week, one leaves the sheet, one comes new."""
    versions = {"0301": FIRST, "0308": SECOND, "0315": THIRD}
    return [desk.write(f"商机_2026{day}.csv", HEADERS, *rows) for day, rows in versions.items()]


def _state(desk: Any, run: str = "") -> Statement:
    """Return a statement that stands."""
    statement = make_statement(desk.workspace, run)
    assert [(check.name, str(check.detail)) for check in checks_of(statement) if not check.ok] == []
    return statement


def _sums(statement: Statement) -> list[tuple[str, tuple[int, int]]]:
    return [(sheet.version, sheet.sums()["CNY"]) for sheet in statement.sheets]


def _told(statement: Statement) -> list[tuple[str, int, str, str]]:
    return [(statement.sheets[one.sheet].version[5:], one.row, one.fact, str(one.why)) for one in statement.differences]


def test_only_the_newest_version_of_a_deal_is_compared(desk: Any, files: list[str]) -> None:
    read_series(desk.workspace, files, SeriesOptions())
    statement = _state(desk)
    assert _sums(statement) == [
        ("2026-03-01", (30_000, 0)), ("2026-03-08", (32_000, 20_000)), ("2026-03-15", (18_000, 18_000))
    ]  # fmt: skip
    newest = "superseded: the version of 2026-03-15 speaks of it last (商机_20260315.csv row 3)"
    assert _told(statement) == [
        ("03-01", 2, "row", newest),
        ("03-01", 3, "row", "superseded: the version of 2026-03-08 speaks of it last (商机_20260308.csv row 3)"),
        ("03-08", 2, "row", newest),
    ]
    assert (statement.superseded(), statement.sheets[1].same.rows) == (3, 0)
    (deals,) = statement.kinds
    assert (deals.listed, deals.shared, deals.present) == (3, 0, 3)


def test_later_versions_supersede_whatever_run_read_them(desk: Any, files: list[str]) -> None:
    read_series(desk.workspace, [files[0], files[2]], SeriesOptions())
    read_series(desk.workspace, files[1:], SeriesOptions())
    statement = _state(desk)
    assert _sums(statement) == [
        ("2026-03-01", (30_000, 0)), ("2026-03-15", (18_000, 0)),
        ("2026-03-08", (32_000, 20_000)), ("2026-03-15", (18_000, 18_000)),
    ]  # fmt: skip
    assert [why for day, _, _, why in _told(statement) if day == "03-15"] == [
        "superseded: R2 read this version again"
    ] * 2
    assert _sums(_state(desk, "R1"))[1] == ("2026-03-15", (18_000, 18_000))


def test_what_changed_since_differs_from_the_newest_alone(desk: Any, files: list[str]) -> None:
    read_series(desk.workspace, files, SeriesOptions())
    set_fields(desk.workspace, "opportunity", "O1", ["amount=7"])
    statement = _state(desk)
    told = [one for one in _told(statement) if one[2] != "row"]
    assert told == [("03-15", 3, "amount", "tester changed it (edit, R2)")]
    assert statement.moved()[2] == {"CNY": -12_300}


def test_a_plain_import_of_the_same_sheet_is_no_version(desk: Any, files: list[str]) -> None:
    read_series(desk.workspace, files, SeriesOptions())
    desk.load(desk.write("商机.csv", HEADERS, SECOND[0]))
    statement = _state(desk)
    assert (statement.superseded(), statement.sheets[3].version) == (3, "")
    assert statement.sheets[3].sums() == {"CNY": (12_000, 12_000)}
    assert ("03-15", 3, "amount", "the later import R2 says so: 商机.csv row 2") in _told(statement)
