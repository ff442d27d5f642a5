"""Before and after a day: what a new system, price or team changed, as far as figures can tell."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from crmcli.domain.metrics.baseline import OPEN_SHARE_LIMIT, Baseline, BaselineRow, baseline, spans
from crmcli.domain.metrics.measures import MEASURES
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline
from crmcli.i18n import Message, coded, msg
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.catalogue.measured import CASES, FIGURES, METRIC_WORDS, measured_cell, value_cell
from crmcli.reports.catalogue.measured import NEEDS as MEASURED_ON
from crmcli.reports.columns import group_columns
from crmcli.reports.finished import finished
from crmcli.reports.followup_records import due_records
from crmcli.reports.listed import check_of_counts
from crmcli.reports.model import Cell, Check, Column, Definition, Link, Note, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "baseline"
TITLE = msg("Before and after")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Before and after")
NEEDS: tuple[str, ...] = MEASURED_ON
_RECORDS, _ACTIONS = "baseline_records", "baseline_action_records"

_VERDICTS: dict[str, Message] = {
    "better": msg("clearly better"), "worse": msg("clearly worse"), "unclear": msg("no clear difference"),
    "too_few": msg("too few cases"), "untested": msg("not tested"),
}  # fmt: skip
DEFINITIONS = (
    Definition(msg("Before and after"), msg(
        "Two spans of equal length: the days up to the event, and those from it on, as many as data, the as-of day and "
        "the period asked for allow. Every figure is as it stood when its span was over, so that both are equally "
        "old."), ("before", "after")),
    Definition(msg("Change and interval"), msg(
        "After - before. The 95 % interval of the change of a rate is Newcombe's."), ("change", "low", "high")),
    Definition(msg("By chance"), msg(
        "How often so large a difference comes about where nothing changed: Fisher's exact test for rates, "
        "Mann-Whitney for days, equal Poisson rates for numbers. Under 5 % it is called clear. Of twenty figures that "
        "did not change, one looks clear by chance."), ("chance", "verdict")),
    Definition(msg("No cause"), msg(
        "That something differs after a day does not say that the day is the reason: season, prices, people and what "
        "is recorded change too.")),
    FIGURES,
    CASES,
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the comparison around `options.event`.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    line = timeline(population)
    seen = line, standing(line, line.moment(options.as_of))
    today = options.as_of.astimezone(ZoneInfo(population.timezone)).date()
    sides = spans(line, options.event, today, options.period)
    if sides is None:
        return finished(NAME, TITLE, _nothing(options), options)
    before, after = sides
    found = baseline(*seen, before, after, home=options.currency, min_n=options.min_n, by=options.by)
    table = Table(NAME, msg("Before and after {day}", day=after.start), _columns(options), tuple(
        _cells(row, options) for row in found.rows), SHEET, None, _links(found))  # fmt: skip
    first = (coded("before", msg("Before the day")), before.start, before.end)
    second = (coded("after", msg("From the day on")), after.start, after.end)
    days = Table("spans", msg("Spans"), _SPAN_COLUMNS, (first, second), SHEET)
    title = msg("Records: {title}", title=TITLE)
    kept = [records_of(_RECORDS, title, seen, found.evidence, options)]
    if found.actions is not None:
        planned = msg("{title}, {what}", title=title, what=msg("planned actions"))
        kept.append(due_records(_ACTIONS, planned, line, found.actions, options))
    checks = (_check(found, seen, options), check_of_counts("baseline_counts", table))
    section = Section((table, days), tuple(kept), checks, (), _notes(found), DEFINITIONS)
    return finished(NAME, TITLE, section, options)


def _links(found: Baseline) -> dict[tuple[int, str], Link]:
    actions = {at: Link(_ACTIONS, block.first, block.count) for at, block in found.of_actions.items() if block.count}
    return links_to(_RECORDS, found.evidence) | actions


def _nothing(options: ReportOptions) -> Section:
    """Return the report where there is nothing to compare, with the word on what is missing."""
    words = msg(
        "There is nothing to compare: say which day with --event 2026-03-01; data must begin before that day, and a "
        "day must have passed since."
    )
    return Section((Table(NAME, TITLE, _columns(options), (), SHEET),), notes=(Note("no_event", NAME, words),),
                   definitions=DEFINITIONS)  # fmt: skip


_SPAN_COLUMNS = (
    Column("span", msg("Span"), "text"), Column("from", msg("From"), "date"), Column("to", msg("Until before"), "date"),
)  # fmt: skip


def _columns(options: ReportOptions) -> tuple[Column, ...]:
    return (
        *group_columns(options.by), Column("figure", msg("Figure"), "text"),
        Column("metric", msg("Key"), "text", minor=True), Column("before", msg("Before the day"), "text"),
        Column("before_n", msg("n before"), "int"), Column("after", msg("From the day on"), "text"),
        Column("after_n", msg("n after"), "int"), Column("change", msg("Change"), "text"),
        Column("low", msg("95 % from"), "rate"), Column("high", msg("95 % to"), "rate"),
        Column("chance", msg("By chance"), "rate"), Column("verdict", msg("Verdict"), "text"),
        Column("verdict_key", msg("Key"), "text", minor=True),
    )  # fmt: skip


def _cells(row: BaselineRow, options: ReportOptions) -> tuple[Cell, ...]:
    return (
        *row.group, METRIC_WORDS[row.metric], row.metric,
        measured_cell(row.metric, row.before, options.min_n), row.before.n,
        measured_cell(row.metric, row.after, options.min_n), row.after.n, value_cell(row.metric, row.change),
        row.low, row.high, row.chance, _VERDICTS[row.verdict], row.verdict,
    )  # fmt: skip


def _check(found: Baseline, seen: tuple[Timeline, Standing], options: ReportOptions) -> Check:
    counted = [(at, row) for at, row in enumerate(found.rows) if row.metric not in ("on_time_rate", "missed_rate")]
    counts = {(at, key): getattr(row, key).n for at, row in counted for key in ("before", "after")}
    sums = {(at, key): {options.currency: round(getattr(row, key).value or 0)} for at, row in counted
            if MEASURES[row.metric].kind == "money" for key in ("before", "after")}  # fmt: skip
    return check_of_records(_RECORDS, seen, found.evidence, counts, sums, options.currency)


def _notes(found: Baseline) -> tuple[Note, ...]:
    notes = [Note("no_cause", NAME, msg(
        "A difference after a day does not say that the day is its reason: season, prices, people and what is recorded "
        "change too."))]  # fmt: skip
    if found.young:
        notes.append(Note("immature", NAME, msg(
            "The span after the day is shorter than most sales cycles (P75 {days} days): conversion and cycle are of "
            "quick deals only.", days=found.cycle_days)))  # fmt: skip
    share = found.open_after
    if share.denominator and share.numerator > OPEN_SHARE_LIMIT * share.denominator:
        notes.append(Note("open_cohort", NAME, msg(
            "{n} of {all} opportunities begun after the day are still open: their conversion is not known yet.",
            n=share.numerator, all=share.denominator)))  # fmt: skip
    return tuple(notes)
