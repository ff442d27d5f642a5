"""HTML tables, which back-ends like to serve as .xls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from crmcli.i18n import msg
from crmcli.importers.readers.encoding import Encoding, encoding_of
from crmcli.importers.readers.failures import FileEncoding, FileNotATable
from crmcli.importers.readers.grid import Grid, Merge

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_MAX_SPAN = 1000
_SILENT = {"script", "style", "title"}


@dataclass(slots=True)
class _Cell:
    words: list[str] = field(default_factory=list)
    rowspan: int = 1
    colspan: int = 1

    def text(self) -> str:
        lines = "".join(self.words).split("\n")
        return "\n".join(" ".join(line.split()) for line in lines).strip()


def html_grids(path: Path, encoding: str | None) -> list[Grid]:
    """Return one grid for each table of an HTML file; row numbers are those of the table.

    Raises:
        FileEncoding: no encoding fits. FileNotATable: there is no table in it.
    """
    text, found = _read(path, encoding)
    parser = _TableParser()
    parser.feed(text)
    parser.close()
    tables = [table for table in parser.tables if any(table)]
    if not tables:
        raise FileNotATable(str(path), "HTML")
    grids = [_grid(f"table {n}" if len(tables) > 1 else "", t) for n, t in enumerate(tables, start=1)]
    for grid in grids:
        grid.encoding = found.name
        if found.guessed:
            grid.notes.append(msg("the encoding was guessed: {encoding} (--encoding overrides)", encoding=found.name))
    return grids


def _read(path: Path, override: str | None) -> tuple[str, Encoding]:
    content = path.read_bytes()
    declared = _CHARSET.search(content[:4096])
    found = encoding_of(path, override)
    if found.guessed and declared and b"\x00" not in content[:64]:
        try:
            name = encoding_of(path, declared.group(1).decode("ascii")).name
            return content.decode(name), Encoding(name, guessed=False)
        except (FileEncoding, UnicodeError):
            pass  # it says what it is not
    try:
        return content.decode(found.name), found
    except UnicodeError:
        raise FileEncoding(str(path), found.name) from None


class _TableParser(HTMLParser):
    """Collects the cells of every table; a table inside a cell is part of that cell's text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[_Cell]]] = []
        self._depth = 0
        self._silent = 0
        self._cell: _Cell | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
        elif tag in _SILENT:
            self._silent += 1
        elif tag == "br" and self._cell:
            self._cell.words.append("\n")
        elif self._depth == 1:
            self._start_in_table(tag, dict(attrs))

    def _start_in_table(self, tag: str, attributes: dict[str, str | None]) -> None:
        table = self.tables[-1]
        if tag == "tr":
            table.append([])
            self._cell = None
        elif tag in ("td", "th"):
            self._cell = _Cell([], _span(attributes.get("rowspan")), _span(attributes.get("colspan")))
            if not table:
                table.append([])
            table[-1].append(self._cell)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._depth:
            self._depth -= 1
        elif tag in _SILENT and self._silent:
            self._silent -= 1
        elif tag in ("td", "th", "tr") and self._depth == 1:
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell and not self._silent:
            self._cell.words.append(re.sub(r"\s+", " ", data))


def _span(value: str | None) -> int:
    digits = re.match(r"\s*(\d{1,4})", value or "")
    return min(max(int(digits.group(1)), 1), _MAX_SPAN) if digits else 1


def _grid(name: str, table: list[list[_Cell]]) -> Grid:
    """Return the table laid out: a spanning cell stands in its first place, the span is a merged range."""
    taken: set[tuple[int, int]] = set()
    rows: list[list[str]] = []
    merges: list[Merge] = []
    for number, cells in enumerate(table, start=1):
        row: list[str] = []
        for cell in cells:
            while (number, len(row)) in taken:
                row.append("")
            left, right = len(row), len(row) + cell.colspan - 1
            bottom = min(number + cell.rowspan - 1, len(table))
            if bottom > number or right > left:
                merges.append(Merge(number, left, bottom, right))
                taken.update((r, c) for r in range(number + 1, bottom + 1) for c in range(left, right + 1))
            row.extend([cell.text(), *[""] * (cell.colspan - 1)])
        rows.append(row)
    return Grid(name, _numbered(rows), merges)


def _numbered(rows: list[list[str]]) -> Iterator[tuple[int, list[str]]]:
    yield from enumerate(rows, start=1)
