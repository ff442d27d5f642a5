"""The win rate report: won out of decided, with and without what was declared void."""

from __future__ import annotations

from crmcli.domain.metrics.closings import closed_between, closed_in, reopened_wins, undated_closings
from crmcli.domain.metrics.evidence import Evidence
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.pipelines_apart import apart
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.rate import share, wilson
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline
from crmcli.domain.metrics.winrate import (
    CohortWinRow,
    WinRow,
    layers_against,
    layers_from_stage,
    win_layers,
    win_rates,
    win_rates_against,
    win_rates_from_stage,
    win_rates_of_cohort,
)  # fmt: skip
from crmcli.i18n import Message, msg
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.catalogue.left_out import left_out, titled
from crmcli.reports.catalogue.terms import inferred_dates
from crmcli.reports.columns import amount_columns, group_columns, yuan
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

NAME = "winrate"
TITLE = msg("Win rate")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Win rate")
NEEDS: tuple[str, ...] = ()

DEFINITIONS = (
    Definition(msg("Closed in the period"), msg(
        "An opportunity counts once, by its last close up to the as-of time, if it is still so closed then and the day "
        "lies in [from, to). Closings without a day count in the whole history only."),
        ("won", "lost", "void"), ("winrate", "from_stage", "competitor")),
    Definition(msg("Win rate"), msg(
        "Won / (won + lost). Beside it stands won / (won + lost + void), so that losses declared void show."),
        ("rate", "rate_with_void"), ("winrate", "from_stage", "competitor")),
    Definition(msg("95 % interval"), msg("Wilson's interval of the win rate; there is none under min_n cases."),
        ("rate_low", "rate_high"), ("winrate",)),
    Definition(msg("Win rate by amount"), msg(
        "Amount won / (amount won + amount lost), of opportunities with a known amount; n counts those."),
        ("rate_amount",), ("winrate",)),
    Definition(msg("Amounts won, lost, void"), msg(
        "Sums of the known amounts of the won, the lost and the void ones, as they are at the as-of time. Amount "
        "unknown counts those of the three that have none."),
        ("amount_won", "amount_lost", "amount_void", "no_amount"), ("winrate",)),
    Definition(msg("Sample too small"), msg(
        "A rate over fewer cases than min_n is not printed; its counts always are.")),
)  # fmt: skip
_DETAILS = (
    Definition(msg("Win rate by cohort"), msg(
        "Won / all that began in the period; the share still open stands beside it."),
        ("rate", "open_share"), ("cohort",)),
    Definition(msg("Begun, and what became of them"), msg(
        "Opportunities whose start lies in [from, to), and how many of them are won, lost, void or open at the as-of "
        "time, whenever they were closed."), ("created", "won", "lost", "void", "open"), ("cohort",)),
    Definition(msg("Win rate from a stage"), msg(
        "Of the opportunities closed in the period those that ever reached the stage: won / (won + lost)."),
        ("won", "lost", "void", "rate", "rate_with_void"), ("from_stage",)),
    Definition(msg("Win rate against a competitor"), msg(
        "Of the opportunities closed in the period those in which the competitor is named: won / (won + lost)."),
        ("won", "lost", "void", "rate", "rate_with_void"), ("competitor",)),
)  # fmt: skip
_RATES = (
    Column("won", msg("Won"), "int"),
    Column("lost", msg("Lost"), "int"),
    Column("void", msg("Void"), "int"),
    Column("rate", msg("Win rate"), "rate", parts=True),
    Column("rate_with_void", msg("Win rate incl. void"), "rate", parts=True),
)
_INTERVAL = (
    Column("rate_low", msg("95 % from"), "rate"),
    Column("rate_high", msg("95 % to"), "rate"),
)


