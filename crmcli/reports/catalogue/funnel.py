"""The funnel report: of the deals that began in a period, how many came how far."""

from __future__ import annotations

from crmcli.domain.metrics.evidence import Evidence
from crmcli.domain.metrics.funnel import FunnelFigures, FunnelRow, cohort, funnel
from crmcli.domain.metrics.funnel_layers import funnel_layers
from crmcli.domain.metrics.maturity import Maturity, maturity
from crmcli.domain.metrics.money import amount_keys
from crmcli.domain.metrics.passage import dates_between
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.pipelines_apart import Apart, apart
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline
from crmcli.domain.metrics.unplaced import UnplacedRow, unplaced, unplaced_layers
from crmcli.i18n import Message, msg
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.catalogue.compared import compared_section
from crmcli.reports.catalogue.left_out import left_out, titled
from crmcli.reports.catalogue.terms import BETWEEN, DAYS, NO_HISTORY, inferred_dates
from crmcli.reports.columns import amount_columns, amounts, currencies_of, group_columns
from crmcli.reports.finished import finished
from crmcli.reports.further import further
from crmcli.reports.model import (
    Cell,
    Chart,
    Check,
    Column,
    Definition,
    Note,
    Report,
    Section,
    Table,
)  # fmt: skip
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "funnel"
TITLE = msg("Funnel: cohort conversion")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Funnel")
NEEDS: tuple[str, ...] = ()

MODES: dict[str, Message] = {
    "reached": msg("by highest stage reached"),
    "visited": msg("by stages really entered"),
    "strict": msg("in order, who skips drops out"),
}

COUNTS = (
    Column("entered", msg("Entered"), "int"),
    Column("skipped", msg("Skipped"), "int"),
    Column("regressed", msg("Stepped back"), "int"),
    Column("lost_here", msg("Lost here"), "int"),
    Column("void_here", msg("Void here"), "int"),
    Column("open_here", msg("Open here"), "int"),
    Column("unplaced", msg("Without a place"), "int"),
    Column("balance", msg("Balance"), "int"),
)
LEFT = Column("left", msg("Left the order"), "int")

