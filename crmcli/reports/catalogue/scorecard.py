"""The scorecard: one page of targets against actuals."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from crmcli.domain.metrics.measures import MEASURES
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.scorecard import Scorecard, ScoreRow, left_out, scorecard
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline
from crmcli.i18n import Message, msg
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.catalogue.measured import CASES, FIGURES, METRIC_WORDS, measured_cell, value_cell
from crmcli.reports.catalogue.measured import NEEDS as MEASURED_ON
from crmcli.reports.finished import finished
from crmcli.reports.followup_records import due_records
from crmcli.reports.listed import check_of_counts
from crmcli.reports.model import Cell, Check, Column, Definition, Link, Note, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "scorecard"
TITLE = msg("Scorecard")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Scorecard")
NEEDS: tuple[str, ...] = ("targets", "goals", *MEASURED_ON)
_RECORDS, _ACTIONS = "scorecard_records", "scorecard_actions_records"

_LEVEL_WORDS = {"company": msg("Company"), "team": msg("Team"), "owner": msg("Owner")}
_STATES: dict[str, Message] = {
    "green": msg("on its way"), "yellow": msg("nearly"), "red": msg("behind"), "grey": msg("not known"),
}  # fmt: skip
DEFINITIONS = (
    Definition(msg("Targets"), msg(
        "Targets of crm.toml ([[target]], [[goal]]) and of imported sheets whose days hold the as-of day, or meet the "
        "period asked for. A [[target]] of crm.toml goes before a sheet's for the same days. A team's target is its "
        "own, else the sum of its owners'; the company's its own, else the sum of the teams' and of the owners without "
        "a team."), ("target", "where")),
    Definition(msg("Attained"), msg(
        "Actual / target; of a figure that should be low, target / actual. Due: how much of the target should be there "
        "by now, the share of the days that have begun; a rate or a median should be there in whole."),
        ("attained", "due")),
    Definition(msg("Light"), msg(
        "Green: as much as is due, or more. Yellow: from 90 % of it on. Red: less. Not known: too few cases."),
        ("light", "state")),
    Definition(msg("By owner or team"), msg("Only the targets of owners, or of teams.")),
    FIGURES,
    CASES,
)  # fmt: skip
_COLUMNS = (
    Column("state", msg("State"), "text"), Column("light", msg("Light"), "text", minor=True),
    Column("whose", msg("Whose"), "text"), Column("level", msg("Key"), "text", minor=True),
    Column("who", msg("Name"), "text"), Column("figure", msg("Figure"), "text"),
    Column("metric", msg("Key"), "text", minor=True), Column("period", msg("Period"), "text"),
    Column("target", msg("Target"), "text"), Column("actual", msg("Actual"), "text"),
    Column("attained", msg("Attained"), "rate"), Column("due", msg("Due by now"), "rate"),
    Column("n", msg("n"), "int"), Column("better", msg("Better"), "text", minor=True),
    Column("where", msg("Target from"), "text", minor=True),
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the scorecard of the targets that hold the as-of day, or meet the period asked for.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    line = timeline(population)
    seen = line, standing(line, line.moment(options.as_of))
    today = options.as_of.astimezone(ZoneInfo(population.timezone)).date()
    found = scorecard(*seen, today, options.period, home=options.currency, min_n=options.min_n, by=options.by)
    title = msg("Records: {title}", title=TITLE)
    kept = [records_of(_RECORDS, title, seen, found.deals, options)]
    if found.actions is not None:
        planned = msg("{title}, {what}", title=title, what=msg("planned actions"))
        kept.append(due_records(_ACTIONS, planned, line, found.actions, options))
    cells = tuple(_cells(row, options) for row in found.rows)
    table = Table(NAME, TITLE, _COLUMNS, cells, SHEET, None, _links(found))
    checks = (_check(found, seen, options), check_of_counts("scorecard_counts", table))
    notes = _notes(found.rows, left_out(line, today, options.period), today)
    section = Section((table,), tuple(kept), checks, (), notes, DEFINITIONS)
    return finished(NAME, TITLE, section, options)


def _links(found: Scorecard) -> dict[tuple[int, str], Link]:
    """Return the links of each actual, of its number of cases and of what is attained: to the same records."""
    actions = {at: Link(_ACTIONS, block.first, block.count) for at, block in found.of_actions.items() if block.count}
    links = links_to(_RECORDS, found.deals) | actions
    return {(row, key): link for (row, _actual), link in links.items() for key in ("actual", "attained", "n")}


def _cells(row: ScoreRow, options: ReportOptions) -> tuple[Cell, ...]:
    return (
        _STATES[row.light], row.light, _LEVEL_WORDS[row.level], row.level, row.who, METRIC_WORDS[row.metric],
        row.metric, row.period, value_cell(row.metric, row.target),
        measured_cell(row.metric, row.actual, options.min_n),
        row.attained, row.due, row.actual.n, row.better, row.where,
    )  # fmt: skip


def _check(found: Scorecard, seen: tuple[Timeline, Standing], options: ReportOptions) -> Check:
    counts = {(at, "actual"): row.actual.n for at, row in enumerate(found.rows) if row.actual.actions is None}
    sums = {(at, "actual"): {options.currency: round(row.actual.value or 0)} for at, row in enumerate(found.rows)
            if MEASURES[row.metric].kind == "money"}  # fmt: skip
    return check_of_records(_RECORDS, seen, found.deals, counts, sums, options.currency)


def _notes(rows: tuple[ScoreRow, ...], others: int, today: date) -> tuple[Note, ...]:
    if others:
        words = msg("{n} targets are for other days than these and are not listed: --period shows them (today: {day})",
                    n=others, day=today)  # fmt: skip
        return (Note("other_days", NAME, words),)
    if rows:
        return ()
    words = msg("No target is set for these days: write [[target]] or [[goal]] in crm.toml, or import a sheet of them.")
    return (Note("no_targets", NAME, words),)
