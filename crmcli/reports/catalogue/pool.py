"""The pool report: what came into the public pools and left them, whose it was and why, what was won of it since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from crmcli.domain.metrics.pool_stays import PoolFigures, PoolRow, Stay, pool_figures, stays_behind, with_wins
from crmcli.domain.metrics.population import MISSING, Population
from crmcli.domain.metrics.rate import share
from crmcli.domain.metrics.staff import Staff
from crmcli.domain.words import word
from crmcli.i18n import Message, msg
from crmcli.reports.columns import SOURCE, group_columns
from crmcli.reports.finished import finished
from crmcli.reports.listed import FIGURE, Figure, by_figure, check_of_counts, links_of, listed, named_rows, places_of
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Link, Note, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "pool"
TITLE = msg("Public pools")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Public pools")
NEEDS: tuple[str, ...] = ("stays", "staff")
_RECORDS, _BEHIND = "pool_records", "pool_records_by_figure"
_OWNERS, _REASONS = "owners", "reasons"
_WHY = {
    "no_follow_up": msg("no follow-up"),
    "no_opportunity": msg("no opportunity"),
    "no_deal": msg("nothing won"),
}

DEFINITIONS = (
    Definition(msg("In and out"), msg(
        "Customers that came into a pool or left it in [from, to), each time counted; there before + in - out = there "
        "at the end."), ("stays", "before", "entered", "left", "there", "lost", "n")),
    Definition(msg("Claimed and won"), msg(
        "Customers that somebody claimed out of the pool in [from, to); won: the claimer has won an opportunity with "
        "them since, up to the as-of time."), ("claimed", "rate")),
    Definition(msg("By owner, team, region, manager, source or month"), msg(
        "The owner is whoever had the customer until it came into the pool, the month that in which it came; a "
        "claimed customer stands with the one who lost it.")),
)  # fmt: skip
_MARKS = (
    Column("pool", msg("Pool"), "text"),
    Column("customer", msg("Customer"), "text"),
    Column("name", msg("Name"), "text"),
    Column("entered", msg("In on"), "date"),
    Column("from_owner", msg("Owner until then"), "text"),
    Column("reason", msg("Why"), "text"),
    Column("left", msg("Out on"), "date"),
    Column("how", msg("How it left"), "text"),
    Column("to_owner", msg("Owner from then on"), "text"),
    Column("won", msg("Won since"), "int"),
    *SOURCE,
)


def build(population: Population, options: ReportOptions) -> Report:
    """Return the pool report.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    stays = with_wins(population.stays, population, options.as_of)
    figures = pool_figures(stays, options.period, options.by, Staff(population.staff))
    behind, links = by_figure(_BEHIND, stays_behind(figures, options.period))
    tables = (_pools(figures, links, options.by), _owners(figures, links), _reasons(figures, links))
    title, limit = msg("Records: {title}", title=TITLE), options.records_limit
    rows = partial(_records, population)
    section = Section(
        tables,
        (
            listed(_RECORDS, title, _MARKS, figures.stays, rows, limit, tables),
            listed(_BEHIND, msg("{title}, by figure", title=title), (FIGURE, *_MARKS), behind,
                   named_rows(rows, tables), limit, tables),
        ),
        (_balance(figures), check_of_counts(_BEHIND, *tables)),
        (Chart("bar", TITLE, NAME, "pool", ("entered", "left")),) if not options.by else (),
        _notes(figures),
        definitions=DEFINITIONS,
    )  # fmt: skip
    return finished(NAME, TITLE, section, options)


def _pools(figures: PoolFigures, links: Mapping[Figure, Link], by: tuple[str, ...]) -> Table:
    columns = (
        Column("pool", msg("Pool"), "text"), *group_columns(by), Column("stays", msg("Stays"), "int"),
        Column("before", msg("There before"), "int"), Column("entered", msg("In"), "int"),
        Column("left", msg("Out"), "int"), Column("there", msg("There"), "int"),
        Column("claimed", msg("Claimed"), "int"), Column("rate", msg("Won of those claimed"), "rate", parts=True),
    )  # fmt: skip
    own = {(at, "stays"): Link(_RECORDS, row.first, row.stays) for at, row in enumerate(figures.rows)}
    rows = tuple(_cells(row) for row in figures.rows)
    return Table(NAME, TITLE, columns, rows, SHEET, None, own | links_of(NAME, links))


def _cells(row: PoolRow) -> tuple[Cell, ...]:
    counts = (row.stays, row.before, row.entered, row.left, row.there, row.claimed)
    return (row.pool, *row.group, *counts, share(row.won, row.claimed))


def _owners(figures: PoolFigures, links: Mapping[Figure, Link]) -> Table:
    columns = (
        Column("owner", msg("Owner"), "text"), Column("lost", msg("Lost to a pool"), "int"),
        Column("claimed", msg("Claimed"), "int"), Column("rate", msg("Won of those claimed"), "rate", parts=True),
    )  # fmt: skip
    rows = tuple((owner, lost, claimed, share(won, claimed)) for owner, lost, claimed, won in figures.owners)
    return Table(_OWNERS, msg("By owner"), columns, rows, SHEET, None, links_of(_OWNERS, links))


def _reasons(figures: PoolFigures, links: Mapping[Figure, Link]) -> Table:
    columns = (Column("reason", msg("Why"), "text"), Column("n", msg("In"), "int"))
    rows = tuple((_why(reason), number) for reason, number in figures.reasons)
    title = msg("Why customers came into a pool")
    return Table(_REASONS, title, columns, rows, SHEET, None, links_of(_REASONS, links))


def _notes(figures: PoolFigures) -> tuple[Note, ...]:
    if figures.stays:
        return ()
    words = msg("No customer was in a pool in the period: [pool] of crm.toml and `crmcli pool run` put them there.")
    return (Note("nothing_pooled", NAME, words),)


def _why(code: str) -> Message | str:
    return _WHY.get(code) or word(code)


def _records(population: Population, stays: Sequence[Stay]) -> list[tuple[Cell, ...]]:
    """Return a row a stay, with where its customer came from."""
    places = places_of(population, [f"C{stay.customer}" for stay in stays])
    return [(*_record(stay), *place) for stay, place in zip(stays, places, strict=True)]


def _record(stay: Stay) -> tuple[Cell, ...]:
    how = word(stay.how) if stay.how else None
    return (
        stay.pool, f"C{stay.customer}", stay.name, _day(stay.entered), stay.from_owner or MISSING, stay.reason,
        _day(stay.left), how, stay.to_owner, stay.won,
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[: len("2026-03-05")]) if text else None


def _balance(figures: PoolFigures) -> Check:
    """Return whether what was there, came and left is what is there, and the rows are all records."""
    ok = all(row.before + row.entered - row.left == row.there for row in figures.rows)
    ok = ok and sum(row.stays for row in figures.rows) == len(figures.stays)
    ok = ok and sum(number for _, number in figures.reasons) == sum(row.entered for row in figures.rows)
    return Check(_RECORDS, ok, msg("{n} stays in {pools} pools", n=len(figures.stays), pools=len(figures.rows)))
