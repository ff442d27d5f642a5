"""The velocity report: what the open pipeline brings in a day at the pace of the last twelve months."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from crmcli.domain.metrics.evidence import Evidence
from crmcli.domain.metrics.period import Period, months_before
from crmcli.domain.metrics.pipelines_apart import apart, open_ones
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline
from crmcli.domain.metrics.velocity import VelocityRow, velocities, velocity_layers
from crmcli.i18n import msg
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.catalogue.left_out import left_out
from crmcli.reports.catalogue.terms import BETWEEN, DAYS
from crmcli.reports.columns import group_columns, yuan
from crmcli.reports.finished import finished
from crmcli.reports.further import further
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Note, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "velocity"
TITLE = msg("Sales velocity")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Sales velocity")
NEEDS: tuple[str, ...] = ("working",)
MONTHS = 12
_BEHIND = "velocity_records"
_PARTS = (
    Column("currency", msg("Currency"), "text"),
    Column("open", msg("Open, qualified"), "int"),
    Column("win_rate", msg("Win rate"), "rate", parts=True),
    Column("mean_won", msg("Mean amount won"), "money"),
    Column("median_days", msg("Median cycle (days)"), "days"),
    Column("velocity", msg("Velocity (a day)"), "money"),
    Column("mean_n", msg("Won with an amount"), "int"),
    Column("cycle_n", msg("Won with a cycle"), "int"),
)

DEFINITIONS = (
    Definition(msg("Sales velocity"), msg(
        "Open qualified opportunities x win rate x mean amount won / median cycle of the won: money a day, in each "
        "currency of its own opportunities. No number where one of the four parts rests on fewer than min_n."),
        ("velocity",)),
    Definition(msg("The four parts"), msg(
        "Open at the as-of time, from the qualified_stage of crm.toml on where one is named; won / (won + lost), mean "
        "known amount and median cycle of those whose last close lies in the {n} months up to and with the as-of day "
        "(or in the period asked for). By owner and team, closed ones count where they were at the close.", n=MONTHS),
        ("open", "win_rate", "mean_won", "median_days", "mean_n", "cycle_n")),
    DAYS,
    BETWEEN,
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the velocity report of the period asked for, else of the last twelve months.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    line = timeline(population)
    seen = line, standing(line, line.moment(options.as_of))
    period = trailing(population, options)
    return finished(NAME, TITLE, velocity_section(seen, period, options), options, period=period)


def trailing(population: Population, options: ReportOptions) -> Period:
    """Return the period asked for, else the twelve months up to and with the as-of day."""
    if not options.period.is_whole_history:
        return options.period
    end = options.as_of.astimezone(ZoneInfo(population.timezone)).date() + timedelta(days=1)
    return Period(months_before(end, MONTHS), end)


def velocity_section(whole: tuple[Timeline, Standing], period: Period, options: ReportOptions) -> Section:
    """Return the velocity of all deals, or of one pipeline's where a stage tells which are qualified."""
    both = apart(whole)
    by_stage = bool(whole[0].stages.qualified_rank)
    seen = both.shown if by_stage else whole
    rows, evidence = velocities(*seen, period, options.min_n, home=options.currency, by=options.by)
    table = Table(NAME, TITLE, (*group_columns(options.by), *_PARTS), tuple(_cells(row) for row in rows), SHEET, None,
                  {at: link for at, link in links_to(_BEHIND, evidence).items() if at[1] != "won"})  # fmt: skip
    table, more = further(table, seen, velocity_layers(*seen, evidence), options)
    kept = records_of(_BEHIND, msg("Records: {title}", title=TITLE), seen, evidence, options)
    charts = (Chart("bar", TITLE, NAME, options.by[0], ("velocity",)),) if len(options.by) == 1 else ()
    section = Section((table,), (kept,), (_check(rows, evidence, seen, options),), charts, _notes(rows), DEFINITIONS)
    section += more
    return section + left_out(both, open_ones, NAME) if by_stage else section


def _cells(row: VelocityRow) -> tuple[Cell, ...]:
    return (
        *row.group, row.currency, row.open, row.rate, yuan(row.mean_won), row.days, yuan(row.velocity), row.priced,
        row.timed,
    )  # fmt: skip


def _check(
    rows: tuple[VelocityRow, ...], evidence: Evidence, seen: tuple[Timeline, Standing], options: ReportOptions
) -> Check:
    counts = {(at, "open"): row.open for at, row in enumerate(rows)}
    counts |= {(at, "win_rate"): row.rate.denominator for at, row in enumerate(rows)}
    counts |= {(at, "won"): row.rate.numerator for at, row in enumerate(rows)}
    return check_of_records(_BEHIND, seen, evidence, counts, {}, options.currency)


def _notes(rows: tuple[VelocityRow, ...]) -> tuple[Note, ...]:
    few = sum(row.velocity is None for row in rows)
    if not few:
        return ()
    return (Note("small_sample", NAME, msg("{n} rows have too few cases in one of the four parts: no number.", n=few)),)
