"""Which dialect a text file is in: every way it could be written is tried on its first lines.

The way that finds most header words wins, then the one that cuts the lines most evenly and leaves no marks behind.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from crmcli.importers.readers.dialect import USUAL, Dialect
from crmcli.importers.readers.records import Records
from crmcli.importers.sheet import OddRow

# Source: Salesforce (^ and `), Hive (\x01), full-width marks typed by hand; `:` and space only where nothing else cuts
_UNUSUAL = ("^", "`", "~", "\x01", "\x1f", "§", "¦", "，", "；", "、", ":", " ")
_HEADER_WITHIN = 20
_SURE = 0.9  # share of the lines that an unusual delimiter must cut evenly
_MIN_ROWS = 2
_MIN_WIDTH_BY_SPACE = 3


def dialect_of(lines: Sequence[str], is_known: Callable[[str], bool], declared: str | None = None) -> Dialect:
    """Return the dialect of a file that begins with `lines`."""
    text = "".join(lines)
    best, best_rank = Dialect(declared or ",", 1), (0, 0.0, 0)
    for way in _ways(text, declared):
        dialect, rank = _tried(way, lines, is_known)
        if rank > best_rank:
            best, best_rank = dialect, rank
    return best


def _ways(text: str, declared: str | None) -> Iterator[Dialect]:
    """Yield what the text may be written in, the plainest first."""
    for delimiter in (declared,) if declared else (d for d in (*USUAL, *_UNUSUAL) if d in text):
        mark = re.escape(delimiter)
        before, after = rf"(?:^|[\r\n]|{mark})", rf"(?:[\r\n]|{mark}|$)"
        spaced = delimiter != " " and re.search(rf"{mark} +[\"']", text) is not None
        nulls = re.search(rf"{before}\\N{after}", text) is not None
        single = re.search(rf"{before} *'", text) and re.search(rf"' *{after}", text)
        for quote in ('"', "'") if single else ('"',):
            for escape in ("", "\\") if "\\" in text else ("",):
                yield Dialect(delimiter, 1, quote, escape, nulls, spaced)


def _tried(
    way: Dialect, lines: Sequence[str], is_known: Callable[[str], bool]
) -> tuple[Dialect, tuple[int, float, int]]:
    """Return the dialect with its width, and its rank: known header words beyond one, share of good rows, width."""
    refused = (way, (0, 0.0, 0))
    damaged: list[OddRow] = []
    chunks = iter([list(lines)])
    records = Records(lambda: next(chunks, []), way, 1, damaged)
    rows = [row for _number, row in records.rows() if any(map(str.strip, row))]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return refused
    width, _count = max(widths.items(), key=lambda item: (item[1], item[0]))
    left = re.compile(rf"^([\"']).*\1$|\\[{re.escape(way.delimiter)}\"']", re.DOTALL)
    share = sum(len(row) == width and not any(map(left.search, row)) for row in rows) / (len(rows) + len(damaged))
    known = max(sum(map(is_known, row)) for row in rows[:_HEADER_WITHIN])
    known = known if known > 1 else 0
    if way.delimiter in _UNUSUAL and not _is_sure(way, rows, width, share, known):
        return refused
    return way._replace(width=width), (known, round(share, 2), width)


def _is_sure(way: Dialect, rows: list[list[str]], width: int, share: float, known: int) -> bool:
    """Whether an unusual delimiter is one: it cuts the first line too, as a time's colon or a name's blank do not."""
    if way.delimiter == " " and width < _MIN_WIDTH_BY_SPACE:
        return False
    return len(rows[0]) == width and (known > 0 or (share >= _SURE and len(rows) >= _MIN_ROWS))
