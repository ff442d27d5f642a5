"""The collisions report: how many salespeople collide on customers, of which kind, and how that was decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from crmcli.domain.metrics.collision_counts import CollisionLine, Grouped, KindRow, count_kinds, in_order
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.staff import Staff
from crmcli.i18n import Message, coded, enumerated, msg
from crmcli.reports.columns import SOURCE, group_columns
from crmcli.reports.finished import finished
from crmcli.reports.listed import check_of_counts, listed, places_of
from crmcli.reports.model import Cell, Check, Column, Definition, Link, Note, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "collisions"
TITLE = msg("Collisions of salespeople")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Collisions")
NEEDS: tuple[str, ...] = ("collisions", "staff")
_RECORDS = "collisions_records"
_KINDS: dict[str, Message] = {
    "a": coded("a", msg("several contact one customer")),
    "b": coded("b", msg("open opportunities for one product")),
    "c": coded("c", msg("shared phone, credit code or WeChat")),
    "d": coded("d", msg("one group (a hint)")),
}

DEFINITIONS = (
    Definition(msg("Collision"), msg(
        "As of the as-of time: several owners contacted one customer within the days of crm.toml; open opportunities "
        "of one customer and product have different owners; customers of different owners share a phone, a credit code "
        "or a WeChat; customers of different owners belong to one group (a hint only)."), ("found",)),
    Definition(msg("Waiting"), msg(
        "No manager has decided, or something has come up since that the verdict did not know."), ("waiting",)),
    Definition(msg("Decided"), msg(
        "A manager has decided, and nothing has come up since; counted also when nothing of it collides any more, "
        "because the verdict was carried out, say."), ("decided",)),
    Definition(msg("As suggested"), msg(
        "Of the decided ones in which it is known who came first: the verdict named that owner."),
        ("as_suggested",)),
    Definition(msg("By owner, team, region or manager"), msg(
        "A collision counts once for each group that one of its owners is in, so that groups together count more than "
        "there are. A month is that of the verdict; what nobody has decided has none.")),
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
    *SOURCE,
)


def build(population: Population, options: ReportOptions) -> Report:
    """Return the collisions report.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    lines = in_order(population.collisions, options.by, Staff(population.staff))
    rows = count_kinds(lines)
    table = _table(rows, options.by)
    title = msg("Records: {title}", title=TITLE)
    records = listed(_RECORDS, title, _MARKS, lines, partial(_records, population), options.records_limit, (table,))
    ok = sum(row.found for row in rows) == sum(row.waiting + row.decided for row in rows) == len(lines)
    check = Check(_RECORDS, ok, msg("{n} collisions", n=len(lines)))
    checks = (check, check_of_counts("collisions_counts", table), _check_of_waiting(rows, lines))
    none = Note("no_collisions", NAME, msg("No salespeople collide on a customer at this time."))
    section = Section((table,), (records,), checks, (), () if rows else (none,), DEFINITIONS)
    return finished(NAME, TITLE, section, options)


def _table(rows: tuple[KindRow, ...], by: tuple[str, ...]) -> Table:
    columns = (
        Column("kind", msg("Kind"), "text"), *group_columns(by), Column("found", msg("Found"), "int"),
        Column("waiting", msg("Waiting"), "int"), Column("decided", msg("Decided"), "int"),
        Column("as_suggested", msg("As suggested"), "rate", parts=True),
    )  # fmt: skip
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (_KINDS[row.kind], *row.group, row.found, row.waiting, row.decided, row.as_suggested) for row in rows
    )
    links: dict[tuple[int, str], Link] = {}
    for at, row in enumerate(rows):
        decided = row.first + row.waiting
        blocks = {
            "found": (row.first, row.found), "waiting": (row.first, row.waiting), "decided": (decided, row.decided),
            "as_suggested": (decided, row.as_suggested.denominator),
        }  # fmt: skip
        links |= {(at, key): Link(_RECORDS, first, count) for key, (first, count) in blocks.items() if count}
    return Table(NAME, TITLE, columns, cells, SHEET, None, links)


def _check_of_waiting(rows: tuple[KindRow, ...], lines: Sequence[Grouped]) -> Check:
    """Return whether the collisions behind the counts are waiting and decided as the counts say."""
    ok = True
    for row in rows:
        own = [line for label, line in lines[row.first : row.first + row.found] if label == row.group]
        ok = ok and len(own) == row.found
        told = own[row.waiting : row.waiting + row.as_suggested.denominator]
        ok = ok and all(line.waits for line in own[: row.waiting]) and all(line.suggestion for line in told)
        ok = ok and not any(line.waits for line in own[row.waiting :]) and {line.kind for line in own} == {row.kind}
    return Check("collisions_waiting", ok, msg("{n} wait", n=sum(line.waits for _label, line in lines)))


def _records(population: Population, lines: Sequence[Grouped]) -> list[tuple[Cell, ...]]:
    """Return a row a collision, with where the first of its customers came from."""
    places = places_of(population, [line.customers.partition(" ")[0] for _label, line in lines])
    return [(*_record(line), *place) for (_label, line), place in zip(lines, places, strict=True)]


def _record(line: CollisionLine) -> tuple[Cell, ...]:
    decided = date.fromisoformat(line.decided_on) if line.decided_on else None
    return (
        _KINDS[line.kind], line.key, line.customers, enumerated(line.owners), line.reason, line.suggestion, line.winner,
        decided, msg("yes") if line.waits else msg("no"),
    )  # fmt: skip
