"""The assignment report: what rules gave to whom, against the share of weight and attendance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from crmcli.domain.metrics.fairness import Fairness, Given, ShareRow, Worth
from crmcli.domain.metrics.fairness_groups import grouped_shares
from crmcli.domain.metrics.money import amount_keys
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.worth import worth_of
from crmcli.domain.words import rule_name
from crmcli.i18n import Message, msg
from crmcli.reports.columns import SOURCE, amount_columns, group_columns, yuan
from crmcli.reports.finished import finished
from crmcli.reports.listed import check_of_counts, check_of_sums, listed, places_of
from crmcli.reports.model import (
    Cell,
    Chart,
    Check,
    Column,
    Definition,
    Link,
    Note,
    Report,
    Section,
    Table,
)
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "assignment"
TITLE = msg("Fairness of assignment")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Assignment")
NEEDS: tuple[str, ...] = ("givings",)
_RECORDS = "assignment_records"
_STATUS: dict[str, Message] = {"open": msg("Open"), "won": msg("Won"), "lost": msg("Lost"), "void": msg("Void")}
_HUNDREDTH = Decimal("0.01")

DEFINITIONS = (
    Definition(msg("Given by rule"), msg(
        "A decision of an assignment run that gave an opportunity to somebody, on a day in [from, to). One that was "
        "moved on, as nobody contacted it in time, counts for each who was given it; what people gave does not count."
    ), ("n", "amount")),
    Definition(msg("Days present"), msg(
        "Working days of the period, up to the as-of day: no rest day, no public holiday of the configured calendar, "
        "no leave. Who has left is present until the last opportunity they were given."), ("days",)),
    Definition(msg("Expected"), msg(
        "All given by rule x own weight x days present / the sum of weight x days present of everybody. Weight, leave "
        "and work days are those of crm.toml today. What rules cannot choose (a customer's owner first, territories, "
        "limits) makes actual and expected differ rightly."),
        ("expected", "amount_expected", "weight")),
    Definition(msg("Who can be chosen"), msg(
        "Shares are expected of those only whom a rule of crm.toml names today, by name or by team, region or manager, "
        "or to whom a rule or their own customer brought something in the period. Nobody else has an expected share.")),
    Definition(msg("Difference"), msg("Actual less expected; amounts are today's amounts of those opportunities."),
        ("difference", "amount_difference")),
    Definition(msg("Later win rate"), msg(
        "Won / (won + lost) of the opportunities given in the period, as they stand at the as-of time."), ("rate",)),
    Definition(msg("Sample too small"), msg(
        "A rate over fewer cases than min_n is not printed; its counts always are.")),
    Definition(msg("By team, region, manager or month"), msg(
        "A team has the sums of its people: shares, weights and days. Of each month only its own days and what was "
        "given in them count, so that the months together need not expect of somebody what the whole period does.")),
)  # fmt: skip
_RECORD_COLUMNS = (
    Column("owner", msg("Owner"), "text"),
    Column("given", msg("Given on"), "date"),
    Column("rule", msg("Rule"), "text"),
    Column("opportunity", msg("Opportunity"), "text"),
    Column("name", msg("Opportunity name"), "text"),
    Column("customer", msg("Customer"), "text"),
    Column("amount", msg("Amount"), "money"),
    Column("currency", msg("Currency"), "text"),
    Column("status", msg("Status"), "text"),
    *SOURCE,
)


def build(population: Population, options: ReportOptions) -> Report:
    """Return the assignment report; by owner unless `options.by` says otherwise.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    today = options.as_of.date()
    worth = worth_of(population, options.as_of, options.currency)
    codes = (options.currency, *sorted({deal.currency for deal in worth.values()} - {options.currency}))
    by = options.by or ("owner",)
    found = grouped_shares(population.givings, worth, options.period, today, codes, by)
    table, keys = _table(found, codes, by, options), amount_keys(options.currency, codes)
    section = Section(
        (table,),
        (
            listed(
                _RECORDS,
                msg("Records: {title}", title=TITLE),
                _RECORD_COLUMNS,
                found.given,
                partial(_rows, population, worth),
                options.records_limit,
                (table,),
            ),
        ),
        (
            _check(found, worth),
            check_of_counts("assignment_counts", table),
            _check_of_amounts(table, found, worth, keys),
        ),
        (Chart("bar", TITLE, NAME, by[0], ("n", "expected")),) if found.rows and len(by) == 1 else (),
        _notes(found),
        DEFINITIONS,
    )
    return finished(NAME, TITLE, section, options)


