"""The pipeline report: what is open now, by stage. A snapshot, never a conversion."""

from __future__ import annotations

from crmcli.domain.metrics.money import amount_keys
from crmcli.domain.metrics.pipeline_now import PipelineRow, entered_between, pipeline, pipeline_layers
from crmcli.domain.metrics.pipelines_apart import Apart, apart, open_ones
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.timeline import OPEN, standing, timeline
from crmcli.i18n import msg
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.catalogue.left_out import left_out, titled
from crmcli.reports.catalogue.terms import AMOUNTS, BETWEEN, DAYS, NO_HISTORY, inferred_dates
from crmcli.reports.columns import amount_columns, amounts, currencies_of, group_columns
from crmcli.reports.finished import finished
from crmcli.reports.further import further
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "pipeline"
TITLE = msg("Open pipeline")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Open pipeline")
NEEDS: tuple[str, ...] = ()

DEFINITIONS = (
    Definition(msg("Open pipeline"), msg(
        "Opportunities that are open at the as-of time, by the stage they are in then; closed ones are never in it. "
        "An opportunity without a stage is in the row 未填."), ("n",), ("pipeline",)),
    Definition(msg("Weighted amount"), msg(
        "Sum of amount x probability of the opportunities where both are known. A missing probability is neither "
        "0 nor 100 %: those are counted in Probability unknown. The probability is the opportunity's own: set by hand, "
        "else the stage's when it was entered; the forecast takes the company's history where there is enough of "
        "it."), ("weighted", "no_probability"), ("pipeline",)),
    AMOUNTS,
    Definition(msg("Stage age"), msg(
        "Median days since the present stage was entered, of those with a recorded entry (With entry date)."),
        ("median_age", "aged"), ("pipeline",)),
    DAYS,
    NO_HISTORY,
    BETWEEN,
    Definition(msg("Overdue"), msg("The expected close lies before the as-of day."), ("overdue",), ("pipeline",)),
    Definition(msg("No expected close"), msg("Open opportunities of which no expected close is known."),
        ("no_close_date",), ("pipeline",)),
    Definition(msg("No next step"), msg("No follow-up is planned for the as-of day or later; empty: not recorded."),
        ("no_next",), ("pipeline",)),
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the pipeline report; it has no period.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    line = timeline(population)
    seen = apart((line, standing(line, line.moment(options.as_of))))
    return finished(NAME, titled(TITLE, line.stages), pipeline_section(seen, options), options)


def pipeline_section(both: Apart, options: ReportOptions) -> Section:
    """Return the shown pipeline's open deals by stage."""
    seen, title = both.shown, titled(TITLE, both.shown[0].stages)
    rows, evidence = pipeline(*seen, home=options.currency, by=options.by)
    codes = currencies_of((row.amounts for row in rows), options.currency)
    columns = (
        *group_columns(options.by), Column("stage", msg("Stage"), "text"), Column("n", msg("Opportunities"), "int"),
        *amount_columns(options.currency, codes, msg("Amount")),
        *amount_columns(options.currency, codes, msg("Weighted amount"), "weighted"),
        Column("no_amount", msg("Amount unknown"), "int"),
        Column("no_probability", msg("Probability unknown"), "int"),
        Column("median_age", msg("Stage age (median days)"), "days"),
        Column("aged", msg("With entry date"), "int"), Column("overdue", msg("Overdue"), "int"),
        Column("no_close_date", msg("No expected close"), "int"), Column("no_next", msg("No next step"), "int"),
    )  # fmt: skip
    linked = evidence.shared(n=amount_keys(options.currency, codes).values())
    table = Table(NAME, title, columns, tuple(_cells(row) for row in rows), SHEET, _total(rows, options),
                  links_to("pipeline_records", linked))  # fmt: skip
    table, more = further(table, seen, pipeline_layers(*seen, evidence), options)
    counts = {(at, "n"): row.n for at, row in enumerate(rows)}
    sums = {(at, "n"): row.amounts for at, row in enumerate(rows) if row.n}
    is_open, added = int((seen[1].status == OPEN).sum()), sum(row.n for row in rows)
    checks = (
        Check("pipeline_total", is_open == added, msg("{n} open, {added} in the rows", n=is_open, added=added)),
        check_of_records("pipeline_records", seen, evidence, counts, sums, options.currency),
    )
    kept = records_of("pipeline_records", msg("Records: {title}", title=title), seen, evidence, options)
    charts = () if options.by or not rows else (Chart("bar", title, NAME, "stage", ("n",)),)
    notes = inferred_dates(len(entered_between(*seen)), NAME)
    return Section((table,), (kept,), checks, charts, notes, DEFINITIONS) + more + left_out(both, open_ones, NAME)


def _cells(row: PipelineRow) -> tuple[Cell, ...]:
    return (
        *row.group, row.stage, row.n, *amounts(row.amounts), *amounts(row.weighted), row.no_amount,
        row.no_probability, row.median_age, row.aged, row.overdue, row.no_close_date, row.no_next,
    )  # fmt: skip


def _total(rows: tuple[PipelineRow, ...], options: ReportOptions) -> tuple[Cell, ...]:
    """Return the sums of the rows; a sum of which every part is unknown stays unknown."""
    codes = currencies_of((row.amounts for row in rows), options.currency)

    def added(parts: list[int | None]) -> int | None:
        known = [part for part in parts if part is not None]
        return sum(known) if known or not parts else None

    filled = [row for row in rows if row.n]
    sums = {code: added([row.amounts[code] for row in filled]) for code in codes}
    weighted = {code: added([row.weighted[code] for row in filled]) for code in codes}
    return (
        *("",) * len(options.by), msg("Total"), sum(row.n for row in rows), *amounts(sums), *amounts(weighted),
        sum(row.no_amount for row in rows), sum(row.no_probability for row in rows), None,
        sum(row.aged for row in rows), sum(row.overdue for row in rows), sum(row.no_close_date for row in rows),
        added([row.no_next for row in filled]),
    )  # fmt: skip
