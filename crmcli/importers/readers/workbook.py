"""Workbooks: the first engine, and the second where the first gives up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crmcli.importers.readers.calamine_engine import calamine_grids
from crmcli.importers.readers.cell_errors import (
    XLSX_MARKS,
    errors_of_xls,
    errors_of_xlsx,
    may_hold_errors,
)
from crmcli.importers.readers.engine import EngineFailed, engine_border
from crmcli.importers.readers.failures import FileDamaged
from crmcli.importers.readers.grid import Grid
from crmcli.importers.readers.marks import Marks
from crmcli.importers.readers.ods_marks import ODS_MARKS, marks_of_ods
from crmcli.importers.readers.options import ReadOptions
from crmcli.importers.readers.xlsb_marks import marks_of_xlsb
from crmcli.importers.readers.zip_check import check_zip

# the zipped containers, and what their parts are looked through for
_LOOKED_FOR: dict[str, tuple[bytes, ...]] = {"xlsx": XLSX_MARKS, "xlsm": XLSX_MARKS, "xlsb": (), "ods": ODS_MARKS}
HAS_SECOND_ENGINE = frozenset({"xlsx", "xlsm", "xls"})


def first_engine(path: Path, container: str, options: ReadOptions) -> Iterator[Grid]:
    """Yield the sheets as calamine reads them.

    Raises:
        FileHostile, FileEncrypted, FileDamaged: what the look before opening found. EngineFailed: calamine gave up.
    """
    marks = _marks(path, container)
    return calamine_grids(path, container, options.sheet, marks, include_hidden=options.include_hidden)


def second_engine(path: Path, container: str, options: ReadOptions) -> Iterator[Grid]:
    """Yield the sheets as openpyxl or xlrd reads them; only for a container of `HAS_SECOND_ENGINE`.

    Raises:
        FileHostile, FileEncrypted, FileDamaged: what the look before opening found. EngineFailed: it gave up.
    """
    if container == "xls":
        from crmcli.importers.readers.xlrd_engine import xlrd_grids

        return xlrd_grids(path, options.sheet, include_hidden=options.include_hidden)
    if container not in HAS_SECOND_ENGINE:
        raise FileDamaged(str(path), container)
    from crmcli.importers.readers.openpyxl_engine import openpyxl_grids

    return openpyxl_grids(path, options.sheet, _marks(path, container), include_hidden=options.include_hidden)


def _marks(path: Path, container: str) -> Marks:
    """Return the error cells and merged ranges that calamine does not show; where they cannot be looked up, none."""
    marked = check_zip(path, _LOOKED_FOR[container]) if container in _LOOKED_FOR else frozenset()
    try:
        with engine_border():
            if container in ("xlsx", "xlsm"):
                return Marks(errors_of_xlsx(path, marked))
            if container == "xlsb":
                return marks_of_xlsb(path)
            if container == "ods":
                return marks_of_ods(path, marked)
            if container == "xls" and may_hold_errors(path.read_bytes()):
                return Marks(errors_of_xls(path))
    except EngineFailed:
        return Marks()
    return Marks()
