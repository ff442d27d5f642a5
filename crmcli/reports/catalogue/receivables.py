"""The receivables report: due against received, how long what is outstanding has been due, and what settles no plan."""

from __future__ import annotations

from collections import Counter
from functools import partial

from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.rate import Rate
from crmcli.domain.metrics.receivable_figures import (
    AGES,
    AgeRow,
    DueRow,
    ReceivableFigures,
    age_of,
    receivable_figures,
)
from crmcli.domain.metrics.receivables import Receipt, Receivables, receivables
from crmcli.i18n import Message, msg
from crmcli.reports.columns import group_columns, yuan
from crmcli.reports.finished import finished
from crmcli.reports.listed import check_of_counts, check_of_sums, listed
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Link, Note, Records, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions
from crmcli.reports.payment_records import AGE_LABELS, OF_PLAN, OF_RECEIPT, WHY, plan_rows, receipt_rows

NAME = "receivables"
TITLE = msg("Receivables")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Receivables")
NEEDS: tuple[str, ...] = ("payments",)
AGING, LOOSE = "aging", "unallocated"
_PLANS, _RECEIPTS = "receivables_plans", "receivables_receipts"
_OPEN, _LOOSE = "aging_records", "unallocated_records"
_OF_PLANS = ("plans", "due", "settled", "outstanding", "rate")
_OF_RECEIPTS = ("receipts", "received", "allocated", "unallocated")

DEFINITIONS = (
    Definition(msg("Settled"), msg(
        "A receipt up to the as-of day that names a contract settles that contract's plans of its currency: first the "
        "plan that it names, then the oldest due. One that names only a customer settles none. A refund takes back "
        "what was received too much, then what was settled last. Due = settled + outstanding; received = allocated + "
        "unallocated."),
        ("plans", "due", "settled", "outstanding", "receipts", "received", "allocated", "unallocated")),
    Definition(msg("Collection rate"), msg(
        "What is settled, up to the as-of day, of the plans due in [from, to), out of the amount due in [from, to)."),
        ("rate",)),
    Definition(msg("Age"), msg(
        "Days from the due day to the as-of day of what is outstanding then, whatever the period asked for; on its due "
        "day a plan is not yet overdue."), AGES),
)  # fmt: skip
_CURRENCY = Column("currency", msg("Currency"), "text")


def build(population: Population, options: ReportOptions) -> Report:
    """Return the receivables report.

    Raises:
        UnknownGroupingError: It cannot be broken down so.
        UnbalancedReportError: A figure contradicts its records.
    """
    today = options.as_of.date().isoformat()
    found = receivables(population.payments, today)
    figures = receivable_figures(found, options.period, options.by, today, options.currency)
    tables = (_main(figures, options), _aging(figures, options, today), _unallocated(figures))
    section = Section(
        tables,
        _records(figures, tables, options, today),
        (_settled(found), _balance(figures), _aged(found, figures), check_of_counts("receivables_counts", *tables),
         _due_sums(tables[0], figures), _age_sums(tables[1], figures), _loose_sums(tables[2], figures)),
        (Chart("bar", TITLE, NAME, (*options.by, "currency")[0], ("due", "settled")),),
        _notes(found, figures, whole=options.period.is_whole_history),
        DEFINITIONS,
    )  # fmt: skip
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
    links: dict[tuple[int, str], Link] = {}
    for at, row in enumerate(figures.rows):
        if row.plans:
            links |= {(at, key): Link(_PLANS, row.first_plan, row.plans) for key in _OF_PLANS}
        if row.receipts:
            links |= {(at, key): Link(_RECEIPTS, row.first_receipt, row.receipts) for key in _OF_RECEIPTS}
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


def _aging(figures: ReceivableFigures, options: ReportOptions, today: str) -> Table:
    columns = (
        *group_columns(options.by), _CURRENCY, Column("plans", msg("Payments due"), "int"),
        Column("outstanding", msg("Outstanding"), "money"), *(Column(key, AGE_LABELS[key], "money") for key in AGES),
    )  # fmt: skip
    rows = tuple((*row.group, *_age_cells(row)) for row in figures.ages)
    links: dict[tuple[int, str], Link] = {}
    for at, row in enumerate(figures.ages):
        links |= {(at, key): Link(_OPEN, row.first, row.plans) for key in ("plans", "outstanding")}
        ages = [AGES[age_of(plan, today)] for plan in figures.open_plans[row.first : row.first + row.plans]]
        links |= {(at, age): Link(_OPEN, row.first + ages.index(age), ages.count(age)) for age in set(ages)}
    return Table(AGING, msg("Outstanding by age"), columns, rows, SHEET, None, links)


