from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crmcli.jobs.deals.moves import lose_deal
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.records.editing import set_fields
from crmcli.store.records import fetch_where

Make = Callable[..., str]
Series = Callable[..., Any]
V1 = ("商机表_20260301.csv", "1 甲公司 年框 100 初步接触 张伟 2026-06-01", "2 乙公司 设备 200 方案报价 王芳 -")
V2 = ("商机表_20260308.csv", "2 乙公司 设备 200 方案报价 王芳 -", "1 甲公司 年框 120 需求确认 张伟 2026-06-01")
V3 = ("商机表_20260315.csv", "1 甲公司 年框 120 赢单 李娜 2026-06-01", "3 丙公司 服务 50 需求确认 李娜 2026-07-01")


@pytest.fixture
def files(version: Make) -> list[str]:
    """Return three weekly versions: one deal moves and is won, one leaves the sheet, one comes new."""
    return [version(*rows) for rows in (V1, V2, V3)]


def _events(desk: Any, deal: str = "年框", field: str | None = None) -> list[tuple[Any, ...]]:
    names = {record["id"]: record["name"] for record in fetch_where(desk.workspace.db, "opportunity")}
    return [
        (e["from_value"], e["value"], e["not_before"], e["at"], e["not_after"])
        for e in fetch_where(desk.workspace.db, "event")
        if names[e["opportunity_id"]] == deal and e["field"] == (field or "stage")
    ]


def _deal(desk: Any, name: str = "年框") -> dict[str, Any]:
    (found,) = fetch_where(desk.workspace.db, "opportunity", "name = ?", (name,))
    return found


def _counts(result: Any) -> list[dict[str, int]]:
    return [{k: n for k, n in version.result.tally.counts.items() if n} for version in result.versions]


def test_changes_lie_between_the_versions(desk: Any, series: Series, files: list[str]) -> None:
    result = series(*reversed(files))
    assert [version.day for version in result.versions] == ["2026-03-01", "2026-03-08", "2026-03-15"]
    assert _counts(result) == [{"new": 2}, {"updated": 1, "same": 1}, {"new": 1, "updated": 1}]
    assert result.outcome.written == {"stage": 5, "amount": 1, "owner": 1, "expected_close": 0}
    assert _events(desk) == [
        (None, "初步接触", None, None, "2026-03-01"),
        ("初步接触", "需求确认", "2026-03-01", "2026-03-08", None),
        ("需求确认", "赢单", "2026-03-08", "2026-03-15", None),
    ]
    assert _events(desk, field="amount_fen") == [("10000", "12000", "2026-03-01", "2026-03-08", None)]
    assert _events(desk, field="owner") == [("张伟", "李娜", "2026-03-08", "2026-03-15", None)]
    assert _events(desk, "服务") == [(None, "需求确认", "2026-03-08", "2026-03-15", None)]


def test_the_deals_stand_as_the_last_version_says(desk: Any, series: Series, files: list[str]) -> None:
    series(*files)
    deal = _deal(desk)
    keys = ("stage", "status", "closed_at", "amount_fen", "owner", "owner_by", "expected_close")
    assert [deal[key] for key in keys] == ["赢单", "won", "2026-03-15", 12000, "李娜", "import", "2026-06-01"]
    assert _deal(desk, "设备")["stage"] == "方案报价"


def test_what_left_the_sheet_is_listed_and_stays_open(desk: Any, series: Series, files: list[str]) -> None:
    result = series(*files)
    (gone,) = result.disappeared
    assert (gone.name, gone.customer, gone.stage, gone.last_seen) == ("设备", "乙公司", "方案报价", "2026-03-08")
    assert (_deal(desk, "设备")["status"], result.listed) == ("open", 1)
    lose_deal(desk.workspace, "2", "价格")
    assert series(*files).disappeared == []


