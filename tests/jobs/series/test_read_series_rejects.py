"""Rows that a series held back, put right in the rejects workbook, read again: as if they had been right at first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from crmcli.jobs.importing.plan import HeldBackFromSeries
from crmcli.jobs.journal.undo import undo_run
from crmcli.store.records import fetch_where

Make = Callable[..., str]
Series = Callable[..., Any]
HEADERS = ("商机编号", "客户名称", "商机名称", "金额", "阶段")
FIRST = ("商机_20260301.csv", "1 甲公司 年框 100 初步接触", "2 乙公司 设备 200 方案报价")
SECOND = ("商机_20260308.csv", "- - - 120 需求确认", "2 乙公司 设备 200 方案报价")
THIRD = ("商机_20260315.csv", "1 甲公司 年框 130 方案报价", "- - - 9 初步接触")


@pytest.fixture
def files(version: Make) -> list[str]:
    """Return three versions; in two of them a row does not say which deal it is."""
    return [version(*rows, headers=HEADERS) for rows in (FIRST, SECOND, THIRD)]


def _fix(path: Path, *sheets: dict[str, str]) -> str:
    book = load_workbook(path)
    for sheet, cells in zip(book.worksheets, sheets, strict=True):
        for place, value in cells.items():
            sheet[place] = value
    book.save(path)
    return str(path)


def _counts(result: Any) -> list[dict[str, int]]:
    return [{k: n for k, n in version.result.tally.counts.items() if n} for version in result.versions]


def test_the_workbook_says_which_version_a_row_is_of(desk: Any, series: Series, files: list[str]) -> None:
    result = series(*files, source="周表")
    assert _counts(result) == [{"new": 2}, {"rejected": 1, "same": 1}, {"rejected": 1, "updated": 1}]
    assert result.rejects == desk.folder / "rejects-R1.xlsx"
    told = [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in load_workbook(result.rejects)]
    assert [head[:5] for head, _ in told] == [list(HEADERS)] * 2
    assert [(row[5], row[9], row[-4], row[-1]) for _, row in told] == [
        ("商机_20260308.csv", "row.no_identity", "周表", "2026-03-08"),
        ("商机_20260315.csv", "row.no_identity", "周表", "2026-03-15"),
    ]


def test_put_right_they_tell_what_they_would_have_told(
    desk: Any, series: Series, version: Make, files: list[str], dump: Any
) -> None:
    back = _fix(series(*files, source="周表").rejects, {"A2": "1", "B2": "甲公司", "C2": "年框"},
                {"A2": "3", "B2": "丙公司", "C2": "服务"})  # fmt: skip
    result = series(back)
    assert [version.day for version in result.versions] == ["2026-03-08", "2026-03-15"]
    assert (_counts(result), result.rejects) == ([{"updated": 1}, {"new": 1}], None)
    events = fetch_where(desk.workspace.db, "event", "field = 'stage' AND opportunity_id = 1")
    assert sorted((event["value"], event["not_before"], event["at"]) for event in events) == [
        ("初步接触", None, None), ("方案报价", "2026-03-08", "2026-03-15"), ("需求确认", "2026-03-01", "2026-03-08"),
    ]  # fmt: skip
    mended = dump(desk.workspace.db.path)
    for run in ("R2", "R1"):
        assert undo_run(desk.workspace, run).kept == []
    right = (SECOND[0], "1 甲公司 年框 120 需求确认", SECOND[2]), (THIRD[0], THIRD[1], "3 丙公司 服务 9 初步接触")
    series(files[0], *(version(*rows, headers=HEADERS) for rows in right), source="周表")
    assert dump(desk.workspace.db.path) == mended


def test_a_new_deal_alone_is_of_the_same_series(series: Series, files: list[str]) -> None:
    rejects = series(files[0], files[2], source="周表").rejects
    result = series(_fix(rejects, {"A2": "3", "B2": "丙公司", "C2": "服务"}))
    assert _counts(result) == [{"new": 1}]
    assert [one.name for one in result.disappeared] == ["设备"]


def test_what_is_not_put_right_is_held_back_again(desk: Any, series: Series, files: list[str]) -> None:
    result = series(str(series(*files[:2], source="周表").rejects))
    assert (_counts(result), result.rejects) == ([{"rejected": 1}], desk.folder / "rejects-R2.xlsx")
    assert load_workbook(result.rejects).worksheets[0].max_row == 2


def test_an_import_leaves_them_to_the_series(desk: Any, series: Series, files: list[str]) -> None:
    rejects = series(*files).rejects
    with pytest.raises(HeldBackFromSeries) as refused:
        desk.load(str(rejects))
    assert "crmcli series" in str(refused.value.hint)


def test_a_dry_run_leaves_no_workbook(desk: Any, series: Series, files: list[str]) -> None:
    assert series(*files, dry_run=True).rejects is None
    assert list(desk.folder.glob("*.xlsx")) == []
