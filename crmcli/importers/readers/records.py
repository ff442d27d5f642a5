"""The records of a text file: each with the line it starts on; one that cannot be read safely is rejected by it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, count

from crmcli.importers.readers.dialect import Dialect
from crmcli.importers.readers.grid import NumberedRow
from crmcli.importers.sheet import OddRow

UNCLOSED_QUOTE, OTHER_ENCODING = "line.unclosed_quote", "line.other_encoding"
_CAREFUL_CHUNKS = 8
_MARKED = re.compile("[\udc80-\udcff]")  # readers/lines.py puts one into a line that is not in the file's encoding


class Records:
    """Reads chunks of lines with strict quoting.

    Where a quote is not closed (the file ends in it, a cell grows beyond the csv module's limit, or text stands
    after a closing quote), the line it began on is rejected and reading goes on with the next line; up to where the
    damage was noticed, only lines of the usual width with paired quotes are taken.
    """

    def __init__(
        self,
        take: Callable[[], list[str]],
        dialect: Dialect,
        start: int,
        rejected: list[OddRow],
        *,
        mixed: bool = False,
    ) -> None:
        """`take` gives the next lines, none at the end; the first of them is line `start` of the file.

        `mixed`: some lines may be marked as being in another encoding.
        """
        self._mixed = mixed
        self._take = take
        self._dialect = dialect
        self._rejected = rejected
        self._start = start  # the line number of self._lines[0]
        self._lines: list[str] = []
        self._doubtful_until = 0
        self._careful_for = 0  # chunks, after one that holds records of several lines

    def rows(self) -> Iterator[NumberedRow]:
        """Return (line number from 1, cells) for each record that can be read safely."""
        return chain.from_iterable(self._chunks())

    def _chunks(self) -> Iterator[Iterable[NumberedRow]]:
        more = True
        while more or self._lines:
            if more:
                taken = self._take()
                more = bool(taken)
                self._lines += self._dialect.prepared(taken)
            if rows := self._one_a_line():
                yield zip(count(self._start), rows)
                self._forget(len(rows))
            else:
                yield self._read(more=more)

    def _read(self, *, more: bool) -> Iterator[NumberedRow]:
        """Yield the records of the lines at hand; what is left of them needs more lines."""
        while self._lines:
            lines, start, done = self._lines, self._start, 0
            reader = self._dialect.reader(lines, strict=True)
            try:
                for row in reader:
                    end = reader.line_num
                    if end - done > 1 and self._swallows_records(lines[done:end]):
                        break
                    if start + done <= self._doubtful_until and not self._is_safe(row, lines[done:end]):
                        self._reject(start + done, lines[done:end])
                    elif self._mixed and any(map(_MARKED.search, row)):
                        cells = [_MARKED.sub("", cell) for cell in row]
                        self._rejected.append(OddRow(start + done, OTHER_ENCODING, cells))
                    else:
                        yield start + done, row
                    done = end
            except csv.Error:
                if more and reader.line_num == len(lines):
                    self._forget(done)
                    return
            if done < len(lines):
                self._doubtful_until = max(self._doubtful_until, start + reader.line_num - 1)
                self._reject(start + done, lines[done : done + 1])
                done += 1
            self._forget(done)

    def _one_a_line(self) -> list[list[str]]:
        """Return the records of the lines at hand, the fast way; none unless each line is one, beyond doubt."""
        if self._mixed or self._start <= self._doubtful_until or self._careful_for:
            self._careful_for = max(0, self._careful_for - 1)
            return []
        if self._dialect.is_bare and self._dialect.quote not in "".join(self._lines):
            cut = self._dialect.delimiter
            return [text.split(cut) if (text := line.rstrip("\r\n")) else [] for line in self._lines]
        try:
            rows: list[list[str]] = list(self._dialect.reader(self._lines, strict=True))
        except csv.Error:
            rows = []
        if len(rows) == len(self._lines):
            return rows
        self._careful_for = _CAREFUL_CHUNKS
        return []

    def _forget(self, lines: int) -> None:
        self._lines = self._lines[lines:]
        self._start += lines

    def _reject(self, number: int, lines: list[str]) -> None:
        text = _MARKED.sub("", "".join(lines)).rstrip("\r\n")
        self._rejected.append(OddRow(number, UNCLOSED_QUOTE, [text]))

    def _swallows_records(self, lines: list[str]) -> bool:
        """Whether the lines of a record look like records themselves, so that a quote is missing somewhere."""
        separators = self._dialect.width - 1
        whole = sum(1 for line in lines if line.count(self._dialect.delimiter) == separators)
        return separators > 0 and whole > 1

    def _is_safe(self, row: list[str], lines: list[str]) -> bool:
        """Whether a line below an open quote is as it was meant, blank lines too: they may part tables."""
        if not row:
            return True
        paired = all(line.count(self._dialect.quote) % 2 == 0 for line in lines)
        return paired and len(row) == self._dialect.width
