"""The second engine for .xls."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from crmcli.importers.readers.cell_text import cell_text, error_name
from crmcli.importers.readers.engine import EngineFailed, engine_border
from crmcli.importers.readers.failures import FileEncrypted
from crmcli.importers.readers.grid import Grid, Merge, NumberedRow, left_out
from crmcli.importers.readers.sheet_choice import why_left_out

_HOURS = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_VISIBILITY = ("visible", "hidden", "veryhidden")


def open_book(path: Path, *, formats: bool = False) -> Any:
    """Return the xlrd book; `formats` reads merged ranges and number formats too.

    Raises:
        FileEncrypted: it is protected by a password. EngineFailed: whatever else is wrong.
    """
    import xlrd

    with Path(os.devnull).open("w", encoding="utf-8") as silence:
        try:
            with engine_border():
                return xlrd.open_workbook(str(path), logfile=silence, ragged_rows=True, formatting_info=formats)
        except EngineFailed as failure:
            if "encrypt" in str(failure).lower() or "password" in str(failure).lower():
                raise FileEncrypted(str(path)) from None
            raise


def xlrd_grids(path: Path, sheet: str | None, *, include_hidden: bool) -> Iterator[Grid]:
    """Yield the sheets of an .xls file, in order."""
    try:
        book = open_book(path, formats=True)
    except EngineFailed:  # damaged formats: the cells may still be read
        book = open_book(path)
    durations = _duration_formats(book)
    for page in book.sheets():
        why = why_left_out(page.name, _VISIBILITY[page.visibility], sheet, include_hidden=include_hidden)
        yield left_out(page.name, why) if why else Grid(page.name, _rows(page, book.datemode, durations), _merges(page))


def _duration_formats(book: Any) -> frozenset[int]:
    """Return the formats of cells that show hours beyond 24, such as [h]:mm."""
    formats = {key for key, shown in book.format_map.items() if _HOURS.search(shown.format_str or "")}
    return frozenset(index for index, cell in enumerate(book.xf_list) if cell.format_key in formats)


def _merges(page: Any) -> list[Merge]:
    return sorted(Merge(top + 1, left, bottom, right - 1) for top, bottom, left, right in page.merged_cells)


def _rows(page: Any, datemode: int, durations: frozenset[int]) -> Iterator[NumberedRow]:
    for row in range(page.nrows):
        with engine_border():
            texts = [_text(cell, datemode, is_duration=cell.xf_index in durations) for cell in page.row(row)]
        yield row + 1, texts


def _text(cell: Any, datemode: int, *, is_duration: bool) -> str:
    import xlrd

    kind, value = cell.ctype, cell.value
    if kind == xlrd.XL_CELL_ERROR:
        return error_name(value)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return cell_text(bool(value))
    if kind == xlrd.XL_CELL_DATE:
        try:
            if is_duration:
                return cell_text(timedelta(days=value))
            moment = xlrd.xldate_as_datetime(value, datemode)
        except (ValueError, OverflowError):
            return cell_text(value)
        return cell_text(moment.time() if 0 <= value < 1 else moment)
    return cell_text(value).encode("utf-8", "replace").decode()
