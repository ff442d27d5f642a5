"""The collisions report: how many salespeople collide on customers, of which kind, and how that was decided."""

from __future__ import annotations

from datetime import date

from crmcli.domain.metrics.collision_counts import CollisionLine, KindRow, count_kinds
from crmcli.domain.metrics.population import Population
from crmcli.i18n import Message, enumerated, msg
from crmcli.reports.finished import finished
from crmcli.reports.model import Cell, Check, Column, Definition, Link, Records, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "collisions"
TITLE = msg("Collisions of salespeople")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Collisions")
NEEDS: tuple[str, ...] = ("collisions",)
_RECORDS = "collisions_records"
_KINDS: dict[str, Message] = {
    "a": msg("several contact one customer"),
    "b": msg("open opportunities for one product"),
    "c": msg("shared phone, credit code or WeChat"),
    "d": msg("one group (a hint)"),
}

DEFINITIONS = (
    Definition(msg("Collision"), msg(
        "As of the as-of time: several owners contacted one customer within the days of crm.toml; open opportunities "
        "of one customer and product have different owners; customers of different owners share a phone, a credit code "
        "or a WeChat; customers of different owners belong to one group (a hint only).")),
    Definition(msg("Waiting"), msg(
        "No manager has decided, or something has come up since that the verdict did not know.")),
    Definition(msg("Decided"), msg(
        "A manager has decided, and nothing has come up since; counted also when nothing of it collides any more, "
        "because the verdict was carried out, say.")),
    Definition(msg("As suggested"), msg(
        "Of the decided ones in which it is known who came first: the verdict named that owner.")),
)  # fmt: skip
_MARKS = (
    Column("kind", msg("Kind"), "text"),
    Column("key", msg("Key"), "text"),
    Column("customers", msg("Customers"), "text"),
    Column("owners", msg("Owners"), "text"),
    Column("reason", msg("What collides"), "text"),
    Column("suggestion", msg("Came first"), "text"),
    Column("winner", msg("Verdict"), "text"),
    Column("decided", msg("Decided on"), "date"),
    Column("waits", msg("Waiting"), "text"),
)


def build(population: Population, options: ReportOptions) -> Report:
    """Return the collisions report.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
    """
    lines = population.collisions
    rows = count_kinds(lines)
    kept = tuple(_record(line) for line in lines[: options.records_limit])
    records = Records(_RECORDS, msg("Records: {title}", title=TITLE), _MARKS, kept, len(lines))
    ok = sum(row.found for row in rows) == sum(row.waiting + row.decided for row in rows) == len(lines)
    check = Check(_RECORDS, ok, msg("{n} collisions", n=len(lines)))
    section = Section((_table(rows),), (records,), (check,), definitions=DEFINITIONS)
    return finished(NAME, TITLE, section, options)


def _table(rows: tuple[KindRow, ...]) -> Table:
    columns = (
        Column("kind", msg("Kind"), "text"), Column("found", msg("Found"), "int"),
        Column("waiting", msg("Waiting"), "int"), Column("decided", msg("Decided"), "int"),
        Column("as_suggested", msg("As suggested"), "rate", parts=True),
    )  # fmt: skip
    cells = tuple((_KINDS[row.kind], row.found, row.waiting, row.decided, row.as_suggested) for row in rows)
    links = {(at, "found"): Link(_RECORDS, row.first, row.found) for at, row in enumerate(rows)}
    return Table(NAME, TITLE, columns, cells, SHEET, None, links)


def _record(line: CollisionLine) -> tuple[Cell, ...]:
    decided = date.fromisoformat(line.decided_on) if line.decided_on else None
    return (
        _KINDS[line.kind], line.key, line.customers, enumerated(line.owners), line.reason, line.suggestion, line.winner,
        decided, msg("yes") if line.waits else msg("no"),
    )  # fmt: skip
