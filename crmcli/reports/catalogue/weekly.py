"""The weekly report: the last complete week beside the one before, rates over longer spans, the outlook."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from crmcli.domain.metrics.both_ends import both_ends
from crmcli.domain.metrics.evidence import RECORDS_LIMIT
from crmcli.domain.metrics.money import amount_keys
from crmcli.domain.metrics.period import WHOLE_HISTORY, Period, last_week_end, months_before, trailing_weeks
from crmcli.domain.metrics.pipelines_apart import Apart, apart
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline
from crmcli.domain.metrics.weekly_counts import FIGURES, WeekRow, weekly_counts
from crmcli.domain.metrics.winrate import win_rates
from crmcli.i18n import Message, msg
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.catalogue.changes import changes_section
from crmcli.reports.catalogue.forecast import forecast_section
from crmcli.reports.catalogue.funnel import funnel_section
from crmcli.reports.catalogue.loss import loss_section
from crmcli.reports.catalogue.pipeline import pipeline_section
from crmcli.reports.catalogue.rep import rep_section
from crmcli.reports.catalogue.stalled import stalled_section
from crmcli.reports.catalogue.weekly_story import story
from crmcli.reports.catalogue.winrate import winrate_section
from crmcli.reports.columns import amount_columns, amounts, yuan
from crmcli.reports.finished import finished
from crmcli.reports.further import further
from crmcli.reports.model import Chart, Column, Definition, Headline, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "weekly"
TITLE = msg("Weekly sales report")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Week by week")
NEEDS: tuple[str, ...] = ("moves", "targets", "activities", "plans", "max_plan_days", "working")
WEEKS = 13
MONTHS = 12
LISTED = 3_000
"""Records that each list has, unless all are asked for: there are many lists, and most readers look at the first."""

WORDS: dict[str, Message] = {
    "created": msg("Begun"),
    "won": msg("Won"),
    "lost": msg("Lost"),
    "void": msg("Void"),
    "open": msg("Open at week's end"),
}
AMOUNT_WORDS: dict[str, Message] = {
    "created": msg("Amount begun"),
    "won": msg("Amount won"),
    "lost": msg("Amount lost"),
    "void": msg("Amount void"),
    "open": msg("Open amount at week's end"),
}
MORE_IS: dict[str, Literal["good", "bad", "neither"]] = {
    "created": "good", "won": "good", "lost": "bad", "open": "neither",
}  # fmt: skip
DEFINITIONS = (
    Definition(msg("The week"), msg(
        "The last complete week at the as-of time. Counts are the week's; rates and the funnel cover the 13 weeks and "
        "the 12 months up to its end, because a cohort of one week is always immature.")),
    Definition(msg("Begun, won, lost, void"), msg(
        "Begun: the start lies in the week. Won, lost, void: the last close lies in the week and still holds at the "
        "as-of time."), ("created", "won", "lost", "void"), ("week",)),
    Definition(msg("Amounts begun, won, lost, void"), msg(
        "Sums of the known amounts of these opportunities, as they are at the as-of time."),
        ("amount_created", "amount_won", "amount_lost", "amount_void"), ("week",)),
    Definition(msg("What changed in the week"), msg(
        "From what was open before the week to what was open at its end, both as they are known now, with the amounts "
        "of these times. `crmcli report changes` begins with what was printed then.")),
    Definition(msg("Open at week's end"), msg(
        "Open when the week ended, with the amounts of that time."), ("open", "amount_open"), ("week",)),
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the weekly report of the last complete week at `options.as_of`; its own period and `by` are not used.

    Raises:
        UnbalancedReportError: A figure contradicts another or its records.
    """
    line = timeline(population)
    seen = line, standing(line, line.moment(options.as_of))
    end = last_week_end(_local(options.as_of, population.timezone), options.week_starts)
    (week,) = trailing_weeks(end, 1)
    listed = LISTED if options.records_limit == RECORDS_LIMIT else options.records_limit
    options = replace(options, by=(), period=week, records_limit=listed)
    both = apart(seen)
    rows, section = _week_section(seen, end, options)
    section += _changed(line, options)
    for suffix, span, words in _spans(end):
        section += funnel_section(both, span, options, suffix, msg("Funnel, {span}", span=words))
        section += winrate_section(seen, span, options, suffix, msg("Win rate, {span}", span=words))
    section += loss_section(seen, week, options, "_week", msg("Loss reasons, the week"))
    for suffix, span, words in _spans(end):
        section += loss_section(seen, span, options, suffix, msg("Loss reasons, {span}", span=words))
    section += _outlook(both, end, options)
    headlines = _headlines(rows, seen, end, options)
    summary = story(section, headlines, _present_targets(population, options))
    return finished(NAME, TITLE, section, options, headlines=headlines, summary=summary)


