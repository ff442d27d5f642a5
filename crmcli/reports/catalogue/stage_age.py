"""The stage age report: how long deals stay in each stage, and which have been there for too long."""

from __future__ import annotations

from functools import partial

from crmcli.domain.metrics.evidence import Evidence
from crmcli.domain.metrics.gaps import empty
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.pipelines_apart import Apart, apart, open_ones
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.stage_age import (
    FINISHED,
    FROM_SETTINGS,
    FROM_WON,
    RUNNING,
    UNKNOWN_AGE,
    UNKNOWN_LENGTH,
    WON_ENOUGH,
    OverAge,
    StageAgeRow,
    stage_ages,
)
from crmcli.domain.metrics.timeline import OPEN, Standing, Timeline, standing, timeline
from crmcli.domain.metrics.visits import visits
from crmcli.i18n import Message, coded, msg
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.catalogue.left_out import left_out, titled
from crmcli.reports.catalogue.terms import AMOUNTS, BETWEEN, DAYS, QUANTILE
from crmcli.reports.columns import group_columns
from crmcli.reports.deal_rows import cut, deal_table
from crmcli.reports.finished import finished
from crmcli.reports.further import further
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Note, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "stage-age"
TITLE = msg("Time in stages")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Time in stages")
NEEDS: tuple[str, ...] = ("working",)
MAIN, OVER = "stage_age", "over_age"
_BEHIND = "stage_age_records"
_WORDS: dict[str, Message] = {
    FINISHED: msg("finished"),
    UNKNOWN_LENGTH: msg("finished, length unknown"),
    RUNNING: msg("running"),
    UNKNOWN_AGE: msg("running, age unknown"),
}
_SOURCES: dict[str | None, Message] = {
    FROM_WON: coded(FROM_WON, msg("P75 of won opportunities")),
    FROM_SETTINGS: coded(FROM_SETTINGS, msg("max_days of the stage")),
}
_FIGURES = (
    Column("stage", msg("Stage"), "text"),
    Column("n", msg("Finished visits"), "int"),
    Column("median_days", msg("Median days"), "days"),
    Column("p75_days", msg("P75 days"), "days"),
    Column("current", msg("There now"), "int"),
    Column("current_median_days", msg("There now: median days"), "days"),
    Column("current_max_days", msg("There now: longest"), "days"),
    Column("over_age", msg("Over age"), "int"),
    Column("limit_days", msg("Limit (days)"), "days"),
    Column("limit_source", msg("Limit from"), "text"),
    Column("deals", msg("Opportunities that left"), "int", minor=True),
    Column("latest_median_days", msg("Latest visit: median days"), "days", minor=True),
    Column("cumulative_median_days", msg("All visits together: median days"), "days", minor=True),
    Column("unknown", msg("Finished, length unknown"), "int", minor=True),
    Column("current_unknown", msg("There now, age unknown"), "int"),
)
_LISTED = (
    Column("stage", msg("Stage"), "text"),
    Column("entered", msg("In the stage since"), "date"),
    Column("days", msg("Days"), "days"),
    Column("limit_days", msg("Limit (days)"), "days"),
    Column("over_days", msg("Days over"), "days"),
    Column("limit_source", msg("Limit from"), "text"),
)

