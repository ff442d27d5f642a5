"""The follow-up report: planned actions done in time, the first response, deals without a next step."""

from __future__ import annotations

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
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Link, Note, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "followup"
TITLE = msg("Following up")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Following up")
NEEDS: tuple[str, ...] = ("activities", "tasks", "moves", "plans", "working")
_DUE, _GIVEN, _OPEN = "followup_due_records", "followup_response_records", "followup_open_records"
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
        figures = followup(*seen, options.period, options.min_n, ("owner",))
        title = msg("Follow-up by owner")
        columns = (*group_columns(("owner",)), *_FIGURES)
        owners = Table("owners", title, columns, tuple(_cells(row) for row in figures.rows), SHEET)
        chart = Chart("bar", title, "owners", "owner", ("on_time_rate",))
        section += Section((owners,), charts=(chart,) if figures.rows else ())
    return finished(NAME, TITLE, section, options)


def followup_section(seen: tuple[Timeline, Standing], options: ReportOptions) -> Section:
    """Return the main table with the records behind it."""
    figures = followup(*seen, options.period, options.min_n, options.by)
    rows = figures.rows
    kept = (
        due_records(_DUE, _titled(msg("due")), seen[0], figures.due, options),
        answer_records(_GIVEN, _titled(msg("first response")), seen[0], figures.given, options),
        records_of(_OPEN, _titled(msg("open opportunities")), seen, figures.opened, options),
    )
    links = {at: Link(_DUE if at[1] in ("due", "on_time", "late", "missed") else _GIVEN, block.first, block.count)
             for at, block in figures.blocks.items()}  # fmt: skip
    table = Table(NAME, TITLE, (*group_columns(options.by), *_FIGURES), tuple(_cells(row) for row in rows), SHEET, None,
                  links | links_to(_OPEN, figures.opened))  # fmt: skip
    charts = (Chart("bar", TITLE, NAME, options.by[0], ("on_time_rate",)),) if len(options.by) == 1 else ()
    return Section((table,), kept, _checks(figures, seen, options), charts, _notes(rows, options), DEFINITIONS)


def _titled(what: Message) -> Message:
    return msg("Records: {title}", title=msg("{title}, {what}", title=TITLE, what=what))


def _cells(row: FollowupRow) -> tuple[Cell, ...]:
    return (
        *row.group, row.due, row.on_time, row.late, row.missed, row.on_time_rate, row.missed_rate, row.answered,
        row.unanswered, row.median_hours, row.p90_hours, row.open, row.no_next, share(row.no_next, row.open),
    )  # fmt: skip


def _checks(figures: Followup, seen: tuple[Timeline, Standing], options: ReportOptions) -> tuple[Check, ...]:
    rows = figures.rows
    due, given = sum(row.due for row in rows), sum(row.answered + row.unanswered for row in rows)
    is_open, opened = int((seen[1].status == OPEN).sum()), sum(row.open for row in rows)
    wrong = [at for at, block in figures.blocks.items() if block.count != getattr(rows[at[0]], at[1])]
    counts = {(at, key): getattr(row, key) for at, row in enumerate(rows) for key in ("open", "no_next")}
    return (
        Check("followup_due", due == len(figures.due.due), msg(
            "{n} due, {added} in the rows", n=len(figures.due.due), added=due)),
        Check("followup_assigned", given == len(figures.given.given), msg(
            "{n} assignments, {added} in the rows", n=len(figures.given.given), added=given)),
        Check("followup_open", is_open == opened, msg("{n} open, {added} in the rows", n=is_open, added=opened)),
        Check(_DUE, not wrong, msg(
            "{n} figures equal the counts of their records", n=len(figures.blocks)) if not wrong else msg(
            "Row {row}, {key}: the records do not add up to the figure", row=wrong[0][0] + 1, key=wrong[0][1])),
        check_of_records(_OPEN, seen, figures.opened, counts, {}, options.currency),
    )  # fmt: skip


def _notes(rows: tuple[FollowupRow, ...], options: ReportOptions) -> tuple[Note, ...]:
    few = sum(0 < row.answered < options.min_n for row in rows)
    if not few:
        return ()
    words = msg("{n} rows have fewer than {min_n} answers: no hours are printed.", n=few, min_n=options.min_n)
    return (Note("small_sample", NAME, words),)
