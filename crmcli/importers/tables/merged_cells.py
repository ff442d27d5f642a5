"""Merged body cells: what the sheet shows once for several rows is read in each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from crmcli.importers.readers.grid import Merge, NumberedRow
from crmcli.importers.tables.looks import is_blank

_MAX_COLUMNS = 2  # a wider block is a note, not a value that several rows share


class MergedCells:
    """Gives each row of a merged range the text that the sheet shows once; only where a merged range says so.

    `merges` may grow while rows are read, as long as a range is there before its first row is.
    """

    def __init__(self, merges: Sequence[Merge]) -> None:
        self._merges = merges
        self._known = 0
        self._starting: dict[int, list[Merge]] = defaultdict(list)
        self._open: list[tuple[Merge, str]] = []

    def fill(self, rows: Sequence[NumberedRow]) -> None:
        """Fill the next rows."""
        for merge in self._merges[self._known :]:
            if merge.bottom > merge.top and merge.right - merge.left < _MAX_COLUMNS:
                self._starting[merge.top].append(merge)
        self._known = len(self._merges)
        first, last = rows[0][0], rows[-1][0]
        if self._open or any(first <= top <= last for top in self._starting):
            for number, cells in rows:
                self._fill_row(number, cells)
        for top in [top for top in self._starting if top <= last]:
            del self._starting[top]

    def _fill_row(self, number: int, cells: list[str]) -> None:
        self._open = [pair for pair in self._open if pair[0].bottom >= number]
        for merge, text in self._open:
            cells.extend([""] * (merge.left + 1 - len(cells)))
            if is_blank(cells[merge.left]):
                cells[merge.left] = text
        starting = self._starting.get(number, ())
        self._open += [(merge, cells[merge.left]) for merge in starting if merge.left < len(cells)]
