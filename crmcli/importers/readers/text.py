"""csv, tsv and txt files -> rows; a record that cannot be read safely is rejected by its line number, not guessed."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from crmcli.i18n import msg
from crmcli.importers.readers.dialect import Dialect, delimiter_of_sep_line, dialect_of
from crmcli.importers.readers.encoding import encoding_of
from crmcli.importers.readers.failures import FileEmpty, FileEncoding, FileNotATable
from crmcli.importers.readers.grid import Grid, NumberedRow
from crmcli.importers.sheet import OddRow

UNCLOSED_QUOTE = "line.unclosed_quote"
_SAMPLE_LINES = 200
_SAMPLE_CHARS = 100_000
_MAX_CONTROL_SHARE = 0.02


def text_grid(path: Path, encoding: str | None, is_known: Callable[[str], bool]) -> Grid:
    """Return the one grid of a text file; its rows carry the number of the line that each record starts on.

    Raises:
        FileEncoding: no encoding fits, at once or at a later row. FileEmpty: nothing but blanks.
        FileNotATable: the bytes are no text.
    """
    found = encoding_of(path, encoding)
    lines = _lines(path, found.name)
    sample = list(islice(_within(lines, _SAMPLE_CHARS), _SAMPLE_LINES))
    text = "".join(sample)
    if not text.strip("\x00\ufeff \t\r\n\u3000"):
        raise FileEmpty(str(path))
    if _control_share(text) > _MAX_CONTROL_SHARE:
        raise FileNotATable(str(path), "BINARY")
    declared = delimiter_of_sep_line(sample[0])
    content = sample[1:] if declared else sample
    dialect = dialect_of(content, is_known, declared)
    grid = Grid("", iter(()), encoding=found.name, strict_width=True)
    if found.guessed:
        grid.notes.append(msg("the encoding was guessed: {encoding} (--encoding overrides)", encoding=found.name))
    start = 2 if declared else 1
    grid.rows = Records(_chain(content, lines), dialect, start, grid.rejected).rows()
    return grid


def _lines(path: Path, encoding: str) -> Iterator[str]:
    r"""Yield the lines with their ends (\n, \r\n or bare \r), without NUL characters."""
    with path.open(encoding=encoding, newline="") as stream:
        try:
            for line in stream:
                yield line.replace("\x00", "") if "\x00" in line else line
        except UnicodeError:
            raise FileEncoding(str(path), encoding) from None


def _within(lines: Iterator[str], max_chars: int) -> Iterator[str]:
    """Yield lines until they hold `max_chars` characters."""
    for line in lines:
        yield line
        max_chars -= len(line)
        if max_chars < 0:
            return


def _chain(first: Iterable[str], rest: Iterator[str]) -> Iterator[str]:
    yield from first
    yield from rest


def _control_share(text: str) -> float:
    controls = sum(1 for char in text if char < " " and char not in "\t\r\n\x0b\x0c\x1a\x1b" and char != "\x00")
    return controls / len(text)


class Records:
    """The records of a text file, read with strict quoting.

    Where a quote is not closed (the file ends in it, a cell grows beyond the csv module's limit, or text stands
    after a closing quote), the line it began on is rejected and reading goes on with the next line; up to where the
    damage was noticed, only lines of the usual width with paired quotes are taken.
    """

    def __init__(self, lines: Iterator[str], dialect: Dialect, start: int, rejected: list[OddRow]) -> None:
        self._lines = lines
        self._dialect = dialect
        self._next_line = start
        self._rejected = rejected
        self._again: deque[str] = deque()
        self._taken: list[str] = []

    def rows(self) -> Iterator[NumberedRow]:
        """Yield (line number from 1, cells) for each record that can be read safely."""
        doubtful_until = 0
        reader = self._reader()
        while True:
            self._taken.clear()
            start = self._next_line
            try:
                row = next(reader, None)
            except csv.Error:
                row = []
                damaged = True
            else:
                damaged = row is not None and len(self._taken) > 1 and self._swallows_records()
            if row is None:
                return
            if damaged:
                doubtful_until = max(doubtful_until, start + len(self._taken) - 1)
                self._reject_first_line(start)
                reader = self._reader()
            elif start <= doubtful_until and not self._is_safe(row):
                self._rejected.append(OddRow(start, UNCLOSED_QUOTE, ["".join(self._taken).rstrip("\r\n")]))
            else:
                yield start, row

    def _reader(self) -> Iterator[list[str]]:
        return csv.reader(self._feed(), delimiter=self._dialect.delimiter, strict=True)

    def _feed(self) -> Iterator[str]:
        while True:
            line = self._again.popleft() if self._again else next(self._lines, None)
            if line is None:
                return
            self._taken.append(line)
            self._next_line += 1
            yield line

    def _reject_first_line(self, start: int) -> None:
        first, *rest = self._taken
        self._rejected.append(OddRow(start, UNCLOSED_QUOTE, [first.rstrip("\r\n")]))
        self._again.extendleft(reversed(rest))
        self._next_line = start + 1

    def _swallows_records(self) -> bool:
        """Whether the lines of a record look like records themselves, so that a quote is missing somewhere."""
        separators = self._dialect.width - 1
        whole = sum(1 for line in self._taken if line.count(self._dialect.delimiter) == separators)
        return separators > 0 and whole > 1

    def _is_safe(self, row: list[str]) -> bool:
        paired = all(line.count('"') % 2 == 0 for line in self._taken)
        return paired and len(row) == self._dialect.width