def test_the_same_again_changes_nothing(desk: Any, series: Series, files: list[str]) -> None:
    series(*files)
    before = desk.workspace.db.value("SELECT count(*) FROM change")
    again = series(*files)
    assert desk.workspace.db.value("SELECT count(*) FROM change") == before
    assert _counts(again) == [{"same": 2}] * 3
    assert again.outcome.written.total() == 0


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 1, 0), (1, 2, 0)])
def test_versions_that_come_singly_end_where_all_at_once_do(
    desk: Any, series: Series, files: list[str], order: tuple[int, ...]
) -> None:
    for place in order:
        series(files[place])
    singly = [sorted(map(str, _events(desk, name))) for name in ("年框", "设备", "服务")]
    state = [_deal(desk, "年框")[key] for key in ("stage", "status", "closed_at")]
    for run in range(len(order), 0, -1):
        undo_run(desk.workspace, f"R{run}")
    assert fetch_where(desk.workspace.db, "opportunity") == []
    series(*files)
    assert [sorted(map(str, _events(desk, name))) for name in ("年框", "设备", "服务")] == singly
    assert [_deal(desk, "年框")[key] for key in ("stage", "status", "closed_at")] == state


def test_one_more_version_only_adds(desk: Any, series: Series, files: list[str]) -> None:
    series(*files[:2])
    before = _events(desk)
    result = series(*files)
    assert _events(desk)[: len(before)] == before
    assert (result.outcome.moved, result.outcome.removed) == (0, 0)


def test_a_version_in_the_middle_narrows(desk: Any, series: Series, files: list[str]) -> None:
    series(files[0], files[2])
    assert _events(desk)[1:] == [("初步接触", "赢单", "2026-03-01", "2026-03-15", None)]
    result = series(files[1])
    assert sorted(_events(desk)[1:]) == [
        ("初步接触", "需求确认", "2026-03-01", "2026-03-08", None),
        ("需求确认", "赢单", "2026-03-08", "2026-03-15", None),
    ]
    assert (result.outcome.moved, result.outcome.removed) == (4, 0)  # the win, amount and owner, the new deal
    assert _events(desk, "服务") == [(None, "需求确认", "2026-03-08", "2026-03-15", None)]


def test_a_run_is_taken_back_whole(desk: Any, series: Series, files: list[str], dump: Any) -> None:
    series(*files[:2])
    before = dump(desk.workspace.db.path)
    series(files[2])
    undone = undo_run(desk.workspace, "R2")
    assert (undone.kept, undone.blocked) == ([], [])
    assert dump(desk.workspace.db.path) == before


def test_a_dry_run_writes_nothing_and_says_the_same(desk: Any, series: Series, files: list[str]) -> None:
    dry = series(*files, dry_run=True)
    assert (dry.run, fetch_where(desk.workspace.db, "opportunity")) == (None, [])
    assert dry.outcome.written == series(*files).outcome.written


def test_rows_without_number_are_found_by_customer_and_name(desk: Any, series: Series, version: Make) -> None:
    headers = ("客户名称", "商机名称", "金额", "阶段")
    series(
        version("20260301.csv", "甲公司 年框 1 初步接触", "甲公司 设备 5 初步接触", headers=headers),
        version("20260308.csv", "甲公司 设备 6 需求确认", "甲公司 年框 2 方案报价", headers=headers),
    )
    assert [event[1] for event in _events(desk, "设备")] == ["初步接触", "需求确认"]
    assert [event[1] for event in _events(desk)] == ["初步接触", "方案报价"]


def test_a_sheet_without_names_goes_by_customer(desk: Any, series: Series, version: Make) -> None:
    headers = ("客户名称", "金额", "阶段")
    rows = ("甲公司 1 初步接触", "乙公司 5 初步接触"), ("乙公司 6 需求确认", "甲公司 1 初步接触")
    result = series(*(version(f"2026030{i}.csv", *own, headers=headers) for i, own in enumerate(rows, 1)))
    assert _counts(result) == [{"new": 2}, {"updated": 1, "same": 1}]
    assert len(fetch_where(desk.workspace.db, "opportunity")) == 2


