"""The leads report: of the leads that came in, how many became customers, how fast, and what was won of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from crmcli.domain.metrics.leads import (
    STATES,
    Lead,
    LeadFigures,
    LeadRow,
    State,
    days_to_decide,
    lead_figures,
    whole_row,
    won_deals,
)
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.rate import share
from crmcli.i18n import Message, msg
from crmcli.reports.columns import amount_columns, group_columns, yuan
from crmcli.reports.finished import finished
from crmcli.reports.model import (
    Cell,
    Chart,
    Check,
    Column,
    Definition,
    Link,
    Note,
    Records,
    Report,
    Section,
    Table,
)
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "leads"
TITLE = msg("Leads")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Leads")
NEEDS: tuple[str, ...] = ("leads",)
_RECORDS = "leads_records"
_WORDS: dict[State, Message] = {
    "qualified": msg("Qualified"),
    "disqualified": msg("Disqualified"),
    "open": msg("Open"),
}

DEFINITIONS = (
    Definition(msg("Lead of the period"), msg(
        "A lead counts by the day of its creation in [from, to); what became of it is counted up to the as-of time, "
        "whenever that was. Leads without that day count in the whole history only.")),
    Definition(msg("Qualified, disqualified, open"), msg(
        "Qualified: it became a customer. Disqualified: it was closed for a reason. Every other lead is open, also one "
        "with a status that nobody knows: leads = qualified + disqualified + open.")),
    Definition(msg("Conversion rate"), msg(
        "Qualified / all leads of the period. Beside it stands qualified / (qualified + disqualified): while many "
        "leads are open, the first is still growing.")),
    Definition(msg("Won of leads"), msg(
        "Opportunities that came of these leads and are won at the as-of time, with their amounts. One that several "
        "leads led to counts for the lead that was decided on first.")),
    Definition(msg("Days to qualify"), msg(
        "Median days from creation to qualification, of the qualified leads where both are known.")),
)  # fmt: skip
_MARKS = (
    Column("state", msg("State"), "text"),
    Column("lead", msg("Lead"), "text"),
    Column("name", msg("Name"), "text"),
    Column("company", msg("Company"), "text"),
    Column("source", msg("Source"), "text"),
    Column("owner", msg("Owner"), "text"),
    Column("created", msg("Created on"), "date"),
    Column("decided", msg("Decided on"), "date"),
    Column("days", msg("Days"), "days"),
    Column("reason", msg("Reason"), "text"),
    Column("opportunity", msg("Opportunity"), "text"),
)


def build(population: Population, options: ReportOptions) -> Report:
    """Return the leads report; by source unless `options.by` says otherwise.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    options = replace(options, by=options.by or ("source",))
    won = won_deals(population, options.as_of, options.currency)
    figures = lead_figures(population.leads, won, options.period, options.by, options.currency)
    total = whole_row(figures, won, options.currency)
    section = Section(
        (_table(figures, total, options), *_reasons(figures)),
        (_records(figures, options),),
        (_balance(figures, total),),
        (Chart("bar", TITLE, NAME, options.by[0], ("leads", "qualified")),) if len(options.by) == 1 else (),
        _notes(figures),
        DEFINITIONS,
    )
    return finished(NAME, TITLE, section, options)


def _table(figures: LeadFigures, total: LeadRow, options: ReportOptions) -> Table:
    columns = (
        *group_columns(options.by), Column("leads", msg("Leads"), "int"),
        *(Column(state, _WORDS[state], "int") for state in STATES),
        Column("rate", msg("Conversion rate"), "rate", parts=True),
        Column("decided_rate", msg("Of those decided"), "rate", parts=True),
        Column("median_days", msg("Days to qualify (median)"), "days"), Column("timed", msg("With both days"), "int"),
        Column("won", msg("Won"), "int"),
        *amount_columns(options.currency, total.amounts, msg("Amount won"), "amount_won"),
    )  # fmt: skip
    rows = tuple((*row.group, *_cells(row)) for row in figures.rows)
    last = (msg("Total"), *("",) * (len(options.by) - 1), *_cells(total))
    return Table(NAME, TITLE, columns, rows, SHEET, last, _links(figures))


def _cells(row: LeadRow) -> tuple[Cell, ...]:
    counts = (row.n, *(row.counts[state] for state in STATES))
    money = (yuan(amount) for amount in row.amounts.values())
    return (*counts, row.rate, row.decided_rate, row.days, row.timed, row.won, *money)


def _links(figures: LeadFigures) -> dict[tuple[int, str], Link]:
    links = {}
    for at, row in enumerate(figures.rows):
        links[at, "leads"] = Link(_RECORDS, row.first, row.n)
        first = row.first
        for state in STATES:
            if row.counts[state]:
                links[at, state] = Link(_RECORDS, first, row.counts[state])
            first += row.counts[state]
    return links


def _reasons(figures: LeadFigures) -> tuple[Table, ...]:
    """Return why leads came to nothing, the commonest first."""
    if not figures.reasons:
        return ()
    n = sum(number for _, number in figures.reasons)
    columns = (
        Column("reason", msg("Reason"), "text"),
        Column("n", msg("Leads"), "int"),
        Column("share", msg("Share"), "rate"),
    )
    rows = tuple((reason, number, share(number, n)) for reason, number in figures.reasons)
    return (Table("reasons", msg("Why leads came to nothing"), columns, rows, SHEET),)


def _records(figures: LeadFigures, options: ReportOptions) -> Records:
    rows = tuple(_record(lead) for lead in figures.leads[: options.records_limit])
    return Records(_RECORDS, msg("Records: {title}", title=TITLE), _MARKS, rows, len(figures.leads))


def _record(lead: Lead) -> tuple[Cell, ...]:
    return (
        _WORDS[lead.state], f"L{lead.id}", lead.name, lead.company, lead.source, lead.owner, _day(lead.created),
        _day(lead.decided), days_to_decide(lead), lead.reason, f"O{lead.deal}" if lead.deal else None,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[: len("2026-03-05")]) if text else None


def _balance(figures: LeadFigures, total: LeadRow) -> Check:
    """Return whether the rows add up to all leads, their states to the row, and the amounts to the total."""
    sums = {code: sum(row.amounts[code] or 0 for row in figures.rows) for code in total.amounts}
    ok = (
        sum(row.n for row in figures.rows) == len(figures.leads) == total.n
        and sum(row.won for row in figures.rows) == total.won
        and all((total.amounts[code] or 0) == amount for code, amount in sums.items())
        and all(
            [lead.state for lead in figures.leads[row.first : row.first + row.n]]
            == [state for state in STATES for _ in range(row.counts[state])]
            for row in figures.rows
        )
    )
    words = msg("{n} leads = {parts}", n=total.n, parts=" + ".join(str(total.counts[state]) for state in STATES))
    return Check(_RECORDS, ok, words)


def _notes(figures: LeadFigures) -> tuple[Note, ...]:
    if not figures.undated:
        return ()
    words = msg("{n} leads have no day of creation; they count in the whole history only.", n=figures.undated)
    return (Note("undated_leads", NAME, words),)
