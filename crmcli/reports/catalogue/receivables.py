"""The receivables report: due against received, how long what is outstanding has been due, and what settles no plan."""

from __future__ import annotations

from collections import Counter
from datetime import date

from crmcli.domain.metrics.population import MISSING, Population
from crmcli.domain.metrics.rate import Rate
from crmcli.domain.metrics.receivable_figures import (
    AGES,
    AgeRow,
    DueRow,
    ReceivableFigures,
    age_of,
    days_overdue,
    receivable_figures,
)
from crmcli.domain.metrics.receivables import Plan, Receipt, Receivables, receivables
from crmcli.i18n import msg
from crmcli.reports.columns import group_columns, yuan
from crmcli.reports.finished import finished
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Link, Note, Records, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "receivables"
TITLE = msg("Receivables")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Receivables")
NEEDS: tuple[str, ...] = ("payments",)
AGING, LOOSE = "aging", "unallocated"
_PLANS, _RECEIPTS, _OPEN = "receivables_plans", "receivables_receipts", "aging_records"
_DAY = len("2026-03-05")
_AGE_LABELS = {
    "not_due": msg("Not yet due"), "days_1_30": msg("1-30 days"), "days_31_60": msg("31-60 days"),
    "days_61_90": msg("61-90 days"), "days_over_90": msg("Over 90 days"), "no_due_day": msg("No due day"),
}  # fmt: skip
_WHY = {
    "no_contract": msg("names no contract"), "no_plan": msg("the contract has no plan in this currency"),
    "void": msg("the contract is void"), "too_much": msg("more than is due"),
    "refund": msg("a refund of what was never settled"),
}  # fmt: skip