def _present_targets(population: Population, options: ReportOptions) -> frozenset[str]:
    """Return the periods of the targets whose days hold the as-of day."""
    today = _local(options.as_of, population.timezone).date()
    return frozenset(one.period for one in population.targets if one.start <= today < one.end)


def _changed(line: Timeline, options: ReportOptions) -> Section:
    """Return the week's waterfall from the opening as it is known now: `report changes` says what was printed of it."""
    known = replace(line.population, earlier=None, displaced={})
    return changes_section(both_ends(known, options.period, options.as_of, options.currency, line), options,
                           printed=False)  # fmt: skip


def _outlook(both: Apart, end: date, options: ReportOptions) -> Section:
    """Return what is open, what of it stands still, what it promises against the targets, and whose it is."""
    section = pipeline_section(both, options) + stalled_section(both, options, listed=False)
    section += forecast_section(both.whole, replace(options, period=WHOLE_HISTORY))
    section += rep_section(both.whole, options, "_week", msg("Salespeople, the week"))
    suffix, span, words = _spans(end)[0]
    title = msg("Salespeople, {span}", span=words)
    return section + rep_section(both.whole, replace(options, period=span), suffix, title)


def _local(as_of: datetime, timezone: str) -> datetime:
    return as_of.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)


def _spans(end: date) -> tuple[tuple[str, Period, Message], ...]:
    return (
        (f"_{WEEKS}w", Period(trailing_weeks(end, WEEKS)[0].start, end), msg("last 13 weeks")),
        (f"_{MONTHS}m", Period(months_before(end, MONTHS), end), msg("last 12 months")),
    )


def _week_section(
    seen: tuple[Timeline, Standing], end: date, options: ReportOptions
) -> tuple[tuple[WeekRow, ...], Section]:
    rows, evidence, still_open = weekly_counts(*seen, trailing_weeks(end, WEEKS), home=options.currency)
    codes = tuple(rows[0].amounts["open"])
    columns = [Column("week", msg("Week from"), "date")]
    columns += [Column(key, WORDS[key], "int") for key in FIGURES]
    for key in FIGURES:
        columns += amount_columns(options.currency, codes, AMOUNT_WORDS[key], f"amount_{key}", minor=key == "void")
    cells = tuple(
        (row.week.start, *(row.counts[key] for key in FIGURES),
         *(cell for key in FIGURES for cell in amounts(row.amounts[key])))
        for row in rows
    )  # fmt: skip
    counted = FIGURES[:-1]
    linked = evidence.shared(**{
        key: amount_keys(options.currency, codes, f"amount_{key}").values() for key in counted
    })  # fmt: skip
    table = Table("week", msg("Week by week"), tuple(columns), cells, SHEET, links=links_to("week_records", linked))
    table, more = further(table, seen, (still_open,), options)
    counts = {(at, key): row.counts[key] for at, row in enumerate(rows) for key in counted}
    sums = {figure: rows[figure[0]].amounts[figure[1]] for figure in evidence.blocks}
    check = check_of_records("week_records", seen, evidence, counts, sums, options.currency)
    kept = records_of("week_records", msg("Records: the weeks"), seen, evidence, options, WORDS)
    chart = Chart("line", msg("Begun, won and lost by week"), "week", "week", ("created", "won", "lost"))
    return rows, Section((table,), (kept,), (check,), (chart,), (), DEFINITIONS) + more


def _headlines(
    rows: tuple[WeekRow, ...], seen: tuple[Timeline, Standing], end: date, options: ReportOptions
) -> tuple[Headline, ...]:
    """Return the cover's figures: the week's counts and amounts, and the win rate of 13 weeks a week apart."""
    now, before = rows[-1], rows[-2]
    shown = ("created", "won", "lost", "open")
    counts = [
        Headline(key, WORDS[key], "int", now.counts[key], before.counts[key], more_is=MORE_IS[key]) for key in shown
    ]
    sums = [
        Headline(f"amount_{key}", AMOUNT_WORDS[key], "money", yuan(now.amounts[key][options.currency]),
                 yuan(before.amounts[key][options.currency]), more_is=MORE_IS[key])
        for key in shown
    ]  # fmt: skip
    rows_of = []
    for until in (end, trailing_weeks(end, 1)[0].start or end):
        (row,), _evidence = win_rates(
            *seen, Period(trailing_weeks(until, WEEKS)[0].start, until), home=options.currency
        )
        rows_of.append(row)
    latest, earlier = rows_of
    span = msg("last 13 weeks")
    return (
        *counts, Headline("rate_13w", msg("Win rate, {span}", span=span), "rate", latest.rate, earlier.rate),
        *sums, Headline("rate_with_void_13w", msg("Win rate incl. void, {span}", span=span), "rate",
                        latest.rate_with_void, earlier.rate_with_void),
    )  # fmt: skip
