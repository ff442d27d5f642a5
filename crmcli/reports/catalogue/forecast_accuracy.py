"""The forecast's accuracy: what it said when each month began, against what was won in it."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from crmcli.domain.metrics.forecast_accuracy import (
    Accuracy,
    AccuracyRow,
    OwnerAccuracy,
    accuracy,
    whole_months,
)
from crmcli.domain.metrics.forecast_accuracy_layers import Deals, Part, accuracy_layers
from crmcli.domain.metrics.layers import Layer
from crmcli.domain.metrics.money import currencies
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.timeline import WON, Standing, Timeline, standing, timeline
from crmcli.i18n import msg
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.catalogue.forecast import PROBABILITY
from crmcli.reports.columns import group_columns, yuan
from crmcli.reports.finished import finished
from crmcli.reports.further import further
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Note, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "forecast-accuracy"
TITLE = msg("Forecast accuracy")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Forecast accuracy")
NEEDS: tuple[str, ...] = ("moves", "by_hand", "staff")
_MAIN, _RECORDS = "forecast_accuracy", "forecast_accuracy_records"
_COUNTS = ("n", "actual_n", "slipped_n", "lost_n", "unforeseen_n")

DEFINITIONS = (
    Definition(msg("Forecast of a month"), msg(
        "Weighted amount of the opportunities that were open when the month (the week) began and were expected to "
        "close in the rest of it, with what had been won in the month before. The months are those that are over: of "
        "the period asked for, else the last twelve."), ("forecast", "n", "amount", "won_before")),
    Definition(msg("Rebuilt"), msg(
        "Past forecasts are rebuilt: stages, amounts, owners, expected closes and probabilities set by hand are those "
        "of that time, histories of stages count what was closed by then. What was copied at entry to a stage that was "
        "left since is the stage's present value.")),
    Definition(msg("Actual"), msg(
        "Won in the month by the last close, as known now, at present amounts."), ("actual", "actual_n")),
    Definition(msg("Error, bias, WAPE"), msg(
        "Error: forecast - actual. Bias: sum of errors / sum of actuals; above 0 the forecast was too high. WAPE: sum "
        "of the months' errors without their sign / sum of actuals, by owner: forecasts count for the owner of that "
        "time, wins for the owner at the close."), ("error", "error_share", "bias", "wape")),
    Definition(msg("Months"), msg("How many months the owner's sums are of."), ("months",)),
    Definition(msg("Slipped"), msg(
        "Expected in the month when it began and still open when it was over, at the amount of then. Unforeseen: won "
        "in the month without being in its forecast."), ("slipped", "slipped_n", "unforeseen", "unforeseen_n")),
    Definition(msg("Lost or void"), msg("Expected in the month when it began, and lost or void when it was over."),
        ("lost_n",)),
    PROBABILITY,
)  # fmt: skip
_ERRORS = (
    Column("forecast", msg("Forecast"), "money"), Column("actual", msg("Actual"), "money"),
    Column("error", msg("Error"), "money"),
)  # fmt: skip
_SHARE = Column("error_share", msg("Error of actual"), "rate")
_SLIPPED = (Column("slipped_n", msg("Slipped, number"), "int"), Column("slipped", msg("Slipped"), "money"))


def build(population: Population, options: ReportOptions) -> Report:
    """Return the report on the forecast's accuracy.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    line = timeline(population)
    seen = line, standing(line, line.moment(options.as_of))
    today = options.as_of.astimezone(ZoneInfo(population.timezone)).date()
    by = tuple(key for key in options.by if key != "month")
    months = whole_months(options.period, today)
    found = accuracy(*seen, months, home=options.currency, by=by, week_starts=options.week_starts)
    made: tuple[tuple[Part, Table], ...] = (
        ("months", _months(found, by)), ("weeks", _weeks(found)), ("owners", _owners(found)),
    )  # fmt: skip
    told = [further(table, seen, _layers(table, found.behind[part]), options) for part, table in made]
    tables = tuple(table for table, _more in told)
    kept = records_of(_RECORDS, msg("Records: {title}", title=TITLE), seen, found.evidence, options)
    charts = () if by or not months else (Chart("line", TITLE, _MAIN, "month", ("forecast", "actual")),)
    section = Section(tables, (kept,), _checks(found, seen, options), charts, _notes(seen, options), DEFINITIONS)
    for _table, more in told:
        section += more
    return finished(NAME, TITLE, section, options)


