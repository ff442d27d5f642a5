"""The changes report: a waterfall from what was printed at the period's beginning to what is open at its end."""

from __future__ import annotations

from crmcli.domain.metrics.both_ends import Ends, both_ends
from crmcli.domain.metrics.changes import BEFORE, ChangeRow, Changes, changes
from crmcli.domain.metrics.layers import some_of
from crmcli.domain.metrics.money import amount_keys
from crmcli.domain.metrics.population import Population
from crmcli.i18n import Message, msg
from crmcli.reports.behind import links_to, records_of
from crmcli.reports.catalogue.terms import BETWEEN, NO_HISTORY
from crmcli.reports.columns import amount_columns, amounts, group_columns
from crmcli.reports.finished import finished
from crmcli.reports.further import further
from crmcli.reports.model import Cell, Chart, Check, Column, Definition, Note, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "changes"
TITLE = msg("What changed the open amount")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Changes")
NEEDS: tuple[str, ...] = ("moves", "earlier", "displaced")
PERIOD = "last-week"

WORDS: dict[str, Message] = {
    "printed": msg("Opening as printed"),
    "corrected": msg("Entered late"),
    "opening": msg("Opening"),
    "new": msg("New"),
    "reopened": msg("Reopened"),
    "amount_up": msg("Amount up"),
    "amount_down": msg("Amount down"),
    "won": msg("Won"),
    "lost": msg("Lost"),
    "void": msg("Void"),
    "merged": msg("Merged, removed, changed pipeline"),
    "moved_in": msg("Moved in"),
    "moved_out": msg("Moved out"),
    "closing_in": msg("Close moved in"),
    "closing_out": msg("Close moved out"),
    "closing": msg("Closing"),
}
DEFINITIONS = (
    Definition(msg("Opening as printed"), msg(
        "The opportunities open just before the period and their amounts, as it was known then: the closing of the "
        "period before as it was printed."), ("printed",), ("changes",)),
    Definition(msg("Entered late"), msg(
        "What was recorded since the period began but is dated before it: it makes the opening another than printed. "
        "What was removed after the period is here too."), ("corrected",), ("changes",)),
    Definition(msg("Steps"), msg(
        "Each opportunity is in one main step, by where it stands at both ends: won, lost or void at the end; merged, "
        "removed or in another pipeline; new or reopened; its amount changed. It counts what it is worth at the end "
        "less what it was worth at the opening. One that was opened and closed within the period is in two steps, "
        "once with plus and once with minus."), ("n", "amount", "step"), ("changes",)),
    Definition(msg("Moved in, moved out"), msg(
        "With --by: opportunities that were of another group (owner, team, expected month ...) at the opening. With "
        "--closing: those whose expected close moved into that period or out of it."),
        ("moved_in", "moved_out", "closing_in", "closing_out"), ("changes",)),
    Definition(msg("Amount unknown"), msg(
        "Opportunities without an amount count nothing in the sums and are counted beside them."),
        ("no_amount",), ("changes",)),
    NO_HISTORY,
    BETWEEN,
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the changes report of the period.

    Raises:
        UnbalancedReportError: The waterfall does not balance, or a step contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    ends = both_ends(population, options.period, options.as_of, options.currency)
    return finished(NAME, TITLE, changes_section(ends, options), options)


def changes_section(ends: Ends, options: ReportOptions, *, printed: bool = True) -> Section:
    """Return the waterfall between both ends of a period; without `printed` from the opening as it is known now."""
    found = changes(ends, options.by, options.closing, printed=printed)
    columns = (
        *group_columns(options.by), Column("key", msg("Key"), "text", minor=True), Column("step", msg("Step"), "text"),
        Column("n", msg("Opportunities"), "int"),
        *amount_columns(options.currency, ends.currencies, msg("Amount")),
        Column("no_amount", msg("Amount unknown"), "int"),
    )  # fmt: skip
    table = Table(NAME, TITLE, columns, tuple(_cells(row) for row in found.rows), SHEET, None,
                  links_to("changes_records", found.evidence.shared(
                      n=amount_keys(options.currency, ends.currencies).values())))  # fmt: skip
    seen = (ends.line, ends.stand)
    table, more = further(table, seen, (some_of("no_amount", found.evidence, "n", ~found.known),), options)
    kept = records_of("changes_records", msg("Records: {title}", title=TITLE), seen, found.evidence, options, WORDS)
    notes, definitions = (_notes(found), DEFINITIONS) if printed else ((), DEFINITIONS[len(BEFORE) :])
    return Section((table,), (kept,), _checks(found), _charts(found, options), notes, definitions) + more


def _cells(row: ChangeRow) -> tuple[Cell, ...]:
    return (*row.group, row.step, WORDS[row.step], row.n, *amounts(row.amounts), row.no_amount)


def _checks(found: Changes) -> tuple[Check, ...]:
    wrong, apart = found.unbalanced(), found.not_of_records()
    return (
        Check("changes_balance", not wrong, msg("does not balance: {what}", what=list(wrong)) if wrong
              else msg("{n} rows balance: the opening and all steps make the closing", n=len(found.rows))),
        Check("changes_records", not apart, msg("the records do not add up to: {what}", what=list(apart)) if apart
              else msg("{n} rows equal the counts and sums of their records", n=len(found.rows))),
    )  # fmt: skip


def _notes(found: Changes) -> tuple[Note, ...]:
    """Return the note that nothing was known yet when the period began, where that is so."""
    counts = {step: sum(row.n for row in found.rows if row.step == step) for step in ("printed", "opening")}
    if counts["printed"] or not counts["opening"]:
        return ()
    words = msg("Nothing was recorded yet when the period began: the whole opening came in later.")
    return (Note("nothing_printed", NAME, words),)


def _charts(found: Changes, options: ReportOptions) -> tuple[Chart, ...]:
    if options.by:
        return ()
    levels = tuple(at for at, row in enumerate(found.rows) if row.step in ("printed", "opening", "closing"))
    return (Chart("waterfall", TITLE, NAME, "step", ("amount",), levels=levels),)
