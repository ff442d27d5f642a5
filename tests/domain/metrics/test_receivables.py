from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.domain.metrics.receivables import Payment, Receivables, receivables

TODAY = "2026-06-30"


def due(number: int, day: str | None, fen: int, contract: int | None = 1, **more: str) -> Payment:
    return Payment(number, "CNY", contract, due_on=day, due_fen=fen, **more)  # type: ignore[arg-type]


def got(number: int, day: str | None, fen: int, contract: int | None = 1, **more: str) -> Payment:
    return Payment(number, "CNY", contract, received_on=day, received_fen=fen, **more)  # type: ignore[arg-type]


def settled(found: Receivables) -> dict[int, int]:
    return {plan.payment.id: plan.settled_fen for plan in found.plans}


def loose(found: Receivables) -> dict[int, tuple[int, str]]:
    return {one.payment.id: (one.unallocated_fen, one.why) for one in found.receipts if one.unallocated_fen}


PLANS = [due(1, "2026-02-01", 100), due(2, "2026-01-01", 100), due(3, None, 100)]


def test_a_receipt_settles_the_oldest_due_first_and_what_has_no_day_last() -> None:
    assert settled(receivables([*PLANS, got(4, "2026-03-01", 250)], TODAY)) == {2: 100, 1: 100, 3: 50}


def test_a_receipt_that_names_its_plan_settles_that_first_and_then_the_oldest() -> None:
    plans = [due(1, "2026-01-01", 100, installment="第1期"), due(2, "2026-02-01", 100, installment="第２期")]
    found = receivables([*plans, got(4, "2026-03-01", 130, installment="第2期")], TODAY)
    assert settled(found) == {1: 30, 2: 100}


def test_what_one_row_says_is_due_and_received_goes_together() -> None:
    row = Payment(7, "CNY", None, due_on="2026-05-01", due_fen=100, received_on="2026-05-03", received_fen=60)
    found = receivables([row, got(8, "2026-05-01", 40, contract=None)], TODAY)
    assert (settled(found), loose(found)) == ({7: 60}, {8: (40, "no_contract")})


@pytest.mark.parametrize(
    ("receipt", "why"),
    [
        (got(9, "2026-03-01", 10, contract=None), "no_contract"),
        (got(9, "2026-03-01", 10, contract=2), "no_plan"),
        (got(9, "2026-03-01", 310), "too_much"),
        (got(9, "2026-03-01", -10), "refund"),
        (Payment(9, "USD", 1, received_on="2026-03-01", received_fen=10), "no_plan"),
        (Payment(9, "CNY", 5, void=True, received_on="2026-03-01", received_fen=10), "void"),
    ],
)
def test_what_settles_nothing_says_why(receipt: Payment, why: str) -> None:
    found = receivables([*PLANS, receipt], TODAY)
    assert loose(found) == {9: (10 if receipt.received_fen != -10 else -10, why)}


def test_a_refund_takes_back_what_was_too_much_then_what_was_settled_last() -> None:
    found = receivables([*PLANS, got(4, "2026-03-01", 350), got(5, "2026-04-01", -80)], TODAY)
    assert settled(found) == {2: 100, 1: 100, 3: 70}
    assert loose(found) == {4: (50, "too_much"), 5: (-50, "refund")}


def test_what_comes_later_is_not_there_yet_and_what_has_no_day_is() -> None:
    later = [got(4, "2026-07-01", 10), got(5, "2026-06-30T23:59:00+08:00", 20), got(6, None, 40)]
    found = receivables([*PLANS, *later], TODAY)
    assert (settled(found)[2], found.later) == (60, 1)


def test_void_contracts_owe_nothing_and_plans_without_amount_are_counted() -> None:
    void = Payment(1, "CNY", 1, void=True, due_on="2026-01-01", due_fen=100)
    found = receivables([void, Payment(2, "CNY", 1, due_on="2026-02-01")], TODAY)
    assert (found.plans, found.void, found.without_amount) == ((), 1, 1)


@st.composite
def _payments(draw: st.DrawFn) -> Sequence[Payment]:
    days = st.sampled_from([None, "2026-01-05", "2026-06-30", "2026-07-05"])
    fen = st.none() | st.integers(-50, 200)
    return [
        Payment(
            number, draw(st.sampled_from(["CNY", "USD"])), draw(st.sampled_from([None, 1, 2])),
            installment=draw(st.sampled_from([None, "一", "二"])), due_on=draw(days), due_fen=draw(fen),
            received_on=draw(days), received_fen=draw(fen), void=draw(st.sampled_from([False, False, True])),
        )
        for number in range(draw(st.integers(0, 8)))
    ]  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(_payments(), st.randoms(use_true_random=False))
def test_nothing_is_lost_between_what_is_due_and_what_was_received(payments: Sequence[Payment], chance: object) -> None:
    found = receivables(payments, TODAY)
    for currency in ("CNY", "USD"):
        plans = [plan for plan in found.plans if plan.payment.currency == currency]
        receipts = [one for one in found.receipts if one.payment.currency == currency]
        assert sum(plan.settled_fen for plan in plans) == sum(one.allocated_fen for one in receipts)
    assert all(plan.due_fen == plan.settled_fen + plan.outstanding_fen for plan in found.plans)
    assert all(0 <= plan.settled_fen <= max(plan.due_fen, 0) for plan in found.plans)
    assert all(one.received_fen == one.allocated_fen + one.unallocated_fen for one in found.receipts)
    assert all(bool(one.why) == bool(one.unallocated_fen) for one in found.receipts)
    assert all(min(one.received_fen, 0) <= one.allocated_fen <= max(one.received_fen, 0) for one in found.receipts)
    shuffled = list(payments)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert receivables(shuffled, TODAY) == found
