"""The flow report: what came into each stage in a period and what left it."""

from __future__ import annotations

from dataclasses import replace

from crmcli.domain.metrics.both_ends import Ends, both_ends
from crmcli.domain.metrics.flow import FIGURES, FlowRow, flow
from crmcli.domain.metrics.money import Fen, amount_keys
from crmcli.domain.metrics.pipelines_apart import apart, of_shown, open_ones
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.timeline import OPEN, standing, timeline
from crmcli.i18n import Message, msg
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.catalogue.left_out import left_out, titled
from crmcli.reports.catalogue.terms import BETWEEN, NO_HISTORY
from crmcli.reports.columns import amount_columns, amounts, group_columns, yuan
from crmcli.reports.finished import finished
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "flow"
TITLE = msg("Flow through the stages")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Stage flow")
NEEDS: tuple[str, ...] = ("moves", "earlier", "displaced")

WORDS: dict[str, Message] = {
    "opening": msg("Opening"),
    "in_forward": msg("In: forward"),
    "in_back": msg("In: back"),
    "in_new": msg("In: new"),
    "in_reopened": msg("In: reopened"),
    "out_forward": msg("Out: forward"),
    "out_back": msg("Out: back"),
    "out_won": msg("Out: won"),
    "out_lost": msg("Out: lost"),
    "out_void": msg("Out: void"),
    "corrected": msg("Removed or changed pipeline"),
    "closing": msg("Closing"),
}
DEFINITIONS = (
    Definition(msg("Opening and closing"), msg(
        "Opportunities open in the stage just before the period, and at its end (or at the as-of time, where that is "
        "earlier), as it is known now. Without a beginning of the period nothing is there at the opening."),
        ("opening", "closing", "amount_opening", "amount_closing")),
    Definition(msg("Flow"), msg(
        "Every step counts, several of one opportunity too. New: the stage that it begins in (未填 where its first "
        "stage came on a later day, or is not known). Reopened: it was closed. Forward and back go by the stages' "
        "ranks; a stage without a rank is taken as before all others, and a step to it as forward."),
        tuple(name for name in FIGURES if name.startswith(("in_", "out_")))),
    Definition(msg("Removed or changed pipeline"), msg(
        "Opportunities that were there at the opening and were removed in the period, or went to another pipeline "
        "(less), and those that came from another pipeline (more); their other steps in the period do not count."),
        ("corrected",)),
    Definition(msg("Balance"), msg(
        "Opening + all in - all out + removed or changed pipeline - closing; always 0, or there is no report."),
        ("balance",)),
    NO_HISTORY,
    BETWEEN,
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the flow report of the period.

    Raises:
        UnbalancedReportError: A stage does not balance, or a figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    own, earlier = of_shown(population), population.earlier
    if earlier is not None:
        own = replace(own, earlier=of_shown(earlier))
    ends = both_ends(own, options.period, options.as_of, options.currency)
    section = flow_section(ends, options)
    if own.stages.key and not options.pipeline:
        line = timeline(population)
        section += left_out(apart((line, standing(line, ends.end))), open_ones, NAME)
    return finished(NAME, titled(TITLE, population.stages), section, options)


def flow_section(ends: Ends, options: ReportOptions) -> Section:
    """Return the flow of the deals of one pipeline between both ends of a period."""
    rows, evidence = flow(ends, options.by)
    seen, title = (ends.line, ends.stand), titled(TITLE, ends.line.stages)
    columns = (
        *group_columns(options.by), Column("stage", msg("Stage"), "text"),
        *(Column(key, WORDS[key], "int", signed=key == "corrected") for key in FIGURES),
        Column("balance", msg("Balance"), "int"),
        *amount_columns(options.currency, ends.currencies, msg("Amount at the opening"), "amount_opening"),
        *amount_columns(options.currency, ends.currencies, msg("Amount at the closing"), "amount_closing"),
    )  # fmt: skip
    table = Table(NAME, title, columns, tuple(_cells(row) for row in rows), SHEET, _total(rows, ends, options),
                  links_to("flow_records", evidence.shared(
                      opening=amount_keys(options.currency, ends.currencies, "amount_opening").values(),
                      closing=amount_keys(options.currency, ends.currencies, "amount_closing").values(),
                  )))  # fmt: skip
    counts = {(at, key): row.counts[key] for at, row in enumerate(rows) for key in FIGURES if key != "corrected"}
    checks = (
        *_balances(rows, ends),
        check_of_records("flow_records", seen, evidence, counts, {}, options.currency),
    )
    kept = records_of("flow_records", msg("Records: {title}", title=title), seen, evidence, options, WORDS)
    charts = () if options.by else (Chart("bar", title, NAME, "stage", ("opening", "closing")),)
    return Section((table,), (kept,), checks, charts, (), DEFINITIONS)


def _balances(rows: tuple[FlowRow, ...], ends: Ends) -> tuple[Check, ...]:
    wrong = [row for row in rows if row.balance]
    detail = (
        msg("Stage {stage}: {n} too many or too few", stage=wrong[0].stage, n=wrong[0].balance) if wrong
        else msg("{n} stages balance", n=len(rows))
    )  # fmt: skip
    known, added = int((ends.closing.status == OPEN).sum()), sum(row.counts["closing"] for row in rows)
    return (
        Check("flow_balance", not wrong, detail),
        Check("flow_total", known == added, msg("{n} open, {added} in the rows", n=known, added=added)),
    )


def _cells(row: FlowRow) -> tuple[Cell, ...]:
    return (*row.group, row.stage, *row.counts.values(), row.balance, *amounts(row.opening), *amounts(row.closing))


def _total(rows: tuple[FlowRow, ...], ends: Ends, options: ReportOptions) -> tuple[Cell, ...]:
    """Return the sums over the stages, each move between two of them once in and once out."""
    counts = [sum(row.counts[key] for row in rows) for key in FIGURES]
    return (*("",) * len(options.by), msg("Total"), *counts, sum(row.balance for row in rows),
            *_added([row.opening for row in rows if row.counts["opening"]], ends),
            *_added([row.closing for row in rows if row.counts["closing"]], ends))  # fmt: skip


def _added(sums: list[dict[str, Fen]], ends: Ends) -> tuple[Cell, ...]:
    """Return the sums of sums by currency; one of which every part is unknown stays unknown."""
    known = [{code: fen or 0 for code, fen in one.items()} for one in sums if None not in one.values()]
    return tuple(yuan(sum(one[code] for one in known) if known or not sums else None) for code in ends.currencies)
