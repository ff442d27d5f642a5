"""A grid's rows in small batches, which fit a processor's cache, and which of their rows deserve a closer look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice, zip_longest
from typing import NamedTuple

from crmcli.importers.readers.grid import NumberedRow
from crmcli.importers.tables.looks import may_hold_total_word
from crmcli.importers.tables.odd_rows import FEW, FIRST_CELLS

BATCH_ROWS = 500
BATCH_CELLS = 2_000
_WEIGHED = 16  # every so many-th row's texts are measured


class Batch(NamedTuple):
    """Rows that follow each other, as rows and as columns; short rows are blank at their end in the columns."""

    numbers: Sequence[int]
    rows: Sequence[list[str]]
    columns: Sequence[Sequence[str]]

    def chars(self) -> int:
        """Return how many characters the rows hold, about."""
        return _WEIGHED * sum(map(len, chain.from_iterable(self.rows[::_WEIGHED])))

    def without(self, dropped: Iterable[int]) -> Batch:
        """Return the batch without the rows of these indexes."""
        gone = set(dropped)
        if not gone:
            return self
        kept = [(n, row) for i, (n, row) in enumerate(zip(self.numbers, self.rows, strict=True)) if i not in gone]
        return batch_of(kept)


def batch_of(rows: Sequence[NumberedRow]) -> Batch:
    """Return the rows as a batch."""
    if not rows:
        return Batch((), (), ())
    numbers, cells = zip(*rows, strict=True)
    even = len(set(map(len, cells))) == 1
    return Batch(numbers, cells, list(zip(*cells, strict=True) if even else zip_longest(*cells, fillvalue="")))


def doubtful(batch: Batch, header_texts: frozenset[str]) -> Iterable[int]:
    """Return the indexes of the rows that may be blank, a total, a note or a repeated header, in order.

    Whole columns are asked first whether they hold a blank or a telling word, so that most rows need no look.
    """
    full = list(islice((column for column in batch.columns if "" not in column), FEW + 1))
    if full and any(map(str.isspace, full[0])):
        return range(len(batch.rows))
    first = _first_cells(batch, full)
    if not header_texts.isdisjoint(chain.from_iterable(first)):
        return range(len(batch.rows))
    if may_hold_total_word("\n".join(chain.from_iterable(first))):
        return range(len(batch.rows))
    if len(full) > FEW:
        return ()
    return [i for i, row in enumerate(batch.rows) if len(row) - row.count("") <= FEW or _begins_with_space(row)]


def _begins_with_space(row: list[str]) -> bool:
    return next(filter(None, row)).isspace()


def _first_cells(batch: Batch, full: list[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Return the columns in which each row's first filled cells stand."""
    if len(full) < FIRST_CELLS:
        return batch.columns
    last = full[FIRST_CELLS - 1]
    return batch.columns[: next(i for i, column in enumerate(batch.columns) if column is last) + 1]
