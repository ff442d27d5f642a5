"""The loss report: why opportunities were lost, as a Pareto with the empty reasons inside the 100 %."""

from __future__ import annotations

from collections.abc import Iterable

from crmcli.domain.metrics.closings import closed_between, undated_closings
from crmcli.domain.metrics.evidence import Evidence
from crmcli.domain.metrics.loss import Cross, LossRow, comparable, cross, loss_layers, losses, lost_in, reopened
from crmcli.domain.metrics.money import Fen, amount_keys, tally
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.population import MISSING, Population
from crmcli.domain.metrics.rate import share
from crmcli.domain.metrics.timeline import LOST, Standing, Timeline, standing, timeline
from crmcli.i18n import Message, msg
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.catalogue.terms import AMOUNTS, inferred_dates
from crmcli.reports.columns import amount_columns, amounts, currencies_of, group_columns
from crmcli.reports.defined import EVERY
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

NAME = "loss"
TITLE = msg("Loss reasons")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Loss reasons")
NEEDS: tuple[str, ...] = ()
CROSS_SHEET = msg("Losses crossed")
CROSSES: dict[str, Message] = {
    "stage": msg("Loss reason by last stage"),
    "owner": msg("Loss reason by owner"),
    "month": msg("Loss reason by month"),
    "competitor": msg("Loss reason by competitor"),
}

