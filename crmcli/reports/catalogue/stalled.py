"""The stalled report: open deals that stand still, by two clocks, and why."""

from __future__ import annotations

from datetime import date
from functools import partial

from crmcli.domain.metrics.evidence import Evidence
from crmcli.domain.metrics.layers import without_amount
from crmcli.domain.metrics.money import amount_keys
from crmcli.domain.metrics.pipelines_apart import Apart, apart, open_ones
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.rate import share
from crmcli.domain.metrics.stalled import StalledDeal, StalledRow, stalled
from crmcli.domain.metrics.timeline import OPEN, Standing, Timeline, standing, timeline
from crmcli.i18n import Message, msg
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.catalogue.left_out import left_out, titled
from crmcli.reports.columns import amount_columns, amounts, currencies_of, group_columns
from crmcli.reports.deal_rows import cut, deal_table
from crmcli.reports.finished import finished
from crmcli.reports.further import further
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Note, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "stalled"
TITLE = msg("Stalled opportunities")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Stalled opportunities")
NEEDS: tuple[str, ...] = ("activities", "plans", "max_plan_days")
LISTED = "stalled_deals"
_BEHIND = "stalled_records"
_DEALS = (
    Column("stage", msg("Stage"), "text"),
    Column("stage_days", msg("Days in stage"), "int"),
    Column("silent_days", msg("Days of silence"), "int"),
    Column("rot_days", msg("Days allowed"), "int"),
    Column("last_contact", msg("Last contact"), "date"),
    Column("planned_until", msg("Planned until"), "date"),
    Column("reasons", msg("Why"), "text"),
)


def definitions(max_plan_days: int) -> tuple[Definition, ...]:
    """Return the definitions, with how long a plan protects."""
    return (
        Definition(msg("Two clocks"), msg(
            "Days in stage: from the day the present stage was entered to the as-of day. Days of silence: from the day "
            "of the last human contact, about the opportunity or with its customer about none; before any contact from "
            "the creation. Imports, merges, bulk edits and rules are no contact."), ("stage_days", "silent_days"),
            ("stalled",)),
        Definition(msg("Stalled"), msg(
            "Open, silent for rot_days of its stage or longer, and no next step is planned that protects it: one "
            "protects until its day, at most {n} days after it was planned; where nobody knows when that was, it must "
            "be due within {n} days. `crmcli remind` decides in the same way.", n=max_plan_days),
            ("stalled", "rate", "protected", "reasons"), ("stalled",)),
        Definition(msg("Open"), msg(
            "Open opportunities in the stage at the as-of time; the share stalled is of these."),
            ("open",), ("stalled",)),
        Definition(msg("Amount stalled"), msg(
            "Sum of the known amounts of the stalled at the as-of time, in the list each one's own; Amount unknown "
            "counts the stalled without one."), ("amount", "no_amount"), ("stalled",)),
        Definition(msg("Days allowed"), msg(
            "The rot_days of the stage in crm.toml; where there are none, silence alone never stalls."),
            ("rot_days",), ("stalled",)),
        Definition(msg("Too long in the stage"), msg(
            "Not stalled by silence, but in the stage for its max_days or longer; reminders tell of these too."),
            ("over_max",), ("stalled",)),
        Definition(msg("No day known"), msg(
            "Neither contact, creation nor entry of the stage has a day: silence cannot be counted."), ("unknown",),
            ("stalled",)),
    )  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the stalled report; it has no period.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    line = timeline(population)
    both = apart((line, standing(line, line.moment(options.as_of))))
    return finished(NAME, titled(TITLE, line.stages), stalled_section(both, options), options)


