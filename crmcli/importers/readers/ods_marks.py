"""Error cells and merged ranges of .ods files, which the first engine does not show.

Source: OASIS OpenDocument 1.3 part 3, 9.1 (tables); LibreOffice's calcext:value-type.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any
from xml.sax.handler import ContentHandler

from crmcli.importers.readers.grid import Merge
from crmcli.importers.readers.marks import Marks

# how the cells' part marks them
ODS_MARKS = (b'number-rows-spanned="', b'value-type="error"')
_CONTENT = "content.xml"
_CHUNK = 1 << 18


def marks_of_ods(path: Path, parts: frozenset[str]) -> Marks:
    """Return what the cells' part marks, if it is among `parts` (those in which one of `ODS_MARKS` was seen)."""
    from defusedxml.expatreader import create_parser

    handler = _Cells()
    if _CONTENT in parts:
        parser = create_parser(forbid_dtd=True)
        parser.setContentHandler(handler)
        with zipfile.ZipFile(path) as archive, archive.open(_CONTENT) as stream:
            while chunk := stream.read(_CHUNK):
                parser.feed(chunk)
            parser.close()
    return handler.marks


class _Cells(ContentHandler):
    """Follows rows and columns, repeated ones too, and keeps what is marked."""

    def __init__(self) -> None:
        super().__init__()
        self.marks = Marks()
        self._sheet = ""
        self._row = self._column = 0  # how many are complete
        self._rows = self._columns = 1  # how many the open element stands for
        self._in_cell = False
        self._error: list[str] | None = None

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - SAX's name
        """Begin a table, a row, a cell."""
        if name == "table:table" and not self._in_cell:
            self._sheet, self._row = attrs.get("table:name", ""), 0
        elif name == "table:table-row" and not self._in_cell:
            self._rows, self._column = int(attrs.get("table:number-rows-repeated", 1)), 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._in_cell = True
            self._columns = int(attrs.get("table:number-columns-repeated", 1))
            down, across = (int(attrs.get(f"table:number-{way}-spanned", 1)) for way in ("rows", "columns"))
            if down > 1 or across > 1:
                right, bottom = self._column + across - 1, self._row + down
                self.marks.add_merge(self._sheet, Merge(self._row + 1, self._column, bottom, right))
            self._error = [] if attrs.get("calcext:value-type") == "error" else None

    def characters(self, content: str) -> None:
        """Collect an error's name."""
        if self._error is not None:
            self._error.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802 - SAX's name
        """End a row, a cell."""
        if name in ("table:table-cell", "table:covered-table-cell"):
            if self._error is not None:
                self.marks.add_error(self._sheet, self._row + 1, self._column, "".join(self._error))
            self._column += self._columns
            self._in_cell, self._error = False, None
        elif name == "table:table-row" and not self._in_cell:
            self._row += self._rows