DEFINITIONS = (
    Definition(msg("Visit"), msg(
        "The time from the entry of a stage to the next move, also a step back or an end. Finished visits are those "
        "that ended in [from, to); those that still run at the as-of time stand apart and are in no median of finished "
        "ones."), ("n", "median_days", "p75_days", "current", "current_median_days", "current_max_days")),
    Definition(msg("Latest visit, all visits together"), msg(
        "By opportunity, of those that are in the stage no longer and all of whose visits have a known length: its "
        "latest visit, and the sum of its visits."), ("deals", "latest_median_days", "cumulative_median_days")),
    Definition(msg("Length unknown"), msg(
        "A visit whose beginning or end is unknown, only read off a present stage, or inferred: counted, in no "
        "median."), ("unknown", "current_unknown")),
    Definition(msg("Over age"), msg(
        "A running visit that has lasted longer than the limit: the P75 of all finished visits of won opportunities in "
        "the stage up to the as-of time where there are at least {n}, else max_days of the stage in crm.toml, else "
        "there is none.", n=WON_ENOUGH), ("over_age", "limit_days", "limit_source")),
    Definition(msg("Days over"), msg("Days that the running visit has lasted so far, and these less the limit."),
        ("days", "over_days"), ("over_age",)),
    AMOUNTS,
    QUANTILE,
    DAYS,
    BETWEEN,
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the stage age report.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    line = timeline(population)
    both = apart((line, standing(line, line.moment(options.as_of))))
    return finished(NAME, titled(TITLE, line.stages), stage_age_section(both, options.period, options), options)


def stage_age_section(both: Apart, period: Period, options: ReportOptions) -> Section:
    """Return how long the shown pipeline's deals stayed in each stage, and those there for too long."""
    seen, title = both.shown, titled(TITLE, both.shown[0].stages)
    every = visits(*seen, working_days=options.working_days)
    rows, evidence, left, over = stage_ages(*seen, every, period, options.min_n, options.by)
    table = Table(MAIN, title, (*group_columns(options.by), *_FIGURES), tuple(_cells(row) for row in rows), SHEET, None,
                  links_to(_BEHIND, evidence))  # fmt: skip
    table, more = further(table, seen, (left,), options)
    words = msg("Over age: {title}", title=title)
    listed = deal_table(OVER, words, msg("Over age"), _LISTED, seen[0], over, partial(map, _told), options)
    kept = records_of(_BEHIND, msg("Records: {title}", title=title), seen, evidence, options, _WORDS)
    charts = () if options.by else (Chart("bar", title, MAIN, "stage", ("median_days",)),)
    return Section((table, listed), (kept,), _checks(rows, evidence, over, seen, options), charts,
                   _notes(rows, over, seen, options), DEFINITIONS) + more + left_out(both, open_ones, MAIN)  # fmt: skip


def _cells(row: StageAgeRow) -> tuple[Cell, ...]:
    return (
        *row.group, row.stage, row.n, row.median, row.p75, row.current, row.current_median, row.current_max,
        row.over_age, row.limit.days, _SOURCES.get(row.limit.source), row.deals, row.latest, row.cumulative,
        row.unknown, row.current_unknown,
    )  # fmt: skip


def _told(one: OverAge) -> tuple[int, tuple[Cell, ...]]:
    over = round(one.days - (one.limit.days or 0), 2)
    since = one.entered.astype("datetime64[D]").item()
    return one.deal, (one.stage, since, one.days, one.limit.days, over, _SOURCES[one.limit.source])


def _checks(
    rows: tuple[StageAgeRow, ...], evidence: Evidence, over: tuple[OverAge, ...], seen: tuple[Timeline, Standing],
    options: ReportOptions,
) -> tuple[Check, ...]:  # fmt: skip
    line, stand = seen
    last = stand.last[(stand.status == OPEN) & (stand.last >= 0)]
    there, added = int((~empty(line.stage[last])).sum()), sum(row.current + row.current_unknown for row in rows)
    total = sum(row.over_age or 0 for row in rows)
    counts = {(at, key): getattr(row, key) or 0 for at, row in enumerate(rows)
              for key in ("n", "unknown", "current", "current_unknown", "over_age")}  # fmt: skip
    return (
        Check("stage_age_open", there == added, msg("{n} in a stage now, {added} in the rows", n=there, added=added)),
        Check("stage_age_over", total == len(over), msg("{n} over age, {added} listed", n=total, added=len(over))),
        check_of_records(_BEHIND, seen, evidence, counts, {}, options.currency),
    )


def _notes(
    rows: tuple[StageAgeRow, ...], over: tuple[OverAge, ...], seen: tuple[Timeline, Standing], options: ReportOptions
) -> tuple[Note, ...]:
    notes = []
    unknown = sum(row.unknown + row.current_unknown for row in rows)
    if unknown:
        notes.append(Note("left_out", MAIN, msg(
            "{n} visits have a beginning or an end that is unknown or inferred; no median has them.", n=unknown,
        )))  # fmt: skip
    nowhere = int(((seen[1].status == OPEN) & (seen[1].last < 0)).sum())
    if nowhere:
        notes.append(Note("stage_unknown", MAIN, msg(
            "{n} open opportunities have no stage; they are in no row.", n=nowhere)))  # fmt: skip
    few = sum(0 < row.n < options.min_n for row in rows)
    if few:
        notes.append(Note("small_sample", MAIN, msg(
            "{n} rows have fewer than {min_n} cases: no days are printed.", n=few, min_n=options.min_n)))  # fmt: skip
    return (*notes, *cut(OVER, len(over), options))
