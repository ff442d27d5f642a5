from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from crmcli.domain.settle import Mode
from crmcli.jobs.importing.context import Sums


def _counts(result: Any) -> dict[str, int]:
    return {key: number for key, number in result.tally.counts.items() if number}


def _sums(result: Any, path: str = "opportunity.amount") -> tuple[int, ...]:
    sums: Sums = result.tally.sums[path]
    return tuple(int(getattr(sums, name)) for name in ("source", "stored", "skipped", "rejected", "review"))


DEAL = ("商机编号", "客户名称", "金额(万元)")


def test_every_row_is_counted_once_and_every_amount_summed(desk: Any) -> None:
    sheet = desk.book(
        "a.xlsx",
        商机=[
            ["2026年商机表", None, None],
            DEAL,
            ["1", "甲公司", 3.5],
            ["2", "甲公司", None],
            [None, None, None],
            [None, None, 7],
            ["合计", None, 10.5],
            ["备注：以上为截止数据", None, None],
        ],
    )
    result = desk.load(sheet)
    outcome = result.sheets[0]
    assert (outcome.planned.read, _counts(outcome)) == (6, {"new": 2, "skipped": 3, "rejected": 1})
    assert outcome.balanced
    assert _sums(outcome) == (35000, 35000, 105000, 70000, 0)
    assert outcome.tally.records == {"opportunity": 2, "customer": 1}
    assert [deal["amount_fen"] for deal in desk.records("opportunity")] == [3500000, None]


def test_counts_are_by_the_main_record(desk: Any) -> None:
    headers = ("客户名称", "行业", "联系人", "手机")
    desk.rows(headers, ("甲公司", "电子", "张三", "13800000001"))
    outcome = desk.rows(
        headers,
        ("甲公司", "电子", "李四", "13800000002"),  # a new contact of a customer that is there
        ("甲公司", "电子制造", "张三", "13800000001"),  # only its customer changes
        ("甲公司", "电子制造", "", ""),  # says nothing new
        ("乙公司", "", "", "021-62345678"),  # no contact: its customer is what the row is about
    )
    assert _counts(outcome) == {"new": 2, "updated": 1, "same": 1}
    assert outcome.tally.records == {"contact": 1, "customer": 1}


def test_what_is_not_taken_is_stored_as_an_alternate_and_in_the_sum(desk: Any) -> None:
    desk.rows(DEAL, ("1", "甲公司", "100"))
    outcome = desk.rows(DEAL, ("1", "甲公司", "20"), on_match=Mode.SKIP)
    assert _sums(outcome) == (200000, 200000, 0, 0, 0)
    assert desk.one("opportunity")["amount_fen"] == 100000000


def test_rows_for_review_stand_beside(desk: Any) -> None:
    desk.rows(("客户编号", "客户名称"), ("1", "甲公司"), ("2", "乙公司"))
    outcome = desk.rows(("商机编号", "客户编号", "客户名称", "金额"), ("7", "1", "乙公司", "5"))
    assert (_counts(outcome), _sums(outcome)) == ({"review": 1}, (0, 0, 0, 0, 5))


def test_prices_are_summed_too(desk: Any) -> None:
    outcome = desk.rows(("产品名称", "单价"), ("GTX Pro", "4,821.5"), ("MG", "￥55"))
    assert outcome.tally.sums["product.price"].stored == Decimal("4876.50")


def test_bad_cells_are_listed_and_hold_nothing_back(desk: Any) -> None:
    outcome = desk.rows(("客户名称", "公司电话", "建档日期"), ("甲公司", "12345", "2026-02-30"), ("乙公司", "", ""))
    assert _counts(outcome) == {"new": 2}
    assert [(listed.row, listed.header, listed.value) for listed in outcome.tally.listed] == [
        (2, "公司电话", "12345"),
        (2, "建档日期", "2026-02-30"),
    ]
    assert desk.records("customer")[0]["extra"] == {"公司电话": "12345", "建档日期": "2026-02-30"}


def test_entries_that_a_preset_leaves_out_are_skipped(desk: Any) -> None:
    headers = ("UserName", "Alias", "Remark", "NickName")
    outcome = desk.rows(
        headers,
        ("wx1", "", "张三", "三"),
        ("123@chatroom", "", "", "群"),
        ("gh_1", "", "", "号"),
        ("filehelper", "", "", ""),
    )
    assert _counts(outcome) == {"new": 1, "skipped": 3}


def test_a_line_with_an_open_quote_is_rejected_with_its_cells(desk: Any) -> None:
    path = desk.folder / "q.csv"
    path.write_text('客户编号,客户名称,备注\n1,甲公司,好\n2,"乙公司,坏\n', encoding="utf-8")
    result = desk.load(str(path))
    assert _counts(result.sheets[0]) == {"new": 1, "rejected": 1}
    assert [(r.code, r.row) for r in result.rejections] == [("line.unclosed_quote", 3)]


def test_the_raw_cells_of_what_did_something_are_kept(desk: Any) -> None:
    desk.rows(("客户编号", "客户名称"), ("1", "甲公司"), ("合计", ""))
    desk.rows(("客户编号", "客户名称"), ("1", "甲公司"))
    kept = desk.db.rows("SELECT row, cells, outcome, entity, record_id FROM source_row")
    assert [tuple(row.values()) for row in kept if row["entity"]] == [(2, '["1","甲公司"]', "new", "customer", 1)]


@pytest.mark.parametrize("rows", [5000, 5001])
def test_chunks_do_not_show(desk: Any, rows: int) -> None:
    outcome = desk.rows(("客户编号", "客户名称"), *[(n, f"公司{n % 4999}号") for n in range(rows)])
    assert outcome.planned.read == rows == sum(outcome.tally.counts.values())
    assert len(desk.records("customer")) == rows
