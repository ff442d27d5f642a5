"""How a text file separates, quotes and escapes its cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

# delimiters that nobody needs to be told of
USUAL = ("\t", ";", "|", ",")
_SEP_LINE = re.compile(r"^\ufeff?\"?sep=(.)\"?\s*$", re.IGNORECASE)


class Dialect(NamedTuple):
    r"""How cells are told apart; `width` is how many most rows have (1: the file has one column).

    `escape` is a backslash or "". `nulls`: a cell that is \N is blank (MySQL). `spaced`: blanks follow the delimiter.
    """

    delimiter: str
    width: int
    quote: str = '"'
    escape: str = ""
    nulls: bool = False
    spaced: bool = False

    @property
    def is_usual(self) -> bool:
        """Whether nobody needs to be told."""
        return self.delimiter in USUAL and self.quote == '"' and not self.escape

    @property
    def is_bare(self) -> bool:
        """Whether a line without quotes is cut by the delimiter and by nothing else."""
        return not self.escape and not self.spaced

    def reader(self, lines: Sequence[str], *, strict: bool) -> Any:
        """Return the csv module's reader of lines that were `prepared`."""
        return csv.reader(
            lines, delimiter=self.delimiter, quotechar=self.quote, escapechar=self.escape or None,
            skipinitialspace=self.spaced, strict=strict,
        )  # fmt: skip

    def prepared(self, lines: list[str]) -> list[str]:
        r"""Return the lines as the csv module needs them: \N is blank, a backslash that escapes nothing stays."""
        if self.nulls:
            null = _null_cell(self.delimiter)
            lines = [null.sub("", line) if "\\N" in line else line for line in lines]
        if self.escape:
            escaped = re.compile(rf"(\\[{re.escape(self.delimiter + self.quote)}\\\r\n])|\\")
            lines = [escaped.sub(_kept, line) if "\\" in line else line for line in lines]
        return lines


def _kept(found: re.Match[str]) -> str:
    return found.group(1) or "\\\\"


def _null_cell(delimiter: str) -> re.Pattern[str]:
    mark = re.escape(delimiter)
    return re.compile(rf"(?:^|(?<={mark}))\\N(?={mark}|[\r\n]|$)")


def delimiter_of_sep_line(line: str) -> str | None:
    r"""Return the delimiter that a first line such as `sep=;` declares, else None.

    >>> delimiter_of_sep_line("sep=;\r\n"), delimiter_of_sep_line("separator,name")
    (';', None)
    """
    found = _SEP_LINE.match(line.rstrip("\r\n"))
    return found.group(1) if found else None
