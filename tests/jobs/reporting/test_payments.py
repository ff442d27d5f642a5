from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crmcli.domain.metrics.rate import Rate
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.reporting.payments import load_payments
from crmcli.jobs.reporting.write_report import Asking, make_report
from crmcli.jobs.workspace import Workspace

PLANS = (
    ("合同编号", "客户名称", "期次", "计划回款日期", "计划回款金额"),
    ("HT-1", "鼎信物流", "一", "2026-02-01", "1000"),
    ("HT-1", "鼎信物流", "二", "2026-09-01", "500"),
)
RECEIPTS = (
    ("回款日期", "合同编号", "客户名称", "实收金额"),
    ("2026-02-03", "HT-1", "鼎信物流", "700"),
    ("2026-03-01", "", "鼎信物流", "20"),
)


@pytest.fixture
def workspace(desk: Any) -> Workspace:
    head = ("合同编号", "客户名称", "合同金额", "签订日期")
    desk.load(desk.write("客户.csv", ("客户名称", "负责人"), ("鼎信物流", "王芳")))
    desk.load(desk.write("合同.csv", head, ("HT-1", "鼎信物流", "1500", "2026-01-05")))
    desk.load(desk.write("计划.csv", *PLANS), desk.write("回款.csv", *RECEIPTS))
    found: Workspace = desk.workspace
    return found


def test_a_payment_has_its_contract_its_customers_owner_and_its_source(workspace: Workspace) -> None:
    _, loose, first, _ = load_payments(workspace, workspace.now())
    assert (first.contract_text, first.customer, first.owner, first.due_fen) == ("HT-1", "鼎信物流", "王芳", 100_000)
    assert (str(first.source_file).rpartition("/")[2], first.source_row) == ("计划.csv", 2)
    assert (loose.contract, loose.received_fen, loose.currency) == (None, 2000, "CNY")


def test_a_payment_is_whose_its_customer_was_then(workspace: Workspace) -> None:
    then = workspace.now()
    later = replace(workspace, clock=lambda: datetime.fromisoformat(then) + timedelta(days=1))
    set_fields(later, "customer", "鼎信物流", ["owner=李强"])
    owners = [load_payments(later, at)[2].owner for at in (then, later.now())]
    assert owners == ["王芳", "李强"]


def test_the_report_says_what_is_settled_how_old_the_rest_is_and_what_settles_nothing(workspace: Workspace) -> None:
    report = make_report(workspace, "receivables", Asking(by=("customer",)))
    main, aging, loose = report.tables
    yuan = [Decimal(text) for text in ("1500.00", "700.00", "800.00", "720.00", "700.00", "20.00")]
    due, settled, outstanding, received, allocated, unallocated = yuan
    rate = Rate(70_000, 150_000, 2, money=True)
    cells = (2, due, settled, outstanding, rate, 2, received, allocated, unallocated)
    assert main.rows == (("鼎信物流", "CNY", *cells),)
    assert dict(zip([column.key for column in aging.columns], aging.rows[0], strict=True)) == {
        "customer": "鼎信物流",
        "currency": "CNY",
        "plans": 2,
        "outstanding": Decimal("800.00"),
        "not_due": Decimal("500.00"),
        "days_1_30": Decimal("0.00"),
        "days_31_60": Decimal("0.00"),
        "days_61_90": Decimal("0.00"),
        "days_over_90": Decimal("300.00"),
        "no_due_day": Decimal("0.00"),
    }
    assert [(str(row[0]), *row[1:]) for row in loose.rows] == [("names no contract", "CNY", 1, Decimal("20.00"))]
    assert [(records.name, records.count) for records in report.section.records] == [
        ("receivables_plans", 2),
        ("receivables_receipts", 2),
        ("aging_records", 2),
        ("unallocated_records", 1),
    ]
    assert all(str(row[-3]).endswith(".csv") for records in report.section.records for row in records.rows)


def test_the_past_is_as_it_was_by_its_day_and_as_it_was_known(workspace: Workspace) -> None:
    early = replace(workspace, clock=lambda: datetime.fromisoformat("2026-02-02T10:00:00+08:00"))
    assert make_report(early, "receivables").tables[0].rows[0][3] == Decimal("0.00")
    later = replace(workspace, clock=lambda: datetime.fromisoformat("2026-08-30T10:00:00+08:00"))
    set_fields(later, "payment", "I3", ["due_amount=2000"])
    add_record(later, "payment", ["contract=HT-1", "received_on=2026-02-05", "received_amount=5"])
    known_at = datetime.fromisoformat("2026-08-01T00:00:00+08:00")
    now, then = (
        make_report(later, "receivables", Asking(known_at=at)).tables[0].rows[0][2:4] for at in (None, known_at)
    )
    assert (now, then) == ((Decimal("2500.00"), Decimal("705.00")), (Decimal("1500.00"), Decimal("700.00")))


def test_plans_of_a_void_contract_are_not_due(workspace: Workspace) -> None:
    set_fields(workspace, "contract", "HT-1", ["status=作废"])
    report = make_report(workspace, "receivables")
    assert report.tables[0].rows[0][1:3] == (0, Decimal("0.00"))
    assert [note.code for note in report.section.notes] == ["void"]
    assert [str(row[0]) for row in report.tables[2].rows] == ["names no contract", "the contract is void"]