def test_rows_that_may_mean_each_other_are_held_back(series: Series, version: Make) -> None:
    headers = ("客户名称", "商机名称", "金额", "阶段")
    result = series(
        version("20260301.csv", "甲公司 年框 1 初步接触", "乙公司 年框 5 初步接触", headers=headers),
        version("20260308.csv", "甲公司 年框 1 初步接触", "甲公司 年框 2 方案报价", "乙公司 年框 5 初步接触",
                headers=headers),
    )  # fmt: skip
    assert _counts(result) == [{"new": 2}, {"review": 2, "same": 1}]
    assert {one.code for one in result.rejections} == {"series.same_name"}
    assert [one.last_seen for one in result.disappeared] == ["2026-03-01"]


def test_what_somebody_changed_since_stays(desk: Any, series: Series, files: list[str]) -> None:
    series(*files[:2])
    set_fields(desk.workspace, "opportunity", "1", ["amount=999", "owner=赵敏"])
    result = series(*files)
    assert [_deal(desk)[key] for key in ("amount_fen", "owner", "stage")] == [99900, "赵敏", "赢单"]
    assert result.outcome.not_taken == [(1, "owner", "李娜")]


def test_another_sheet_is_another_series(desk: Any, series: Series, version: Make, files: list[str]) -> None:
    series(*files)
    other = version("华南_20260401.csv", "91 己公司 年框 100 初步接触 张伟 -")
    with pytest.raises(Exception, match="share no opportunity"):
        series(other)
    series(other, source="华南")
    (event,) = fetch_where(desk.workspace.db, "event", "system = '华南'")
    assert (event["at"], event["not_before"], event["not_after"]) == (None, None, "2026-04-01")


def test_an_import_of_the_next_sheet_moves_the_deal_on(desk: Any, series: Series, version: Make) -> None:
    series(*(version(*rows) for rows in (V1, V2)))
    sheet = desk.load(version("商机表.csv", *V2[1:])).sheets[0]
    assert sheet.tally.counts["same"] == 2
    desk.load(version("商机表.csv", "1 甲公司 年框 120 商务谈判 张伟 2026-06-01"))
    assert _events(desk)[-1][:2] == ("需求确认", "商务谈判")


def test_deals_that_an_import_brought_get_their_history(desk: Any, series: Series, files: list[str]) -> None:
    desk.load(files[2])
    series(*files)
    assert _deal(desk)["stage"] == "赢单"
    assert len(fetch_where(desk.workspace.db, "opportunity")) == 3
    assert ("初步接触", "需求确认", "2026-03-01", "2026-03-08", None) in _events(desk)


def test_a_history_that_says_the_day_counts_more(desk: Any, series: Series, files: list[str]) -> None:
    series(*files)
    path = desk.write("变更.csv", ("商机编号", "阶段", "变更时间"), ("1", "赢单", "2026-03-12"))
    desk.load(path)
    assert _deal(desk)["closed_at"] == "2026-03-12"


def test_times_in_the_sheet_narrow(desk: Any, series: Series, version: Make) -> None:
    headers = ("商机编号", "客户名称", "商机名称", "阶段", "阶段变更时间", "更新时间", "金额")
    series(
        version("20260301.csv", "1 甲公司 年框 初步接触 2026-02-20 2026-02-25 100", headers=headers),
        version("20260308.csv", "1 甲公司 年框 需求确认 2026-03-04 2026-03-05 120", headers=headers),
    )
    assert _events(desk) == [
        (None, "初步接触", None, "2026-02-20", None), ("初步接触", "需求确认", None, "2026-03-04", None)
    ]  # fmt: skip
    assert _events(desk, field="amount_fen") == [("10000", "12000", "2026-03-01", "2026-03-05", None)]


def test_files_of_one_folder(series: Series, files: list[str]) -> None:
    folder = Path(files[0]).parent / "versions"
    folder.mkdir()
    for file in files:
        Path(file).rename(folder / Path(file).name)
    (folder / "商机表_20260322.xlsx").write_bytes(b"PK\x03\x04 broken")
    result = series(str(folder))
    assert ([version.day for version in result.versions], len(result.unread)) == (
        ["2026-03-01", "2026-03-08", "2026-03-15"], 1
    )  # fmt: skip
