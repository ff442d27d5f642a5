"""The second engine for .xlsx and .xlsm."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crmcli.importers.readers.cell_text import cell_text
from crmcli.importers.readers.engine import engine_border
from crmcli.importers.readers.grid import Grid, Merge, NumberedRow, left_out
from crmcli.importers.readers.marks import Marks
from crmcli.importers.readers.sheet_choice import NO_CELLS, why_left_out


def openpyxl_grids(path: Path, sheet: str | None, marks: Marks, *, include_hidden: bool) -> Iterator[Grid]:
    """Yield the sheets of a workbook, in order; formula cells give their stored values, `marks` says which have none.

    Raises:
        EngineFailed: openpyxl cannot read it.
    """
    import openpyxl

    with warnings.catch_warnings(), engine_border(), path.open("rb") as stream:  # a path's extension it would believe
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(stream, data_only=True)
    for page in book:
        if not hasattr(page, "iter_rows"):
            yield left_out(page.title, NO_CELLS)
            continue
        why = why_left_out(page.title, page.sheet_state.lower(), sheet, include_hidden=include_hidden)
        yield (
            left_out(page.title, why) if why else Grid(page.title, marks.shown(page.title, _rows(page)), _merges(page))
        )


def _rows(page: Any) -> Iterator[NumberedRow]:
    with engine_border():
        for number, row in enumerate(page.iter_rows(values_only=True), start=1):
            yield number, [_text(value) for value in row]


def _text(value: object) -> str:
    from openpyxl.utils.escape import unescape

    text = cell_text(value)
    text = unescape(text) if "_x" in text else text
    return text.encode("utf-8", "replace").decode()


def _merges(page: Any) -> list[Merge]:
    ranges = page.merged_cells.ranges
    return sorted(Merge(r.min_row, r.min_col - 1, r.max_row, r.max_col - 1) for r in ranges)
