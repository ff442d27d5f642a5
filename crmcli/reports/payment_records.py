"""The records behind figures of what is due and what was received: payments, with where each came from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from crmcli.domain.metrics.population import MISSING
from crmcli.domain.metrics.receivable_figures import AGES, age_of, days_overdue
from crmcli.domain.metrics.receivables import Plan, Receipt
from crmcli.i18n import msg
from crmcli.reports.columns import SOURCE, yuan
from crmcli.reports.model import Cell, Column

AGE_LABELS = {
    "not_due": msg("Not yet due"), "days_1_30": msg("1-30 days"), "days_31_60": msg("31-60 days"),
    "days_61_90": msg("61-90 days"), "days_over_90": msg("Over 90 days"), "no_due_day": msg("No due day"),
}  # fmt: skip
WHY = {
    "no_contract": msg("names no contract"), "no_plan": msg("the contract has no plan in this currency"),
    "void": msg("the contract is void"), "too_much": msg("more than is due"),
    "refund": msg("a refund of what was never settled"),
}  # fmt: skip
_CURRENCY = Column("currency", msg("Currency"), "text")
_WHOSE = (
    Column("payment", msg("Payment"), "text"), Column("contract", msg("Contract"), "text"),
    Column("customer", msg("Customer"), "text"), Column("owner", msg("Owner"), "text"),
    Column("installment", msg("Installment"), "text"),
)  # fmt: skip
OF_PLAN = (
    *_WHOSE, Column("due_on", msg("Due on"), "date"), _CURRENCY, Column("due", msg("Amount due"), "money"),
    Column("settled", msg("Settled"), "money"), Column("outstanding", msg("Outstanding"), "money"),
    Column("days", msg("Days overdue"), "int"), Column("age", msg("Age"), "text"), *SOURCE,
)  # fmt: skip
OF_RECEIPT = (
    *_WHOSE, Column("received_on", msg("Received on"), "date"), _CURRENCY,
    Column("received", msg("Amount received"), "money"), Column("allocated", msg("Allocated"), "money"),
    Column("unallocated", msg("Unallocated"), "money"), Column("why", msg("Why unallocated"), "text"), *SOURCE,
)  # fmt: skip
_DAY = len("2026-03-05")


def plan_rows(today: str, plans: Sequence[Plan]) -> list[tuple[Cell, ...]]:
    """Return a row a plan as it stands on a day (ISO)."""
    return [_plan(plan, today) for plan in plans]


def receipt_rows(receipts: Sequence[Receipt]) -> list[tuple[Cell, ...]]:
    """Return a row a receipt."""
    return [_receipt(one) for one in receipts]


def _whose(line: Plan | Receipt) -> tuple[Cell, ...]:
    one = line.payment
    return (f"I{one.id}", one.contract_text or None, one.customer or MISSING, one.owner or MISSING, one.installment)


def _source(line: Plan | Receipt) -> tuple[Cell, ...]:
    return (line.payment.source_file, line.payment.source_sheet, line.payment.source_row)


def _plan(plan: Plan, today: str) -> tuple[Cell, ...]:
    sums = (yuan(plan.due_fen), yuan(plan.settled_fen), yuan(plan.outstanding_fen))
    days = days_overdue(plan, today) if plan.outstanding_fen else None
    age = AGE_LABELS[AGES[age_of(plan, today)]] if plan.outstanding_fen else None
    late = max(days, 0) if days is not None else None
    return (*_whose(plan), _day(plan.payment.due_on), plan.payment.currency, *sums, late, age, *_source(plan))


def _receipt(one: Receipt) -> tuple[Cell, ...]:
    sums = (yuan(one.received_fen), yuan(one.allocated_fen), yuan(one.unallocated_fen))
    why = WHY[one.why] if one.why else None
    return (*_whose(one), _day(one.payment.received_on), one.payment.currency, *sums, why, *_source(one))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:_DAY]) if text else None