def stalled_section(both: Apart, options: ReportOptions, *, listed: bool = True) -> Section:
    """Return the shown pipeline's stalled deals, counted by stage and, if wanted, `listed`."""
    seen, title = both.shown, titled(TITLE, both.shown[0].stages)
    rows, evidence, deals = stalled(*seen, home=options.currency, by=options.by, listed=listed)
    codes = currencies_of((row.amounts for row in rows), options.currency)
    columns = (
        *group_columns(options.by), Column("stage", msg("Stage"), "text"), Column("open", msg("Open"), "int"),
        Column("stalled", msg("Stalled"), "int"), Column("rate", msg("Share stalled"), "rate", parts=True),
        *amount_columns(options.currency, codes, msg("Amount stalled")),
        Column("no_amount", msg("Amount unknown"), "int"), Column("protected", msg("Protected by a plan"), "int"),
        Column("over_max", msg("Too long in the stage"), "int"), Column("unknown", msg("No day known"), "int"),
        Column("rot_days", msg("Days allowed"), "int"),
    )  # fmt: skip
    table = Table(NAME, title, columns, tuple(_cells(row) for row in rows), SHEET, None, links_to(
        _BEHIND, evidence.shared(stalled=amount_keys(options.currency, codes).values(), open=("rate",))))  # fmt: skip
    table, more = further(table, seen, (without_amount(seen[0], evidence, "stalled"),), options)
    each = _list(seen, deals, options, title) if listed else ()
    kept = records_of(_BEHIND, msg("Records: {title}", title=title), seen, evidence, options)
    charts = () if options.by else (Chart("bar", title, NAME, "stage", ("stalled",)),)
    return Section(
        (table, *each), (kept,),
        _checks(rows, evidence, seen, options) + (_all_listed(rows, deals) if listed else ()), charts,
        _notes(rows) + (cut(LISTED, len(deals), options) if listed else ()),
        definitions(seen[0].population.max_plan_days),
    ) + more + left_out(both, open_ones, NAME)  # fmt: skip


def _list(
    seen: tuple[Timeline, Standing], deals: tuple[StalledDeal, ...], options: ReportOptions, title: Message
) -> tuple[Table]:
    words, sheet = msg("List: {title}", title=title), msg("List of the stalled")
    return (deal_table(LISTED, words, sheet, _DEALS, seen[0], deals, partial(map, _told), options),)


def _cells(row: StalledRow) -> tuple[Cell, ...]:
    return (
        *row.group, row.stage, row.open, row.stalled, share(row.stalled, row.open), *amounts(row.amounts),
        row.no_amount, row.protected, row.over_max, row.unknown, row.rot_days,
    )  # fmt: skip


def _told(one: StalledDeal) -> tuple[int, tuple[Cell, ...]]:
    planned: date | None = one.plan.day if one.plan else None
    why = msg("{reasons}", reasons=one.stall.reasons)
    clocks = (one.stall.stage_days, one.stall.silent_days, one.rot_days)
    return one.deal, (one.stage, *clocks, one.last_contact, planned, why)


def _checks(
    rows: tuple[StalledRow, ...], evidence: Evidence, seen: tuple[Timeline, Standing], options: ReportOptions
) -> tuple[Check, ...]:
    is_open, added = int((seen[1].status == OPEN).sum()), sum(row.open for row in rows)
    counts = {(at, key): getattr(row, key) for at, row in enumerate(rows)
              for key in ("open", "stalled", "over_max", "protected", "unknown")}  # fmt: skip
    sums = {(at, "stalled"): row.amounts for at, row in enumerate(rows)}
    return (
        Check("stalled_open", is_open == added, msg("{n} open, {added} in the rows", n=is_open, added=added)),
        check_of_records(_BEHIND, seen, evidence, counts, sums, options.currency),
    )


def _all_listed(rows: tuple[StalledRow, ...], deals: tuple[StalledDeal, ...]) -> tuple[Check]:
    total = sum(row.stalled for row in rows)
    said = msg("{n} stalled, {added} listed", n=total, added=len(deals))
    return (Check("stalled_listed", total == len(deals), said),)


def _notes(rows: tuple[StalledRow, ...]) -> tuple[Note, ...]:
    notes = []
    free = sum(row.open for row in rows if row.rot_days is None)
    if free:
        notes.append(Note("no_limit", NAME, msg(
            "{n} open opportunities are in stages without rot_days: silence never stalls them.", n=free)))  # fmt: skip
    unknown = sum(row.unknown for row in rows)
    if unknown:
        notes.append(Note("no_day", NAME, msg(
            "Of {n} open opportunities no day is known; whether they are stalled cannot be said.", n=unknown,
        )))  # fmt: skip
    return tuple(notes)
