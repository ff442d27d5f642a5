"""One sheet into the database: chunk by chunk, every row counted once, every amount summed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

from crmcli.domain.rejection import Rejection
from crmcli.domain.values.money import Amount, yuan_to_fen
from crmcli.i18n import Message, msg
from crmcli.importers.extract import amount_in, drafts
from crmcli.importers.parsing import ParsedColumn
from crmcli.importers.plain import PlainRows, plain_rows
from crmcli.importers.sheet import Block, OddRow
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.chunk import write_chunk
from crmcli.jobs.importing.context import ImportContext, Listed, Reason, Row, SheetPlace, SheetTally, Sums
from crmcli.jobs.importing.fresh import FreshRows
from crmcli.jobs.importing.fresh_columns import FreshColumns
from crmcli.jobs.importing.plan import PlannedSheet
from crmcli.jobs.importing.witness import Witness
from crmcli.store.provenance import SourceRow, add_rows

CHUNK = 20_000
_MONEY = {
    "opportunity.amount": "amount_fen",
    "opportunity.budget": "budget_fen",
    "product.price": "price_fen",
    "contract.amount": "amount_fen",
    "payment.due_amount": "due_amount_fen",
    "target.amount": "amount_fen",
    "payment.received_amount": "received_amount_fen",
}
_JUNK = "row.junk"
_UNSAFE = {
    "line.unclosed_quote": msg("a quote is opened and not closed: the line cannot be read safely"),
    "line.too_many_cells": msg("the line has more cells than the header"),
    "card.broken": msg("the card is not closed, or the line stands outside any card"),
    "line.broken": msg("a line end inside a cell has cut the record into several lines"),
    "line.other_encoding": msg("the line is in another encoding than the rest of the file"),
}


def write_sheet(
    context: ImportContext, planned: PlannedSheet, place: SheetPlace, *, blanks: bool
) -> tuple[SheetTally, list[Rejection]]:
    """Return what became of a sheet's rows, and those that go to the rejects workbook.

    `blanks` asks for the empty cells of mapped columns: they empty their fields.
    """
    tally = SheetTally(sums={path: Sums() for path in _MONEY if path in planned.mapping.paths()})
    witness = Witness(context, place)
    columns, fresh = FreshColumns(context, place, witness), FreshRows(context, place, tally)
    writer = _SheetWriter(context, planned, place, blanks, tally, witness, columns, fresh)
    writer.write()
    writer.fresh.finish()
    tally.notes += context.notes()
    tally.witness = witness.report()
    return tally, writer.rejections


@dataclass(slots=True)
class _SheetWriter:
    """One sheet on its way in: plain rows that find nothing column by column, all others row by row."""

    context: ImportContext
    planned: PlannedSheet
    place: SheetPlace
    blanks: bool
    tally: SheetTally
    witness: Witness
    columns: FreshColumns
    fresh: FreshRows
    rejections: list[Rejection] = field(default_factory=list)

    def write(self) -> None:
        """Write all blocks."""
        for block, columns, meeting in self.planned.blocks():
            total = len(block.rows)
            junk = self.planned.junk(columns)
            plain = plain_rows(columns, self.planned.mapping, total, {*junk, *meeting})
            for start in range(0, total, CHUNK):
                end = min(start + CHUNK, total)
                wanted = [index for index in range(start, end) if index not in junk]
                self._write_part(block, columns, wanted, plain.between(start, end))
            self._write_odd(block, junk)

    def _write_part(
        self, block: Block, columns: Sequence[ParsedColumn], wanted: Sequence[int], plain: PlainRows
    ) -> None:
        context, place = self.context, self.place
        first = context.run.reserve("source_row", len(wanted))
        numbers = dict(zip(wanted, count(first)))
        plain = self.fresh.among(plain)
        alone = plain.rows.tolist()
        source_rows = [numbers[index] for index in alone]
        self.fresh.announce(plain, source_rows)
        # before the others are written: what was written last has this time to settle
        said = self.columns.read(plain, block) if alone else None
        left = sorted(numbers.keys() - set(alone))
        drafted = drafts(block, columns, self.planned.mapping, left, blanks=self.blanks) if left else ()
        rows = [Row(draft, numbers[draft.index]) for draft in drafted]
        batches = write_chunk(context, place, rows, columns) if rows else []
        _tally_rows(self.tally, rows, batches, place, context.currency)
        _keep_rows(context, place, block, rows, self.witness, batches)
        if said is not None:
            self.fresh.write(said, source_rows, {batch.entity: batch.made_by for batch in batches})
        self.rejections += [rejection(place, row.draft.row, block.cells(row.draft.index), row.reason)
                            for row in rows if row.reason]  # fmt: skip

    def _write_odd(self, block: Block, junk: Collection[int]) -> None:
        odd = [OddRow(block.rows[index], _JUNK, block.cells(index)) for index in sorted(junk)]
        for rows, outcome in (([*odd, *block.skipped], "skipped"), (block.rejected, "rejected")):
            _tally_odd(self.context, self.place, self.tally, self.planned, rows, outcome, self.witness)
        self.rejections += [rejection(self.place, row.row, row.cells, unsafe_line(row)) for row in block.rejected]


def _tally_rows(tally: SheetTally, rows: Sequence[Row], batches: Sequence[Batch], place: SheetPlace, home: str) -> None:
    by_entity = {batch.entity: batch for batch in batches}
    for row in rows:
        tally.counts[row.outcome] += 1
        tally.records.update(row.made)
        tally.alternates += row.alternates
        for found in row.draft.problems:
            problem = found.problem
            tally.listed.append(Listed(row.draft.row, found.header, problem.text, problem.code, problem.message))
        tally.listed += row.listed
        for path in _MONEY:
            _add_amount(tally, path, row, by_entity, home)
    if place.kind not in tally.records:
        tally.records[place.kind] = 0


def _add_amount(tally: SheetTally, path: str, row: Row, batches: dict[str, Batch], home: str) -> None:
    entity, key = path.split(".")
    amount = row.draft.parts.get(entity, {}).get(key)
    if not isinstance(amount, Amount):
        return
    foreign = amount.currency not in (None, home)
    sums = tally.sums.setdefault(f"{path} {amount.currency}" if foreign else path, Sums())
    if row.stopped:
        sums.add(row.outcome, amount.value)
        return
    sums.add("source", amount.value)
    column, fen = _MONEY[path], yuan_to_fen(amount.value)
    batch, number = batches[entity], row.ids[entity]
    stored = fen if batch.holds(number, column, fen) else batch.present[number][column] or 0
    sums.add("stored", Decimal(stored) / 100)


def _keep_rows(
    context: ImportContext,
    place: SheetPlace,
    block: Block,
    rows: Sequence[Row],
    witness: Witness,
    batches: Sequence[Batch],
) -> None:
    """Keep the raw cells of every row that did something; a row that is all the same claims nothing."""
    by_entity = {batch.entity: batch for batch in batches}
    kept = [
        SourceRow(
            row.source_row,
            row.draft.row,
            block.cells(row.draft.index),
            row.outcome,
            place.kind,
            row.ids.get(place.kind),
            said,
        )
        for row in rows
        if (said := witness.keep(row, by_entity)) is not None
    ]
    add_rows(context.run, place.source_sheet, kept)


def _tally_odd(
    context: ImportContext,
    place: SheetPlace,
    tally: SheetTally,
    planned: PlannedSheet,
    rows: Sequence[OddRow],
    outcome: str,
    witness: Witness,
) -> None:
    """Count, sum and keep rows that are no records: totals and notes are skipped, unsafe lines rejected."""
    tally.counts[outcome] += len(rows)
    first = context.run.reserve("source_row", len(rows))
    money = [parser for parser in planned.parsers if parser.map.path in tally.sums]
    kept = []
    for number, row in enumerate(rows, first):
        amounts = [amount_in(parser, row.cells) for parser in money]
        for parser, amount in zip(money, amounts, strict=True):
            tally.sums[parser.map.path].add(outcome, amount)
        said = witness.keep_odd(row.code, _UNSAFE.get(row.code), sum(amounts, Decimal(0)))
        kept.append(SourceRow(number, row.row, row.cells, outcome, "", None, said))
    add_rows(context.run, place.source_sheet, kept)


def rejection(place: SheetPlace, row: int, cells: Sequence[str], reason: Reason) -> Rejection:
    """Return a row for the rejects workbook."""
    return Rejection(
        place.file,
        place.sheet,
        row,
        reason.header,
        reason.value,
        reason.code,
        reason.message,
        reason.suggestion,
        place.headers,
        tuple(cells),
        place.system,
        place.kind,
        place.named,
    )


def unsafe_line(row: OddRow) -> Reason:
    """Return why a line that cannot be read safely is rejected."""
    suggestion = msg("repair the line in the file, or put this row's cells right here")
    return Reason(row.code, _UNSAFE.get(row.code) or Message(row.code), suggestion)
