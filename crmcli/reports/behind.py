"""The records behind a table: their sheet, the links to it, and the check that they add up to the figures."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from crmcli.domain.metrics.evidence import Evidence, Record, records, shown_places, sums_of_blocks
from crmcli.domain.metrics.timeline import Standing, Timeline
from crmcli.i18n import Message, msg
from crmcli.reports.columns import SOURCE, yuan
from crmcli.reports.model import Cell, Check, Column, Link, Records
from crmcli.reports.options import ReportOptions
from crmcli.reports.whole_lists import deal_lines

MARKS: dict[str, Column] = {
    "highest_stage": Column("highest_stage", msg("Highest stage"), "text"),
    "reason": Column("reason", msg("Loss reason"), "text"),
    "lost_stage": Column("lost_stage", msg("Stage before the loss"), "text"),
    "expected_close": Column("expected_close", msg("Expected close"), "date"),
    "week": Column("week", msg("Week from"), "date"),
    "days": Column("days", msg("Days"), "days"),
    "counted_from": Column("counted_from", msg("Counted from"), "date"),
    "stage_days": Column("stage_days", msg("Days in stage"), "int"),
    "silent_days": Column("silent_days", msg("Days of silence"), "int"),
    "last_contact": Column("last_contact", msg("Last contact"), "date"),
    "visited": Column("visited", msg("Stage"), "text"),
    "visit": Column("visit", msg("Visit"), "text"),
    "entered": Column("entered", msg("Entered on"), "date"),
    "left": Column("left", msg("Left on"), "date"),
    "no_days": Column("no_days", msg("Why left out"), "text"),
    "figure": Column("figure", msg("Figure"), "text"),
    "amount_then": Column("amount_then", msg("Amount then"), "money"),
    "amount_before": Column("amount_before", msg("Amount before"), "money"),
    "amount_after": Column("amount_after", msg("Amount after"), "money"),
    "change": Column("change", msg("Change"), "money", signed=True),
    "month": Column("month", msg("Month"), "text"),
    "category": Column("category", msg("Forecast category"), "text"),
    "probability": Column("probability", msg("Probability"), "rate"),
    "probability_source": Column("probability_source", msg("Probability from"), "text"),
    "weighted": Column("weighted", msg("Weighted amount"), "money"),
    "bucket": Column("bucket", msg("Not in the forecast"), "text"),
}
"""Columns that only some reports add to their records."""

DEAL_COLUMNS = (
    Column("opportunity", msg("Opportunity"), "text"),
    Column("external_id", msg("Opportunity no."), "text"),
    Column("name", msg("Opportunity name"), "text"),
    Column("customer", msg("Customer"), "text"),
    Column("owner", msg("Owner"), "text"),
    Column("product", msg("Product"), "text"),
    Column("stage", msg("Present stage"), "text"),
    Column("amount", msg("Amount"), "money"),
    Column("currency", msg("Currency"), "text"),
    Column("start", msg("Begun on"), "date"),
    Column("closed", msg("Closed on"), "date"),
    *SOURCE,
)
"""What every list says of a deal: who and what it is, and the row that brought it."""


def records_of(
    name: str, title: Message, seen: tuple[Timeline, Standing], evidence: Evidence, options: ReportOptions,
    words: Mapping[str, Message] | None = None,
) -> Records:  # fmt: skip
    """Return the records sheet of a table; `words` puts the marks of figures into words."""
    line, stand = seen
    marks = tuple(evidence.marks)
    places = shown_places(evidence, options.records_limit)
    return Records(
        name, title, (*(MARKS[key] for key in marks), *DEAL_COLUMNS),
        tuple(
            (*(_mark(key, record.marks[key], words or {}) for key in marks), *deal_cells(record, options.currency))
            for record in records(line, stand, evidence, places)
        ),
        len(evidence.order), tuple(places.tolist()) if len(places) < len(evidence.order) else (),
        partial(deal_lines, line, stand, evidence, options.currency, partial(_mark, words=words or {}),
                frozenset(key for key in marks if MARKS[key].type == "money")),
    )  # fmt: skip


def deal_cells(record: Record, home: str) -> tuple[Cell, ...]:
    """Return the cells of a deal in `DEAL_COLUMNS`; `home` is the workspace's currency."""
    given = record.fields
    return (
        f"O{record.opportunity_id}", given["external_id"], given["name"], given["customer"], given["owner"],
        given["product"], record.stage, yuan(record.amount), given["currency"] or home, record.start, record.closed,
        *(record.source or (None, None, None)),
    )  # fmt: skip


def _mark(key: str, value: Any, words: Mapping[str, Message]) -> Cell:
    return yuan(value) if MARKS[key].type == "money" else words.get(value, value)


def links_to(records_name: str, evidence: Evidence) -> dict[tuple[int, str], Link]:
    """Return a link for every figure that has records."""
    return {
        figure: Link(records_name, block.first, block.count) for figure, block in evidence.blocks.items() if block.count
    }


def check_of_records(
    name: str, seen: tuple[Timeline, Standing], evidence: Evidence, figures: Mapping[tuple[int, str], int | None],
    sums: Mapping[tuple[int, str], Mapping[str, int | None]], home: str,
) -> Check:  # fmt: skip
    """Return whether the records behind figures are as many, and worth as much, as the figures say.

    Args:
        name: The check's name.
        seen: The deals and where they stand.
        evidence: The records and which of them are behind a figure.
        figures: Counts by (row, key).
        sums: Fen by currency, by (row, key), for those figures that have an amount beside them.
        home: The workspace's currency.
    """
    added = sums_of_blocks(seen[0], evidence, home)
    counts = {figure: block.count for figure, block in evidence.blocks.items()}
    wrong = [
        figure for figure in {**counts, **figures}
        if (figures.get(figure, counts.get(figure)) or 0) != counts.get(figure, 0)
    ]  # fmt: skip
    wrong += [
        figure for figure, wanted in sums.items()
        if any((amount or 0) != added.get(figure, {}).get(code, 0) for code, amount in wanted.items())
    ]  # fmt: skip
    detail = (
        msg("Row {row}, {key}: the records do not add up to the figure", row=wrong[0][0] + 1, key=wrong[0][1])
        if wrong else msg("{n} figures equal the counts and sums of their records", n=len(evidence.blocks))
    )  # fmt: skip
    return Check(name, not wrong, detail)
