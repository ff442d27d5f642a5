"""The rows below a header -> blocks of records; what is no record is set aside."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from crmcli.i18n import msg
from crmcli.importers.readers.grid import Grid, NumberedRow
from crmcli.importers.sheet import OddRow, Sheet
from crmcli.importers.tables.asked import FileFacts, Store, TableOptions
from crmcli.importers.tables.batches import BATCH_CELLS, BATCH_ROWS, Batch, batch_of, doubtful
from crmcli.importers.tables.columns import ColumnBuilder
from crmcli.importers.tables.header import Header
from crmcli.importers.tables.looks import is_blank_row
from crmcli.importers.tables.merged_cells import MergedCells
from crmcli.importers.tables.odd_rows import TITLE, OddRowFinder, identifying_columns

NO_ROWS = msg("the table has a header and no rows")
TOO_MANY_CELLS = "line.too_many_cells"
_BLOCK_CELLS = 400_000
_BLOCK_CHARS = 8_000_000


class Body:
    """Reads the rows below a header, block by block."""

    def __init__(self, grid: Grid, head: list[NumberedRow], header: Header, options: TableOptions) -> None:
        """`head` are the first rows of the sheet, those above the header included."""
        own = head[header.first : header.last + 1]
        columns = len(header.labels) or max(len(cells) for _number, cells in head)
        self._grid = grid
        self._merged = MergedCells(grid.merges)
        self._header_row = own[-1][0] if own else None
        self._left = options.limit
        self._block_rows = max(1, min(options.block_rows, _BLOCK_CELLS // columns))
        self._batch_rows = max(1, min(BATCH_ROWS, BATCH_CELLS // columns))
        self._width = max((len(cells) for _number, cells in own), default=0) if grid.strict_width else 0
        identifying = identifying_columns(header.labels, options.identifies)
        self._odd = OddRowFinder([cells for _number, cells in own], columns, identifying)
        self._builder = ColumnBuilder(header.labels)
        self._skipped = [OddRow(n, TITLE, cells) for n, cells in head[: header.first] if not is_blank_row(cells)]
        self._rejected: list[OddRow] = []
        self._chars = 0
        self._counts = {"records": 0, "skipped": 0, "rejected": 0}

    def sheet(self, rows: Iterator[NumberedRow], facts: FileFacts, store: Store) -> Sheet:
        """Return the sheet once all rows (up to the limit) are read into `store`."""
        while taken := list(islice(rows, self._most_rows())):
            self._merged.fill(taken)
            self._take(batch_of(taken))
            if self._builder.rows >= self._block_rows or self._chars >= _BLOCK_CHARS:
                self._finish_block(store)
        self._finish_block(store)
        counts = self._counts
        notes = self._grid.notes if counts["records"] else [*self._grid.notes, NO_ROWS]
        return Sheet(
            *facts, self._grid.encoding, self._grid.name, self._header_row, self._builder.columns(),
            counts["records"], counts["skipped"], counts["rejected"], notes, None, store,
        )  # fmt: skip

    def _most_rows(self) -> int:
        most = min(self._batch_rows, self._block_rows - self._builder.rows)
        return most if self._left is None else min(most, self._left)

    def _take(self, batch: Batch) -> None:
        gone = self._too_wide(batch)
        for index in doubtful(batch, self._odd.header_texts):
            if index not in gone and self._is_odd(batch.numbers[index], batch.rows[index]):
                gone.add(index)
        kept = batch.without(gone)
        self._builder.add(kept.numbers, kept.columns)
        self._chars += batch.chars()
        if self._left is not None:
            self._left -= len(kept.numbers)

    def _too_wide(self, batch: Batch) -> set[int]:
        """Return the indexes of the rows that hold more cells than the header, rejected."""
        if not self._width or len(batch.columns) <= self._width:
            return set()
        found = {i for i, cells in enumerate(batch.rows) if not is_blank_row(cells[self._width :])}
        self._rejected += [OddRow(batch.numbers[i], TOO_MANY_CELLS, batch.rows[i]) for i in sorted(found)]
        return found

    def _is_odd(self, number: int, cells: list[str]) -> bool:
        if is_blank_row(cells):
            return True
        code = self._odd.code_of(cells)
        if code:
            self._skipped.append(OddRow(number, code, cells))
        return code is not None

    def _finish_block(self, store: Store) -> None:
        """Keep what was read since the last block, if anything."""
        skipped = sorted(self._grid.skipped + self._skipped, key=lambda odd: odd.row)
        rejected = sorted(self._grid.rejected + self._rejected, key=lambda odd: odd.row)
        if self._builder.rows or skipped or rejected:
            self._counts["records"] += self._builder.rows
            self._counts["skipped"] += len(skipped)
            self._counts["rejected"] += len(rejected)
            store.append(self._builder.block(skipped, rejected))
        self._skipped, self._rejected, self._chars = [], [], 0
        self._grid.skipped.clear()
        self._grid.rejected.clear()
