"""Contracts, plans and receipts: known by number or by all they say, linked to what they name, counted and undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crmcli.jobs.journal.undo import undo_run

CONTRACTS = (
    ("合同编号", "合同名称", "客户名称", "合同金额(万元)", "签订日期", "到期日期", "状态"),
    ("HT-1", "仓储", "鼎信物流", 120, "2026-01-05", "2026-12-31", "履行中"),
    ("HT-2", "维保", "云图科技", 8, "2026-02-05", "", "履行中"),
)
PLANS = (
    ("合同编号", "期次", "计划回款日期", "计划回款金额"),
    ("HT-1", "第1期", "2026-02-01", 400000),
    ("HT-9", "首付", "2026-03-01", 50000),
)
RECEIPTS = (
    ("回款日期", "合同编号", "客户名称", "金额", "收款方式"),
    ("2026-02-03", "HT-1", "鼎信物流", 250000, "转账"),
    ("2026-02-09", "HT-1", "鼎信物流", -50000, "退款"),
    ("2026-03-01", "", "鼎信物流", 100, "现金"),
)


@pytest.fixture
def full(desk: Any) -> Any:
    """Return a desk with one customer, two contracts and what is due and received for them."""
    desk.load(desk.csv("customers.csv", ("客户名称", "手机"), ("鼎信物流", "13800138001")))
    desk.load(desk.book("contracts.xlsx", 合同台账=CONTRACTS, 回款计划=PLANS, 回款明细=RECEIPTS))
    return desk


def test_contracts_and_payments_come_in_linked_to_what_they_name(full: Any) -> None:
    first, second = full.records("contract")
    assert (first["amount_fen"], first["ends_on"], first["status"]) == (1_200_000_00, "2026-12-31", "履行中")
    assert (first["customer_id"], second["customer_id"], second["extra"]["customer"]) == (1, None, "云图科技")
    due, strange, *received = full.records("payment")
    assert (due["contract_id"], due["customer_id"], due["installment"]) == (first["id"], 1, "第1期")
    assert (strange["contract_id"], strange["extra"]) == (None, {"contract": "HT-9"})
    assert [one["received_amount_fen"] for one in received] == [250_000_00, -50_000_00, 100_00]
    assert [one["contract_id"] for one in received] == [first["id"], first["id"], None]


def test_what_nobody_knows_is_listed_and_linked_when_it_comes(full: Any) -> None:
    again = full.load(full.book("again.xlsx", 合同台账=CONTRACTS, 回款计划=PLANS, 回款明细=RECEIPTS))
    assert [sheet.tally.counts["same"] for sheet in again.sheets] == [2, 2, 3]
    codes = [listed.code for sheet in again.sheets for listed in sheet.tally.listed]
    assert codes == ["reference.unknown_customer", "reference.unknown_contract"]
    full.load(full.csv("more.csv", ("客户名称", "行业"), ("云图科技", "软件")))
    full.load(full.csv("late.csv", CONTRACTS[0], ("HT-9", "远方", "云图科技", 5, "2026-01-05", "", "")))
    linked = full.load(full.book("once more.xlsx", 合同台账=CONTRACTS, 回款计划=PLANS))
    assert [sheet.tally.counts["updated"] for sheet in linked.sheets] == [1, 1]
    assert full.records("contract")[1]["extra"] == {}
    assert full.records("payment")[1]["contract_id"] == 3
    assert not [listed for sheet in linked.sheets for listed in sheet.tally.listed]


def test_amounts_of_the_sheets_are_summed_and_stored(full: Any) -> None:
    again = full.load(full.book("again.xlsx", 合同台账=CONTRACTS, 回款计划=PLANS, 回款明细=RECEIPTS))
    sums = {path: (one.source, one.stored) for sheet in again.sheets for path, one in sheet.tally.sums.items()}
    assert sums == {
        "contract.amount": (1_280_000, 1_280_000),
        "payment.due_amount": (450_000, 450_000),
        "payment.received_amount": (200_100, 200_100),
    }


def test_a_row_that_says_the_same_as_another_is_taken_once_and_listed(desk: Any) -> None:
    row = ("2026-03-01", "鼎信物流", 100)
    sheet = desk.load(desk.csv("r.csv", ("收款日期", "客户名称", "收款金额"), row, row)).sheets[0]
    assert (sheet.planned.mapping.kind, sheet.tally.counts["new"], sheet.tally.counts["same"]) == ("payment", 1, 1)
    assert "row.repeated" in [listed.code for listed in sheet.tally.listed]


def test_rows_that_say_of_nothing_whose_it_is_are_rejected(desk: Any) -> None:
    rows = (("回款日期", "合同编号", "回款金额"), ("2026-03-01", "", 100), ("", "HT-1", ""), ("", "HT-1", 5))
    sheet = desk.load(desk.csv("r.csv", *rows)).sheets[0]
    assert (sheet.tally.counts["rejected"], sheet.tally.counts["new"]) == (2, 1)


def test_undo_takes_contracts_and_payments_back_and_they_can_come_again(full: Any) -> None:
    before = full.dump()
    undone = undo_run(full.workspace, "R2")
    assert (full.records("contract"), full.records("payment"), undone.kept, undone.blocked) == ([], [], [], [])
    full.load(full.book("again.xlsx", 合同台账=CONTRACTS, 回款计划=PLANS, 回款明细=RECEIPTS))
    assert full.dump() == before


def test_a_plan_that_says_by_now_what_was_received_is_the_same_plan(desk: Any) -> None:
    head = ("合同编号", "期次", "应收日期", "应收金额", "回款日期", "回款金额")
    plans = [("HT-1", "一", "2026-02-01", 1000, "", ""), ("HT-1", "二", "2026-03-01", 500, "", "")]
    paid = [("HT-1", "一", "2026-02-01", 1000, "2026-02-05", 1000), plans[1]]
    desk.load(desk.csv("week1.csv", head, *plans))
    second = desk.load(desk.csv("week2.csv", head, *paid)).sheets[0].tally.counts
    assert (second["updated"], second["same"], second["new"]) == (1, 1, 0)
    for name, rows in (("again.csv", paid), ("old.csv", plans)):
        assert desk.load(desk.csv(name, head, *rows)).sheets[0].tally.counts["same"] == 2
    first, other = desk.records("payment")
    assert (first["received_amount_fen"], other["received_amount_fen"]) == (100_000, None)
    third = desk.load(desk.csv("week3.csv", head, ("HT-1", "一", "2026-02-01", 1000, "2026-02-09", 7)))
    assert third.sheets[0].tally.counts["new"] == 1, "it contradicts what is there"


def test_rows_of_one_file_that_differ_are_two(desk: Any) -> None:
    head = ("客户名称", "应收日期", "应收金额", "备注")
    rows = [
        ("甲公司", "2026-02-01", 1000, "硬件"),
        ("甲公司", "2026-02-01", 1000, "软件"),
        ("甲公司", "2026-02-01", 1000, ""),
    ]
    assert desk.load(desk.csv("plans.csv", head, *rows)).sheets[0].tally.counts["new"] == 3
    assert desk.load(desk.csv("again.csv", head, *rows)).sheets[0].tally.counts["same"] == 3


def test_the_order_of_rows_and_files_does_not_show(new_desk: Callable[[], Any]) -> None:
    several = (*CONTRACTS, ("HT-1", "仓储二期", "鼎信物流", 130, "2026-01-05", "2027-12-31", ""))
    dumps = []
    for turn in (1, -1):
        desk = new_desk()
        desk.load(desk.csv("customers.csv", ("客户名称", "手机"), ("鼎信物流", "13800138001")))
        tables = [(head, *rows[::turn]) for head, *rows in (several, PLANS, RECEIPTS)]
        files = [desk.csv(f"{at}.csv", *table) for at, table in enumerate(tables)]
        desk.load(*files[::turn])
        dumps.append(desk.dump())
    assert dumps[0] == dumps[1]
    assert any("alternate" in line for line in dumps[0])
