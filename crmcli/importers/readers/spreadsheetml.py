"""Workbooks in one XML file (Excel 2003), which many systems export as .xls.

Source: XML Spreadsheet Reference, https://learn.microsoft.com/en-us/previous-versions/office/developer/office-xp/aa140066(v=office.10)
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler

from crmcli.i18n import msg
from crmcli.importers.readers.cell_text import cell_text
from crmcli.importers.readers.failures import FileDamaged, FileHostile
from crmcli.importers.readers.grid import Grid, Merge, NumberedRow
from crmcli.importers.readers.grid_stream import SheetStart, grids_of
from crmcli.importers.readers.markup import markup_encoding, text_chunks
from crmcli.importers.readers.sheet_choice import NO_CELLS, why_left_out

# as many as Excel has; a cell beyond is built to take memory
_COLUMNS, _ROWS = range(1, 16_385), range(1, (1 << 20) + 1)
_VISIBILITY = {"sheethidden": "hidden", "sheetveryhidden": "veryhidden"}
_DAY_ZERO = (dt.date(1899, 12, 30), dt.date(1899, 12, 31), dt.date(1904, 1, 1))  # where a time without a day stands


def spreadsheetml_grids(path: Path, sheet: str | None, *, include_hidden: bool) -> Iterator[Grid]:
    """Yield the sheets, in order.

    Raises:
        FileHostile: it declares a document type or entity. FileDamaged: it is no well-formed XML.
    """
    visibility = _Visibility()
    for _nothing in _parsed(path, visibility):
        pass
    events = _chosen(_parsed(path, _Cells()), visibility.found, sheet, include_hidden=include_hidden)
    yield from grids_of(events)


def _chosen(
    events: Iterator[SheetStart | NumberedRow], visibility: dict[str, str], sheet: str | None, *, include_hidden: bool
) -> Iterator[SheetStart | NumberedRow]:
    for event in events:
        if isinstance(event, SheetStart):
            shown = visibility.get(event.name, "visible")
            why = why_left_out(event.name, shown, sheet, include_hidden=include_hidden)
            event.left_out = why or (NO_CELLS if shown == "chart" else None)
        yield event


class _Handler(ContentHandler):
    """Collects events while an XML file is pushed through."""

    def __init__(self) -> None:
        super().__init__()
        self.events: deque[SheetStart | NumberedRow] = deque()


def _parsed(path: Path, handler: _Handler) -> Iterator[SheetStart | NumberedRow]:
    """Yield the events of a handler."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.expatreader import create_parser

    parser = create_parser(forbid_dtd=True)
    parser.setContentHandler(handler)
    try:
        blank = "\ufeff \t\r\n"  # what some systems write before the first element
        for text in text_chunks(path, markup_encoding(path, None).name):
            parser.feed(text.lstrip(blank))
            blank = ""
            while handler.events:
                yield handler.events.popleft()
        parser.close()
    except DefusedXmlException:
        raise FileHostile(str(path), msg("it declares a document type or entity")) from None
    except SAXParseException as error:
        raise FileDamaged(str(path), f"XML, line {error.getLineNumber()}: {error.getMessage()}") from None
    except SAXException as error:
        raise FileDamaged(str(path), f"XML: {error.getMessage()}") from None
    yield from handler.events


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Visibility(_Handler):
    """Finds out which sheets are hidden; that stands behind their cells."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._sheet = ""
        self._text: list[str] | None = None

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - SAX's name
        """Take note of sheets and of what says that one is hidden."""
        if _local(name) == "Worksheet":
            self._sheet = {_local(key): value for key, value in attrs.items()}.get("Name", "")
        elif _local(name) == "Visible":
            self._text = []

    def characters(self, content: str) -> None:
        """Collect the word."""
        if self._text is not None:
            self._text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802 - SAX's name
        """Keep the word."""
        if self._text is not None and _local(name) == "Visible":
            self.found[self._sheet] = _VISIBILITY.get("".join(self._text).strip().lower(), "visible")
            self._text = None


class _Cells(_Handler):
    """Turns the rows into events."""

    def __init__(self) -> None:
        super().__init__()
        self._start: SheetStart | None = None
        self._row = 0
        self._cells: list[str] = []
        self._column = 0
        self._span = 0  # blank rows that follow
        self._across = 0
        self._depth = 0  # 1 inside a cell's data, more inside its formatting
        self._in_comment = False
        self._type = ""
        self._text: list[str] = []

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - SAX's name
        """Begin a sheet, a row, a cell, its data."""
        if self._depth:
            self._depth += 1
            return
        element = _local(name)
        if element not in ("Worksheet", "Row", "Cell", "Data", "Comment"):
            return
        said = {_local(key): value for key, value in attrs.items()}
        if element == "Worksheet":
            self._start, self._row = SheetStart(said.get("Name", "")), 0
            self.events.append(self._start)
        elif element == "Row":
            self._row = _number(said.get("Index"), self._row + 1)
            self._cells, self._column, self._span = [], 0, _number(said.get("Span"), 0)
        elif element == "Cell":
            self._start_cell(said)
        elif element == "Comment":
            self._in_comment = True
        elif not self._in_comment:
            self._depth, self._type, self._text = 1, said.get("Type", "String"), []

    def _start_cell(self, said: dict[str, str]) -> None:
        self._column = _number(said.get("Index"), self._column + 1)
        if self._column not in _COLUMNS or self._row not in _ROWS:
            raise SAXException(f"no cell {self._row}, {self._column}")
        self._across = min(_number(said.get("MergeAcross"), 0), _COLUMNS[-1] - self._column)
        down = min(_number(said.get("MergeDown"), 0), _ROWS[-1])
        if self._start and (self._across or down):
            left = self._column - 1
            self._start.merges.append(Merge(self._row, left, self._row + down, left + self._across))

    def characters(self, content: str) -> None:
        """Collect a cell's text."""
        if self._depth:
            self._text.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802 - SAX's name
        """End a cell, a row."""
        if self._depth:
            self._depth -= 1
            if not self._depth:
                self._cells.extend([""] * (self._column - len(self._cells)))
                self._cells[self._column - 1] = _typed_text("".join(self._text), self._type)
            return
        element = _local(name)
        if element == "Cell":
            self._column += self._across
        elif element == "Comment":
            self._in_comment = False
        elif element == "Row" and self._start:
            self.events.append((self._row, self._cells))
            self._row += self._span


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else otherwise


def _typed_text(text: str, kind: str) -> str:
    try:
        if kind == "Number":
            return cell_text(float(text))
        if kind == "DateTime":
            moment = dt.datetime.fromisoformat(text.strip())
            return cell_text(moment.time() if moment.date() in _DAY_ZERO else moment)
    except (ValueError, OverflowError):
        return text
    if kind == "Boolean":
        return cell_text(text.strip() == "1")
    return text
