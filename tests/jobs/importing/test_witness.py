from __future__ import annotations

import json
from typing import Any

from crmcli.domain.said import Said, decode

DEALS = ("商机编号", "商机名称", "客户名称", "商机金额", "阶段", "负责人", "创建时间")
FIRST = ("1", "一期", "甲公司", "100", "已报价", "张伟", "2026-05-03")


def _kept(desk: Any) -> list[tuple[Any, ...]]:
    rows = desk.db.rows("SELECT row, outcome, record_id, said FROM source_row ORDER BY id")
    return [(row["row"], row["outcome"], row["record_id"], *decode(row["said"])) for row in rows]


def _report(desk: Any, number: int) -> Any:
    return json.loads(desk.db.value("SELECT report FROM source_sheet WHERE id = ?", (number,)))


def test_a_row_that_did_something_is_kept_with_what_it_was_read_as(desk: Any) -> None:
    desk.rows(DEALS, FIRST)
    said = Said("张伟", "方案报价", "2026-05-03", "CNY", 10_000)
    assert _kept(desk) == [(2, "new", 1, said, None)]
    report = _report(desk, 1)
    assert report["facts"] == {"owner": "owner", "stage": "stage", "day": "created_at", "amount": "amount"}
    assert report["columns"] == {"owner": [5], "stage": [4], "day": [6], "amount": [3]}
    assert report["sums"]["opportunity.amount"]["source"] == "100"


def test_of_rows_that_say_what_is_known_only_sums_are_kept(desk: Any) -> None:
    desk.rows(DEALS, FIRST)
    desk.rows(DEALS, FIRST)
    assert [row[:2] for row in _kept(desk)] == [(2, "new")]
    assert _report(desk, 2)["same"] == {
        "rows": 1,
        "cells": {
            "owner": [["张伟", "CNY", 1, 10_000]],
            "stage": [["方案报价", "CNY", 1, 10_000]],
            "month": [["2026-05", "CNY", 1, 10_000]],
        },
    }


def test_a_row_that_repeats_one_of_its_own_import_is_kept(desk: Any) -> None:
    desk.rows(DEALS, FIRST, FIRST)
    assert [row[:3] for row in _kept(desk)] == [(2, "new", 1), (3, "same", 1)]
    assert _report(desk, 1)["same"]["rows"] == 0


def test_a_row_whose_record_counts_another_value_is_kept_every_time(desk: Any) -> None:
    desk.rows(DEALS, FIRST)
    desk.db.connection.execute("UPDATE opportunity SET amount_fen = 5")
    desk.rows(DEALS, FIRST)
    assert [row[1] for row in _kept(desk)] == ["new", "same"]


def test_a_row_that_did_not_come_in_is_kept_with_why(desk: Any) -> None:
    desk.rows(
        ("客户编号", "客户名称", "备注", "级别"), ("", "", "谁", "A"), ("合计", "", "", ""), ("1", "甲公司", "好", "B")
    )
    stopped = {row[1]: row[4] for row in _kept(desk)}
    assert stopped["new"] is None
    assert stopped["rejected"].code == "row.no_identity"
    assert str(stopped["rejected"].message) == "nothing in this row says which record it is"
    assert (stopped["skipped"].code, stopped["skipped"].message) == ("row.total", None)


def test_a_sheet_that_is_left_out_is_noted(desk: Any) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.worksheets[0].append(["客户名称"])
    book.worksheets[0].append(["甲公司"])
    book.create_sheet("空")
    book.save(desk.folder / "b.xlsx")
    desk.load(str(desk.folder / "b.xlsx"))
    kept = desk.db.rows("SELECT name, kind, report FROM source_sheet WHERE kind = ''")
    assert [row["name"] for row in kept] == ["空"]
    assert json.loads(kept[0]["report"])["left_out"][0]
