"""What is due, what was received, and which receipt settles which plan.

A receipt that names a contract settles that contract's plans of its currency: first the plan that it names (its own
row, else the one of the same installment), then the oldest due. What names no contract settles no other row's plan and
stays unallocated. A refund takes back what was received too much, then what was settled last.
Source: definitions.md, report 18.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from crmcli.domain.values.text import fold

Why = Literal["", "no_contract", "no_plan", "void", "too_much", "refund"]
_DAY = len("2026-03-05")
_LAST = "9999"  # what has no day comes after all days


@dataclass(frozen=True, slots=True)
class Payment:
    """One row of what is due, of what was received, or of both; fen, None: it says nothing of that.

    `contract` is the contract's number in the database, `contract_text` what people call it. Days are ISO; a receipt
    without a day counts as received. What is due for a `void` contract is not due.
    """

    id: int
    currency: str
    contract: int | None = None
    contract_text: str = ""
    void: bool = False
    customer: str | None = None
    owner: str | None = None
    team: str | None = None
    installment: str | None = None
    due_on: str | None = None
    due_fen: int | None = None
    received_on: str | None = None
    received_fen: int | None = None
    source_file: str | None = None
    source_sheet: str | None = None
    source_row: int | None = None


@dataclass(slots=True)
class Plan:
    """An amount due and what of it is settled: due = settled + outstanding."""

    payment: Payment
    due_fen: int
    settled_fen: int = 0

    @property
    def outstanding_fen(self) -> int:
        """Return what is still to be received."""
        return self.due_fen - self.settled_fen


@dataclass(slots=True)
class Receipt:
    """An amount received (below 0: a refund) and what of it settles plans: received = allocated + unallocated.

    `why` tells why some of it is unallocated, "" where nothing is.
    """

    payment: Payment
    received_fen: int
    allocated_fen: int = 0
    why: Why = ""

    @property
    def unallocated_fen(self) -> int:
        """Return what settles no plan."""
        return self.received_fen - self.allocated_fen


@dataclass(frozen=True, slots=True)
class Receivables:
    """All plans by their due days and all receipts by their days, as they stand on a day.

    `void` and `without_amount` count the rows left out: of void contracts, and plans of an unknown amount. `later` are
    receipts after the day.
    """

    plans: tuple[Plan, ...]
    receipts: tuple[Receipt, ...]
    void: int = 0
    without_amount: int = 0
    later: int = 0


def receivables(payments: Iterable[Payment], today: str) -> Receivables:
    """Return which receipts up to `today` (ISO) settle which plans, the same whatever order the payments come in."""
    known = list(payments)
    plans = [Plan(one, one.due_fen) for one in known if one.due_fen is not None and not one.void]
    received = [one for one in known if one.received_fen is not None]
    receipts = [Receipt(one, one.received_fen or 0) for one in received if (one.received_on or "")[:_DAY] <= today]
    plans.sort(key=_by_due_day)
    receipts.sort(key=_by_day)
    for own_plans, own_receipts in _groups(plans, receipts):
        _allocate(own_plans, own_receipts)
    return Receivables(
        tuple(plans),
        tuple(receipts),
        void=sum(one.void and one.due_fen is not None for one in known),
        without_amount=sum(one.due_fen is None and one.due_on is not None for one in known),
        later=len(received) - len(receipts),
    )


def _by_due_day(plan: Plan) -> tuple[str, int]:
    return (plan.payment.due_on or _LAST)[:_DAY], plan.payment.id


def _by_day(receipt: Receipt) -> tuple[str, int]:
    return (receipt.payment.received_on or _LAST)[:_DAY], receipt.payment.id


def _groups(plans: Sequence[Plan], receipts: Sequence[Receipt]) -> Iterator[tuple[list[Plan], list[Receipt]]]:
    """Yield plans and receipts that may go together: of one contract in one currency, else of one row."""
    of_plans: dict[tuple[str, int, str], list[Plan]] = {}
    for plan in plans:
        of_plans.setdefault(_whose(plan.payment), []).append(plan)
    of_receipts: dict[tuple[str, int, str], list[Receipt]] = {}
    for receipt in receipts:
        of_receipts.setdefault(_whose(receipt.payment), []).append(receipt)
    return ((of_plans.get(whose, []), own) for whose, own in of_receipts.items())


def _whose(payment: Payment) -> tuple[str, int, str]:
    kind, number = ("row", payment.id) if payment.contract is None else ("contract", payment.contract)
    return kind, number, payment.currency


def _allocate(plans: Sequence[Plan], receipts: Sequence[Receipt]) -> None:
    """Settle plans, given oldest due first, with receipts, given oldest first; refunds when all else has come in."""
    for receipt in receipts:
        if receipt.received_fen > 0:
            receipt.allocated_fen = _settle(_in_turn(plans, receipt.payment), receipt.received_fen)
            receipt.why = _why(receipt, plans)
    spare = sum(receipt.unallocated_fen for receipt in receipts if receipt.received_fen > 0)
    for receipt in receipts:
        if receipt.received_fen < 0:
            from_spare = min(spare, -receipt.received_fen)
            spare -= from_spare
            taken = _take_back(_in_turn(plans[::-1], receipt.payment), -receipt.received_fen - from_spare)
            receipt.allocated_fen = -taken
            receipt.why = "refund" if receipt.unallocated_fen else ""


def _in_turn(plans: Sequence[Plan], payment: Payment) -> list[Plan]:
    """Return the plans in the order in which a receipt goes to them: those that it names first."""
    named = fold(payment.installment or "")

    def place(plan: Plan) -> int:
        if plan.payment.id == payment.id:
            return 0
        return 1 if named and fold(plan.payment.installment or "") == named else 2

    return sorted(plans, key=place)


def _settle(plans: Iterable[Plan], fen: int) -> int:
    """Return how much of an amount went to plans."""
    left = fen
    for plan in plans:
        part = min(left, max(plan.outstanding_fen, 0))
        plan.settled_fen += part
        left -= part
    return fen - left


def _take_back(plans: Iterable[Plan], fen: int) -> int:
    """Return how much of an amount was taken back from plans."""
    left = fen
    for plan in plans:
        part = min(left, plan.settled_fen)
        plan.settled_fen -= part
        left -= part
    return fen - left


def _why(receipt: Receipt, plans: Sequence[Plan]) -> Why:
    if not receipt.unallocated_fen:
        return ""
    if receipt.payment.void:
        return "void"
    if plans:
        return "too_much"
    return "no_contract" if receipt.payment.contract is None else "no_plan"
