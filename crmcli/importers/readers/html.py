"""HTML tables, which back-ends like to serve as .xls."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from crmcli.i18n import msg
from crmcli.importers.readers.failures import FileNotATable
from crmcli.importers.readers.grid import Grid, Merge, NumberedRow
from crmcli.importers.readers.grid_stream import SheetStart, grids_of
from crmcli.importers.readers.markup import markup_encoding, text_chunks

_MAX_SPAN = 1000
_SILENT = {"script", "style", "title"}
_TWO = 2  # rows and columns that make a table of its own inside another's cell


def html_grids(path: Path, encoding: str | None) -> Iterator[Grid]:
    """Yield one grid for each table of an HTML file; row numbers are those of the table.

    A table inside a cell is part of the cell's text; inside a cell that only lays out the page, it is a table.

    Raises:
        FileEncoding: no encoding fits. FileNotATable: there is no table in it.
    """
    found = markup_encoding(path, encoding)
    several = sum(text.lower().count("<table") for text in text_chunks(path, found.name)) > 1
    tables = 0
    for tables, grid in enumerate(grids_of(_events(text_chunks(path, found.name))), start=1):
        grid.name = f"table {tables}" if several else ""
        grid.encoding = found.name
        if found.guessed:
            note = msg("the encoding was guessed: {encoding} (--encoding overrides)", encoding=found.name)
            grid.notes.append(note)
        yield grid
    if not tables:
        raise FileNotATable(str(path), "HTML")


def _events(chunks: Iterable[str]) -> Iterator[SheetStart | NumberedRow]:
    parser = _TableParser()
    for chunk in chunks:
        parser.feed(chunk)
        while parser.events:
            yield parser.events.popleft()
    parser.close()
    parser.end()
    yield from parser.events


@dataclass(slots=True)
class _Cell:
    words: list[str] = field(default_factory=list)
    rowspan: int = 1
    colspan: int = 1

    def text(self) -> str:
        lines = "".join(self.words).split("\n")
        return "\n".join(" ".join(line.split()) for line in lines).strip()


class _Table:
    """A table being read: a spanning cell stands in its first place, the span is a merged range."""

    def __init__(self) -> None:
        self.start = SheetStart("")
        self.rows: deque[NumberedRow] = deque()
        self.inner: list[_Table] = []
        self.begun = False  # a row with something in it was seen
        self.has_cells = False  # and one with two filled cells side by side
        self.told = False
        self.cell: _Cell | None = None
        self._cells: list[_Cell] | None = None
        self._number = 0
        self._width = 0
        self._taken: dict[int, int] = {}  # column -> how many more rows a cell above reaches down into it

    def start_row(self) -> None:
        """Begin a row; one that was not closed ends."""
        self.end_row()
        self._cells = []

    def start_cell(self, rowspan: int, colspan: int) -> None:
        """Begin a cell, and a row where none is open."""
        if self._cells is None:
            self._cells = []
        self.cell = _Cell([], rowspan, colspan)
        self._cells.append(self.cell)

    def end_row(self) -> None:
        """Lay the row out, with gaps where cells above reach down."""
        cells, self._cells, self.cell = self._cells, None, None
        if cells is None:
            return
        self._number += 1
        row: list[str] = []
        below = {column: rows - 1 for column, rows in self._taken.items() if rows > 1}
        for cell in cells:
            while len(row) in self._taken:
                row.append("")
            left, right = len(row), len(row) + cell.colspan - 1
            if cell.rowspan > 1 or right > left:
                self.start.merges.append(Merge(self._number, left, self._number + cell.rowspan - 1, right))
            if cell.rowspan > 1:
                below.update(dict.fromkeys(range(left, right + 1), cell.rowspan - 1))
            row.extend([cell.text(), *[""] * (cell.colspan - 1)])
        self._taken = below
        self._width = max(self._width, len(cells))
        filled = sum(map(bool, row))
        self.begun = self.begun or filled > 0
        self.has_cells = self.has_cells or filled > 1
        self.rows.append((self._number, row))

    def stands_alone(self) -> bool:
        """Return whether it would make a table where it stands in a cell that only lays out the page."""
        return self.has_cells and len(self.rows) >= _TWO and self._width >= _TWO

    def text(self) -> str:
        """Return its text, a line a row."""
        return "\n".join(" ".join(filter(None, row)) for _number, row in self.rows)


class _TableParser(HTMLParser):
    """Turns the tables of a page into events, as soon as a row is known."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.events: deque[SheetStart | NumberedRow] = deque()
        self._open: list[_Table] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open.append(_Table())
        elif tag in _SILENT:
            self._silent += 1
        elif self._open:
            self._start_in_table(self._open[-1], tag, dict(attrs))

    def _start_in_table(self, table: _Table, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "br" and table.cell:
            table.cell.words.append("\n")
        elif tag == "tr":
            table.start_row()
            self._tell(table)
        elif tag in ("td", "th"):
            table.start_cell(_span(attributes.get("rowspan")), _span(attributes.get("colspan")))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self._silent:
            self._silent -= 1
        elif not self._open:
            return
        elif tag == "table":
            self._end_table()
        elif tag == "tr":
            self._open[-1].end_row()
            self._tell(self._open[-1])
        elif tag in ("td", "th"):
            self._open[-1].cell = None

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1].cell and not self._silent:
            self._open[-1].cell.words.append(re.sub(r"\s+", " ", data))

    def end(self) -> None:
        """End the tables that the page leaves open."""
        while self._open:
            self._end_table()

    def _end_table(self) -> None:
        table = self._open.pop()
        table.end_row()
        if not self._open:
            self._tell(table)
            for inner in table.inner:
                self._tell(inner)
            return
        outer = self._open[-1]
        if not outer.has_cells and (table.stands_alone() or table.inner):
            outer.inner += [table, *table.inner] if table.begun else table.inner
        elif outer.cell:
            outer.cell.words.append(f" {table.text()} ")
        elif table.begun:
            outer.inner.append(table)

    def _tell(self, table: _Table) -> None:
        """Give the rows that are known of a table that is no part of another."""
        if not table.begun or (len(self._open) > 1 and table in self._open):
            return
        if not table.told:
            table.told = True
            self.events.append(table.start)
        self.events.extend(table.rows)
        table.rows.clear()


def _span(value: str | None) -> int:
    digits = re.match(r"\s*(\d{1,4})", value or "")
    return min(max(int(digits.group(1)), 1), _MAX_SPAN) if digits else 1
