"""What is due and what was received, by brute force: money goes from receipts to plans fen by fen, as it were.

What the page leaves open is as the report says of itself: a receipt settles the plans of its contract and currency, the
one that it names first, then the oldest; a refund takes back what was received too much, then what was settled last.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from .house import MIN_N, NONE, TEAMS, House, Payment, known
from .house_customers import owner_of
from .house_seen import Row, grouped, yuan
from .seen import Asked

_AGES = ("not_due", "days_1_30", "days_31_60", "days_61_90", "days_over_90")


@dataclass
class Line:
    """A plan or a receipt: what it is of in fen, and what of that is settled or allocated."""

    one: Payment
    place: int
    currency: str
    customer: str | None
    owner: str | None
    void: bool
    fen: int
    part: int = 0
    why: str = ""
    rank: dict[int, int] = field(default_factory=dict)

    def label(self, by: str, day: str | None) -> str:
        """Return what it is counted under."""
        values = {"owner": self.owner, "team": TEAMS.get(self.owner or ""), "customer": self.customer,
                  "month": (day or "")[:7]}  # fmt: skip
        return values[by] or NONE if by else ""


def _lines(house: House, asked: Asked) -> tuple[list[Line], list[Line]]:
    contracts = {one.key: one for one in known(house.contracts, asked)}
    customers = {one.name: one for one in house.customers}
    today = asked.at.date().isoformat()
    plans, receipts = [], []
    for place, one in enumerate(known(house.payments, asked)):
        contract = contracts.get(one.contract or "")
        customer = one.customer or (contract.customer if contract else None)
        owner = one.owner or (contract.owner if contract else None) or owner_of(customers[customer or ""], asked)
        currency = one.currency or (contract.currency if contract else "CNY")
        void = bool(contract and contract.void)
        if one.due is not None and not void:
            plans.append(Line(one, place, currency, customer, owner, void, one.due))
        if one.received is not None and (one.received_on or "") <= today:
            receipts.append(Line(one, place, currency, customer, owner, void, one.received))
    plans.sort(key=lambda line: (line.one.due_on or "9999", line.place))
    receipts.sort(key=lambda line: (line.one.received_on or "9999", line.place))
    return plans, receipts


def _allocate(plans: list[Line], receipts: list[Line]) -> None:
    """Settle plans of the same contract and currency; what names no contract settles its own row only."""

    def together(plan: Line, receipt: Line) -> bool:
        if receipt.one.contract is None:
            return plan.one is receipt.one
        return plan.one.contract == receipt.one.contract and plan.currency == receipt.currency

    def turn(plan: Line, receipt: Line) -> int:
        same = receipt.one.installment is not None and plan.one.installment == receipt.one.installment
        return 0 if plan.one is receipt.one else 1 if same else 2

    spare: dict[tuple[str, str], int] = defaultdict(int)
    for receipt in [one for one in receipts if one.fen > 0]:
        own = [plan for plan in plans if together(plan, receipt)]
        for plan in sorted(own, key=lambda plan: turn(plan, receipt)):
            part = min(plan.fen - plan.part, receipt.fen - receipt.part)
            plan.part, receipt.part = plan.part + part, receipt.part + part
        spare[receipt.one.contract or receipt.one.key, receipt.currency] += receipt.fen - receipt.part
        nothing = "too_much" if own else "no_plan" if receipt.one.contract else "no_contract"
        receipt.why = ("void" if receipt.void else nothing) if receipt.part < receipt.fen else ""
    for refund in [one for one in receipts if one.fen < 0]:
        whose = refund.one.contract or refund.one.key, refund.currency
        from_spare = min(spare[whose], -refund.fen)
        spare[whose] -= from_spare
        left = -refund.fen - from_spare
        for plan in sorted([one for one in plans[::-1] if together(one, refund)], key=lambda one: turn(one, refund)):
            part = min(plan.part, left)
            plan.part, left = plan.part - part, left - part
            refund.part -= part
        refund.why = "refund" if refund.part > refund.fen else ""


def receivables(house: House, asked: Asked, by: str) -> tuple[dict[tuple[str, str], Row], dict[tuple[str, str], Row],
                                                             dict[tuple[str, str], Row]]:  # fmt: skip
    """Return the rows by group and currency, those by age, and what settles no plan by why and currency."""
    plans, receipts = _lines(house, asked)
    _allocate(plans, receipts)
    due = [one for one in plans if asked.covers(one.one.due_on)]
    got = [one for one in receipts if asked.covers(one.one.received_on)]
    of_due = grouped(due, lambda line: (line.label(by, line.one.due_on), line.currency))
    of_got = grouped(got, lambda line: (line.label(by, line.one.received_on), line.currency))
    names = {*of_due, *of_got} | ({("", "CNY")} if not by else set())
    rows = {name: _row(of_due.get(name, []), of_got.get(name, [])) for name in names}
    still = grouped(
        [one for one in plans if one.fen > one.part], lambda line: (line.label(by, line.one.due_on), line.currency)
    )
    loose = grouped([one for one in got if one.fen != one.part], lambda line: (line.why, line.currency))
    return (
        rows,
        {name: _aged(own, asked) for name, own in still.items()},
        {name: {"receipts": len(own), "unallocated": yuan(sum(one.fen - one.part for one in own))}
         for name, own in loose.items()},
    )  # fmt: skip


def _row(plans: list[Line], receipts: list[Line]) -> Row:
    due, settled = sum(one.fen for one in plans), sum(one.part for one in plans)
    got, allocated = sum(one.fen for one in receipts), sum(one.part for one in receipts)
    return {"plans": len(plans), "due": yuan(due), "settled": yuan(settled), "outstanding": yuan(due - settled),
            "rate": settled / due if len(plans) >= MIN_N else None, "receipts": len(receipts), "received": yuan(got),
            "allocated": yuan(allocated), "unallocated": yuan(got - allocated)}  # fmt: skip


def _aged(plans: list[Line], asked: Asked) -> Row:
    sums = dict.fromkeys((*_AGES, "no_due_day"), 0)
    for line in plans:
        sums[_age(line.one.due_on, asked)] += line.fen - line.part
    return {"plans": len(plans), "outstanding": yuan(sum(sums.values())), **{k: yuan(fen) for k, fen in sums.items()}}


def _age(due_on: str | None, asked: Asked) -> str:
    from datetime import date

    if due_on is None:
        return "no_due_day"
    days = (asked.at.date() - date.fromisoformat(due_on)).days
    return _AGES[0] if days <= 0 else _AGES[min((days - 1) // 30 + 1, 4)]
