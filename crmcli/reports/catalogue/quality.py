"""The quality of the data: what `doctor` finds in it, field by field and night by night."""

from __future__ import annotations

from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.quality import Difference, Filled, Quality, StatusSum
from crmcli.domain.metrics.rate import share
from crmcli.domain.words import word
from crmcli.i18n import Message, msg
from crmcli.reports.columns import yuan
from crmcli.reports.finished import finished
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Link, Note, Records, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "quality"
TITLE = msg("Data quality")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Data quality")
NEEDS: tuple[str, ...] = ("quality",)
_RECORDS = "quality_records"

_FIGURES: dict[str, Message] = {
    "deals": msg("Opportunities"), "open_by_owner": msg("Open by owner"), "customers": msg("Customers by owner"),
    "leads": msg("Leads"),
}  # fmt: skip
_COUNTED: dict[str, Message] = {
    "n": msg("number"), "amount_fen": msg("amount"), "without_amount": msg("without amount"),
}  # fmt: skip
DEFINITIONS = (
    Definition(msg("Rules"), msg(
        "The same rules as `crmcli doctor`: missing and impossible values, stages without events, what a stage asks "
        "for, owners who left. Every record that breaks a rule is listed."), ("rule", "n")),
    Definition(msg("Filled"), msg("Records that have the field, of all that are not merged into another."), ("rate",)),
    Definition(msg("Snapshots"), msg(
        "`run daily` keeps figures every night. The last seven nights are rebuilt from the journal as they were known "
        "then and must say the same; every difference is listed."), ("kept", "rebuilt", "difference")),
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the report on the data as it stands; it has no period.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
    """
    quality = population.quality
    broken, kept, check = _broken(quality, options)
    tables = (broken, _filled(quality.filled), _sums(quality.sums), _snapshots(quality))
    charts = (Chart("bar", msg("Filled"), "filled", "field", ("rate",)),) if quality.filled else ()
    section = Section(tables, (kept,), (check, _check_of_sums(quality)), charts, _notes(quality), DEFINITIONS)
    return finished(NAME, TITLE, section, options)


def _broken(quality: Quality, options: ReportOptions) -> tuple[Table, Records, Check]:
    """Return the rules that records break, the most broken first, and the records."""
    listed = sorted(quality.broken, key=lambda one: (-len(one.records), one.code, str(one.message.args)))
    rows: list[tuple[Message, str, int]] = []
    links: dict[tuple[int, str], Link] = {}
    behind: list[tuple[Cell, ...]] = []
    for at, one in enumerate(listed):
        rows.append((one.message, one.code, len(one.records)))
        links[at, "n"] = Link(_RECORDS, len(behind), len(one.records))
        behind += [(one.code, one.message, record) for record in one.records]
    columns = (
        Column("message", msg("What is wrong"), "text"), Column("rule", msg("Rule"), "text"),
        Column("n", msg("Records"), "int"),
    )  # fmt: skip
    marks = (
        Column("rule", msg("Rule"), "text"), Column("message", msg("What is wrong"), "text"),
        Column("record", msg("Record"), "text"),
    )  # fmt: skip
    table = Table(NAME, TITLE, columns, tuple(rows), SHEET, None, links)
    kept = Records(_RECORDS, msg("Records: {title}", title=TITLE), marks, tuple(behind[: options.records_limit]),
                   len(behind))  # fmt: skip
    added = sum(row[2] for row in rows)
    words = msg("{n} records behind {rules} rules", n=added, rules=len(rows))
    return table, kept, Check(_RECORDS, added == len(behind), words)


def _filled(filled: tuple[Filled, ...]) -> Table:
    columns = (
        Column("entity", msg("Kind"), "text", minor=True), Column("kind", msg("Kind"), "text"),
        Column("field", msg("Field"), "text"), Column("key", msg("Key"), "text", minor=True),
        Column("rate", msg("Filled"), "rate", parts=True),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.entity, word(one.entity), one.label, one.field, share(one.filled, one.total)) for one in filled
    )
    return Table("filled", msg("Filled"), columns, rows, SHEET)


def _sums(sums: tuple[StatusSum, ...]) -> Table:
    columns = (
        Column("status", msg("Status"), "text"), Column("currency", msg("Currency"), "text"),
        Column("n", msg("Opportunities"), "int"), Column("amount", msg("Amount"), "money"),
        Column("no_amount", msg("Amount unknown"), "int"),
    )  # fmt: skip
    rows = tuple((one.status, one.currency, one.n, yuan(one.amount_fen), one.without_amount) for one in sums)
    return Table("sums", msg("Sums"), columns, rows, SHEET)


def _snapshots(quality: Quality) -> Table:
    columns = (
        Column("day", msg("Night of"), "text"), Column("figure", msg("Figure"), "text"),
        Column("figure_key", msg("Key"), "text", minor=True), Column("of", msg("Of"), "text"),
        Column("counted", msg("Counted"), "text"), Column("kept", msg("As kept"), "text"),
        Column("rebuilt", msg("As rebuilt"), "text"), Column("difference", msg("Difference"), "text"),
    )  # fmt: skip
    rows = tuple(_snapshot_cells(one) for one in quality.snapshots.differences)
    return Table("snapshots", msg("Snapshots that differ"), columns, rows, SHEET)


def _snapshot_cells(one: Difference) -> tuple[Cell, ...]:
    numbers = (one.kept, one.rebuilt, one.rebuilt - one.kept)
    cells: tuple[Cell, ...] = tuple(yuan(number) for number in numbers) if one.counted == "amount_fen" else numbers
    return (one.day, _FIGURES.get(one.figure, one.figure), one.figure, one.of, _COUNTED[one.counted], *cells)


def _check_of_sums(quality: Quality) -> Check:
    """Return whether the opportunities by status are all opportunities that the fill rates count."""
    total = next((one.total for one in quality.filled if one.entity == "opportunity"), 0)
    added = sum(one.n for one in quality.sums)
    return Check("quality_sums", added == total, msg("{n} opportunities by status, {all} in all", n=added, all=total))


def _notes(quality: Quality) -> tuple[Note, ...]:
    snapshots = quality.snapshots
    if not snapshots.days:
        return (Note("no_snapshots", "snapshots", msg("No night was kept to compare: `crmcli run daily` keeps them.")),)
    differing = len({one.day for one in snapshots.differences})
    words = msg("{n} nights compared, {differing} differ.", n=len(snapshots.days), differing=differing)
    return (Note("snapshots_compared", "snapshots", words),)
