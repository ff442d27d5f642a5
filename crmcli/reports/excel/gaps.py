"""Lines with gaps: what is unknown stands as a text in its table, which a chart would draw as nought."""

from __future__ import annotations

from typing import Any

from openpyxl.chart import Reference
from openpyxl.worksheet.worksheet import Worksheet

from crmcli.reports.excel.style import put_text
from crmcli.reports.excel.table import Placed
from crmcli.reports.excel.waterfall import SHEET
from crmcli.reports.wording import number


def has_gaps(placed: Placed, key: str, min_n: int) -> bool:
    """Return whether some value of a column cannot be drawn."""
    at = placed.table.index(key)
    return any(number(row[at], min_n) is None for row in placed.table.rows)


def is_unknown(placed: Placed, key: str, min_n: int) -> bool:
    """Return whether no value of a column can be drawn."""
    at = placed.table.index(key)
    return all(number(row[at], min_n) is None for row in placed.table.rows)


def with_gaps(placed: Placed, key: str, min_n: int) -> Reference:
    """Return a copy of a column under its head on the hidden sheet, with empty cells where nothing can be drawn."""
    book: Any = placed.sheet.parent
    if SHEET not in book.sheetnames:
        book.create_sheet(SHEET).sheet_state = "hidden"
    sheet: Worksheet = book[SHEET]
    head = sheet.max_row + 2 if sheet.max_row > 1 else 1
    at = placed.table.index(key)
    put_text(sheet.cell(head, 1), str(placed.table.columns[at].label), "crm head")
    for place, row in enumerate(placed.table.rows, head + 1):
        value = number(row[at], min_n)
        if value is not None:
            sheet.cell(place, 1).value = value
    return Reference(sheet, min_col=1, max_col=1, min_row=head, max_row=head + len(placed.table.rows))
