"""The report on what each salesperson did and won, against the targets."""

from __future__ import annotations

from crmcli.domain.metrics.money import amount_keys
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.rep import KINDS, Rep, RepRow, performance, rep_layers
from crmcli.domain.metrics.timeline import OPEN, Standing, Timeline, standing, timeline
from crmcli.i18n import Message, msg
from crmcli.reports.activity_records import activity_records
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.catalogue.terms import BETWEEN, DAYS, QUANTILE
from crmcli.reports.columns import amount_columns, amounts, currencies_of, group_columns, yuan
from crmcli.reports.finished import finished
from crmcli.reports.further import further
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Link, Note, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "rep"
TITLE = msg("Salespeople")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Salespeople")
NEEDS: tuple[str, ...] = ("activities", "targets", "working", "staff")
_FIGURES: dict[str, Message] = {
    "created": msg("Begun"),
    "won": msg("Won"),
    "lost": msg("Lost"),
    "void": msg("Void"),
    "open": msg("Open"),
}

DEFINITIONS = (
    Definition(msg("Begun, won, lost, void"), msg(
        "Begun: the start lies in [from, to), counted with the present owner. Won, lost and void: the last close lies "
        "in [from, to) and still holds, counted with the owner at the close."),
        ("created", "won", "lost", "void"), ("rep",)),
    Definition(msg("Amount won"), msg(
        "Sum of the known amounts of the won, as they are at the as-of time; those without one are counted in Won "
        "without an amount."), ("won_amount", "no_amount"), ("rep",)),
    Definition(msg("Win rate"), msg(
        "Won / (won + lost). Beside it stands won / (won + lost + void), so that losses declared void show."),
        ("win_rate", "win_rate_with_void"), ("rep",)),
    Definition(msg("Open, weighted"), msg(
        "Open at the as-of time; weighted is amount x probability of those where both are known: the opportunity's "
        "own, set by hand, else the stage's when it was entered. The forecast takes the company's history."),
        ("open", "open_amount", "weighted"), ("rep",)),
    Definition(msg("Median cycle"), msg(
        "Median days from the start (or the qualified stage, where crm.toml names one) of the won; unknown and "
        "inferred dates are left out."), ("median_days",), ("rep",)),
    Definition(msg("Activities"), msg(
        "What the person did in [from, to): dated follow-ups of people, never imports' or rules' own."),
        ("activities",), ("rep",)),
    Definition(msg("Target and attainment"), msg(
        "The target for exactly the days of [from, to), or the sum of shorter ones that fill them; attainment = won / "
        "target, of the amount in the workspace's currency. Nothing is spread over parts of a target's days."),
        ("target_amount", "attainment", "target_count", "attainment_count"), ("rep",)),
    QUANTILE,
    DAYS,
    BETWEEN,
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the report on salespeople, or on other groups that were asked for.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    line = timeline(population)
    seen = line, standing(line, line.moment(options.as_of))
    return finished(NAME, TITLE, rep_section(seen, options), options)


def rep_section(
    seen: tuple[Timeline, Standing], options: ReportOptions, suffix: str = "", title: Message = TITLE
) -> Section:
    """Return the table of owners with all deals in its total, and the records behind; names end in `suffix`."""
    by, name = options.by or ("owner",), f"{NAME}{suffix}"
    behind, activities = f"{name}_records", f"{name}_activity_records"
    period, home = options.period, options.currency
    found = performance(*seen, period, options.min_n, home=home, by=by)
    whole = performance(*seen, period, options.min_n, home=home, by=()).rows[0]
    codes = currencies_of((row.won_amounts for row in (*found.rows, whole)), home)
    total = (msg("Total"), *("",) * (len(by) - 1), *_cells(whole, home))
    shared = found.deals.shared(
        won=(*amount_keys(home, codes, "won_amount").values(), "attainment", "attainment_count"),
        open=amount_keys(home, codes, "open_amount").values(),
    )  # fmt: skip
    links = links_to(behind, shared)
    links |= {at: Link(activities, block.first, block.count) for at, block in found.blocks.items() if block.count}
    table = Table(name, title, (*group_columns(by), *_columns(codes, home)),
                  tuple((*row.group, *_cells(row, home)) for row in found.rows), SHEET, total, links)  # fmt: skip
    table, more = further(table, seen, rep_layers(*seen, found.deals), options)
    kept = (
        records_of(behind, msg("Records: {title}", title=title), seen, found.deals, options, _FIGURES),
        activity_records(activities, msg("Activities: {title}", title=title), seen[0], found.activities, options),
    )
    charts = (Chart("bar", msg("Amount won"), name, by[0], ("won_amount",)),) if len(by) == 1 and found.rows else ()
    checks = _checks(found, whole, seen, options, name)
    return Section((table,), kept, checks, charts, _notes(found, options, name), DEFINITIONS) + more


def _columns(codes: tuple[str, ...], home: str) -> tuple[Column, ...]:
    return (
        Column("created", msg("Begun"), "int"), Column("won", msg("Won"), "int"), Column("lost", msg("Lost"), "int"),
        Column("void", msg("Void"), "int"), Column("win_rate", msg("Win rate"), "rate", parts=True),
        Column("win_rate_with_void", msg("Win rate incl. void"), "rate", parts=True),
        *amount_columns(home, codes, msg("Amount won"), "won_amount"),
        Column("target_amount", msg("Target"), "money"), Column("attainment", msg("Attainment"), "rate"),
        Column("open", msg("Open"), "int"), *amount_columns(home, codes, msg("Open amount"), "open_amount"),
        *amount_columns(home, codes, msg("Weighted amount"), "weighted"),
        Column("median_days", msg("Median cycle (days)"), "days"), Column("activities", msg("Activities"), "int"),
        Column("target_count", msg("Target (number)"), "int", minor=True),
        Column("attainment_count", msg("Attainment (number)"), "rate", minor=True),
        Column("no_amount", msg("Won without an amount"), "int", minor=True),
    )  # fmt: skip


def _cells(row: RepRow, home: str) -> tuple[Cell, ...]:
    amount, count, won = row.quota.amount_fen, row.quota.count, row.won_amounts[home]
    return (
        row.created, row.won, row.lost, row.void, row.rate, row.rate_with_void, *amounts(row.won_amounts),
        yuan(amount), won / amount if amount and won is not None else None, row.open, *amounts(row.open_amounts),
        *amounts(row.weighted), row.median_days, row.activities, count, row.won / count if count else None,
        row.no_amount,
    )  # fmt: skip


def _checks(
    found: Rep, whole: RepRow, seen: tuple[Timeline, Standing], options: ReportOptions, name: str
) -> tuple[Check, ...]:
    counts = {(at, key): getattr(row, key) for at, row in enumerate(found.rows) for key in KINDS}
    sums = {(at, "won"): row.won_amounts for at, row in enumerate(found.rows)}
    sums |= {(at, "open"): row.open_amounts for at, row in enumerate(found.rows)}
    keys = (*KINDS, "activities")
    wrong = [key for key in keys if sum(getattr(row, key) for row in found.rows) != getattr(whole, key)]
    is_open = int((seen[1].status == OPEN).sum())
    return (
        Check(f"{name}_total", not wrong, msg("The column {key} is not its total", key=wrong[0]) if wrong else msg(
            "{n} columns add up to their totals", n=len(keys))),
        Check(f"{name}_open", is_open == whole.open, msg("{n} open, {added} in the rows", n=is_open, added=whole.open)),
        check_of_records(f"{name}_records", seen, found.deals, counts, sums, options.currency),
    )  # fmt: skip


def _notes(found: Rep, options: ReportOptions, name: str) -> tuple[Note, ...]:
    few = sum(row.won + row.lost < options.min_n for row in found.rows)
    if not few:
        return ()
    words = msg("{n} rows have fewer than {min_n} won or lost: no rate is printed.", n=few, min_n=options.min_n)
    return (Note("small_sample", name, words),)