REACHED = Definition(
    msg("Reached"),
    msg("Opportunities whose highest stage ever held up to the as-of time is this one or a later one. A skipped stage "
        "counts as reached, going back takes nothing away, entering again counts once. Won means won at that time: a "
        "win that was reopened counts as the last stage."),
    ("reached",),
    ("funnel",),
)  # fmt: skip
DEFINITIONS = (
    Definition(msg("Population"), msg(
        "Opportunities whose start (created or engaged date, else the first event) lies in [from, to). Those without "
        "a start, also those that were read off in a stage of which nobody knows since when, are in whole-history "
        "reports only and are counted in the line 无日期.")),
    REACHED,
    Definition(msg("Entered, skipped, entry unknown"), msg(
        "Entered: there is an entry event into the stage. Skipped = reached - entered - entry unknown. Unknown is "
        "what happened before an opportunity's first recorded event, and every entry of one imported with its present "
        "stage."), ("entered", "skipped", "entry_unknown"), ("funnel",)),
    NO_HISTORY,
    BETWEEN,
    Definition(msg("Stepped back"), msg("Opportunities that went from this stage to an earlier one at least once."),
        ("regressed",), ("funnel",)),
    Definition(msg("Lost, void, open here"), msg(
        "By the highest stage reached. Reached = reached the next stage + lost + void + open, in the first row also "
        "+ without a place; the column Balance is what this is off by and must be 0."),
        ("lost_here", "void_here", "open_here", "balance"), ("funnel",)),
    Definition(msg("Without a place"), msg(
        "Lost or void opportunities of which no stage is known (终止阶段未知), and those whose only stage no pipeline "
        "knows (under its own name). They are in the first row's Reached only; step rates leave them out, and the "
        "range says what the rate would be if none or all of them had passed."),
        ("unplaced", "step_rate_low", "step_rate_high"), ("funnel",)),
    Definition(msg("Lines without a place"), msg(
        "The opportunities of the line (one of what has no place, or 无日期) and how they stand at the as-of time: "
        "open, won, lost or void. Of these in the first row: those that the first row's Reached counts; of the line "
        "无日期 none but in the whole history."), ("n", "reached", "open", "won", "lost", "void"), ("unplaced",)),
    Definition(msg("Step, cumulative and decided rate"), msg(
        "Step rate = reached the next stage / reached this one. Cumulative = reached / reached the first stage. "
        "Decided = reached the next stage / (reached - open here)."),
        ("step_rate", "cumulative_rate", "decided_rate"), ("funnel",)),
    Definition(msg("Immature cohort"), msg(
        "The cohort is younger than the P75 of the days from start to won, or more than 20 % of it is open: its rates "
        "will still rise.")),
    DAYS,
    Definition(msg("Amount"), msg(
        "Sum of the known amounts at the as-of time (first amount: the first one that was known of each, at its first "
        "event or since). Unknown amounts are counted beside it and are not 0. Currencies are never added together."),
        ("amount", "amount_first", "no_amount"), ("funnel", "unplaced")),
)  # fmt: skip
VISITED = Definition(
    msg("Modes visited and strict"),
    msg("Visited: a row holds those with an entry event into the stage, the step rate is those of them that later "
        "entered the next stage or won; the won row holds all that are won. Strict: a row holds those that entered "
        "every stage up to it in order; who skips one drops out. Left the order: neither passed on nor ended or open "
        "at this stage."),
    ("reached", "step_rate", "left"),
    ("funnel",),
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the funnel report.

    Raises:
        UnbalancedReportError: A figure contradicts another or its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    line = timeline(population)
    seen = apart((line, standing(line, line.moment(options.as_of))))
    title = msg("{title}, {mode}", title=titled(TITLE, line.stages), mode=MODES[options.mode])
    return finished(NAME, title, funnel_section(seen, options.period, options), options)


def funnel_section(
    both: Apart, period: Period, options: ReportOptions, suffix: str = "", title: Message = TITLE
) -> Section:
    """Return the funnel of the shown pipeline's deals begun in `period`; table names end in `suffix`."""
    seen, title = both.shown, titled(title, both.shown[0].stages)
    figures = funnel(*seen, period, home=options.currency, by=options.by, mode=options.mode)
    name, behind = f"funnel{suffix}", f"funnel{suffix}_records"
    nowhere, evidence = unplaced(*seen, period, home=options.currency)
    main, more = further(_table(figures, options, name, behind, title), seen,
                         funnel_layers(seen[0], figures, options.mode), options)  # fmt: skip
    tables = [main]
    kept = [records_of(behind, msg("Records: {title}", title=title), seen, figures.evidence, options)]
    if nowhere:
        table, others = further(_unplaced_table(nowhere, evidence, options, suffix), seen,
                                unplaced_layers(*seen, evidence), options)  # fmt: skip
        tables, more = [main, table], more + others
        counts = {(at, key): getattr(row, key) for at, row in enumerate(nowhere) for key in ("n", "reached")}
        sums = {(at, "n"): row.amounts for at, row in enumerate(nowhere)}
        more += Section((), checks=(check_of_records(f"{table.name}_records", seen, evidence, counts, sums,
                                                     options.currency),))  # fmt: skip
        kept.append(records_of(f"unplaced{suffix}_records", msg("Records: {title}", title=_unplaced_title(title)),
                               seen, evidence, options))  # fmt: skip
    age = maturity(*seen, figures.cohort.picked, period, options.min_n)
    charts = () if options.by else (Chart("funnel", title, name, "stage", ("reached",)),)
    is_compared = options.mode == "reached" and not options.by
    against = compared_section(seen, period, options, name, title, main.links) if is_compared else Section(())
    return Section(
        tuple(tables), (*kept, *more.records), (*_checks(figures, seen, options, name), *more.checks), charts,
        _notes(age, figures, name) + inferred_dates(dates_between(*seen, figures.cohort.picked), name),
        DEFINITIONS if options.mode == "reached" else (*(one for one in DEFINITIONS if one is not REACHED), VISITED),
    ) + against + left_out(both, lambda line, stand: cohort(line, stand, period), name)  # fmt: skip


def _unplaced_title(title: Message) -> Message:
    return msg("{title}: without a place", title=title)


def _table(figures: FunnelFigures, options: ReportOptions, name: str, behind: str, title: Message) -> Table:
    codes = currencies_of((row.amounts for row in figures.rows), options.currency)
    ranged = any(row.step_low for row in figures.rows)
    bounds = (
        (Column("step_rate_low", msg("Step rate, none passed"), "rate"),
         Column("step_rate_high", msg("Step rate, all passed"), "rate"))
        if ranged else ()
    )  # fmt: skip
    in_order = options.mode != "reached"
    columns = (
        *group_columns(options.by),
        Column("stage", msg("Stage"), "text"), Column("reached", msg("Reached"), "int"),
        Column("step_rate", msg("Step rate"), "rate", parts=True), *bounds,
        Column("cumulative_rate", msg("Cumulative rate"), "rate", parts=True),
        Column("decided_rate", msg("Decided rate"), "rate", parts=True),
        *(COUNTS if not in_order else (*COUNTS[:-2], LEFT, *COUNTS[-2:])),
        *amount_columns(options.currency, codes, msg("Amount")),
        Column("no_amount", msg("Amount unknown"), "int"),
        Column("entry_unknown", msg("Entry unknown"), "int", minor=not any(row.unclear for row in figures.rows)),
        *amount_columns(options.currency, codes, msg("First amount"), "amount_first", minor=True),
    )  # fmt: skip
    rows = tuple(_row(row, ranged=ranged, in_order=in_order) for row in figures.rows)
    evidence = figures.evidence.shared(reached=amount_keys(options.currency, codes).values())
    return Table(name, title, columns, rows, SHEET, links=links_to(behind, evidence))


def _row(row: FunnelRow, *, ranged: bool, in_order: bool) -> tuple[Cell, ...]:
    return (
        *row.group, row.stage, row.reached, row.step, *((row.step_low, row.step_high) if ranged else ()),
        row.cumulative, row.decided, row.entered, row.skipped, row.regressed, row.lost, row.void, row.open,
        *((row.left,) if in_order else ()), row.unplaced, row.imbalance, *amounts(row.amounts), row.no_amount,
        row.unclear, *amounts(row.amounts_first),
    )  # fmt: skip


def _unplaced_table(rows: tuple[UnplacedRow, ...], evidence: Evidence, options: ReportOptions, suffix: str) -> Table:
    codes = currencies_of((row.amounts for row in rows), options.currency)
    columns = (
        Column("stage", msg("Line"), "text"), Column("n", msg("Opportunities"), "int"),
        Column("reached", msg("Of these in the first row"), "int"), Column("open", msg("Open"), "int"),
        Column("won", msg("Won"), "int"), Column("lost", msg("Lost"), "int"), Column("void", msg("Void"), "int"),
        Column("no_amount", msg("Amount unknown"), "int"),
        *amount_columns(options.currency, codes, msg("Amount")),
    )  # fmt: skip
    cells = tuple(
        (row.stage, row.n, row.reached, row.open, row.won, row.lost, row.void, row.no_amount, *amounts(row.amounts))
        for row in rows
    )
    evidence = evidence.shared(n=amount_keys(options.currency, codes).values())
    return Table(f"unplaced{suffix}", msg("Without a place in the funnel"), columns, cells, SHEET,
                 links=links_to(f"unplaced{suffix}_records", evidence))  # fmt: skip


def _checks(
    figures: FunnelFigures, seen: tuple[Timeline, Standing], options: ReportOptions, name: str
) -> tuple[Check, ...]:
    wrong = [row for row in figures.rows if row.imbalance]
    identity = Check(f"{name}_identity", not wrong, (
        msg("{stage}: reached is off by {n}", stage=wrong[0].stage, n=wrong[0].imbalance) if wrong
        else msg("Reached = next + lost + void + open (+ without a place) in all {n} rows", n=len(figures.rows))
    ))  # fmt: skip
    if options.mode != "reached":
        return (identity,)
    everyone = sum(row.reached for row in figures.rows if row.stage == seen[0].stages.names[0])
    whole = Check(f"{name}_population", everyone == len(figures.cohort.picked), msg(
        "{n} opportunities in the period, {reached} in the first row", n=len(figures.cohort.picked), reached=everyone,
    ))  # fmt: skip
    counts = {(at, key): getattr(row, field) for at, row in enumerate(figures.rows)
              for key, field in (("reached", "reached"), ("lost_here", "lost"), ("void_here", "void"),
                                 ("open_here", "open"))}  # fmt: skip
    sums = {(at, "reached"): row.amounts for at, row in enumerate(figures.rows)}
    records = check_of_records(f"{name}_records", seen, figures.evidence, counts, sums, options.currency)
    return (identity, whole, records)


def _notes(age: Maturity, figures: FunnelFigures, table: str) -> tuple[Note, ...]:
    notes = []
    if age.immature:
        notes.append(Note("immature_cohort", table, _immature(age)))
    left_out = sum(row.unplaced for row in figures.rows)
    if left_out:
        notes.append(Note("unplaced", table, msg(
            "{n} opportunities have no place in the funnel (see the table below it); step rates leave them out.",
            n=left_out,
        )))  # fmt: skip
    return tuple(notes)


def _immature(age: Maturity) -> Message:
    how_old = msg("not known") if age.age_days is None else msg("{days} days", days=f"{age.age_days:.0f}")
    if age.cycle_days is None:
        return msg(
            "Immature cohort: {open} of {n} are still open; its age is {age}, the P75 of the sales cycle is not known "
            "(too few wins). The rates will still rise.", open=age.open.numerator, n=age.open.denominator, age=how_old,
        )  # fmt: skip
    return msg(
        "Immature cohort: {open} of {n} are still open; its age is {age}, the P75 of the sales cycle {cycle} days. The "
        "rates will still rise.", open=age.open.numerator, n=age.open.denominator, age=how_old,
        cycle=f"{age.cycle_days:.0f}",
    )  # fmt: skip