def _table(found: Fairness, codes: tuple[str, ...], by: tuple[str, ...], options: ReportOptions) -> Table:
    home = options.currency
    columns = (
        *group_columns(by),
        Column("weight", msg("Weight"), "days"),
        Column("days", msg("Days present"), "int"),
        Column("n", msg("Given"), "int"),
        Column("expected", msg("Expected"), "days"),
        Column("difference", msg("Difference"), "days", signed=True),
        *amount_columns(home, codes, msg("Amount")),
        *amount_columns(home, codes, msg("Amount expected"), "amount_expected", minor=True),
        *amount_columns(home, codes, msg("Amount difference"), "amount_difference"),
        Column("rate", msg("Later win rate"), "rate", parts=True),
    )
    rows = tuple(_cells(row) for row in found.rows)
    amounts = tuple(amount_keys(home, codes).values())
    keys = ("n", "rate", "difference", *amounts, *(key.replace("amount", "amount_difference", 1) for key in amounts))
    links = {(at, key): Link(_RECORDS, row.first, row.n) for at, row in enumerate(found.rows) if row.n for key in keys}
    if "month" not in by and found.given:  # a share is of all that was given, of a month's in rows of months
        links |= {
            (at, key): Link(_RECORDS, 0, len(found.given)) for at in range(len(rows))
            for key in ("expected", *(key.replace("amount", "amount_expected", 1) for key in amounts))
        }  # fmt: skip
    return Table(NAME, TITLE, columns, rows, SHEET, links=links)


def _cells(row: ShareRow) -> tuple[Cell, ...]:
    return (
        *row.group, float(row.weight), row.days, row.n, round(row.expected, 1),
        round(row.n - row.expected, 1) + 0.0,  # never -0.0
        *(yuan(amount) for amount in row.fen.values()),
        *(yuan(amount) for amount in row.expected_fen.values()),
        *(yuan((row.fen[code] or 0) - amount) for code, amount in row.expected_fen.items()),
        row.rate,
    )  # fmt: skip


def _rows(population: Population, worth: Mapping[int, Worth], given: Sequence[Given]) -> list[tuple[Cell, ...]]:
    """Return a row for each opportunity given, with who got it and where it came from."""
    places = places_of(population, [f"O{one.opportunity_id}" for one in given])
    return [
        (one.owner, one.day, rule_name(one.rule), f"O{one.opportunity_id}", *_deal(worth[one.opportunity_id]), *place)
        for one, place in zip(given, places, strict=True)
    ]


def _deal(deal: Worth) -> tuple[Cell, ...]:
    return deal.name, deal.customer, yuan(deal.fen), deal.currency, _STATUS.get(deal.status, deal.status)


def _check(found: Fairness, worth: dict[int, Worth]) -> Check:
    """Return whether shares and expectations add up to all that was given, and amounts to those of the records."""
    n, total = len(found.given), 0
    for row in found.rows:
        had = found.given[row.first : row.first + row.n]
        total += sum(amount or 0 for amount in row.fen.values())
        total -= sum(worth[one.opportunity_id].fen or 0 for one in had)
    expected = sum(row.expected for row in found.rows)
    ok = sum(row.n for row in found.rows) == n and abs(expected - n) < _HUNDREDTH and total == 0
    return Check(_RECORDS, ok, msg("{n} given = the sum of all shares = the sum of what was expected", n=n))


def _check_of_amounts(table: Table, found: Fairness, worth: Mapping[int, Worth], keys: Mapping[str, str]) -> Check:
    """Return whether each amount is the sum of the records behind it; `keys` are those of the amounts by currency."""
    sums: Counter[tuple[int, str]] = Counter()
    for at, row in enumerate(found.rows):
        for one in found.given[row.first : row.first + row.n]:
            deal = worth[one.opportunity_id]
            sums[at, keys[deal.currency]] += deal.fen or 0
    return check_of_sums("assignment_amounts", table, sums)


def _notes(found: Fairness) -> tuple[Note, ...]:
    if found.first_day is None or found.last_day is None:
        return (Note("nothing_given", NAME, msg("No rule gave anybody anything in the period.")),)
    words = msg(
        "Attendance is counted from {first} to {last}.",
        first=date.isoformat(found.first_day), last=date.isoformat(found.last_day),
    )  # fmt: skip
    return (Note("attendance", NAME, words),)
