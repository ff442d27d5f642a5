"""The review (复盘): what was closed, how each deal went, and what the losses have in common."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from crmcli.domain.metrics.closings import closed_between
from crmcli.domain.metrics.money import amount_keys
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.review import ENDS, Closed, LessonRow, Told, closed_deals, lesson_layers, lessons
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline
from crmcli.i18n import Message, msg
from crmcli.reports.behind import check_of_records, links_to, records_of
from crmcli.reports.catalogue.terms import AMOUNTS, BETWEEN, DAYS, inferred_dates
from crmcli.reports.columns import GROUP_LABELS, amount_columns, amounts, currencies_of
from crmcli.reports.deal_rows import cut, deal_table
from crmcli.reports.finished import finished
from crmcli.reports.further import further
from crmcli.reports.model import Cell, Check, Column, Definition, Note, Report, Section, Table
from crmcli.reports.names import REPORT_NAMES
from crmcli.reports.options import ReportOptions

NAME = "review"
TITLE = msg("Review of closed opportunities")
SUMMARY = REPORT_NAMES[NAME]
SHEET = msg("Review")
NEEDS: tuple[str, ...] = ("teller",)
PERIOD = "last-week"

_WORDS: dict[str, Message] = {"won": msg("Won"), "lost": msg("Lost"), "void": msg("Void")}
DEFINITIONS = (
    Definition(msg("Closed in the period"), msg(
        "An opportunity counts once, by its last close up to the as-of time, if it is still so closed then and the day "
        "lies in [from, to); without a period the last complete week."), ("outcome", "n", "won", "lost", "void")),
    Definition(msg("Days to the close"), msg(
        "Days from the start (or the qualified stage, where crm.toml names one) to the close; unknown and inferred "
        "dates have none. The median is given from min_n known ones on."), ("days",)),
    AMOUNTS,
    Definition(msg("How it went"), msg(
        "Stages with the days in them, owners where they changed, follow-ups by people. Conclusions are written in the "
        "review workbook (`crmcli worklist --review`) and come back with `crmcli apply`."), ("course", "conclusion")),
    Definition(msg("In common"), msg(
        "By reason and by the stage before the close: the closed opportunities; by competitor those that name one. "
        "Reasons are those of losses."), ("reason", "stage")),
    DAYS, BETWEEN,
)  # fmt: skip
_OWN = (
    Column("outcome", msg("Outcome"), "text"), Column("reason", msg("Loss reason"), "text"),
    Column("stage", msg("Stage before the close"), "text"), Column("competitor", msg("Competitor"), "text"),
    Column("days", msg("Days"), "days"), Column("course", msg("How it went"), "text"),
    Column("note", msg("Note on the loss"), "text"), Column("conclusion", msg("Conclusion"), "text"),
)  # fmt: skip


def build(population: Population, options: ReportOptions) -> Report:
    """Return the review of the deals closed in the period.

    Raises:
        UnbalancedReportError: A figure contradicts its records.
        UnknownGroupingError: A key of `options.by` is not known.
    """
    line = timeline(population)
    seen = line, standing(line, line.moment(options.as_of))
    closed = closed_deals(*seen, options.period)
    section = Section(
        (_deals(line, closed, options),),
        (),
        (),
        (),
        (*_notes(seen, closed), *cut(NAME, len(closed.picked), options)),
        DEFINITIONS,
    )
    shared: tuple[tuple[str, ...], ...] = (("reason",), ("stage",), ("competitor",), options.by)
    for by in dict.fromkeys(keys for keys in shared if keys):
        section += _lessons(seen, closed, by, options)
    return finished(NAME, TITLE, section, options)


def _deals(line: Timeline, closed: Closed, options: ReportOptions) -> Table:
    """Return the deals themselves, as many as a records sheet lists at most."""

    def told(places: Sequence[int]) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        picked = closed.picked[list(places)]
        ids = line.deals["opportunity_id"].to_numpy()[picked].tolist()
        course = line.population.teller(ids) if line.population.teller else {}
        rivals = line.deals["competitor"].iloc[picked].astype(object)
        for at, deal, number, rival in zip(
            places, picked.tolist(), ids, rivals.where(rivals.notna(), None), strict=True
        ):
            yield int(deal), _cells(closed, at, rival, course.get(number, Told()))

    return deal_table(NAME, TITLE, SHEET, _OWN, line, range(len(closed.picked)), told, options)


def _cells(closed: Closed, at: int, rival: str | None, told: Told) -> tuple[Cell, ...]:
    days = float(closed.days[at])
    return (
        _WORDS[ENDS[int(closed.ends[at])]], closed.reason[at], closed.stage[at], rival,
        None if math.isnan(days) else days, told.course or None, told.note or None, told.conclusion or None,
    )  # fmt: skip


def _lessons(seen: tuple[Timeline, Standing], closed: Closed, by: tuple[str, ...], options: ReportOptions) -> Section:
    rows, evidence = lessons(seen[0], closed, by, home=options.currency, min_n=options.min_n)
    name = f"by_{'_'.join(by)}"
    behind = f"{name}_records"
    codes = currencies_of((row.amounts for row in rows), options.currency)
    labels = GROUP_LABELS | {"reason": msg("Loss reason"), "stage": msg("Stage before the close")}
    columns = (
        *(Column(key, labels[key], "text") for key in by), Column("n", msg("Closed"), "int"),
        *(Column(key, word, "int") for key, word in _WORDS.items()),
        *amount_columns(options.currency, codes, msg("Amount")), Column("days", msg("Median days"), "days"),
    )  # fmt: skip
    words = msg("In common: {what}", what=[labels[key] for key in by])
    table = Table(name, words, columns, tuple(_lesson_cells(row) for row in rows), SHEET, None,
                  links_to(behind, evidence.shared(n=amount_keys(options.currency, codes).values())))  # fmt: skip
    table, more = further(table, seen, lesson_layers(*seen, evidence), options)
    counts = {(at, key): getattr(row, key) for at, row in enumerate(rows) for key in ("n", *_WORDS)}
    sums = {(at, "n"): row.amounts for at, row in enumerate(rows)}
    added = all(row.n == row.won + row.lost + row.void for row in rows)
    checks = (
        check_of_records(behind, seen, evidence, counts, sums, options.currency),
        Check(f"{name}_ends", added, msg("Closed = won + lost + void in every row")),
    )
    return (
        Section((table,), (records_of(behind, msg("Records: {title}", title=words), seen, evidence, options),), checks)
        + more
    )


def _lesson_cells(row: LessonRow) -> tuple[Cell, ...]:
    return (*row.group, row.n, row.won, row.lost, row.void, *amounts(row.amounts), row.days)


def _notes(seen: tuple[Timeline, Standing], closed: Closed) -> tuple[Note, ...]:
    notes = inferred_dates(int(closed_between(*seen)[closed.picked].sum()), NAME)
    if seen[0].population.teller is None:
        words = msg("How they went, notes and conclusions are left out: they are known as of now only.")
        return (*notes, Note("nothing_told", NAME, words))
    return notes
