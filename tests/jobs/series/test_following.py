"""A series beside other sources: `[source.NAME] owns` decides, in either order; what loses is kept beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook

from crmcli.config import load_settings
from crmcli.jobs.deals.gates import Passing
from crmcli.jobs.deals.moves import move_deal
from crmcli.jobs.import_files import ImportOptions, import_files
from crmcli.jobs.importing.plan import ReadChoices
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.records.editing import set_fields
from crmcli.store.records import fetch_where

Make = Callable[..., str]
Series = Callable[..., Any]
V1 = ("商机表_20260301.csv", "1 甲公司 年框 100 初步接触 张伟 2026-06-01", "2 乙公司 设备 200 方案报价 王芳 -")
V2 = ("商机表_20260308.csv", "1 甲公司 年框 120 需求确认 张伟 2026-06-01", "2 乙公司 设备 200 方案报价 王芳 -")
V3 = ("商机表_20260315.csv", "1 甲公司 年框 130 方案报价 李娜 2026-06-15", "2 乙公司 设备 250 赢单 王芳 -")
HEADERS = ("商机编号", "客户名称", "商机名称", "金额", "阶段", "负责人")
OTHER = ("X1", "甲公司", "年框", "999", "商务谈判", "赵敏"), ("X2", "乙公司", "设备", "888", "需求确认", "王芳")


@pytest.fixture
def files(version: Make) -> list[str]:
    """Return three weekly versions of two deals."""
    return [version(*rows) for rows in (V1, V2, V3)]


def _own(desk: Any, name: str) -> None:
    config = desk.workspace.config_path
    told = f'{config.read_text(encoding="utf-8")}\n[source."{name}"]\nowns = ["stage", "amount"]\n'
    config.write_text(told, encoding="utf-8")
    object.__setattr__(desk.workspace, "settings", load_settings(config))


def _import(desk: Any, *rows: tuple[str, ...], source: str = "旧CRM") -> Any:
    path = desk.write("crm.csv", HEADERS, *(rows or OTHER))
    return import_files(desk.workspace, [path], ImportOptions(ReadChoices(source=source)))


def _beside(desk: Any) -> set[tuple[str, str, str]]:
    (deal,) = fetch_where(desk.workspace.db, "opportunity", "name = '年框'")
    found = fetch_where(desk.workspace.db, "alternate", "entity = 'opportunity' AND entity_id = ?", (deal["id"],))
    return {(one["field"], one["value"], one["system"]) for one in found}


def _deals(desk: Any) -> list[list[Any]]:
    keys = ("stage", "status", "amount_fen", "owner", "expected_close")
    return [[deal[key] for key in keys] for deal in fetch_where(desk.workspace.db, "opportunity")]


def _stages(desk: Any) -> list[tuple[str, str]]:
    return [(event["value"], event["system"]) for event in fetch_where(desk.workspace.db, "event", "field = 'stage'")]


def _both_orders(desk: Any, dump: Any, first: Callable[[], Any], second: Callable[[], Any]) -> tuple[list[str], Any]:
    """Return the dump and the last result after both were read in one order, for both orders: they must not differ."""
    last, dumps = None, []
    for order in ((first, second), (second, first)):
        runs = [read() for read in order]
        dumps.append(dump(desk.workspace.db.path))
        last = last or runs[-1]
        if not dumps[1:]:
            for run in reversed(runs):
                assert undo_run(desk.workspace, run.run).kept == []
    assert dumps[0] == dumps[1]
    return dumps[0], last


def test_versions_of_the_source_that_decides_tell_the_way(
    desk: Any, series: Series, files: list[str], dump: Any
) -> None:
    _own(desk, "周表")
    _both_orders(desk, dump, lambda: _import(desk), lambda: series(*files, source="周表"))
    assert _deals(desk) == [
        ["方案报价", "open", 13000, "赵敏", "2026-06-15"], ["赢单", "won", 25000, "王芳", None]
    ]  # fmt: skip
    assert {system for _, system in _stages(desk)} == {"周表"}
    assert _beside(desk) == {
        ("amount_fen", "99900", "旧CRM"),
        ("stage", "商务谈判", "旧CRM"),
        ("owner", "李娜", "周表"),
    }


def test_versions_of_another_source_stand_beside(desk: Any, series: Series, files: list[str], dump: Any) -> None:
    _own(desk, "旧CRM")
    _, result = _both_orders(desk, dump, lambda: _import(desk), lambda: series(*files, source="周表"))
    assert _deals(desk) == [
        ["商务谈判", "open", 99900, "赵敏", "2026-06-15"], ["需求确认", "open", 88800, "王芳", None]
    ]  # fmt: skip
    assert _stages(desk) == [("商务谈判", "旧CRM"), ("需求确认", "旧CRM")]
    said = [("amount_fen", f"{yuan}00", "周表") for yuan in (100, 120, 130)]
    said += [("stage", stage, "周表") for stage in ("初步接触", "需求确认", "方案报价")]
    assert _beside(desk) == {*said, ("owner", "李娜", "周表")}
    assert sorted(result.outcome.not_taken) == [
        (1, "amount_fen", "13000"),
        (1, "owner", "李娜"),
        (1, "stage", "方案报价"),
        (2, "amount_fen", "25000"),
        (2, "stage", "赢单"),
    ]


def test_the_newest_word_alone_is_to_be_decided(desk: Any, series: Series, files: list[str]) -> None:
    _own(desk, "旧CRM")
    _import(desk)
    result = series(*files, source="周表")
    sheet = load_workbook(result.conflicts).worksheets[0]
    shown = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    theirs = {str(cell) for row in shown for cell in row}
    assert {"130.00", "方案报价", "李娜", "250.00", "赢单"} <= theirs
    assert not theirs & {"120.00", "初步接触"}
    again = series(*files, source="周表")
    assert (again.conflicts, again.outcome.not_taken) == (None, [])


def test_one_more_version_of_another_source_stands_beside_too(desk: Any, series: Series, files: list[str]) -> None:
    _own(desk, "旧CRM")
    series(*files[:2], source="周表")
    _import(desk)
    result = series(*files, source="周表")
    assert result.outcome.not_taken[:2] == [(1, "stage", "方案报价"), (1, "amount_fen", "13000")]
    assert [one[:3] for one in _deals(desk)] == [["商务谈判", "open", 99900], ["需求确认", "open", 88800]]


def test_what_a_person_said_outlives_the_versions_of_the_source_that_decides(
    desk: Any, series: Series, files: list[str]
) -> None:
    _own(desk, "周表")
    _import(desk)
    set_fields(desk.workspace, "opportunity", "O1", ["amount=5"])
    move_deal(desk.workspace, "O2", "商务谈判", passing=Passing(force=True, because="电话里说定"))
    series(*files, source="周表")
    assert [(one[0], one[2]) for one in _deals(desk)] == [("方案报价", 500), ("商务谈判", 25000)]
    assert ("amount_fen", "13000", "周表") in _beside(desk)


def test_equal_sources_are_settled_by_the_fixed_order(desk: Any, series: Series, files: list[str], dump: Any) -> None:
    alone = [("X1", "甲公司", "年框", "", "", "赵敏")]
    _both_orders(desk, dump, lambda: _import(desk, *alone), lambda: series(*files, source="周表"))
    assert _deals(desk)[0] == ["方案报价", "open", 13000, "赵敏", "2026-06-15"]
    assert _beside(desk) == {("owner", "李娜", "周表")}


def test_what_was_said_before_is_kept_when_somebody_changed_it_since(
    desk: Any, series: Series, files: list[str]
) -> None:
    series(*files[:2])
    set_fields(desk.workspace, "opportunity", "O1", ["owner=赵敏"])
    result = series(*files)
    assert result.outcome.not_taken == [(1, "owner", "李娜")]
    assert _beside(desk) == {("owner", "李娜", "default")}