DEFINITIONS = (
    Definition(msg("Lost in the period"), msg(
        "Opportunities whose last close up to the as-of time is a loss that still holds, by the day of that loss in "
        "[from, to). Losses that were reopened stand in a table of their own."), ("n",), ("loss", "unmapped")),
    Definition(msg("Loss reason"), msg(
        "The one primary reason of the last loss. An empty reason is the row 未填 inside the 100 %. A text that the "
        "list of reasons does not know stands under its own name and is listed for mapping, never guessed.")),
    Definition(msg("Share and cumulative share"), msg(
        "The reason's losses / all losses of the table, and the same added up from the top."),
        ("share", "cumulative_share"), ("loss",)),
    Definition(msg("Before"), msg(
        "The same reason's losses in the period of equal length just before; empty where the data begin later than "
        "that."), ("previous_n",), ("loss",)),
    Definition(msg("Change"), msg("The reason's losses in the period less those before."), ("change",), ("loss",)),
    Definition(msg("Last stage"), msg(
        "The last open stage before the loss; 终止阶段未知 where none is known. Owner, competitor: as of the loss.")),
    AMOUNTS,
)  # fmt: skip
_DETAILS = (
    Definition(msg("Reopened losses"), msg(
        "Opportunities that were lost on a day in [from, to) and are not lost at the as-of time; they are in no other "
        "table."), ("n",), ("reopened",)),
    Definition(msg("Reasons against stage, owner, month, competitor"), msg(
        "Losses of the period with the reason of the row and the last stage, the owner, the month or the competitor "
        "of the column, as of the loss; Total is the sum of the row."), ("n", EVERY), ("reason",)),
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the loss report.

    Raises:
        UnbalancedReportError: A figure contradicts another or its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    line = timeline(population)
    seen = line, standing(line, line.moment(options.as_of))
    section = loss_section(seen, options.period, options) + loss_details(seen, options.period, options)
    return finished(NAME, TITLE, section, options)


def loss_section(
    seen: tuple[Timeline, Standing], period: Period, options: ReportOptions, suffix: str = "",
    title: Message = TITLE,
) -> Section:  # fmt: skip
    """Return the Pareto of the deals lost in `period`; table names end in `suffix`."""
    rows, evidence = losses(*seen, period, home=options.currency, by=options.by, sort=options.sort)
    name, behind = f"loss{suffix}", f"loss{suffix}_records"
    compared = period.previous is not None
    columns = _columns(rows, options, compared=compared)
    total = _total(seen, period, rows, options, compared=compared)
    table = Table(name, title, columns, tuple(_cells(row, compared=compared) for row in rows), SHEET, total,
                  links_to(behind, evidence.shared(n=_amount_keys(rows, options))))  # fmt: skip
    table, more = further(table, seen, loss_layers(*seen, period, evidence, rows, options.by), options)
    charts = () if options.by or not rows else (
        Chart("pareto", title, name, "reason", ("n",), "cumulative_share"),)  # fmt: skip
    kept = records_of(behind, msg("Records: {title}", title=title), seen, evidence, options)
    return Section((table,), (kept,), _checks(rows, evidence, seen, period, options, name), charts,
                   _notes(rows, seen, period, name), DEFINITIONS) + more  # fmt: skip


def _amount_keys(rows: tuple[LossRow, ...], options: ReportOptions) -> Iterable[str]:
    return amount_keys(options.currency, currencies_of((row.amounts for row in rows), options.currency)).values()


def _columns(rows: tuple[LossRow, ...], options: ReportOptions, *, compared: bool) -> tuple[Column, ...]:
    codes = currencies_of((row.amounts for row in rows), options.currency)
    before = (
        (Column("previous_n", msg("Before"), "int"), Column("change", msg("Change"), "int", signed=True))
        if compared
        else ()
    )
    return (
        *group_columns(options.by), Column("reason", msg("Loss reason"), "text"), Column("n", msg("Lost"), "int"),
        Column("share", msg("Share"), "rate"), Column("cumulative_share", msg("Cumulative share"), "rate"), *before,
        *amount_columns(options.currency, codes, msg("Amount")),
        Column("no_amount", msg("Amount unknown"), "int"),
    )  # fmt: skip


def _cells(row: LossRow, *, compared: bool) -> tuple[Cell, ...]:
    before = (row.previous, None if row.previous is None else row.n - row.previous)
    return (
        *row.group, row.reason, row.n, row.share, row.cumulative, *(before if compared else ()),
        *amounts(row.amounts), row.no_amount,
    )  # fmt: skip


def _total(
    seen: tuple[Timeline, Standing], period: Period, rows: tuple[LossRow, ...], options: ReportOptions, *,
    compared: bool,
) -> tuple[Cell, ...]:  # fmt: skip
    """Return the total row, counted from the deals and not from the rows."""
    picked = lost_in(seen[1], period)
    table = tally(seen[0], picked, picked * 0, 1, home=options.currency)
    n = int(table.n[0])
    before = comparable(seen[0], period)
    earlier = len(lost_in(seen[1], before)) if before else None
    compare: tuple[Cell, ...] = (earlier, None if earlier is None else n - earlier) if compared else ()
    sums: dict[str, Fen] = table.amounts(0) if rows else {options.currency: 0}
    return (
        *("",) * len(options.by),
        msg("Total"),
        n,
        share(n, n),
        None,
        *compare,
        *amounts(sums),
        int(table.unknown[0]),
    )


def _checks(
    rows: tuple[LossRow, ...], evidence: Evidence, seen: tuple[Timeline, Standing], period: Period,
    options: ReportOptions, name: str,
) -> tuple[Check, ...]:  # fmt: skip
    n, added = len(lost_in(seen[1], period)), sum(row.n for row in rows)
    whole = Check(f"{name}_total", n == added, msg("{n} losses, {added} in the rows", n=n, added=added))
    counts = {(at, "n"): row.n for at, row in enumerate(rows)}
    counts |= {(at, "share"): row.share.denominator for at, row in enumerate(rows)}
    sums = {(at, "n"): row.amounts for at, row in enumerate(rows)}
    return whole, check_of_records(f"{name}_records", seen, evidence, counts, sums, options.currency)


def _notes(rows: tuple[LossRow, ...], seen: tuple[Timeline, Standing], period: Period, table: str) -> tuple[Note, ...]:
    notes = []
    empty = sum(row.n for row in rows if row.reason == MISSING)
    if empty:
        notes.append(Note("missing_reasons", table, msg("{n} of {total} losses have no reason (the row 未填).", n=empty,
                                                 total=sum(row.n for row in rows))))  # fmt: skip
    undated = int((seen[1].status[undated_closings(seen[1])] == LOST).sum())
    if undated and not period.is_whole_history:
        notes.append(Note("undated_losses", table, msg(
            "{n} losses have no date; they count in the whole history only.", n=undated)))  # fmt: skip
    loose = lost_in(seen[1], period)
    return (*notes, *inferred_dates(int(closed_between(*seen)[loose].sum()), table))


def loss_details(seen: tuple[Timeline, Standing], period: Period, options: ReportOptions) -> Section:
    """Return what stands beside the Pareto: reopened losses, texts to map, and the cross tables."""
    rows, evidence = losses(*seen, period, home=options.currency, sort=options.sort)
    ordered = tuple(row.reason for row in rows)
    again = reopened(*seen, period)
    tables, kept = [], []
    if len(again.order):
        tables.append(Table("reopened", msg("Lost in the period and reopened since"),
                            (Column("line", msg("Line"), "text"), Column("n", msg("Opportunities"), "int")),
                            ((msg("Reopened losses"), len(again.order)),), SHEET,
                            links=links_to("reopened_records", again)))  # fmt: skip
        kept.append(records_of("reopened_records", msg("Records: reopened losses"), seen, again, options))
    strange = [at for at, row in enumerate(rows)
               if options.loss_reasons and row.reason not in (*options.loss_reasons, MISSING)]  # fmt: skip
    if strange:
        words, behind = msg("Reasons to map in crm.toml"), evidence.only_rows(strange)
        own = {figure: link for figure, link in links_to("unmapped_records", behind).items() if figure[1] == "n"}
        tables.append(Table("unmapped", words, (
            Column("reason", msg("Loss reason"), "text"), Column("n", msg("Lost"), "int"),
        ), tuple((rows[at].reason, rows[at].n) for at in strange), SHEET, links=own))  # fmt: skip
        kept.append(records_of("unmapped_records", msg("Records: {title}", title=words), seen, behind, options))
    section = Section(tuple(tables), tuple(kept), definitions=_DETAILS)
    for key in CROSSES if rows else ():
        section += _crossed(seen, period, key, ordered, options)
    return section


def _crossed(
    seen: tuple[Timeline, Standing], period: Period, key: str, ordered: tuple[str, ...], options: ReportOptions
) -> Section:
    """Return the cross table of reasons by `key`, and the deals behind its figures."""
    table = cross(*seen, period, key, ordered)
    behind = f"reason_{key}_records"
    counts = {(at, name): n for at, row in enumerate(table.rows)
              for name, n in zip(table.names, row.counts, strict=True)}  # fmt: skip
    checks = (check_of_records(behind, seen, table.evidence, counts, {}, options.currency),)
    kept = records_of(behind, msg("Records: {title}", title=CROSSES[key]), seen, table.evidence, options)
    return Section((_cross_table(table, key),), (kept,), checks)


def _cross_table(table: Cross, key: str) -> Table:
    columns = (
        Column("reason", msg("Loss reason"), "text"),
        *(Column(name, msg("{name}", name=name), "int") for name in table.names), Column("n", msg("Total"), "int"),
    )  # fmt: skip
    rows: tuple[tuple[Cell, ...], ...] = tuple((row.reason, *row.counts, sum(row.counts)) for row in table.rows)
    total = (msg("Total"), *(sum(counts) for counts in zip(*(row.counts for row in table.rows), strict=True)),
             sum(sum(row.counts) for row in table.rows))  # fmt: skip
    links = links_to(f"reason_{key}_records", table.evidence)
    return Table(f"reason_{key}", CROSSES[key], columns, rows, CROSS_SHEET, total, links)
