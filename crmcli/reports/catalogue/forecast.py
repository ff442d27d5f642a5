"""The forecast report: what the open deals promise by month, against the targets."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from crmcli.domain.metrics.forecast import Forecast, ForecastRow, Sums, TargetRow, forecast, forecast_layers
from crmcli.domain.metrics.layers import without_amount
from crmcli.domain.metrics.money import amount_keys
from crmcli.domain.metrics.outlook import CATEGORIES
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline
from crmcli.i18n import Message, msg
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.columns import amount_columns, amounts, currencies_of, group_columns, yuan
from crmcli.reports.finished import finished
from crmcli.reports.further import further
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Note, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "forecast"
TITLE = msg("Forecast")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Forecast")
NEEDS: tuple[str, ...] = ("targets",)

CATEGORY_WORDS: dict[str, Message] = {
    "commit": msg("Commit"), "best_case": msg("Best case"), "pipeline": msg("Pipeline"), "omitted": msg("Omitted"),
    "closed": msg("Won"),
}  # fmt: skip
BUCKET_WORDS: dict[str, Message] = {
    "overdue": msg("Expected close is past"), "no_close_date": msg("No expected close"),
    "no_amount": msg("Amount unknown"), "no_probability": msg("Probability unknown"),
}  # fmt: skip
SOURCE_WORDS: dict[str, Message] = {
    "manual": msg("set on the opportunity"), "history": msg("history of the stage"), "stage": msg("stage's value"),
}  # fmt: skip
_LEVEL_WORDS = {"company": msg("Company"), "team": msg("Team"), "owner": msg("Owner")}
_WORDS = CATEGORY_WORDS | BUCKET_WORDS | SOURCE_WORDS

PROBABILITY = Definition(msg("Probability"), msg(
    "Set on the opportunity by hand; else won / (won + lost + void) of the opportunities of the pipeline that ever "
    "reached its stage, as of the time shown, from 20 closed ones on; else the stage's value copied when it was "
    "entered. An unknown one is neither 0 nor 100 %. Each record says which of them it has."),
    ("weighted", "probability", "probability_source"), ("forecast",))  # fmt: skip
DEFINITIONS = (
    Definition(msg("Forecast"), msg(
        "Open opportunities at the as-of time by the month of their expected close; won ones by the month of their "
        "close. Lost and void ones are never in it."), ("month", "n", "amount", "won", "amount_won"), ("forecast",)),
    PROBABILITY,
    Definition(msg("Not in the forecast"), msg(
        "Open opportunities without an expected close, with one before the as-of day, without an amount, or without a "
        "probability, each in the first of these that fits. They stand apart and are in no month, sum or coverage."),
        ("bucket", "n", "amount", "no_amount"), ("forecast_buckets",)),
    Definition(msg("Categories"), msg(
        "The forecast category that crm.toml gives to the present stage, single; cumulative: won + commit, then + best "
        "case, then + pipeline. Omitted is in no cumulative figure."),
        (*CATEGORIES, "commit_cumulative", "best_case_cumulative", "pipeline_cumulative"), ("forecast",)),
    Definition(msg("Target, gap and coverage"), msg(
        "Gap: target - won. Coverage: open amount (weighted, unweighted) / gap, empty where nothing is left to win. A "
        "month has a target only where one is set for exactly that month; all targets are in the table of targets. A "
        "team's is its own, else the sum of its owners'; the company's its own, else the sum of the teams' and of the "
        "owners without a team. A [[target]] of crm.toml goes before one of a sheet for the same days."),
        ("target", "target_count", "gap", "coverage", "coverage_weighted", "attainment"), ("forecast",)),
    Definition(msg("Won and open of a target"), msg(
        "Won: the last close lies in the target's days and still holds, with the owner at the close. Open: those of "
        "the forecast that are expected to close in these days. Amounts are those in the workspace's currency. "
        "Attained: amount won / target."), ("won", "amount_won", "n", "amount", "attainment"), ("forecast_targets",)),
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the forecast report; a period asked for is taken in whole months.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    line = timeline(population)
    seen = line, standing(line, line.moment(options.as_of))
    return finished(NAME, TITLE, forecast_section(seen, options), options)


def forecast_section(seen: tuple[Timeline, Standing], options: ReportOptions) -> Section:
    """Return the forecast by month, what is left out of it, and the targets."""
    today = options.as_of.astimezone(ZoneInfo(seen[0].population.timezone)).date()
    by = tuple(key for key in options.by if key != "month")
    found = forecast(*seen, today, options.period, home=options.currency, by=by)
    layers = forecast_layers(seen[0], found, options.currency)
    main, more = further(_months(found, by, options), seen, layers, options)
    left = (without_amount(seen[0], found.behind_buckets, "n"),)
    buckets, others = further(_buckets(found, by, options), seen, left, options)
    tables = [main, buckets]
    tables += [_targets(found)] if found.targets else []
    behind = {"forecast": found.behind_rows, "forecast_buckets": found.behind_buckets}
    behind |= {"forecast_targets": found.behind_targets} if found.targets else {}
    kept = tuple(
        records_of(f"{table.name}_records", msg("Records: {title}", title=table.title), seen, behind[table.name],
                   options, _WORDS)
        for table in tables
    )  # fmt: skip
    values = ("amount_won", *CATEGORIES)
    chart = Chart("stacked", TITLE, NAME, "month", values, "target" if found.targets else None)
    charts = () if by or not found.rows else (chart,)
    return (
        Section(tuple(tables), kept, _checks(found, seen, options), charts, _notes(found), DEFINITIONS) + more + others
    )


def _months(found: Forecast, by: tuple[str, ...], options: ReportOptions) -> Table:
    home = options.currency
    codes = currencies_of((row.amounts for row in found.rows), home)
    columns = (
        *group_columns(by), Column("month", msg("Month"), "text"), Column("n", msg("Open"), "int"),
        *amount_columns(home, codes, msg("Open amount")),
        *amount_columns(home, codes, msg("Weighted amount"), "weighted"), Column("won", msg("Won"), "int"),
        *amount_columns(home, codes, msg("Amount won"), "amount_won"),
        *(column for key in CATEGORIES for column in amount_columns(home, codes, CATEGORY_WORDS[key], key)),
        *_AGAINST,
        *(Column(f"{key}_cumulative", msg("{category}, cumulative", category=CATEGORY_WORDS[key]), "money", minor=True)
          for key in CATEGORIES[:-1]),
    )  # fmt: skip
    cells = tuple(_month_cells(row, home) for row in found.rows)
    shared = found.behind_rows.shared(
        amount=amount_keys(home, codes).values(), weighted=amount_keys(home, codes, "weighted").values(),
        amount_won=(*amount_keys(home, codes, "amount_won").values(), "gap"), n=("coverage", "coverage_weighted"),
    )  # fmt: skip
    links = links_to("forecast_records", shared)
    return Table(NAME, TITLE, columns, cells, SHEET, _total(found, by, codes), links)


_AGAINST = (
    Column("target", msg("Target"), "money"), Column("gap", msg("Gap"), "money"),
    Column("coverage_weighted", msg("Coverage, weighted"), "rate"), Column("coverage", msg("Coverage"), "rate"),
)  # fmt: skip


def _month_cells(row: ForecastRow, home: str) -> tuple[Cell, ...]:
    target = row.target.amount_fen if row.target else None
    return (
        *row.group, row.month, row.n, *amounts(row.amounts), *amounts(row.weighted), row.won,
        *amounts(row.amounts_won), *(cell for key in CATEGORIES for cell in amounts(row.categories[key])),
        *_against(target, row.amounts_won[home] or 0, row.weighted[home] or 0, row.amounts[home] or 0),
        *_cumulative(row, home),
    )  # fmt: skip


def _cumulative(row: ForecastRow, home: str) -> list[Cell]:
    """Return won + commit, + best case, + pipeline, in the workspace's currency."""
    running, cells = row.amounts_won[home] or 0, []
    for key in CATEGORIES[:-1]:
        running += row.categories[key][home] or 0
        cells.append(yuan(running))
    return [*cells]


