"""The sales cycle report: how many days deals took to be won, and to be lost."""

from __future__ import annotations

from crmcli.domain.metrics.closings import closed_in
from crmcli.domain.metrics.cycle import BACKWARDS, INFERRED, UNDATED, UNQUALIFIED, CycleRow, cycles, why_left_out
from crmcli.domain.metrics.evidence import Evidence
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.pipelines_apart import apart
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.timeline import LOST, WON, Standing, Timeline, standing, timeline
from crmcli.i18n import Message, msg
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.catalogue.left_out import left_out
from crmcli.reports.catalogue.terms import BETWEEN, DAYS, QUANTILE
from crmcli.reports.columns import group_columns
from crmcli.reports.finished import finished
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Note, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "cycle"
TITLE = msg("Sales cycle")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Sales cycle")
NEEDS: tuple[str, ...] = ("working",)
_WHY: dict[str, Message] = {
    UNDATED: msg("a date is unknown"),
    INFERRED: msg("a date is inferred"),
    UNQUALIFIED: msg("never qualified"),
    BACKWARDS: msg("closed before it began"),
}
_DAYS = (
    Column("median_days", msg("Median days"), "days"),
    Column("p75_days", msg("P75 days"), "days"),
    Column("mean_days", msg("Mean days"), "days"),
    Column("excluded", msg("Left out"), "int"),
)
_OF_DAYS = ("median_days", "p75_days", "mean_days")

DEFINITIONS = (
    Definition(msg("Sales cycle"), msg(
        "Days from the start (creation or engagement, else the first event) to the close, of the opportunities whose "
        "last close lies in [from, to) and still holds: won and lost apart, void ones in neither. Where crm.toml names "
        "a qualified_stage of the pipeline, they count from the first entry of that stage or a later one."),
        ("outcome", "n", "median_days", "p75_days", "mean_days")),
    Definition(msg("Left out"), msg(
        "Closed opportunities of which the start or the close is unknown or only inferred, that closed before they "
        "began, or that never came to the qualified stage: counted, in no median, percentile or mean."), ("excluded",)),
    QUANTILE,
    DAYS,
    BETWEEN,
)  # fmt: skip
_WORKING = Definition(msg("Working days"), msg(
    "Days after the first day up to the last that are working days by the calendar of [assign] holidays in crm.toml; "
    "without one every day is."))  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the sales cycle report.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    line = timeline(population)
    seen = line, standing(line, line.moment(options.as_of))
    return finished(NAME, TITLE, cycle_section(seen, options.period, options), options)


def cycle_section(whole: tuple[Timeline, Standing], period: Period, options: ReportOptions) -> Section:
    """Return the days that the deals won or lost in `period` took; those of one pipeline where a stage begins them."""
    both = apart(whole)
    by_stage = bool(whole[0].stages.qualified_rank)
    seen = both.shown if by_stage else whole
    rows, evidence = cycles(*seen, period, options.min_n, by=options.by, working_days=options.working_days)
    title = msg("{title} in working days", title=TITLE) if options.working_days else TITLE
    columns = (
        *group_columns(options.by), Column("outcome", msg("Outcome"), "text"), Column("n", msg("Counted"), "int"),
        *_DAYS,
    )  # fmt: skip
    table = Table(NAME, title, columns, tuple(_cells(row) for row in rows), SHEET, None,
                  links_to("cycle_records", evidence.shared(n=_OF_DAYS)))  # fmt: skip
    kept = records_of("cycle_records", msg("Records: {title}", title=title), seen, evidence, options, _WHY)
    definitions = (*DEFINITIONS, _WORKING) if options.working_days else DEFINITIONS
    section = Section((table,), (kept,), _checks(rows, evidence, seen, period, options), _charts(rows, title, options),
                      _notes(why_left_out(evidence), evidence, options), definitions)  # fmt: skip
    if not options.by:
        section += _trend(seen, period, options)
    return section + left_out(both, lambda _line, stand: closed_in(stand, period), NAME) if by_stage else section


def _cells(row: CycleRow) -> tuple[Cell, ...]:
    return (*row.group, row.outcome, row.n, row.median, row.p75, row.mean, row.excluded)


def _trend(seen: tuple[Timeline, Standing], period: Period, options: ReportOptions) -> Section:
    """Return the cycle of won deals month by month."""
    rows, evidence = cycles(*seen, period, options.min_n, by=("month",), working_days=options.working_days)
    of_won = [at for at, row in enumerate(rows) if row.outcome == seen[0].stages.won]
    won, behind = [rows[at] for at in of_won], evidence.only_rows(of_won)
    title = msg("Sales cycle of won opportunities by month")
    cells = tuple((*row.group, row.n, row.median, row.p75, row.mean, row.excluded) for row in won)
    table = Table("trend", title, (*group_columns(("month",)), Column("n", msg("Won"), "int"), *_DAYS), cells, SHEET,
                  None, links_to("trend_records", behind.shared(n=_OF_DAYS)))  # fmt: skip
    kept = records_of("trend_records", msg("Records: {title}", title=title), seen, behind, options, _WHY)
    counts = {(at, key): getattr(row, key) for at, row in enumerate(won) for key in ("n", "excluded")}
    check = check_of_records("trend_records", seen, behind, counts, {}, options.currency)
    charts = (Chart("line", title, "trend", "month", ("median_days", "p75_days")),) if len(won) > 1 else ()
    return Section((table,), (kept,), (check,), charts)


def _charts(rows: tuple[CycleRow, ...], title: Message, options: ReportOptions) -> tuple[Chart, ...]:
    if options.by or not any(row.median is not None for row in rows):
        return ()
    return (Chart("bar", title, NAME, "outcome", ("median_days",)),)


def _checks(
    rows: tuple[CycleRow, ...], evidence: Evidence, seen: tuple[Timeline, Standing], period: Period,
    options: ReportOptions,
) -> tuple[Check, ...]:  # fmt: skip
    status = seen[1].status[closed_in(seen[1], period)]
    closed, added = int(((status == WON) | (status == LOST)).sum()), sum(row.n + row.excluded for row in rows)
    counts = {(at, key): getattr(row, key) for at, row in enumerate(rows) for key in ("n", "excluded")}
    return (
        Check("cycle_closed", closed == added, msg("{n} won or lost, {added} in the rows", n=closed, added=added)),
        check_of_records("cycle_records", seen, evidence, counts, {}, options.currency),
    )


def _notes(left: list[str | None], evidence: Evidence, options: ReportOptions) -> tuple[Note, ...]:
    found = {str(words): number for reason, words in _WHY.items() if (number := left.count(reason))}
    notes = [Note("left_out", NAME, msg(
        "{n} closed opportunities are left out of the days: {reasons}", n=sum(found.values()),
        reasons=[f"{words}: {number}" for words, number in found.items()],
    ))] if found else []  # fmt: skip
    few = sum(0 < block.count < options.min_n for (_row, key), block in evidence.blocks.items() if key == "n")
    if few:
        notes.append(Note("small_sample", NAME, msg(
            "{n} rows have fewer than {min_n} cases: no days are printed.", n=few, min_n=options.min_n)))  # fmt: skip
    return tuple(notes)
