"""The quality of the data: what `doctor` finds in it, field by field and night by night."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.quality import Broken, Counted, Difference, Filled, Quality, StatusSum
from crmcli.domain.metrics.quality_groups import by_people
from crmcli.domain.metrics.rate import share
from crmcli.domain.metrics.staff import Staff
from crmcli.domain.records import record_number
from crmcli.domain.words import word
from crmcli.i18n import Message, coded, enumerated, msg
from crmcli.reports.columns import SOURCE, group_columns, yuan
from crmcli.reports.finished import finished
from crmcli.reports.listed import FIGURE, Figure, by_figure, check_of_counts, check_of_sums, links_of, listed, places_of
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Link, Note, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "quality"
TITLE = msg("Data quality")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Data quality")
NEEDS: tuple[str, ...] = ("quality", "staff")
_RECORDS, _BEHIND = "quality_records", "quality_records_by_figure"
_FILLED, _SUMS, _SNAPSHOTS = "filled", "sums", "snapshots"
_TOLD_APART = {_FILLED: ("kind", "field"), _SUMS: ("status", "currency"), _SNAPSHOTS: ("day", "figure", "of")}
"""Table -> the columns that tell its rows apart."""

_FIGURES: dict[str, Message] = {
    "deals": msg("Opportunities"), "open_by_owner": msg("Open by owner"), "customers": msg("Customers by owner"),
    "leads": msg("Leads"),
}  # fmt: skip
_STATUS: dict[str, Message] = {"open": msg("Open"), "won": msg("Won"), "lost": msg("Lost"), "void": msg("Void")}
_COUNTED: dict[str, Message] = {
    "n": msg("number"), "amount_fen": msg("amount"), "without_amount": msg("without amount"),
}  # fmt: skip
DEFINITIONS = (
    Definition(msg("Rules"), msg(
        "The same rules as `crmcli doctor`: missing and impossible values, stages without events, what a stage asks "
        "for, owners who left. Every record that breaks a rule is listed."), ("rule", "n")),
    Definition(msg("Filled"), msg("Records that have the field, of all that are not merged into another."),
               ("rate", "missing")),
    Definition(msg("By owner, team, region or manager"), msg(
        "Broken rules and sums by the owners of the records; nobody's stand last. Fill rates and snapshots are of "
        "all.")),
    Definition(msg("Sums"), msg("All opportunities by their present status, as they are stored."),
               ("n", "amount", "no_amount"), ("sums",)),
    Definition(msg("Snapshots"), msg(
        "`run daily` keeps figures every night. The last seven nights are rebuilt from the journal as they were known "
        "then and must say the same; every difference is listed."), ("kept", "rebuilt", "difference")),
)  # fmt: skip
_OF_RULES = (
    Column("rule", msg("Rule"), "text"), Column("message", msg("What is wrong"), "text"),
    Column("record", msg("Record"), "text"), *SOURCE,
)  # fmt: skip
_OF_FIGURES = (
    FIGURE, Column("whose", msg("Of"), "text"), Column("record", msg("Record"), "text"),
    Column("amount", msg("Amount"), "money"), *SOURCE,
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the report on the data as it stands; it has no period.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    whole = sorted(population.quality.broken, key=lambda one: (-len(one.records), one.code, str(one.message.args)))
    by, people = options.by, Staff(population.staff)
    quality = by_people(replace(population.quality, broken=tuple(whole)), by, people)
    broken = quality.broken
    behind, links = by_figure(_BEHIND, _behind(quality))
    tables = (
        _broken(broken, by), _filled(quality.filled, links), _sums(quality.sums, links, by), _snapshots(quality, links),
    )  # fmt: skip
    title, limit = msg("Records: {title}", title=TITLE), options.records_limit
    kept = (
        listed(
            _RECORDS,
            title,
            _OF_RULES,
            [(one, number) for one in broken for number in one.records],
            partial(_rule_rows, population),
            limit,
            tables,
        ),
        listed(
            _BEHIND,
            msg("{title}, by figure", title=title),
            _OF_FIGURES,
            behind,
            partial(_figure_rows, population, tables, by),
            limit,
            tables,
        ),
    )
    charts = (Chart("bar", msg("Filled"), _FILLED, "field", ("rate",)),) if quality.filled else ()
    section = Section(tables, kept, _checks(quality, tables), charts, _notes(quality), DEFINITIONS)
    return finished(NAME, TITLE, section, options)  # fmt: skip


def _behind(quality: Quality) -> dict[Figure, Sequence[Counted]]:
    """Return the records behind fields, sums and nights."""
    found: dict[Figure, Sequence[Counted]] = {}
    for at, one in enumerate(quality.sums):
        found[_SUMS, at, "n"] = one.records
        found[_SUMS, at, "no_amount"] = [record for record in one.records if record.fen is None]
        found[_SUMS, at, "amount"] = [record for record in one.records if record.fen is not None]
    for at, night in enumerate(quality.snapshots.differences):
        found |= {(_SNAPSHOTS, at, key): night.records for key in ("rebuilt", "kept", "difference")}
    fields = sorted(enumerate(quality.filled), key=lambda pair: len(pair[1].missing))
    for at, field in fields:  # those that few records lack first: a limit cuts the last
        found[_FILLED, at, "missing"] = [Counted(record_number(field.entity, number)) for number in field.missing]
    return found


def _broken(broken: Sequence[Broken], by: tuple[str, ...]) -> Table:
    """Return the rules that records break, the most broken first."""
    columns = (
        Column("message", msg("What is wrong"), "text"), Column("rule", msg("Rule"), "text"), *group_columns(by),
        Column("n", msg("Records"), "int"),
    )  # fmt: skip
    rows, links, first = list[tuple[Cell, ...]](), dict[tuple[int, str], Link](), 0
    for at, one in enumerate(broken):
        rows.append((one.message, one.code, *one.group, len(one.records)))
        if one.records:
            links[at, "n"] = Link(_RECORDS, first, len(one.records))
        first += len(one.records)
    return Table(NAME, TITLE, columns, tuple(rows), SHEET, None, links)


def _rule_rows(population: Population, broken: Sequence[tuple[Broken, str]]) -> list[tuple[Cell, ...]]:
    places = places_of(population, [number for _one, number in broken])
    return [(one.code, one.message, number, *place) for (one, number), place in zip(broken, places, strict=True)]


def _figure_rows(
    population: Population, tables: Sequence[Table], by: tuple[str, ...], behind: Sequence[tuple[Figure, Counted]]
) -> list[tuple[Cell, ...]]:
    """Return a row a record: the figure, whose it is, the record and its amount."""
    by_name = {table.name: table for table in tables}
    told_apart = _TOLD_APART | {_SUMS: (*_TOLD_APART[_SUMS], *by)}
    places = places_of(population, [record.number for _figure, record in behind])
    rows = []
    for ((name, at, key), record), place in zip(behind, places, strict=True):
        table = by_name[name]
        whose = enumerated([table.rows[at][table.index(part)] for part in told_apart[name]])
        rows.append((table.columns[table.index(key)].label, whose, record.number, yuan(record.fen), *place))
    return rows


def _filled(filled: tuple[Filled, ...], links: Mapping[Figure, Link]) -> Table:
    columns = (
        Column("entity", msg("Kind"), "text", minor=True), Column("kind", msg("Kind"), "text"),
        Column("field", msg("Field"), "text"), Column("key", msg("Key"), "text", minor=True),
        Column("rate", msg("Filled"), "rate", parts=True), Column("missing", msg("Missing"), "int"),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.entity,
            coded(one.entity, msg("{kind}", kind=word(one.entity))),
            coded(one.field, msg("{field}", field=one.label)),
            one.field,
            share(one.filled, one.total),
            one.total - one.filled,
        )
        for one in filled
    )
    lacking = links_of(_FILLED, links)
    rates = {(at, "rate"): link for (at, _key), link in lacking.items()}  # what a rate lacks to 100 % is told
    return Table(_FILLED, msg("Filled"), columns, rows, SHEET, None, lacking | rates)


def _sums(sums: tuple[StatusSum, ...], links: Mapping[Figure, Link], by: tuple[str, ...]) -> Table:
    columns = (
        Column("status", msg("Status"), "text"), Column("currency", msg("Currency"), "text"), *group_columns(by),
        Column("n", msg("Opportunities"), "int"), Column("amount", msg("Amount"), "money"),
        Column("no_amount", msg("Amount unknown"), "int"),
    )  # fmt: skip
    rows = tuple(
        (
            coded(one.status, msg("{status}", status=_STATUS.get(one.status, one.status))),
            one.currency,
            *one.group,
            one.n,
            yuan(one.amount_fen),
            one.without_amount,
        )
        for one in sums
    )
    return Table(_SUMS, msg("Sums"), columns, rows, SHEET, None, links_of(_SUMS, links))


def _snapshots(quality: Quality, links: Mapping[Figure, Link]) -> Table:
    columns = (
        Column("day", msg("Night of"), "text"), Column("figure", msg("Figure"), "text"),
        Column("figure_key", msg("Key"), "text", minor=True), Column("of", msg("Of"), "text"),
        Column("counted", msg("Counted"), "text"), Column("kept", msg("As kept"), "text"),
        Column("rebuilt", msg("As rebuilt"), "text"), Column("difference", msg("Difference"), "text"),
    )  # fmt: skip
    rows = tuple(_snapshot_cells(one) for one in quality.snapshots.differences)
    title = msg("Snapshots that differ")
    return Table(_SNAPSHOTS, title, columns, rows, SHEET, None, links_of(_SNAPSHOTS, links))


def _snapshot_cells(one: Difference) -> tuple[Cell, ...]:
    numbers = (one.kept, one.rebuilt, one.rebuilt - one.kept)
    cells: tuple[Cell, ...] = tuple(yuan(number) for number in numbers) if one.counted == "amount_fen" else numbers
    return (one.day, _FIGURES.get(one.figure, one.figure), one.figure, one.of, _COUNTED[one.counted], *cells)


def _checks(quality: Quality, tables: Sequence[Table]) -> tuple[Check, ...]:
    """Return whether counts and amounts are those of their records, and the statuses add up to all opportunities."""
    total = next((one.total for one in quality.filled if one.entity == "opportunity"), 0)
    added = sum(one.n for one in quality.sums)
    sums = {(at, "amount"): sum(record.fen or 0 for record in one.records) for at, one in enumerate(quality.sums)}
    rebuilt = all(one.rebuilt == _told(one) for one in quality.snapshots.differences)
    return (
        check_of_counts("quality_counts", *tables),
        Check("quality_sums", added == total, msg("{n} opportunities by status, {all} in all", n=added, all=total)),
        check_of_sums("quality_amounts", tables[2], sums),
        Check("quality_nights", rebuilt, msg("{n} rebuilt figures equal the counts and sums of their records",
                                             n=len(quality.snapshots.differences))),
    )  # fmt: skip


def _told(one: Difference) -> int:
    return sum(record.fen or 0 for record in one.records) if one.counted == "amount_fen" else len(one.records)


def _notes(quality: Quality) -> tuple[Note, ...]:
    snapshots = quality.snapshots
    if not snapshots.days:
        return (Note("no_snapshots", _SNAPSHOTS, msg("No night was kept to compare: `crmcli run daily` keeps them.")),)
    differing = len({one.day for one in snapshots.differences})
    words = msg("{n} nights compared, {differing} differ.", n=len(snapshots.days), differing=differing)
    return (Note("snapshots_compared", _SNAPSHOTS, words),)