def _against(target: int | None, won: int, weighted: int, amount: int) -> tuple[Cell, ...]:
    """Return target, gap and both coverages; no coverage where nothing is left to win."""
    if target is None:
        return (None, None, None, None)
    gap = target - won
    covered = (weighted / gap, amount / gap) if gap > 0 else (None, None)
    return (yuan(target), yuan(gap), *covered)


def _total(found: Forecast, by: tuple[str, ...], codes: tuple[str, ...]) -> tuple[Cell, ...]:
    def added(sums: Iterable[Sums]) -> Iterable[Cell]:
        listed = list(sums)
        return [yuan(sum(one.get(code) or 0 for one in listed)) for code in codes]

    rows = found.rows
    return (
        *("",) * len(by), msg("Total"), sum(row.n for row in rows), *added(row.amounts for row in rows),
        *added(row.weighted for row in rows), sum(row.won for row in rows), *added(row.amounts_won for row in rows),
        *(cell for key in CATEGORIES for cell in added(row.categories[key] for row in rows)),
        *(None,) * (len(CATEGORIES) - 1 + len(_AGAINST)),
    )  # fmt: skip


def _buckets(found: Forecast, by: tuple[str, ...], options: ReportOptions) -> Table:
    codes = currencies_of((row.amounts for row in found.buckets), options.currency)
    columns = (
        *group_columns(by), Column("why", msg("Not in the forecast"), "text"),
        Column("bucket", msg("Key"), "text", minor=True), Column("n", msg("Open"), "int"),
        *amount_columns(options.currency, codes, msg("Amount")), Column("no_amount", msg("Amount unknown"), "int"),
    )  # fmt: skip
    rows = tuple(
        (*row.group, BUCKET_WORDS[row.bucket], row.bucket, row.n, *amounts(row.amounts), row.no_amount)
        for row in found.buckets
    )
    shared = found.behind_buckets.shared(amount=amount_keys(options.currency, codes).values())
    links = links_to("forecast_buckets_records", shared)
    return Table("forecast_buckets", msg("Open, but not in the forecast"), columns, rows, SHEET, None, links)


