"""One grid -> one sheet's table."""

from __future__ import annotations

from itertools import chain, dropwhile, islice

from crmcli.i18n import Message, msg
from crmcli.importers.readers.grid import Grid, NumberedRow
from crmcli.importers.sheet import Block, Sheet
from crmcli.importers.tables.asked import FileFacts, Store, TableOptions
from crmcli.importers.tables.body import Body
from crmcli.importers.tables.header import Header, find_header, header_at
from crmcli.importers.tables.looks import is_blank_row

EMPTY = msg("the sheet is empty")
NO_TABLE = msg("no table was found: no row reads as a header (--header-row N names it, 0 says there is none)")
_HEAD_ROWS = 60


def table_of(grid: Grid, facts: FileFacts, options: TableOptions) -> Sheet:
    """Return the grid's table; a sheet without one says why in `left_out` and has no records."""
    store = options.new_store()
    if grid.left_out:
        return _left_out(grid, facts, grid.left_out, store)
    rows = dropwhile(lambda row: is_blank_row(row[1]), grid.rows)
    head = list(islice(rows, max(_HEAD_ROWS, (options.header_row or 0) + 1)))
    if not head:
        return _left_out(grid, facts, EMPTY, store)
    header = _header(head, grid, options)
    if header is None:
        named = options.header_row
        why = msg("row {number}, named as the header, is blank or not there", number=named) if named else NO_TABLE
        return _left_out(grid, facts, why, store)
    body = chain(head[header.last + 1 :], rows)
    return Body(grid, head, header, options).sheet(body, facts, store)


def _left_out(grid: Grid, facts: FileFacts, why: Message, store: Store) -> Sheet:
    skipped, rejected = list(grid.skipped), list(grid.rejected)
    if skipped or rejected:
        store.append(Block(0, (), [], skipped, rejected))
    counts = (0, len(skipped), len(rejected))
    return Sheet(*facts, grid.encoding, grid.name, None, [], *counts, grid.notes, why, store)


def _header(head: list[NumberedRow], grid: Grid, options: TableOptions) -> Header | None:
    if options.header_row is None:
        return find_header(head, grid.merges, options.is_known)
    if options.header_row == 0:
        return Header(0, -1, [])
    at = next((i for i, (number, _cells) in enumerate(head) if number == options.header_row), None)
    if at is None or is_blank_row(head[at][1]):
        return None
    return header_at(head, at, grid.merges, options.is_known)