def _layers(table: Table, behind: list[tuple[int, Deals]]) -> Iterator[Layer]:
    """Return the layers of the columns that the table has and that lead nowhere yet."""
    columns = {column.key for column in table.columns}
    linked = {key for _row, key in table.links}
    return (layer for layer in accuracy_layers(behind) if layer.key in columns - linked)


def _months(found: Accuracy, by: tuple[str, ...]) -> Table:
    columns = (
        *group_columns(by), Column("month", msg("Month"), "text"), Column("n", msg("Expected, number"), "int"),
        Column("amount", msg("Expected, unweighted"), "money"), *_ERRORS, _SHARE,
        Column("actual_n", msg("Won"), "int"), *_SLIPPED, Column("lost_n", msg("Lost or void"), "int"),
        Column("unforeseen_n", msg("Unforeseen, number"), "int"), Column("unforeseen", msg("Unforeseen"), "money"),
    )  # fmt: skip
    rows = tuple(
        (*row.group, row.month, row.n, yuan(row.amount), *_errors(row), row.actual_n, row.slipped_n, yuan(row.slipped),
         row.lost_n, row.unforeseen_n, yuan(row.unforeseen))
        for row in found.months
    )  # fmt: skip
    return Table(
        _MAIN,
        TITLE,
        columns,
        rows,
        SHEET,
        None,
        {at: link for at, link in links_to(_RECORDS, found.evidence).items() if at[1] in ("actual_n", "lost_n")},
    )


def _errors(row: AccuracyRow) -> tuple[Cell, ...]:
    return (yuan(row.forecast), yuan(row.actual), yuan(row.error), row.error / row.actual if row.actual else None)


def _weeks(found: Accuracy) -> Table:
    columns = (
        Column("month", msg("Month"), "text"), Column("day", msg("Forecast of"), "date"),
        Column("n", msg("Expected, number"), "int"), Column("won_before", msg("Won before"), "money"), *_ERRORS, _SHARE,
    )  # fmt: skip
    rows = tuple((row.month, row.day, row.n, yuan(row.won_before), *_errors(row)) for row in found.weeks)
    return Table("weeks", msg("Forecast by week"), columns, rows, SHEET)


def _owners(found: Accuracy) -> Table:
    columns = (
        Column("owner", msg("Owner"), "text"), Column("months", msg("Months"), "int"), *_ERRORS,
        Column("bias", msg("Bias"), "rate"), Column("wape", msg("WAPE"), "rate"), *_SLIPPED,
    )  # fmt: skip
    return Table("owners", msg("By owner"), columns, tuple(_owner_cells(row) for row in found.owners), SHEET)


def _owner_cells(row: OwnerAccuracy) -> tuple[Cell, ...]:
    return (
        *row.group, row.months, yuan(row.forecast), yuan(row.actual), yuan(row.error), row.bias, row.wape,
        row.slipped_n, yuan(row.slipped),
    )  # fmt: skip


def _checks(found: Accuracy, seen: tuple[Timeline, Standing], options: ReportOptions) -> tuple[Check, ...]:
    counts = {(at, key): getattr(row, key) for at, row in enumerate(found.months) for key in _COUNTS}
    sums = {(at, "actual_n"): {options.currency: row.actual} for at, row in enumerate(found.months)}
    whole = sum(row.actual for row in found.months), sum(row.forecast for row in found.months)
    owned = sum(row.actual for row in found.owners), sum(row.forecast for row in found.owners)
    return (
        check_of_records(_RECORDS, seen, found.evidence, counts, sums, options.currency),
        Check("forecast_accuracy_owners", whole == owned, msg("The owners' sums are the months' sums")),
    )


def _notes(seen: tuple[Timeline, Standing], options: ReportOptions) -> tuple[Note, ...]:
    words = msg("Past forecasts are rebuilt from the history; `report quality` compares stored snapshots with it.")
    notes = [Note("rebuilt", _MAIN, words)]
    won = (seen[1].status == WON).nonzero()[0]
    foreign = int((currencies(seen[0], won, options.currency)[1] > 0).sum())
    if foreign:
        notes.append(Note("other_currencies", _MAIN, msg(
            "{n} won opportunities in other currencies than {currency} are left out.", n=foreign,
            currency=options.currency)))  # fmt: skip
    return tuple(notes)
