"""The figures of what is due and received: per period and group, by age on a day, and what settles no plan.

Source: definitions.md, report 18.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TypeVar

from crmcli.domain.metrics.grouping import UnknownGroupingError
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.population import MISSING
from crmcli.domain.metrics.receivables import Payment, Plan, Receipt, Receivables

BY = ("owner", "team", "customer", "month")
"""What the figures can be broken down by; the month is that of the due day, of a receipt that of its own."""
AGES = ("not_due", "days_1_30", "days_31_60", "days_61_90", "days_over_90", "no_due_day")
"""How long what is outstanding has been due on a day; what is due that day is not overdue."""
_BOUNDS = (0, 30, 60, 90)
_DAY, _MONTH = len("2026-03-05"), len("2026-03")
Group = tuple[str, ...]
"""The values of the keys asked for, and last the currency: amounts of two are never added up."""
Line = TypeVar("Line", Plan, Receipt)


@dataclass(frozen=True, slots=True)
class DueRow:
    """A group's plans due in the period and receipts of the period; fen. `first_...` is the place of its first one."""

    group: Group
    plans: int = 0
    due: int = 0
    settled: int = 0
    receipts: int = 0
    received: int = 0
    allocated: int = 0
    first_plan: int = 0
    first_receipt: int = 0


@dataclass(frozen=True, slots=True)
class AgeRow:
    """A group's outstanding plans, whatever the period: fen aligned with `AGES`; `first` is the place of the first."""

    group: Group
    plans: int
    fen: tuple[int, ...]
    first: int


@dataclass(frozen=True, slots=True)
class ReceivableFigures:
    """The rows with the plans and receipts behind them, in the rows' order; `open_plans` are behind the ages.

    `loose` counts and adds up what settles no plan of the period's receipts, by (why, currency). `undated_plans` and
    `undated_receipts` have no day: they are in the figures of the whole history only.
    """

    rows: tuple[DueRow, ...]
    ages: tuple[AgeRow, ...]
    plans: tuple[Plan, ...]
    receipts: tuple[Receipt, ...]
    open_plans: tuple[Plan, ...]
    loose: tuple[tuple[tuple[str, str], int, int], ...]
    undated_plans: int
    undated_receipts: int


def receivable_figures(
    found: Receivables, period: Period, by: tuple[str, ...], today: str, home: str
) -> ReceivableFigures:
    """Return the figures of a period, broken down; of no breakdown a row a currency, `home` always.

    Raises:
        UnknownGroupingError: a key is none of `BY`.
    """
    for key in by:
        if key not in BY:
            raise UnknownGroupingError(key, BY)

    def of_plan(plan: Plan) -> Group:
        return _group(plan.payment, plan.payment.due_on, by)

    def of_receipt(receipt: Receipt) -> Group:
        return _group(receipt.payment, receipt.payment.received_on, by)

    plans = _ordered((plan for plan in found.plans if _within(plan.payment.due_on, period)), of_plan, home)
    receipts = _ordered((one for one in found.receipts if _within(one.payment.received_on, period)), of_receipt, home)
    open_plans = _ordered((plan for plan in found.plans if plan.outstanding_fen), of_plan, home)
    return ReceivableFigures(
        _rows(_by_group(plans, of_plan), _by_group(receipts, of_receipt), home, whole=not by),
        tuple(_age_row(group, first, own, today) for group, (first, own) in _by_group(open_plans, of_plan).items()),
        tuple(plans),
        tuple(receipts),
        tuple(open_plans),
        _loose(receipts),
        sum(plan.payment.due_on is None for plan in found.plans),
        sum(one.payment.received_on is None for one in found.receipts),
    )


def days_overdue(plan: Plan, today: str) -> int | None:
    """Return how many days ago a plan was due, below 0 those until it is; None where nobody knows the day."""
    day = plan.payment.due_on
    return (date.fromisoformat(today) - date.fromisoformat(day[:_DAY])).days if day else None


def age_of(plan: Plan, today: str) -> int:
    """Return the place in `AGES` of a plan."""
    days = days_overdue(plan, today)
    return len(AGES) - 1 if days is None else sum(days > bound for bound in _BOUNDS)


def _within(day: str | None, period: Period) -> bool:
    if day is None:
        return period.is_whole_history
    starts = period.start is None or day[:_DAY] >= period.start.isoformat()
    return starts and (period.end is None or day[:_DAY] < period.end.isoformat())


def _group(payment: Payment, day: str | None, by: tuple[str, ...]) -> Group:
    values = {"owner": payment.owner, "team": payment.team, "customer": payment.customer, "month": (day or "")[:_MONTH]}
    return (*(values[key] or MISSING for key in by), payment.currency)


def _ordered(lines: Iterable[Line], group_of: Callable[[Line], Group], home: str) -> list[Line]:
    return sorted(lines, key=lambda line: _place(group_of(line), home))


def _place(group: Group, home: str) -> tuple[object, ...]:
    return (*((label == MISSING, label) for label in group[:-1]), group[-1] != home, group[-1])


def _by_group(lines: Sequence[Line], group_of: Callable[[Line], Group]) -> dict[Group, tuple[int, list[Line]]]:
    """Return group -> (place of its first line, its lines); lines come in the groups' order."""
    found: dict[Group, tuple[int, list[Line]]] = {}
    first = 0
    for group, lines_of_group in groupby(lines, key=group_of):
        own = list(lines_of_group)
        found[group] = (first, own)
        first += len(own)
    return found


def _rows(
    plans: dict[Group, tuple[int, list[Plan]]], receipts: dict[Group, tuple[int, list[Receipt]]], home: str,
    *, whole: bool,
) -> tuple[DueRow, ...]:  # fmt: skip
    groups = sorted({*plans, *receipts, *([(home,)] if whole else [])}, key=lambda group: _place(group, home))
    rows = []
    for group in groups:
        first_plan, due = plans.get(group, (0, []))
        first_receipt, got = receipts.get(group, (0, []))
        rows.append(
            DueRow(
                group,
                plans=len(due),
                due=sum(plan.due_fen for plan in due),
                settled=sum(plan.settled_fen for plan in due),
                receipts=len(got),
                received=sum(one.received_fen for one in got),
                allocated=sum(one.allocated_fen for one in got),
                first_plan=first_plan,
                first_receipt=first_receipt,
            )
        )
    return tuple(rows)


def _age_row(group: Group, first: int, plans: Sequence[Plan], today: str) -> AgeRow:
    fen = [0] * len(AGES)
    for plan in plans:
        fen[age_of(plan, today)] += plan.outstanding_fen
    return AgeRow(group, len(plans), tuple(fen), first)


def _loose(receipts: Iterable[Receipt]) -> tuple[tuple[tuple[str, str], int, int], ...]:
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for one in receipts:
        if one.unallocated_fen:
            number, fen = found.get((one.why, one.payment.currency), (0, 0))
            found[one.why, one.payment.currency] = (number + 1, fen + one.unallocated_fen)
    return tuple((key, number, fen) for key, (number, fen) in sorted(found.items()))
