"""The first engine: xlsx, xlsm, xlsb, xls and ods, by python-calamine directly from the path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from crmcli.importers.readers.cell_text import cell_text
from crmcli.importers.readers.engine import EngineFailed, engine_border
from crmcli.importers.readers.failures import FileEncrypted
from crmcli.importers.readers.grid import Grid, Merge, NumberedRow, left_out
from crmcli.importers.readers.marks import Marks
from crmcli.importers.readers.sheet_choice import NO_CELLS, why_left_out

_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


def calamine_grids(
    path: Path, container: str, sheet: str | None, marks: Marks, *, include_hidden: bool
) -> Iterator[Grid]:
    """Yield the sheets of a workbook, in order; `marks` are what calamine does not show of them.

    Raises:
        FileEncrypted: it is protected by a password. EngineFailed: calamine cannot read it.
    """
    book = _open(path, container)
    for meta in book.sheets_metadata:
        kind = str(meta.typ).rpartition(".")[2]
        visibility = str(meta.visible).rpartition(".")[2].lower()
        why = why_left_out(meta.name, visibility, sheet, include_hidden=include_hidden)
        why = why or (None if kind == "WorkSheet" else NO_CELLS)
        yield left_out(meta.name, why) if why else _grid(book, meta.name, marks, container)


def _open(path: Path, container: str) -> CalamineWorkbook:
    import python_calamine

    with engine_border():
        try:
            if path.suffix.lower() == f".{container}":
                book = python_calamine.load_workbook(str(path))
            else:  # it believes an extension that it knows; from a stream it looks at the bytes
                with path.open("rb") as stream:
                    book = python_calamine.load_workbook(stream)
        except python_calamine.PasswordError:
            raise FileEncrypted(str(path)) from None
    if not book.sheet_names:
        raise EngineFailed("no sheets")
    return book


def _grid(book: CalamineWorkbook, name: str, marks: Marks, container: str) -> Grid:
    with engine_border():
        sheet = book.get_sheet_by_name(name)
        merges = [
            Merge(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
        ] or marks.merges.get(name, [])
    rows = _rows(sheet)
    if container == "ods":
        rows = _with_durations(rows)
    elif container == "xls":
        rows = _without_nul(rows)
    return Grid(name, marks.shown(name, rows), sorted(merges))


def _rows(sheet: CalamineSheet) -> Iterator[NumberedRow]:
    """Yield the rows from row 1; calamine leaves out the blank columns on the left, not the rows above."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    with engine_border():
        for number, row in enumerate(sheet.iter_rows(), start=1):
            texts = [cell if cell.__class__ is str else cell_text(cell) for cell in row]
            yield number, left + texts if left else texts


def _with_durations(rows: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
    """Yield the rows of an .ods file, durations as the other containers give them: PT30H05M00S is 30:05:00."""
    for number, row in rows:
        for column, text in enumerate(row):
            if text.startswith("PT") and (found := _DURATION.fullmatch(text)):
                row[column] = f"{int(found[1])}:{int(found[2]):02d}:{int(found[3]):02d}"
        yield number, row


def _without_nul(rows: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
    """Yield the rows of an .xls file.

    Raises:
        EngineFailed: a text was read in half characters, as calamine does with some files of Excel 95.
    """
    for number, row in rows:
        if any("\x00" in text for text in row):
            raise EngineFailed("texts in half characters")
        yield number, row
