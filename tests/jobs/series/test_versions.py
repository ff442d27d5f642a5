from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from crmcli.errors import CrmError
from crmcli.jobs.importing.plan import ReadChoices
from crmcli.jobs.series.versions import (
    DateChoices,
    DatesFrom,
    NoDay,
    NotOfTheSeries,
    NoVersions,
    NoYear,
    SameDay,
    find_versions,
)

Make = Callable[..., str]
ROW = "1 甲公司 年框 100 初步接触 张伟 -"


def _days(desk: Any, *paths: str, **dates: Any) -> list[str]:
    found = find_versions(desk.workspace, paths, ReadChoices(), DateChoices(**dates))
    return [version.day for version in found.versions]


def test_versions_stand_in_order_whatever_the_order_given(desk: Any, version: Make) -> None:
    names = ("3.15商机表.csv", "商机表_0301.csv", "2026年3月8日商机.csv")
    assert _days(desk, *(version(name, ROW) for name in names)) == ["2026-03-01", "2026-03-08", "2026-03-15"]


def test_a_version_without_a_day_is_refused_by_name(desk: Any, version: Make) -> None:
    with pytest.raises(NoDay) as refused:
        _days(desk, version("商机表_20260301.csv", ROW), version("商机表.csv", ROW))
    assert "商机表.csv" in refused.value.where
    assert '--dates "商机表.csv=2026-03-01"' in str(refused.value.hint)


def test_a_name_of_several_days_is_refused(desk: Any, version: Make) -> None:
    with pytest.raises(NoDay, match="names several days"):
        _days(desk, version("20260301 20260402商机.csv", ROW))


def test_two_versions_of_one_day_are_refused(desk: Any, version: Make) -> None:
    with pytest.raises(SameDay) as refused:
        _days(desk, version("商机表_20260301.csv", ROW), version("商机20260301.csv", ROW))
    assert "商机20260301.csv, 商机表_20260301.csv" in str(refused.value)


def test_the_year_is_said_or_told_by_what_the_sheets_hold(desk: Any, version: Make) -> None:
    paths = [version("商机表_1228.csv", ROW), version("商机表_0104.csv", ROW)]
    with pytest.raises(NoYear):
        _days(desk, *paths)
    assert _days(desk, *paths, year=2025) == ["2025-12-28", "2026-01-04"]
    headers = ("商机编号", "客户名称", "商机名称", "创建时间")
    told = version("商机表_0104.csv", "1 甲公司 年框 2026-01-02", headers=headers)
    assert _days(desk, paths[0], told) == ["2025-12-28", "2026-01-04"]


def test_days_may_be_said(desk: Any, version: Make) -> None:
    paths = [version("一.csv", ROW), version("二.csv", ROW)]
    assert _days(desk, *paths, days={"二.csv": "2026-03-08", "一.csv": "2026-03-01"}) == ["2026-03-01", "2026-03-08"]
    with pytest.raises(NotOfTheSeries):
        _days(desk, *paths, days={"三.csv": "2026-03-08"})


def test_days_stand_in_a_title_or_are_those_of_the_files_where_that_is_said(desk: Any) -> None:
    path = desk.write(
        "商机表.csv",
        ("商机表（截至2026年3月8日）",),
        ("商机编号", "客户名称", "商机名称", "阶段"),
        ("1", "甲公司", "年框", "初步接触"),
        ("2", "乙公司", "年框", "初步接触"),
    )
    assert _days(desk, path) == ["2026-03-08"]
    os.utime(path, (1772400000, 1772400000))
    assert _days(desk, path, source=DatesFrom.MODIFIED) == ["2026-03-02"]
    with pytest.raises(NoDay):
        _days(desk, path, source=DatesFrom.NAME)


def test_a_sheet_without_opportunities_is_no_version(desk: Any, version: Make) -> None:
    customers = desk.write("客户_20260301.csv", ("客户编号", "客户名称"), ("1", "甲公司"))
    with pytest.raises(NoVersions):
        _days(desk, customers)
    paths = (customers, version("商机_20260301.csv", ROW))
    found = find_versions(desk.workspace, paths, ReadChoices(), DateChoices())
    assert [len(found.versions), [other.sheet.file for other in found.others]] == [1, [customers]]


def test_rows_that_share_customer_and_name_are_known_beforehand(desk: Any, version: Make) -> None:
    path = version("商机_20260301.csv", "- 甲公司 年框 1 - - -", "- 甲公司 年框 2 - - -", "- 乙公司 年框 2 - - -")
    (only,) = find_versions(desk.workspace, [path], ReadChoices(), DateChoices()).versions
    assert only.crowded == {"甲公司|年框"}


def test_a_file_that_cannot_be_read_refuses_all_where_it_is_named(desk: Any) -> None:
    (desk.folder / "商机_20260301.xlsx").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(CrmError):
        _days(desk, str(desk.folder / "商机_20260301.xlsx"))


def test_the_sheets_of_one_file_may_be_versions(desk: Any) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for name in ("3月8日", "3月1日"):
        sheet = book.create_sheet(name)
        sheet.append(("商机编号", "客户名称", "商机名称", "阶段"))
        sheet.append(("1", "甲公司", "年框", "初步接触"))
    book.remove(book.worksheets[0])
    path = desk.folder / "商机表_2026-03-31.xlsx"
    book.save(path)
    found = find_versions(desk.workspace, [str(path)], ReadChoices(), DateChoices(year=2026))
    assert [(version.day, version.planned.sheet.name) for version in found.versions] == [
        ("2026-03-01", "3月1日"), ("2026-03-08", "3月8日")
    ]  # fmt: skip
