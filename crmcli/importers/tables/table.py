"""One grid -> one sheet's table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, dropwhile, islice
from typing import NamedTuple

from crmcli.i18n import Message, msg
from crmcli.importers.readers.grid import Grid, NumberedRow
from crmcli.importers.sheet import OddRow, Sheet
from crmcli.importers.tables.columns import ColumnBuilder
from crmcli.importers.tables.header import Header, find_header, header_at
from crmcli.importers.tables.looks import is_blank
from crmcli.importers.tables.merged_cells import filled_down
from crmcli.importers.tables.odd_rows import TITLE, OddRowFinder, identifying_columns

TOO_MANY_CELLS = "line.too_many_cells"
EMPTY = msg("the sheet is empty")
NO_TABLE = msg("no table was found: no row reads as a header (--header-row N names it, 0 says there is none)")
_HEAD_ROWS = 60


class TableOptions(NamedTuple):
    """How to look for the table: header words, a header row given by hand (0: none), a limit on records."""

    is_known: Callable[[str], bool]
    identifies: Callable[[str], bool]
    header_row: int | None = None
    limit: int | None = None


class FileFacts(NamedTuple):
    """What all sheets of one file share."""

    file: str
    sha256: str
    container: str


def table_of(grid: Grid, facts: FileFacts, options: TableOptions) -> Sheet:
    """Return the grid's table; a sheet without one says why in `left_out` and has no rows."""
    if grid.left_out:
        return _left_out(grid, facts, grid.left_out)
    rows = dropwhile(lambda row: _is_blank_row(row[1]), grid.rows)
    head = list(islice(rows, max(_HEAD_ROWS, (options.header_row or 0) + 1)))
    if not head:
        return _left_out(grid, facts, EMPTY)
    header = _header(head, grid, options)
    if header is None:
        named = options.header_row
        why = msg("row {number}, named as the header, is blank or not there", number=named) if named else NO_TABLE
        return _left_out(grid, facts, why)
    body = chain(head[header.last + 1 :], rows)
    return _Body(grid, head, header, options).sheet(filled_down(body, grid.merges), facts)


def _left_out(grid: Grid, facts: FileFacts, why: Message) -> Sheet:
    return Sheet(*facts, grid.encoding, grid.name, None, [], [], [], grid.rejected, grid.notes, left_out=why)


def _header(head: list[NumberedRow], grid: Grid, options: TableOptions) -> Header | None:
    if options.header_row is None:
        return find_header(head, grid.merges, options.is_known)
    if options.header_row == 0:
        return Header(0, -1, [])
    at = next((i for i, (number, _cells) in enumerate(head) if number == options.header_row), None)
    if at is None or _is_blank_row(head[at][1]):
        return None
    return header_at(head, at, grid.merges, options.is_known)


def _is_blank_row(cells: list[str]) -> bool:
    return not any(cells) or all(map(is_blank, cells))


class _Body:
    """Reads the rows below a header into columns; sets aside what is no record."""

    def __init__(self, grid: Grid, head: list[NumberedRow], header: Header, options: TableOptions) -> None:
        own = head[header.first : header.last + 1]
        self._grid = grid
        self._header = header
        self._header_row = own[-1][0] if own else None
        self._limit = options.limit
        self._width = max((len(cells) for _number, cells in own), default=0) if grid.strict_width else 0
        identifying = identifying_columns(header.labels, options.identifies)
        columns = len(header.labels) or max(len(cells) for _number, cells in head)
        self._odd = OddRowFinder([cells for _number, cells in own], columns, identifying)
        self._skipped = [OddRow(n, TITLE, cells) for n, cells in head[: header.first] if not _is_blank_row(cells)]
        self._rejected: list[OddRow] = []
        self._short = 0

    def sheet(self, rows: Iterator[NumberedRow], facts: FileFacts) -> Sheet:
        """Return the sheet once all rows (up to the limit) are read."""
        builder = ColumnBuilder(self._header.labels)
        for number, cells in rows:
            if self._limit is not None and len(builder.rows) >= self._limit:
                break
            if self._is_record(number, cells):
                builder.add(number, cells)
        rejected = sorted(self._grid.rejected + self._rejected, key=lambda odd: odd.row)
        return Sheet(
            *facts, self._grid.encoding, self._grid.name, self._header_row, builder.columns(), builder.rows,
            self._skipped, rejected, self._grid.notes + self._notes(len(builder.rows)),
        )  # fmt: skip

    def _is_record(self, number: int, cells: list[str]) -> bool:
        if not any(cells) or (cells.count("") >= len(cells) - 1 and _is_blank_row(cells)):
            return False
        if self._width and len(cells) > self._width and not _is_blank_row(cells[self._width :]):
            self._rejected.append(OddRow(number, TOO_MANY_CELLS, cells))
            return False
        code = self._odd.code_of(cells)
        if code:
            self._skipped.append(OddRow(number, code, cells))
            return False
        self._short += len(cells) < self._width
        return True

    def _notes(self, count: int) -> list[Message]:
        notes = []
        if self._short:
            notes.append(msg("{count} rows have fewer cells than the header", count=self._short))
        if not count:
            notes.append(msg("the table has a header and no rows"))
        return notes