def _age_cells(row: AgeRow) -> tuple[Cell, ...]:
    return (row.plans, yuan(sum(row.fen)), *(yuan(fen) for fen in row.fen))


def _unallocated(figures: ReceivableFigures) -> Table:
    columns = (
        Column("why", msg("Why unallocated"), "text"), _CURRENCY, Column("receipts", msg("Receipts"), "int"),
        Column("unallocated", msg("Unallocated"), "money"),
    )  # fmt: skip
    rows = tuple((WHY[why], currency, number, yuan(fen)) for (why, currency), number, fen in figures.loose)
    links: dict[tuple[int, str], Link] = {}
    first = 0
    for at, (_whose, number, _fen) in enumerate(figures.loose):
        links |= {(at, key): Link(_LOOSE, first, number) for key in ("receipts", "unallocated")}
        first += number
    return Table(LOOSE, msg("Receipts that settle no plan"), columns, rows, SHEET, None, links)


def _loose_receipts(figures: ReceivableFigures) -> list[Receipt]:
    """Return the receipts of which something settles no plan, by why and currency."""
    loose = [one for one in figures.receipts if one.unallocated_fen]
    return sorted(loose, key=lambda one: (one.why, one.payment.currency))


def _records(
    figures: ReceivableFigures, tables: tuple[Table, ...], options: ReportOptions, today: str
) -> tuple[Records, ...]:
    plans, limit = partial(plan_rows, today), options.records_limit

    def titled(what: Message) -> Message:
        return msg("Records: {title}", title=what)

    return (
        listed(_PLANS, titled(msg("Payments due")), OF_PLAN, figures.plans, plans, limit, tables),
        listed(_RECEIPTS, titled(msg("Receipts")), OF_RECEIPT, figures.receipts, receipt_rows, limit, tables),
        listed(_OPEN, titled(msg("Outstanding by age")), OF_PLAN, figures.open_plans, plans, limit, tables),
        listed(_LOOSE, titled(msg("Receipts that settle no plan")), OF_RECEIPT, _loose_receipts(figures), receipt_rows,
               limit, tables),
    )  # fmt: skip


def _due_sums(table: Table, figures: ReceivableFigures) -> Check:
    """Return whether what is due and received is what the records behind say."""
    sums: dict[tuple[int, str], int] = {}
    for at, row in enumerate(figures.rows):
        plans = figures.plans[row.first_plan : row.first_plan + row.plans]
        receipts = figures.receipts[row.first_receipt : row.first_receipt + row.receipts]
        sums |= {(at, key): sum(getattr(one, f"{key}_fen") for one in plans) for key in _OF_PLANS[1:4]}
        sums |= {(at, key): sum(getattr(one, f"{key}_fen") for one in receipts) for key in _OF_RECEIPTS[1:]}
    return check_of_sums("receivables_sums", table, sums)


def _age_sums(table: Table, figures: ReceivableFigures) -> Check:
    sums = {
        (at, key): sum(plan.outstanding_fen for plan in figures.open_plans[link.first : link.first + link.count])
        for (at, key), link in table.links.items() if key != "plans"
    }  # fmt: skip
    return check_of_sums("aging_sums", table, sums)


def _loose_sums(table: Table, figures: ReceivableFigures) -> Check:
    receipts = _loose_receipts(figures)
    sums = {
        (at, key): sum(one.unallocated_fen for one in receipts[link.first : link.first + link.count])
        for (at, key), link in table.links.items() if key == "unallocated"
    }  # fmt: skip
    return check_of_sums("unallocated_sums", table, sums)


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
        ("nothing_due", not (figures.plans or figures.receipts or figures.loose), msg(
            "Nothing is due or received: `crmcli import` takes contracts, payment plans and receipts.")),
    )  # fmt: skip
    return tuple(Note(code, NAME, text) for code, number, text in counted if number)
