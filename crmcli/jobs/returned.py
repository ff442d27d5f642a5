"""Workbooks that asked a person something, on their way back: which kind it is, and its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crmcli.domain.fields import normalise_header
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.importers.readers.isolated import read_file
from crmcli.importers.readers.options import ReadOptions
from crmcli.importers.sheet import Sheet
from crmcli.reports.decisions import ASKED_HEADERS, KEY_HEADERS


class NothingAsked(CrmError):
    """The file is no workbook that asked something."""

    code = "apply.no_workbook"

    def __init__(self, path: Path) -> None:
        super().__init__(
            msg("this is no workbook that crmcli wrote to be filled in: its decision or hidden column is missing"),
            where=str(path),
            hint=msg("fill in a workbook as crmcli wrote it, and leave its columns there"),
        )


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """One row: its number in the sheet, its hidden key ("" where it has none), its texts by normalised header.

    `is_odd` tells that it looks like a total or a note.
    """

    row: int
    key: str
    texts: dict[str, str]
    sheet: str = ""
    is_odd: bool = False

    def of(self, *headers: str) -> str:
        """Return the text under the first of several headers (a column's names in each language) that is there."""
        return next((self.texts[header].strip() for header in headers if header in self.texts), "")


@dataclass(frozen=True, slots=True)
class Returned:
    """A workbook that came back. `kind` is the header of its hidden column; the rows are those of all its sheets.

    `headers` are the normalised headers of each sheet. `strays` are rows without a key that look like totals or notes.
    """

    path: Path
    kind: str
    rows: list[ReturnedRow]
    headers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    strays: list[ReturnedRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A row that was not applied: its number in the sheet, the heading of the cell to blame, and why."""

    row: int
    column: str
    why: Message
    sheet: str = ""


def read_returned(path: Path) -> Returned:
    """Return the rows of a workbook that was filled in, whichever kind it is.

    Raises:
        NothingAsked: it is something else.
        CrmError: the file cannot be read.
    """
    found: Returned | None = None
    for sheet in read_file(path, ReadOptions(known_headers=frozenset((*ASKED_HEADERS, *KEY_HEADERS)))):
        headers = tuple(normalise_header(column.header) for column in sheet.columns)
        kind = next((header for header in KEY_HEADERS if header in headers), None)
        if kind is None or not set(headers) & set(ASKED_HEADERS) or (found and found.kind != kind):
            continue
        found = found or Returned(path, kind, [])
        found.headers[sheet.name] = headers
        for row in _rows(sheet, headers, kind):
            (found.rows if row.key or not row.is_odd else found.strays).append(row)
    if found is None:
        raise NothingAsked(path)
    return found


def _rows(sheet: Sheet, headers: Sequence[str], kind: str) -> Iterator[ReturnedRow]:
    """Yield a sheet's rows, block by block; one that looks like a total or a note is a row like any other."""
    for block in sheet.blocks():
        for index, number in enumerate(block.rows):
            texts = dict(zip(headers, block.cells(index), strict=True))
            yield ReturnedRow(number, texts[kind], texts, sheet.name)
        for odd in (*block.skipped, *block.rejected):
            cells = [odd.cells[c.position - 1] if c.position <= len(odd.cells) else "" for c in sheet.columns]
            texts = dict(zip(headers, cells, strict=True))
            if odd.row > (sheet.header_row or 0) and texts[kind] != kind and any(texts.values()):
                yield ReturnedRow(odd.row, texts[kind], texts, sheet.name, is_odd=True)
