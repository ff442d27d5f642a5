"""How a text file separates its cells: found from how evenly each candidate cuts the first lines."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

_CANDIDATES = ("\t", ";", "|", ",")
_SEP_LINE = re.compile(r"^\ufeff?\"?sep=(.)\"?\s*$", re.IGNORECASE)
_HEADER_WITHIN = 15


class Dialect(NamedTuple):
    """The delimiter, and how many cells most rows have (1: the file has one column)."""

    delimiter: str
    width: int


def delimiter_of_sep_line(line: str) -> str | None:
    r"""Return the delimiter that a first line such as `sep=;` declares, else None.

    >>> delimiter_of_sep_line("sep=;\r\n"), delimiter_of_sep_line("separator,name")
    (';', None)
    """
    found = _SEP_LINE.match(line.rstrip("\r\n"))
    return found.group(1) if found else None


def dialect_of(lines: Sequence[str], is_known: Callable[[str], bool], declared: str | None = None) -> Dialect:
    """Return the dialect of a file that begins with `lines`; known header words count before evenness."""
    cuts = [_cut(lines, delimiter, is_known) for delimiter in ((declared,) if declared else _CANDIDATES)]
    _known, _share, width, delimiter = max(cuts, key=lambda cut: cut[:3])
    return Dialect(delimiter if width > 1 or declared else ",", width)


def _cut(lines: Sequence[str], delimiter: str, is_known: Callable[[str], bool]) -> tuple[int, float, int, str]:
    """Return (known header words beyond one, share of rows of the usual width, that width, delimiter)."""
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if any(cell.strip() for cell in row)]
    except csv.Error:
        return 0, 0.0, 1, delimiter
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0, 0.0, 1, delimiter
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    known = max(sum(map(is_known, row)) for row in rows[:_HEADER_WITHIN])
    return (known if known > 1 else 0), round(count / len(rows), 2), width, delimiter
