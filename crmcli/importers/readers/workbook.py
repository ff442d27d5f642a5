"""Workbooks: the first engine, and the second where the first gives up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crmcli.importers.readers.calamine_engine import calamine_grids
from crmcli.importers.readers.cell_errors import (
    XLSX_MARKS,
    CellErrors,
    errors_of_xls,
    errors_of_xlsx,
    may_hold_errors,
)
from crmcli.importers.readers.engine import EngineFailed, engine_border
from crmcli.importers.readers.failures import FileDamaged
from crmcli.importers.readers.grid import Grid
from crmcli.importers.readers.options import ReadOptions
from crmcli.importers.readers.zip_check import check_zip

ZIPPED = frozenset({"xlsx", "xlsm", "xlsb", "ods"})
HAS_SECOND_ENGINE = frozenset({"xlsx", "xlsm", "xls"})


def first_engine(path: Path, container: str, options: ReadOptions) -> Iterator[Grid]:
    """Yield the sheets as calamine reads them.

    Raises:
        FileHostile, FileEncrypted, FileDamaged: what the look before opening found. EngineFailed: calamine gave up.
    """
    errors = _cell_errors(path, container)
    return calamine_grids(path, container, options.sheet, errors, include_hidden=options.include_hidden)


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

    check_zip(path, XLSX_MARKS)
    return openpyxl_grids(path, options.sheet, include_hidden=options.include_hidden)


def _cell_errors(path: Path, container: str) -> CellErrors:
    """Return the error cells of xlsx, xlsm and xls; where they cannot be looked up, none."""
    marked = check_zip(path, XLSX_MARKS) if container in ZIPPED else frozenset()
    try:
        with engine_border():
            if container in ("xlsx", "xlsm"):
                return errors_of_xlsx(path, marked)
            if container == "xls" and may_hold_errors(path.read_bytes()):
                return errors_of_xls(path)
    except EngineFailed:
        return {}
    return {}
