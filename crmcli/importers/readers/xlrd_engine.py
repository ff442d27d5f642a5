"""The second engine for .xls."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crmcli.importers.readers.cell_text import cell_text, error_name
from crmcli.importers.readers.engine import EngineFailed, engine_border
from crmcli.importers.readers.failures import FileEncrypted
from crmcli.importers.readers.grid import Grid, NumberedRow, left_out
from crmcli.importers.readers.sheet_choice import why_left_out

_VISIBILITY = ("visible", "hidden", "veryhidden")


def open_book(path: Path) -> Any:
    """Return the xlrd book.

    Raises:
        FileEncrypted: it is protected by a password. EngineFailed: whatever else is wrong.
    """
    import xlrd

    with Path(os.devnull).open("w", encoding="utf-8") as silence:
        try:
            with engine_border():
                return xlrd.open_workbook(str(path), logfile=silence, ragged_rows=True)
        except EngineFailed as failure:
            if "encrypt" in str(failure).lower() or "password" in str(failure).lower():
                raise FileEncrypted(str(path)) from None
            raise


def xlrd_grids(path: Path, sheet: str | None, *, include_hidden: bool) -> Iterator[Grid]:
    """Yield the sheets of an .xls file, in order."""
    book = open_book(path)
    for page in book.sheets():
        why = why_left_out(page.name, _VISIBILITY[page.visibility], sheet, include_hidden=include_hidden)
        yield left_out(page.name, why) if why else Grid(page.name, _rows(page, book.datemode))


def _rows(page: Any, datemode: int) -> Iterator[NumberedRow]:
    for row in range(page.nrows):
        with engine_border():
            texts = [_text(cell.ctype, cell.value, datemode) for cell in page.row(row)]
        yield row + 1, texts


def _text(kind: int, value: Any, datemode: int) -> str:
    import xlrd

    if kind == xlrd.XL_CELL_ERROR:
        return error_name(value)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return cell_text(bool(value))
    if kind == xlrd.XL_CELL_DATE:
        try:
            moment = xlrd.xldate_as_datetime(value, datemode)
        except (ValueError, OverflowError):
            return cell_text(value)
        return cell_text(moment.time() if 0 <= value < 1 else moment)
    return cell_text(value).encode("utf-8", "replace").decode()