def _targets(found: Forecast) -> Table:
    columns = (
        Column("whose", msg("Whose"), "text"), Column("level", msg("Key"), "text", minor=True),
        Column("who", msg("Name"), "text"),
        Column("period", msg("Period"), "text"), Column("won", msg("Won"), "int"),
        Column("target_count", msg("Target, number"), "int"), Column("amount_won", msg("Amount won"), "money"),
        *_AGAINST[:2], Column("attainment", msg("Attained"), "rate"), Column("n", msg("Open"), "int"),
        Column("amount", msg("Open amount"), "money"), Column("weighted", msg("Weighted amount"), "money"),
        *_AGAINST[2:], Column("where", msg("Target from"), "text", minor=True),
    )  # fmt: skip
    return Table("forecast_targets", msg("Targets"), columns, tuple(_target_cells(row) for row in found.targets),
                 msg("Targets"), None, links_to("forecast_targets_records", found.behind_targets.shared(
                     won=("gap", "attainment"), n=("coverage", "coverage_weighted"))))  # fmt: skip


def _target_cells(row: TargetRow) -> tuple[Cell, ...]:
    wanted = row.wanted
    target, gap, weighted, plain = _against(wanted.amount_fen, row.amount_won, row.weighted, row.amount)
    attained = row.amount_won / wanted.amount_fen if wanted.amount_fen else None
    where = ", ".join(dict.fromkeys(part.where for part in wanted.parts))
    return (
        _LEVEL_WORDS[wanted.level], wanted.level, wanted.who, wanted.period, row.won, wanted.count,
        yuan(row.amount_won), target, gap, attained, row.n, yuan(row.amount), yuan(row.weighted), weighted, plain,
        where,
    )  # fmt: skip


def _checks(found: Forecast, seen: tuple[Timeline, Standing], options: ReportOptions) -> tuple[Check, ...]:
    placed = sum(row.n for row in found.rows)
    apart = sum(row.n for row in found.buckets)
    total = Check("forecast_open", found.open == placed + apart + found.outside, msg(
        "{n} open = {placed} in the months + {apart} apart + {outside} outside the period",
        n=found.open, placed=placed, apart=apart, outside=found.outside))  # fmt: skip
    counts = {(at, key): getattr(row, key) for at, row in enumerate(found.rows) for key in ("n", "won")}
    sums = {(at, "amount"): row.amounts for at, row in enumerate(found.rows) if row.n}
    sums |= {(at, "amount_won"): row.amounts_won for at, row in enumerate(found.rows) if row.won}
    for_buckets = {(at, "n"): row.n for at, row in enumerate(found.buckets)}
    bucket_sums = {(at, "amount"): row.amounts for at, row in enumerate(found.buckets) if row.n}
    for_targets = {(at, key): getattr(row, key) for at, row in enumerate(found.targets) for key in ("n", "won")}
    target_sums = {(at, key): {options.currency: getattr(row, key)} for at, row in enumerate(found.targets)
                   for key in ("amount", "amount_won")}  # fmt: skip
    return (
        total,
        check_of_records("forecast_records", seen, found.behind_rows, counts, sums, options.currency),
        check_of_records(
            "forecast_buckets_records", seen, found.behind_buckets, for_buckets, bucket_sums, options.currency
        ),
        check_of_records(
            "forecast_targets_records", seen, found.behind_targets, for_targets, target_sums, options.currency
        ),
    )


def _notes(found: Forecast) -> tuple[Note, ...]:
    notes = []
    if found.outside:
        notes.append(Note("outside_period", NAME, msg(
            "{n} open opportunities are expected to close outside the months shown.", n=found.outside)))  # fmt: skip
    apart = sum(row.n for row in found.buckets)
    if apart:
        notes.append(Note("not_in_forecast", NAME, msg(
            "{n} open opportunities stand apart: no date, a date that is past, no amount or no probability.",
            n=apart)))  # fmt: skip
    if found.sources:
        notes.append(Note("probability_source", NAME, msg("Probabilities: {sources}.", sources=[
            f"{SOURCE_WORDS[key]} {number}" for key, number in found.sources.items()])))  # fmt: skip
    return tuple(notes)
