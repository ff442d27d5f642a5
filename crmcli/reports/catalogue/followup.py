"""The follow-up report: planned actions done in time, the first response, deals without a next step."""

from __future__ import annotations

from dataclasses import replace

from crmcli.domain.metrics.followup import Followup, FollowupRow, followup
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.rate import share
from crmcli.domain.metrics.timeline import OPEN, Standing, Timeline, standing, timeline
from crmcli.i18n import Message, msg
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.catalogue.terms import QUANTILE
from crmcli.reports.columns import group_columns
from crmcli.reports.finished import finished
from crmcli.reports.followup_records import answer_records, due_records
from crmcli.reports.listed import check_of_counts
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Link, Note, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "followup"
TITLE = msg("Following up")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Following up")
NEEDS: tuple[str, ...] = ("activities", "tasks", "moves", "plans", "working", "staff")
_OWNERS = "owners"
_OF_DUE = ("due", "on_time", "late", "missed")
_RESTS_ON = {
    "due": ("on_time_rate", "missed_rate"),
    "answered": ("response_median_hours", "response_p90_hours"),
    "open": ("no_next_rate",),
}
"""Column -> the rates and medians of the same records."""
_FIGURES = (
    Column("due", msg("Due"), "int"),
    Column("on_time", msg("On time"), "int"),
    Column("late", msg("Late"), "int"),
    Column("missed", msg("Missed"), "int"),
    Column("on_time_rate", msg("On-time rate"), "rate", parts=True),
    Column("missed_rate", msg("Missed rate"), "rate"),
    Column("answered", msg("Assignments answered"), "int"),
    Column("unanswered", msg("Not answered"), "int"),
    Column("response_median_hours", msg("First response (median hours)"), "days"),
    Column("response_p90_hours", msg("First response (P90 hours)"), "days"),
    Column("open", msg("Open"), "int"),
    Column("no_next", msg("No next step"), "int"),
    Column("no_next_rate", msg("Share without next step"), "rate"),
)

DEFINITIONS = (
    Definition(msg("Due"), msg(
        "Next steps that follow-ups set and tasks, with a due day in [from, to) and not after the as-of day. They are "
        "of whoever wrote the follow-up or is to do the task, else of the opportunity's owner."), ("due",)),
    Definition(msg("On time, late, missed"), msg(
        "A next step is done by the first human contact after the follow-up that set it: about the same opportunity, "
        "or with its customer about none; of a next step without an opportunity any contact with the customer. A task "
        "is done when it is ticked off. On time: by the due day; late: after it; missed: not done at the as-of time. "
        "On-time rate = on time / due, missed rate = missed / due."),
        ("on_time", "late", "missed", "on_time_rate", "missed_rate")),
    Definition(msg("First response"), msg(
        "Working hours (work_hours and holidays of [assign] in crm.toml) from an assignment in [from, to) to the first "
        "human contact about the opportunity, or with its customer about none, before anybody else got it. An "
        "opportunity that begins with an owner is assigned then; a day without a time counts from its start. Not "
        "answered: none yet, or somebody else got it first."),
        ("answered", "unanswered", "response_median_hours", "response_p90_hours")),
    Definition(msg("No next step"), msg(
        "Open at the as-of time, and neither a next step nor an open task is planned for that day or later."),
        ("open", "no_next", "no_next_rate")),
    QUANTILE,
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the follow-up report.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    line = timeline(population)
    seen = line, standing(line, line.moment(options.as_of))
    section = followup_section(seen, options)
    if not options.by:
        owners = _listed(_OWNERS, msg("Follow-up by owner"), seen, options, ("owner",))
        chart = Chart("bar", owners.tables[0].title, _OWNERS, "owner", ("on_time_rate",))
        section += replace(owners, charts=(chart,) if owners.tables[0].rows else ())
    return finished(NAME, TITLE, section, options)


def followup_section(seen: tuple[Timeline, Standing], options: ReportOptions) -> Section:
    """Return the main table with the records behind it."""
    section = _listed(NAME, TITLE, seen, options, options.by)
    table = section.tables[0]
    charts = (Chart("bar", TITLE, NAME, options.by[0], ("on_time_rate",)),) if len(options.by) == 1 else ()
    return replace(section, charts=charts, notes=_notes(table, options), definitions=DEFINITIONS)


def _listed(
    name: str, title: Message, seen: tuple[Timeline, Standing], options: ReportOptions, by: tuple[str, ...]
) -> Section:
    """Return a table broken down, its records and checks."""
    figures = followup(*seen, options.period, options.min_n, by)
    due, given, opened = (f"{name}_{what}_records" for what in ("due", "response", "open"))
    kept = (
        due_records(due, _titled(title, msg("due")), seen[0], figures.due, options),
        answer_records(given, _titled(title, msg("first response")), seen[0], figures.given, options),
        records_of(opened, _titled(title, msg("open opportunities")), seen, figures.opened, options),
    )
    links = {at: Link(due if at[1] in _OF_DUE else given, block.first, block.count)
             for at, block in figures.blocks.items()}  # fmt: skip
    links |= links_to(opened, figures.opened)
    for (row, key), link in list(links.items()):
        links |= {(row, rate): link for rate in _RESTS_ON.get(key, ())}
    rows = tuple(_cells(row) for row in figures.rows)
    table = Table(name, title, (*group_columns(by), *_FIGURES), rows, SHEET, None, links)
    checks = (*_checks(name, figures, seen, options), check_of_counts(f"{name}_counts", table))
    return Section((table,), kept, checks)


def _titled(title: Message, what: Message) -> Message:
    return msg("Records: {title}", title=msg("{title}, {what}", title=title, what=what))


def _cells(row: FollowupRow) -> tuple[Cell, ...]:
    return (
        *row.group, row.due, row.on_time, row.late, row.missed, row.on_time_rate, row.missed_rate, row.answered,
        row.unanswered, row.median_hours, row.p90_hours, row.open, row.no_next, share(row.no_next, row.open),
    )  # fmt: skip


def _checks(name: str, figures: Followup, seen: tuple[Timeline, Standing], options: ReportOptions) -> tuple[Check, ...]:
    rows = figures.rows
    due, given = sum(row.due for row in rows), sum(row.answered + row.unanswered for row in rows)
    is_open, opened = int((seen[1].status == OPEN).sum()), sum(row.open for row in rows)
    counts = {(at, key): getattr(row, key) for at, row in enumerate(rows) for key in ("open", "no_next")}
    return (
        Check(f"{name}_due", due == len(figures.due.due), msg(
            "{n} due, {added} in the rows", n=len(figures.due.due), added=due)),
        Check(f"{name}_assigned", given == len(figures.given.given), msg(
            "{n} assignments, {added} in the rows", n=len(figures.given.given), added=given)),
        Check(f"{name}_open", is_open == opened, msg("{n} open, {added} in the rows", n=is_open, added=opened)),
        check_of_records(f"{name}_open_records", seen, figures.opened, counts, {}, options.currency),
    )  # fmt: skip


def _notes(table: Table, options: ReportOptions) -> tuple[Note, ...]:
    answers = [row[table.index("answered")] for row in table.rows]
    few = sum(isinstance(number, int) and 0 < number < options.min_n for number in answers)
    if not few:
        return ()
    words = msg("{n} rows have fewer than {min_n} answers: no hours are printed.", n=few, min_n=options.min_n)
    return (Note("small_sample", NAME, words),)
