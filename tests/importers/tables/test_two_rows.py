from __future__ import annotations

from crmcli.importers.readers.grid import Merge
from crmcli.importers.tables.two_rows import joined_labels

KNOWN = {"客户名称", "姓名", "电话", "金额", "手机"}


def joined(rows: list[list[str]], at: int, merges: list[Merge] | None = None) -> tuple[int, int, list[str]]:
    return joined_labels(list(enumerate(rows, start=1)), at, merges or [], KNOWN.__contains__)


def test_three_rows_that_merged_cells_hold_together() -> None:
    rows = [
        ["客户名称", "联系方式", "", "", "", "金额"],
        ["", "主联系人", "", "副联系人", "", ""],
        ["", "姓名", "电话", "姓名", "电话", ""],
        ["甲公司", "王五", "1", "赵六", "2", "5"],
    ]
    merges = [
        Merge(1, 0, 3, 0), Merge(1, 1, 1, 4), Merge(1, 5, 3, 5), Merge(2, 1, 2, 2), Merge(2, 3, 2, 4),
    ]  # fmt: skip
    labels = ["客户名称", "联系方式_主联系人_姓名", "联系方式_主联系人_电话", "联系方式_副联系人_姓名",
              "联系方式_副联系人_电话", "金额"]  # fmt: skip
    assert [joined(rows, at, merges) for at in (0, 1, 2)] == [(0, 2, labels)] * 3


def test_three_rows_of_a_csv_where_the_fields_need_both_rows_above() -> None:
    rows = [
        ["售前", "", "", "", "售后", "", "", ""],
        ["主", "", "副", "", "主", "", "副", ""],
        ["姓名", "电话", "姓名", "电话", "姓名", "电话", "姓名", "电话"],
    ]
    first, last, labels = joined(rows, 2)
    assert (first, last) == (0, 2)
    assert labels[:3] + labels[-1:] == ["售前_主_姓名", "售前_主_电话", "售前_副_姓名", "售后_副_电话"]


def test_a_title_over_groups_is_no_third_row() -> None:
    rows = [["2026年客户台账", "", "", ""], ["主", "", "副", ""], ["姓名", "电话", "姓名", "电话"]]
    assert joined(rows, 2)[:2] == (1, 2)
