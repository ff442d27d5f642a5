"""Workbooks that asked a person something, on their way back: which kind it is, and its rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crmcli.domain.fields import normalise_header
from crmcli.errors import CrmError
from crmcli.i18n import Message, msg
from crmcli.importers.readers.isolated import read_file
from crmcli.importers.readers.options import ReadOptions
from crmcli.reports.decisions import ASKED_HEADERS, KEY_HEADERS


class NothingAsked(CrmError):
    """The file is no workbook that asked something."""

    code = "apply.no_workbook"

    def __init__(self, path: Path) -> None:
        super().__init__(
            msg("this is no workbook that crmcli wrote to be filled in: its decision or hidden column is missing"),
            where=str(path),
            hint=msg("fill in a conflicts, words or review workbook as it was written, and leave its columns there"),
        )


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """One row: its number in the sheet, its hidden key, its texts by normalised header."""

    row: int
    key: str
    texts: dict[str, str]

    def of(self, *headers: str) -> str:
        """Return the text under the first of several headers (a column's names in each language) that is there."""
        return next((self.texts[header].strip() for header in headers if header in self.texts), "")


@dataclass(frozen=True, slots=True)
class Returned:
    """A workbook that came back. `kind` is the header of its hidden column."""

    path: Path
    kind: str
    rows: list[ReturnedRow]


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A row that was not applied: its number in the sheet, the heading of the cell to blame, and why."""

    row: int
    column: str
    why: Message


def read_returned(path: Path) -> Returned:
    """Return the rows of a workbook that was filled in, whichever kind it is.

    Raises:
        NothingAsked: it is something else.
        CrmError: the file cannot be read.
    """
    for sheet in read_file(path, ReadOptions(known_headers=frozenset((*ASKED_HEADERS, *KEY_HEADERS)))):
        headers = [normalise_header(column.header) for column in sheet.columns]
        kind = next((header for header in KEY_HEADERS if header in headers), None)
        if kind is None or not set(headers) & set(ASKED_HEADERS):
            continue
        rows = []
        for block in sheet.blocks():
            for index, number in enumerate(block.rows):
                texts = dict(zip(headers, block.cells(index), strict=True))
                rows.append(ReturnedRow(number, texts[kind], texts))
        return Returned(path, kind, rows)
    raise NothingAsked(path)
