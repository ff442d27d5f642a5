"""The files on disk: xlsx, xls and csv, as the programs that people use would have saved them."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crmcli.demo_data.biff import xls_bytes
from crmcli.demo_data.model import AS_OF, COMPANY, Cell, Demo, SampleFile, Table

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_ROW_LIMIT = 1000  # how far down the dropdowns reach


def write_samples(demo: Demo, folder: Path) -> list[Path]:
    """Write the demo's files into `folder` (made where missing) and return their paths, in import order."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(file, folder / file.name) for file in demo.files]


def _write(file: SampleFile, path: Path) -> Path:
    if file.encoding:
        path.write_bytes(csv_text(file.tables[0]).encode(file.encoding))
    elif path.suffix == ".xls":
        path.write_bytes(xls_bytes(file.tables))
    else:
        _write_xlsx(file, path)
    return path


def csv_text(table: Table) -> str:
    """Return the table as Excel would save it: CR LF, quotes only where needed."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(["" if cell is None else cell for cell in row.cells] for row in table.rows)
    return out.getvalue()


def _write_xlsx(file: SampleFile, path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = COMPANY
    book.properties.created = datetime.combine(AS_OF, datetime.min.time())
    for table in file.tables:
        _fill(book.create_sheet(table.name), table)
    book.save(path)


def _fill(sheet: Worksheet, table: Table) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for row, record in enumerate(table.rows, 1):
        for column, value in enumerate(record.cells, 1):
            if value is not None:
                cell = sheet.cell(row, column, value)
                cell.number_format = _number_format(value)
    for merge in table.merges:
        sheet.merge_cells(None, *merge)
    for column, characters in enumerate(table.widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = characters
    for column, source in table.choices.items():
        letter = get_column_letter(column)
        choice = DataValidation("list", source, allow_blank=True)
        choice.add(f"{letter}4:{letter}{_ROW_LIMIT}")
        sheet.add_data_validation(choice)
    if table.hidden:
        sheet.sheet_state = "hidden"
    _decorate(sheet, table)


def _number_format(value: Cell) -> str:
    if isinstance(value, datetime):
        return "yyyy-mm-dd hh:mm"
    if isinstance(value, date):
        return "yyyy/m/d"
    return "0" if isinstance(value, int) and value > 10**9 else "General"


def _decorate(sheet: Worksheet, table: Table) -> None:
    """Give title, header, province block and totals the looks that such sheets have."""
    from openpyxl.styles import Alignment, Font, PatternFill

    for number, row in enumerate(table.rows, 1):
        first = sheet.cell(number, 1)
        if row.tag == "above" and number == 1 and table.header:
            first.font = Font(name="宋体", bold=True, size=16)
            first.alignment = Alignment(horizontal="center", vertical="center")
            sheet.row_dimensions[1].height = 28
        elif row.tag == "header":
            for column, text in enumerate(row.cells, 1):
                cell = sheet.cell(number, column)
                red = "FFC00000" if str(text).startswith("*") else "FF000000"
                cell.font = Font(name="宋体", bold=True, color=red)
                cell.fill = PatternFill("solid", fgColor="FFD9E1F2")
                cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            sheet.freeze_panes = f"A{number + 1}"
        elif row.tag == "skipped":
            for column in range(1, len(row.cells) + 1):
                sheet.cell(number, column).font = Font(name="宋体", bold=True)
    for top, left, low, _right in table.merges:
        if low > top:
            sheet.cell(top, left).alignment = Alignment(horizontal="center", vertical="center")
    if table.filtered:
        header = next(number for number, row in enumerate(table.rows, 1) if row.tag == "header")
        sheet.auto_filter.ref = f"A{header}:{sheet.cell(header, len(table.header)).coordinate[:-1]}{len(table.rows)}"
