"""What a reader hands over: a table whose rows come in blocks of dictionary-encoded columns, as often as asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from crmcli.i18n import Message

# at most so many rows make a block; fewer where the table is wide or its texts are long
BLOCK_ROWS = 20_000
# of so many distinct texts a column keeps a sample, for those who look at what it holds before all of it is read
SAMPLE_TEXTS = 1_000

# what the text of a formula cell that holds no stored result begins with; the formula follows
NO_RESULT = "#NO RESULT! "


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a block: row i holds `values[codes[i]]`.

    `header` is as written in the file ("" where there is none; two header rows are joined with "_"),
    `position` the column's number in the file, from 1. `values` are distinct texts in the order in which they come
    first; a blank cell is "".
    """

    header: str
    position: int
    values: list[str]
    codes: Sequence[int]

    def texts(self) -> Iterator[str]:
        """Yield each row's text, in order."""
        return (self.values[code] for code in self.codes)

    def at(self, indexes: Sequence[int]) -> Iterable[str]:
        """Return the texts of some rows."""
        if len(self.values) == len(self.codes):  # no text comes twice
            return map(self.values.__getitem__, indexes)
        return map(self.values.__getitem__, map(self.codes.__getitem__, indexes))

    def __getitem__(self, index: int) -> str:
        return self.values[self.codes[index]]


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """What is known of one column of a sheet without looking at its rows.

    `sample` are its first distinct texts that are not blank, at most SAMPLE_TEXTS; `filled` is how many rows are not
    blank in it. `header` and `position` as in `Column`.
    """

    header: str
    position: int
    sample: list[str]
    filled: int


@dataclass(frozen=True, slots=True)
class OddRow:
    """A row that is no record.

    Either skipped (a total, a note, a repeated header) or one that cannot be read safely (an unclosed quote,
    too many cells). `code` says which; `cells` are its texts.
    """

    row: int
    code: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that follow each other: record `start + i` of the sheet stands in row `rows[i]` of the file.

    `columns` are the sheet's columns, each with the texts of this block only. `skipped` and `rejected` stand
    among these rows.
    """

    start: int
    rows: Sequence[int]
    columns: list[Column]
    skipped: list[OddRow] = field(default_factory=list)
    rejected: list[OddRow] = field(default_factory=list)

    def cells(self, index: int) -> list[str]:
        """Return the texts of row `index` of this block, one a column."""
        return [column[index] for column in self.columns]

    def cells_of(self, indexes: Sequence[int]) -> Iterator[tuple[str, ...]]:
        """Yield the texts of several rows, one tuple a row."""
        texts = [column.at(indexes) for column in self.columns]
        yield from zip(*texts, strict=True)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as read, before anything is understood of it.

    `count` is how many records it holds. Row numbers are from 1, as Excel shows them; for csv the line the record
    starts on. `left_out` says why the sheet holds no table to import (hidden, empty, no header ...), else None.
    `stored` are its blocks as they were read: `blocks` gives them.
    """

    file: str
    sha256: str
    container: str
    encoding: str | None
    name: str
    header_row: int | None
    columns: list[SheetColumn]
    count: int = 0
    skipped_count: int = 0
    rejected_count: int = 0
    notes: list[Message] = field(default_factory=list)
    left_out: Message | None = None
    stored: Iterable[Block] = ()

    def blocks(self) -> Iterator[Block]:
        """Yield the rows in blocks, in order; one that has only odd rows may be empty."""
        positions = [column.position for column in self.columns]
        for block in self.stored:
            if [column.position for column in block.columns] == positions:
                yield block
            else:
                columns = self._columns_of(block)
                yield Block(block.start, block.rows, columns, block.skipped, block.rejected)

    def _columns_of(self, block: Block) -> list[Column]:
        """Return a block's columns with those that begin in a later block, without those that are never filled."""
        own = {column.position: column for column in block.columns}
        blank = bytes(len(block.rows))
        return [own.get(c.position) or Column(c.header, c.position, [""], blank) for c in self.columns]
