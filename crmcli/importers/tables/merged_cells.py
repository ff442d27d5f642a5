"""Merged body cells: what the sheet shows once for several rows is read in each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from crmcli.importers.readers.grid import Merge, NumberedRow
from crmcli.importers.tables.looks import is_blank

_MAX_COLUMNS = 2  # a wider block is a note, not a value that several rows share


def filled_down(rows: Iterable[NumberedRow], merges: Sequence[Merge]) -> Iterator[NumberedRow]:
    """Return the rows with each merged cell's text in all rows that it spans; only where a merged range says so.

    `merges` may grow while the rows are read, as long as a range is there before its first row is.
    """
    starting: dict[int, list[Merge]] = defaultdict(list)
    open_ranges: list[tuple[Merge, str]] = []
    known = 0
    for number, cells in rows:
        if known < len(merges):
            for merge in merges[known:]:
                if merge.bottom > merge.top and merge.right - merge.left < _MAX_COLUMNS:
                    starting[merge.top].append(merge)
            known = len(merges)
        if open_ranges:
            open_ranges = [pair for pair in open_ranges if pair[0].bottom >= number]
            _fill(cells, open_ranges)
        if starting:
            open_ranges += [(m, cells[m.left]) for m in starting.pop(number, ()) if m.left < len(cells)]
        yield number, cells


def _fill(cells: list[str], open_ranges: list[tuple[Merge, str]]) -> None:
    for merge, text in open_ranges:
        cells.extend([""] * (merge.left + 1 - len(cells)))
        if is_blank(cells[merge.left]):
            cells[merge.left] = text
