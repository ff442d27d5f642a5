"""Rows -> dictionary-encoded columns: each block on its own, and what is known of a column over all blocks."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, count, islice, zip_longest

from crmcli.importers.sheet import BLOCK_ROWS, SAMPLE_TEXTS, Block, Column, OddRow, Sheet, SheetColumn

CODE_TYPE = "H"  # of a block's codes: it has far fewer rows than 65,536
ROW_TYPE = "I"  # of row numbers


class ColumnBuilder:
    """Makes the blocks of one table, and then its columns."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._columns = [_Growing(label) for label in labels]
        self._done = 0
        self._rows = array(ROW_TYPE)

    @property
    def rows(self) -> int:
        """Return how many rows the present block has."""
        return len(self._rows)

    def add(self, numbers: Iterable[int], columns: Iterable[Sequence[str]]) -> None:
        """Add records, given as row numbers and, column by column, texts; new columns have no label."""
        before = len(self._rows)
        self._rows.extend(numbers)
        texts = list(columns)
        while len(self._columns) < len(texts):
            self._columns.append(_Growing(""))
        for place, column in enumerate(self._columns):
            column.add(texts[place] if place < len(texts) else (), before, len(self._rows))

    def block(self, skipped: list[OddRow], rejected: list[OddRow]) -> Block:
        """Return what was added since the last block."""
        columns = [column.taken(place) for place, column in enumerate(self._columns, start=1)]
        block = Block(self._done, self._rows, columns, skipped, rejected)
        self._done += len(self._rows)
        self._rows = array(ROW_TYPE)
        return block

    def columns(self) -> list[SheetColumn]:
        """Return the columns of all blocks; one without a label and without any text is dropped."""
        found = (column.seen(place) for place, column in enumerate(self._columns, start=1))
        return [column for column in found if column.header or column.filled]


class _Growing:
    """A column of which blocks are taken."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._sample: dict[str, None] = {}
        self._filled = 0
        self._begin()

    def _begin(self) -> None:
        self._index: defaultdict[str, int] = defaultdict(count().__next__)
        self._codes: list[int] = []

    def add(self, texts: Sequence[str], before: int, after: int) -> None:
        """Add the texts of rows `before` to `after`; what is missing, here or further up, is blank."""
        codes = self._codes
        if len(codes) < before:
            codes.extend([self._index[""]] * (before - len(codes)))
        codes.extend(map(self._index.__getitem__, texts))
        if len(codes) < after:
            codes.extend([self._index[""]] * (after - len(codes)))

    def taken(self, position: int) -> Column:
        """Return this block's column; the next begins."""
        index: dict[str, int] = self._index
        codes = self._codes
        self._begin()
        if any(map(str.isspace, index)):
            index, codes = _without_spaces(index, codes)
        self._filled += len(codes) - (codes.count(index[""]) if "" in index else 0)
        if len(self._sample) < SAMPLE_TEXTS:
            both = chain(self._sample, filter(None, index))
            self._sample = dict.fromkeys(islice(dict.fromkeys(both), SAMPLE_TEXTS))
        return Column(self._label, position, list(index), array(CODE_TYPE, codes))

    def seen(self, position: int) -> SheetColumn:
        """Return what is known of the column over all blocks."""
        return SheetColumn(self._label, position, list(self._sample), self._filled)


def sheet_of(headers: Sequence[str], rows: Sequence[Sequence[str]], block_rows: int = BLOCK_ROWS) -> Sheet:
    """Return a sheet of records that are at hand: its header stands in row 1, all its rows are records."""
    builder, blocks = ColumnBuilder(headers), list[Block]()
    for start in range(0, len(rows), block_rows):
        taken = rows[start : start + block_rows]
        builder.add(range(start + 2, start + 2 + len(taken)), zip_longest(*taken, fillvalue=""))
        blocks.append(builder.block([], []))
    return Sheet("", "", "text", None, "", 1, builder.columns(), len(rows), stored=blocks)


def _without_spaces(index: dict[str, int], codes: list[int]) -> tuple[dict[str, int], list[int]]:
    """Return the column with each text of nothing but white space as the blank cell."""
    kept = ["" if text.isspace() else text for text in index]
    new = {text: code for code, text in enumerate(dict.fromkeys(kept))}
    return new, [new[kept[code]] for code in codes]