DEFINITIONS = (
    Definition(msg("Settled"), msg(
        "A receipt up to the as-of day that names a contract settles that contract's plans of its currency: first the "
        "plan that it names, then the oldest due. One that names only a customer settles none. A refund takes back "
        "what was received too much, then what was settled last. Due = settled + outstanding; received = allocated + "
        "unallocated.")),
    Definition(msg("Collection rate"), msg(
        "What is settled, up to the as-of day, of the plans due in [from, to), out of the amount due in [from, to).")),
    Definition(msg("Age"), msg(
        "Days from the due day to the as-of day of what is outstanding then, whatever the period asked for; on its due "
        "day a plan is not yet overdue.")),
)  # fmt: skip
_CURRENCY = Column("currency", msg("Currency"), "text")
_SOURCE = (
    Column("source_file", msg("Source file"), "text"), Column("source_sheet", msg("Sheet"), "text"),
    Column("source_row", msg("Row"), "int"),
)  # fmt: skip
_WHOSE = (
    Column("payment", msg("Payment"), "text"), Column("contract", msg("Contract"), "text"),
    Column("customer", msg("Customer"), "text"), Column("owner", msg("Owner"), "text"),
    Column("installment", msg("Installment"), "text"),
)  # fmt: skip
_OF_PLAN = (
    *_WHOSE, Column("due_on", msg("Due on"), "date"), _CURRENCY, Column("due", msg("Amount due"), "money"),
    Column("settled", msg("Settled"), "money"), Column("outstanding", msg("Outstanding"), "money"),
    Column("days", msg("Days overdue"), "int"), Column("age", msg("Age"), "text"), *_SOURCE,
)  # fmt: skip
_OF_RECEIPT = (
    *_WHOSE, Column("received_on", msg("Received on"), "date"), _CURRENCY,
    Column("received", msg("Amount received"), "money"), Column("allocated", msg("Allocated"), "money"),
    Column("unallocated", msg("Unallocated"), "money"), Column("why", msg("Why unallocated"), "text"), *_SOURCE,
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the receivables report.

    Raises:
        UnknownGroupingError: It cannot be broken down so.
        UnbalancedReportError: A figure contradicts its records.
    """
    today = options.as_of.date().isoformat()
    found = receivables(population.payments, today)
    figures = receivable_figures(found, options.period, options.by, today, options.currency)
    section = Section(
        (_main(figures, options), _aging(figures, options), _unallocated(figures)),
        _records(figures, options, today),
        (_settled(found), _balance(figures), _aged(found, figures)),
        (Chart("bar", TITLE, NAME, (*options.by, "currency")[0], ("due", "settled")),),
        _notes(found, figures, whole=options.period.is_whole_history),
        DEFINITIONS,
    )
    return finished(NAME, TITLE, section, options)


def _main(figures: ReceivableFigures, options: ReportOptions) -> Table:
    columns = (
        *group_columns(options.by), _CURRENCY, Column("plans", msg("Payments due"), "int"),
        Column("due", msg("Amount due"), "money"),
        Column("settled", msg("Settled"), "money"), Column("outstanding", msg("Outstanding"), "money"),
        Column("rate", msg("Collection rate"), "rate"), Column("receipts", msg("Receipts"), "int"),
        Column("received", msg("Amount received"), "money"), Column("allocated", msg("Allocated"), "money"),
        Column("unallocated", msg("Unallocated"), "money"),
    )  # fmt: skip
    links = {(at, "plans"): Link(_PLANS, row.first_plan, row.plans) for at, row in enumerate(figures.rows) if row.plans}
    links |= {
        (at, "receipts"): Link(_RECEIPTS, row.first_receipt, row.receipts)
        for at, row in enumerate(figures.rows) if row.receipts
    }  # fmt: skip
    rows = tuple((*row.group, *_due_cells(row)) for row in figures.rows)
    return Table(NAME, TITLE, columns, rows, SHEET, _total(figures, len(options.by)), links)


def _due_cells(row: DueRow) -> tuple[Cell, ...]:
    rate = Rate(row.settled, row.due, row.plans, money=True)
    due = (row.plans, yuan(row.due), yuan(row.settled), yuan(row.due - row.settled), rate)
    return (*due, row.receipts, yuan(row.received), yuan(row.allocated), yuan(row.received - row.allocated))


def _total(figures: ReceivableFigures, keys: int) -> tuple[Cell, ...] | None:
    """Return the sums of all rows; None where they are of several currencies or nothing is broken down."""
    currencies = {row.group[-1] for row in figures.rows}
    if not keys or len(currencies) != 1:
        return None
    counted = ("plans", "due", "settled", "receipts", "received", "allocated")
    sums = {key: sum(getattr(row, key) for row in figures.rows) for key in counted}
    return (msg("Total"), *[None] * (keys - 1), *currencies, *_due_cells(DueRow((), **sums)))


def _aging(figures: ReceivableFigures, options: ReportOptions) -> Table:
    columns = (
        *group_columns(options.by), _CURRENCY, Column("plans", msg("Payments due"), "int"),
        Column("outstanding", msg("Outstanding"), "money"), *(Column(key, _AGE_LABELS[key], "money") for key in AGES),
    )  # fmt: skip
    rows = tuple((*row.group, *_age_cells(row)) for row in figures.ages)
    links = {(at, "plans"): Link(_OPEN, row.first, row.plans) for at, row in enumerate(figures.ages)}
    return Table(AGING, msg("Outstanding by age"), columns, rows, SHEET, None, links)


def _age_cells(row: AgeRow) -> tuple[Cell, ...]:
    return (row.plans, yuan(sum(row.fen)), *(yuan(fen) for fen in row.fen))


def _unallocated(figures: ReceivableFigures) -> Table:
    columns = (
        Column("why", msg("Why unallocated"), "text"), _CURRENCY, Column("receipts", msg("Receipts"), "int"),
        Column("unallocated", msg("Unallocated"), "money"),
    )  # fmt: skip
    rows = tuple((_WHY[why], currency, number, yuan(fen)) for (why, currency), number, fen in figures.loose)
    return Table(LOOSE, msg("Receipts that settle no plan"), columns, rows, SHEET)


def _records(figures: ReceivableFigures, options: ReportOptions, today: str) -> tuple[Records, ...]:
    limit = options.records_limit
    return (
        Records(_PLANS, msg("Records: {title}", title=msg("Payments due")), _OF_PLAN,
                tuple(_plan(plan, today) for plan in figures.plans[:limit]), len(figures.plans)),
        Records(_RECEIPTS, msg("Records: {title}", title=msg("Receipts")), _OF_RECEIPT,
                tuple(_receipt(one) for one in figures.receipts[:limit]), len(figures.receipts)),
        Records(_OPEN, msg("Records: {title}", title=msg("Outstanding by age")), _OF_PLAN,
                tuple(_plan(plan, today) for plan in figures.open_plans[:limit]), len(figures.open_plans)),
    )  # fmt: skip


def _whose(line: Plan | Receipt) -> tuple[Cell, ...]:
    one = line.payment
    return (f"I{one.id}", one.contract_text or None, one.customer or MISSING, one.owner or MISSING, one.installment)


def _source(line: Plan | Receipt) -> tuple[Cell, ...]:
    return (line.payment.source_file, line.payment.source_sheet, line.payment.source_row)


def _plan(plan: Plan, today: str) -> tuple[Cell, ...]:
    sums = (yuan(plan.due_fen), yuan(plan.settled_fen), yuan(plan.outstanding_fen))
    days = days_overdue(plan, today) if plan.outstanding_fen else None
    age = _AGE_LABELS[AGES[age_of(plan, today)]] if plan.outstanding_fen else None
    late = max(days, 0) if days is not None else None
    return (*_whose(plan), _day(plan.payment.due_on), plan.payment.currency, *sums, late, age, *_source(plan))


def _receipt(one: Receipt) -> tuple[Cell, ...]:
    sums = (yuan(one.received_fen), yuan(one.allocated_fen), yuan(one.unallocated_fen))
    why = _WHY[one.why] if one.why else None
    return (*_whose(one), _day(one.payment.received_on), one.payment.currency, *sums, why, *_source(one))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:_DAY]) if text else None


def _settled(found: Receivables) -> Check:
    """Return whether what settles plans is what receipts were allocated, in each currency, whatever the period."""
    sums: Counter[str] = Counter()
    for plan in found.plans:
        sums[plan.payment.currency] += plan.settled_fen
    for one in found.receipts:
        sums[one.payment.currency] -= one.allocated_fen
    detail = msg("{plans} plans, {receipts} receipts", plans=len(found.plans), receipts=len(found.receipts))
    return Check("settled_equals_allocated", not any(sums.values()), detail)


def _balance(figures: ReceivableFigures) -> Check:
    """Return whether the rows are all that is in the records behind them."""
    rows, plans, receipts = figures.rows, figures.plans, figures.receipts
    ok = (
        sum(row.plans for row in rows) == len(plans)
        and sum(row.receipts for row in rows) == len(receipts)
        and sum(row.due - row.settled for row in rows) == sum(plan.outstanding_fen for plan in plans)
        and sum(row.received - row.allocated for row in rows) == sum(one.unallocated_fen for one in receipts)
        and sum(fen for _, _, fen in figures.loose) == sum(one.unallocated_fen for one in receipts)
    )
    return Check("due_and_received", ok,
                 msg("{n} figures equal the counts and sums of their records", n=len(rows)))  # fmt: skip


def _aged(found: Receivables, figures: ReceivableFigures) -> Check:
    """Return whether all that is outstanding has an age."""
    ok = sum(sum(row.fen) for row in figures.ages) == sum(plan.outstanding_fen for plan in found.plans)
    return Check("outstanding_by_age", ok, msg("{plans} plans", plans=len(figures.open_plans)))


def _notes(found: Receivables, figures: ReceivableFigures, *, whole: bool) -> tuple[Note, ...]:
    apart = figures.undated_plans, figures.undated_receipts
    counted = (
        ("undated_plans", apart[0] and not whole, msg("{n} plans have no due day: only in the whole history and by age",
                                                      n=apart[0])),
        ("undated_receipts", apart[1] and not whole, msg("{n} receipts have no day: only in the whole history",
                                                         n=apart[1])),
        ("without_amount", found.without_amount, msg("{n} plans have no amount: not in the figures",
                                                     n=found.without_amount)),
        ("void", found.void, msg("{n} plans of void contracts are not due", n=found.void)),
        ("later", found.later, msg("{n} receipts are later than the as-of day", n=found.later)),
    )  # fmt: skip
    return tuple(Note(code, NAME, text) for code, number, text in counted if number)
