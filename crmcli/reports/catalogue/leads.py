"""The leads report: of the leads that came in, how many became customers, how fast, and what was won of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from crmcli.domain.metrics.leads import (
    STATES,
    Lead,
    LeadFigures,
    LeadRow,
    State,
    WonDeal,
    days_to_decide,
    deals_won,
    lead_figures,
    leads_behind,
    whole_row,
    won_deals,
)
from crmcli.domain.metrics.population import MISSING, Population
from crmcli.domain.metrics.rate import share
from crmcli.domain.metrics.staff import Staff
from crmcli.i18n import Message, msg
from crmcli.reports.columns import SOURCE, amount_columns, group_columns, yuan
from crmcli.reports.finished import finished
from crmcli.reports.listed import (
    FIGURE,
    Figure,
    by_figure,
    check_of_counts,
    check_of_sums,
    links_of,
    listed,
    named_rows,
    places_of,
)
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

NAME = "leads"
TITLE = msg("Leads")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Leads")
NEEDS: tuple[str, ...] = ("leads", "staff")
_RECORDS, _BEHIND = "leads_records", "leads_records_by_figure"
_REASONS = "reasons"
_WORDS: dict[State, Message] = {
    "qualified": msg("Qualified"),
    "disqualified": msg("Disqualified"),
    "open": msg("Open"),
}

DEFINITIONS = (
    Definition(msg("Lead of the period"), msg(
        "A lead counts by the day of its creation in [from, to); what became of it is counted up to the as-of time, "
        "whenever that was. Leads without that day count in the whole history only."), ("leads", "n")),
    Definition(msg("Qualified, disqualified, open"), msg(
        "Qualified: it became a customer. Disqualified: it was closed for a reason. Every other lead is open, also one "
        "with a status that nobody knows: leads = qualified + disqualified + open. A lead holds its last decision "
        "only: as of a day before that one it is open, whatever had been decided earlier."), STATES),
    Definition(msg("Conversion rate"), msg(
        "Qualified / all leads of the period. Beside it stands qualified / (qualified + disqualified): while many "
        "leads are open, the first is still growing."), ("rate", "decided_rate")),
    Definition(msg("Won of leads"), msg(
        "Opportunities that came of these leads and are won at the as-of time, with their amounts. One that several "
        "leads led to counts for the lead that was decided on first."), ("won", "amount_won")),
    Definition(msg("Days to qualify"), msg(
        "Median days from creation to qualification, of the qualified leads where both are known."),
        ("median_days", "timed")),
    Definition(msg("Why leads came to nothing"), msg(
        "Disqualified leads of the period with the reason, and their share of all disqualified ones; no reason is the "
        "row 未填."), ("n", "share"), ("reasons",)),
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
    Column("amount_won", msg("Amount won"), "money"),
    Column("currency", msg("Currency"), "text"),
    *SOURCE,
)


def build(population: Population, options: ReportOptions) -> Report:
    """Return the leads report; by source unless `options.by` says otherwise.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    options = replace(options, by=options.by or ("source",))
    won = won_deals(population, options.as_of, options.currency)
    people = Staff(population.staff)
    figures = lead_figures(population.leads, won, options.period, options.by, options.currency, people)
    total = whole_row(figures, won, options.currency)
    behind, links = by_figure(_BEHIND, _behind(figures, won, options.currency))
    tables = (_table(figures, total, links, options), *_reasons(figures, links))
    title, limit = msg("Records: {title}", title=TITLE), options.records_limit
    rows = partial(_records, population, deals_won(figures, won))
    section = Section(
        tables,
        (
            listed(_RECORDS, title, _MARKS, figures.leads, rows, limit, tables),
            listed(_BEHIND, msg("{title}, by figure", title=title), (FIGURE, *_MARKS), behind,
                   named_rows(rows, tables), limit, tables),
        ),
        (_balance(figures, total), check_of_counts(_BEHIND, *tables), _check_of_won(tables[0], behind, won)),
        (Chart("bar", TITLE, NAME, options.by[0], ("leads", "qualified")),) if len(options.by) == 1 else (),
        _notes(figures),
        DEFINITIONS,
    )  # fmt: skip
    return finished(NAME, TITLE, section, options)