def build(population: Population, options: ReportOptions) -> Report:
    """Return the win rate report.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    line = timeline(population)
    seen = line, standing(line, line.moment(options.as_of))
    section = winrate_section(seen, options.period, options) + winrate_details(seen, options.period, options)
    return finished(NAME, TITLE, section, options)


def winrate_section(
    seen: tuple[Timeline, Standing], period: Period, options: ReportOptions, suffix: str = "",
    title: Message = TITLE,
) -> Section:  # fmt: skip
    """Return the main table of the deals closed in `period`; table names end in `suffix`."""
    rows, evidence = win_rates(*seen, period, home=options.currency, by=options.by)
    name, behind = f"winrate{suffix}", f"winrate{suffix}_records"
    codes = tuple(rows[0].amounts) if rows else (options.currency,)
    columns = (
        *group_columns(options.by), *_RATES, *(_INTERVAL if options.interval else ()),
        *amount_columns(options.currency, codes, msg("Amount won"), "amount_won"),
        *amount_columns(options.currency, codes, msg("Amount lost"), "amount_lost"),
        *(Column(column.key, column.label, "rate") for column in
          amount_columns(options.currency, codes, msg("Win rate by amount"), "rate_amount")),
        Column("no_amount", msg("Amount unknown"), "int"),
        *amount_columns(options.currency, codes, msg("Amount void"), "amount_void", minor=True),
    )  # fmt: skip
    cells = tuple(_cells(row, options) for row in rows)
    total = None
    if options.by:
        (everyone,), _evidence = win_rates(*seen, period, home=options.currency)
        total = (msg("Total"), *("",) * (len(options.by) - 1), *_cells(everyone, options)[len(everyone.group) :])
    money = [amount_columns(options.currency, codes, TITLE, f"amount_{end}") for end in ("won", "lost", "void")]
    won, lost, void = ([column.key for column in end] for end in money)
    linked = evidence.shared(won=won, lost=lost, void=void, rate=("rate_low", "rate_high") if options.interval else ())
    table, more = further(Table(name, title, columns, cells, SHEET, total, links_to(behind, linked)), seen,
                          win_layers(*seen, evidence), options)  # fmt: skip
    charts = (Chart("bar", title, name, options.by[0], ("rate",)),) if len(options.by) == 1 else ()
    kept = records_of(behind, msg("Records: {title}", title=title), seen, evidence, options)
    return (
        Section(
            (table,),
            (kept,),
            (_check(rows, evidence, seen, options, name),),
            charts,
            _notes(seen, period, name),
            DEFINITIONS,
        )
        + more
    )


def _cells(row: WinRow, options: ReportOptions) -> tuple[Cell, ...]:
    interval: tuple[Cell, ...] = ()
    if options.interval:
        enough = row.won + row.lost >= options.min_n
        interval = (wilson(row.won, row.won + row.lost) if enough else None) or (None, None)
    money = row.amounts.values()
    return (
        *row.group, row.won, row.lost, row.void, row.rate, row.rate_with_void, *interval,
        *(yuan(amount.won) for amount in money), *(yuan(amount.lost) for amount in money),
        *(amount.rate for amount in money), row.no_amount, *(yuan(amount.void) for amount in money),
    )  # fmt: skip


def _check(
    rows: tuple[WinRow, ...], evidence: Evidence, seen: tuple[Timeline, Standing], options: ReportOptions, name: str
) -> Check:
    counts = {(at, key): getattr(row, key) for at, row in enumerate(rows) for key in ("won", "lost", "void")}
    sums = {(at, key): {code: getattr(amount, key) for code, amount in row.amounts.items()}
            for at, row in enumerate(rows) for key in ("won", "lost", "void")}  # fmt: skip
    return check_of_records(f"{name}_records", seen, evidence, counts, sums, options.currency)


def _notes(seen: tuple[Timeline, Standing], period: Period, table: str) -> tuple[Note, ...]:
    notes = []
    undated = len(undated_closings(seen[1]))
    if undated and not period.is_whole_history:
        notes.append(Note("undated_closings", table, msg(
            "{n} closed opportunities have no close date; they count in the whole history only.", n=undated,
        )))  # fmt: skip
    back = len(reopened_wins(*seen, period))
    if back:
        notes.append(Note("reopened_wins", table, msg(
            "{n} wins of the period were taken back since; they do not count.", n=back)))  # fmt: skip
    loose = closed_in(seen[1], period)
    return (*notes, *inferred_dates(int(closed_between(*seen)[loose].sum()), table))


def winrate_details(seen: tuple[Timeline, Standing], period: Period, options: ReportOptions) -> Section:
    """Return the further readings: by cohort, from each stage on, against each competitor."""
    cohort, begun = win_rates_of_cohort(*seen, period, by=options.by)
    words = msg("Win rate by cohort (begun in the period)")
    tables = [Table("cohort", words, (
        *group_columns(options.by), Column("created", msg("Begun"), "int"), *_RATES[:3],
        Column("open", msg("Open"), "int"), Column("rate", msg("Won of all begun"), "rate", parts=True),
        Column("open_share", msg("Still open"), "rate"),
    ), tuple(_cohort_cells(row) for row in cohort), SHEET, None, links_to("cohort_records", begun))]  # fmt: skip
    kept = records_of("cohort_records", msg("Records: {title}", title=words), seen, begun, options)
    ends = ("created", "won", "lost", "void", "open")
    counts = {(at, key): getattr(row, key) for at, row in enumerate(cohort) for key in ends}
    more = Section((), (kept,), (check_of_records("cohort_records", seen, begun, counts, {}, options.currency),))
    both = apart(seen)
    stages = win_rates_from_stage(*both.shown, period, home=options.currency)
    title = titled(msg("Win rate from a stage on"), seen[0].stages)
    table, section = further(_plain("from_stage", title, Column("stage", msg("Stage reached"), "text"), stages),
                             both.shown, layers_from_stage(*both.shown, period), options)  # fmt: skip
    tables, more = [*tables, table], more + section
    rivals = win_rates_against(*seen, period, home=options.currency)
    if rivals:
        table = _plain("competitor", msg("Win rate against competitors"),
                       Column("competitor", msg("Competitor"), "text"), rivals)  # fmt: skip
        table, section = further(table, seen, layers_against(*seen, period), options)
        tables, more = [*tables, table], more + section
    shown = both.shown[1]
    closed = closed_in(shown, period)
    nowhere = int((shown.highest[closed] == 0).sum())
    notes = (Note("stage_unknown", "from_stage", msg(
        "{n} closed opportunities of which no stage is known are in the first row only.", n=nowhere,
    )),) if nowhere else ()  # fmt: skip
    others = left_out(both, lambda _line, stand: closed_in(stand, period), "from_stage")
    return Section(tuple(tables), notes=notes, definitions=_DETAILS) + more + others


def _cohort_cells(row: CohortWinRow) -> tuple[Cell, ...]:
    return (*row.group, row.created, row.won, row.lost, row.void, row.open, row.rate, row.open_share)


def _plain(name: str, title: Message, first: Column, rows: tuple[WinRow, ...]) -> Table:
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (*row.group, row.won, row.lost, row.void, share(row.won, row.won + row.lost), row.rate_with_void)
        for row in rows
    )
    return Table(name, title, (first, *_RATES), cells, SHEET)
