"""One sheet into the database: chunk by chunk, every row counted once, every amount summed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice

from crmcli.domain.rejection import Rejection
from crmcli.domain.values.money import Amount, yuan_to_fen
from crmcli.i18n import Message, msg
from crmcli.importers.extract import Draft
from crmcli.importers.sheet import Column, OddRow
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.chunk import write_chunk
from crmcli.jobs.importing.context import ImportContext, Listed, Row, SheetPlace, SheetTally, Sums
from crmcli.jobs.importing.plan import PlannedSheet
from crmcli.store.provenance import SourceRow, add_rows

CHUNK = 5000
_MONEY = {"opportunity.amount": "amount_fen", "product.price": "price_fen"}
ODD_ROWS = {
    "row.total": msg("a total row"),
    "row.note": msg("a note"),
    "row.header": msg("a repeated header"),
    "row.junk": msg("an entry that the preset leaves out"),
    "line.unclosed_quote": msg("a quote is opened and not closed: the line cannot be read safely"),
    "line.too_many_cells": msg("the line has more cells than the header"),
}


def write_sheet(context: ImportContext, planned: PlannedSheet, place: SheetPlace) -> tuple[SheetTally, list[Rejection]]:
    """Return what became of a sheet's rows, and those that go to the rejects workbook."""
    tally = SheetTally(sums={path: Sums() for path in _MONEY if path in planned.mapping.paths()})
    rejections: list[Rejection] = []
    for part in _chunks(planned.drafts()):
        junk = [draft for draft in part if planned.is_junk(draft.index)]
        wanted = [draft for draft in part if draft not in junk] if junk else part
        rows, batches = write_chunk(context, place, wanted)
        _tally_rows(tally, rows, batches, place)
        _keep_rows(context, planned, place, rows)
        rejections += [_rejection(place, row, planned) for row in rows if row.reason]
        tally.counts["skipped"] += len(junk)
        odd = [OddRow(draft.row, "row.junk", planned.sheet.cells(draft.index)) for draft in junk]
        _keep_odd(context, place, [(row, "skipped") for row in odd])
    _tally_odd(context, planned, place, tally, rejections)
    for (written, known), number in sorted(context.renamed.items()):
        words = msg("{written} is read as {known} ({number} rows)", written=written, known=known, number=number)
        tally.notes.append(words)
    context.renamed.clear()
    return tally, rejections


def _chunks(drafts: Iterator[Draft]) -> Iterator[list[Draft]]:
    while part := list(islice(drafts, CHUNK)):
        yield part


def _tally_rows(tally: SheetTally, rows: Sequence[Row], batches: Sequence[Batch], place: SheetPlace) -> None:
    by_entity = {batch.entity: batch for batch in batches}
    for row in rows:
        tally.counts[row.outcome] += 1
        tally.records.update(row.made)
        for found in row.draft.problems:
            row.listed.append(
                Listed(row.draft.row, found.header, found.problem.text, found.problem.code, found.problem.message)
            )
        tally.listed += row.listed
        for path, sums in tally.sums.items():
            _add_amount(sums, path, row, by_entity)
    if place.kind not in tally.records:
        tally.records[place.kind] = 0


def _add_amount(sums: Sums, path: str, row: Row, batches: dict[str, Batch]) -> None:
    entity, key = path.split(".")
    amount = row.draft.parts.get(entity, {}).get(key)
    if not isinstance(amount, Amount):
        return
    if row.stopped:
        setattr(sums, row.outcome, getattr(sums, row.outcome) + amount.value)
        return
    sums.source += amount.value
    column, fen = _MONEY[path], yuan_to_fen(amount.value)
    held = batches[entity].present[row.ids[entity]][column]
    stored = fen if batches[entity].holds(row.ids[entity], column, fen) else held or 0
    sums.stored += Decimal(stored) / 100


def _keep_rows(context: ImportContext, planned: PlannedSheet, place: SheetPlace, rows: Sequence[Row]) -> None:
    """Keep the raw cells of every row that did something; a row that is all the same claims nothing."""
    kept = [
        SourceRow(
            row.source_row,
            row.draft.row,
            planned.sheet.cells(row.draft.index),
            row.outcome,
            place.kind,
            row.ids.get(place.kind),
        )
        for row in rows
        if row.outcome != "same"
    ]
    add_rows(context.run, place.source_sheet, kept)


def _rejection(place: SheetPlace, row: Row, planned: PlannedSheet) -> Rejection:
    code, message, suggestion = row.reason or ("", msg(""), None)
    cells = tuple(planned.sheet.cells(row.draft.index))
    return Rejection(place.file, place.sheet, row.draft.row, "", "", code, message, suggestion, place.headers, cells)


def _tally_odd(
    context: ImportContext,
    planned: PlannedSheet,
    place: SheetPlace,
    tally: SheetTally,
    rejections: list[Rejection],
) -> None:
    """Count and keep the rows that are no records: totals and notes skipped, unsafe lines rejected."""
    sheet = planned.sheet
    odd = [(row, "skipped") for row in sheet.skipped] + [(row, "rejected") for row in sheet.rejected]
    _keep_odd(context, place, odd)
    tally.counts["skipped"] += len(sheet.skipped)
    tally.counts["rejected"] += len(sheet.rejected)
    rejections += [_odd_rejection(place, row) for row in sheet.rejected]


def _keep_odd(context: ImportContext, place: SheetPlace, odd: Sequence[tuple[OddRow, str]]) -> None:
    first = context.run.reserve("source_row", len(odd))
    kept = [SourceRow(first + i, row.row, row.cells, why, "", None) for i, (row, why) in enumerate(odd)]
    add_rows(context.run, place.source_sheet, kept)


def _odd_rejection(place: SheetPlace, row: OddRow) -> Rejection:
    suggestion = msg("repair the line in the file, or put this row's cells right here")
    return Rejection(
        place.file,
        place.sheet,
        row.row,
        "",
        "",
        row.code,
        odd_message(row.code),
        suggestion,
        place.headers,
        tuple(row.cells),
    )


def odd_message(code: str) -> Message:
    """Return in words why a row is no record."""
    return ODD_ROWS[code]


def headers_of(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the headers as written."""
    return tuple(column.header for column in columns)