def _behind(figures: LeadFigures, won: Mapping[int, WonDeal], home: str) -> dict[Figure, Sequence[Lead]]:
    """Return the leads behind what is no block of all leads: days, what was won, reasons."""
    found: dict[Figure, Sequence[Lead]] = {}
    for at, own in enumerate(leads_behind(figures, won)):
        found |= {(NAME, at, key): own[key] for key in ("timed", "won")}
        found[NAME, at, "median_days"] = own["timed"]
        for code in figures.rows[at].amounts:
            key = "amount_won" if code == home else f"amount_won_{code.lower()}"
            found[NAME, at, key] = [lead for lead in own["won"] if won[lead.deal or 0].currency == code]
    ended = [lead for lead in figures.leads if lead.state == "disqualified"]
    for at, (reason, _number) in enumerate(figures.reasons):
        own_reason = [lead for lead in ended if (lead.reason or MISSING) == reason]
        found |= {(_REASONS, at, key): own_reason for key in ("n", "share")}
    return found


def _table(figures: LeadFigures, total: LeadRow, links: Mapping[Figure, Link], options: ReportOptions) -> Table:
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
    return Table(NAME, TITLE, columns, rows, SHEET, last, _links(figures) | links_of(NAME, links))


def _cells(row: LeadRow) -> tuple[Cell, ...]:
    counts = (row.n, *(row.counts[state] for state in STATES))
    money = (yuan(amount) for amount in row.amounts.values())
    return (*counts, row.rate, row.decided_rate, row.days, row.timed, row.won, *money)


def _links(figures: LeadFigures) -> dict[tuple[int, str], Link]:
    links: dict[tuple[int, str], Link] = {}
    for at, row in enumerate(figures.rows):
        decided = row.n - row.counts["open"]
        blocks = {"leads": (row.first, row.n), "rate": (row.first, row.n), "decided_rate": (row.first, decided)}
        first = row.first
        for state in STATES:
            blocks[state] = (first, row.counts[state])
            first += row.counts[state]
        links |= {(at, key): Link(_RECORDS, begin, count) for key, (begin, count) in blocks.items() if count}
    return links


def _reasons(figures: LeadFigures, links: Mapping[Figure, Link]) -> tuple[Table, ...]:
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
    title = msg("Why leads came to nothing")
    return (Table(_REASONS, title, columns, rows, SHEET, None, links_of(_REASONS, links)),)


def _records(population: Population, won: Mapping[int, WonDeal], leads: Sequence[Lead]) -> list[tuple[Cell, ...]]:
    """Return a row a lead; `won` are the deals by the leads that they count for."""
    places = places_of(population, [f"L{lead.id}" for lead in leads])
    return [(*_record(lead, won.get(lead.id)), *place) for lead, place in zip(leads, places, strict=True)]


def _record(lead: Lead, won: WonDeal | None) -> tuple[Cell, ...]:
    return (
        _WORDS[lead.state], f"L{lead.id}", lead.name, lead.company, lead.source, lead.owner, _day(lead.created),
        _day(lead.decided), days_to_decide(lead), lead.reason, f"O{lead.deal}" if lead.deal else None,
        *((yuan(won.fen), won.currency) if won else (None, None)),
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


def _check_of_won(table: Table, behind: Sequence[tuple[Figure, Lead]], won: Mapping[int, WonDeal]) -> Check:
    """Return whether the amounts won are those of the deals behind them."""
    sums = {
        (row, key): sum(won[lead.deal or 0].fen or 0 for _, lead in behind[link.first : link.first + link.count])
        for (row, key), link in table.links.items() if key.startswith("amount_won")
    }  # fmt: skip
    return check_of_sums("leads_amounts_won", table, sums)


def _notes(figures: LeadFigures) -> tuple[Note, ...]:
    if not figures.leads and not figures.undated:
        words = msg("No lead was created in the period: `crmcli import` takes sheets of leads.")
        return (Note("no_leads", NAME, words),)
    if not figures.undated:
        return ()
    words = msg("{n} leads have no day of creation; they count in the whole history only.", n=figures.undated)
    return (Note("undated_leads", NAME, words),)
