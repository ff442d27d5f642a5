"""What a reader hands over: a table as dictionary-encoded text columns with the row numbers people see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from crmcli.i18n import Message

# at most so many rows make a block; fewer where the table is wide
BLOCK_ROWS = 20_000

# of so many distinct texts a column keeps a sample, for those who look at what it holds before all of it is read
SAMPLE_TEXTS = 1_000

# what the text of a formula cell that holds no stored result begins with; the formula follows
NO_RESULT = "#NO RESULT! "


@dataclass(frozen=True, slots=True)
class Column:
    """One column: row i holds `values[codes[i]]`.

    `header` is as written in the file ("" where there is none; two header rows are joined with "_"),
    `position` the column's number in the file, from 1. `values` are distinct texts; a blank cell is "".
    """

    header: str
    position: int
    values: list[str]
    codes: Sequence[int]

    def texts(self) -> Iterator[str]:
        """Yield each row's text, in order."""
        return (self.values[code] for code in self.codes)

    def __getitem__(self, index: int) -> str:
        return self.values[self.codes[index]]

    @property
    def sample(self) -> list[str]:
        """Return the first distinct texts that are not blank, at most SAMPLE_TEXTS."""
        return list(islice(filter(None, self.values), SAMPLE_TEXTS))

    @property
    def filled(self) -> int:
        """Return how many rows are not blank here."""
        blank = {code for code, value in enumerate(self.values) if not value}
        return sum(code not in blank for code in self.codes)


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
    """Rows that follow each other: row `start + i` of the sheet is `rows[i]` in the file.

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


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as read, before anything is understood of it.

    `rows[i]` is the row number (from 1, as Excel shows it; for csv the line the record starts on) of row i.
    `left_out` says why the sheet holds no table to import (hidden, empty, no header ...), else None.
    """

    file: str
    sha256: str
    container: str
    encoding: str | None
    name: str
    header_row: int | None
    columns: list[Column]
    rows: Sequence[int]
    skipped: list[OddRow] = field(default_factory=list)
    rejected: list[OddRow] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    left_out: Message | None = None

    def cells(self, index: int) -> list[str]:
        """Return the texts of row `index`, one a column."""
        return [column[index] for column in self.columns]

    @property
    def count(self) -> int:
        """Return how many records the sheet holds; odd rows are not counted."""
        return len(self.rows)

    @property
    def skipped_count(self) -> int:
        """Return how many rows are no records: titles, totals, notes, repeated headers."""
        return len(self.skipped)

    @property
    def rejected_count(self) -> int:
        """Return how many lines cannot be read safely."""
        return len(self.rejected)

    def blocks(self) -> Iterator[Block]:
        """Yield the rows in blocks, in order; one that has only odd rows may be empty."""
        for start in range(0, max(len(self.rows), 1), BLOCK_ROWS):
            end = start + BLOCK_ROWS
            columns = [Column(c.header, c.position, c.values, c.codes[start:end]) for c in self.columns]
            odd = (self.skipped, self.rejected) if start == 0 else ([], [])
            yield Block(start, self.rows[start:end], columns, *odd)
