"""The sheet of definitions (口径) with the checks and settings, and the hidden sheet that names every figure's key."""

from __future__ import annotations

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from crmcli.i18n import _
from crmcli.reports.about import settings
from crmcli.reports.defined import definitions_of
from crmcli.reports.excel.style import GOOD, put_text, set_print, set_widths
from crmcli.reports.excel.table import Placed
from crmcli.reports.model import Column, Definition, Report
from crmcli.reports.wording import width

KEYS = "keys"
"""Name of the hidden sheet; one row a column of a table: where it stands and what it is called in JSON."""
DEFINED = 10
"""The column of the hidden sheet that says what a column means; the settings stand before it."""
_TERM, _SENTENCE = 24, 96


def add_definitions(book: Workbook, report: Report, name: str) -> None:
    """Add the definitions, the settings that the figures depend on, and every check with its outcome."""
    sheet = book.create_sheet(name)
    set_widths(sheet, {1: _TERM, 2: _SENTENCE})
    put_text(sheet.cell(1, 1), _("Definitions"), "crm title")
    row = _pairs(sheet, 3, [(str(one.term), str(one.sentence)) for one in report.section.definitions])
    put_text(sheet.cell(row + 1, 1), _("Settings"), "crm heading")
    row = _pairs(sheet, row + 2, settings(report))
    put_text(sheet.cell(row + 1, 1), _("Checks"), "crm heading")
    _pairs(sheet, row + 2, [
        (check.name, f"{_('holds') if check.ok else _('FAILS')}: {check.detail}") for check in report.section.checks
    ])  # fmt: skip
    sheet.sheet_properties.tabColor = GOOD
    set_print(sheet)


def _pairs(sheet: Worksheet, row: int, pairs: list[tuple[str, str]]) -> int:
    """Return the row after the pairs."""
    for term, sentence in pairs:
        put_text(sheet.cell(row, 1), term, "crm plain")
        put_text(sheet.cell(row, 2), sentence, "crm plain")
        lines = max(-(-width(term) // (_TERM - 2)), -(-width(sentence) // (_SENTENCE - 4)))
        sheet.row_dimensions[row].height = 17 * lines
        row += 1
    return row


def add_keys(book: Workbook, placed: list[Placed], definitions: tuple[Definition, ...] = ()) -> None:
    """Add the hidden sheet that says which cells hold which table and column, and what defines the column."""
    sheet = book.create_sheet(KEYS)
    for at, head in enumerate(("sheet", "table", "column", "type", "cells", "total", "label"), 1):
        put_text(sheet.cell(1, at), head, "crm head")
    put_text(sheet.cell(1, DEFINED), "defined", "crm head")
    row = 1
    for block in placed:
        for column in block.table.columns:
            row += 1
            letter = get_column_letter(block.columns[column.key])
            cells = f"{letter}{block.first}:{letter}{block.last}" if block.table.rows else ""
            total = f"{letter}{block.bottom}" if block.table.total else ""
            values = (block.sheet.title, block.table.name, column.key, column.type, cells, total, str(column.label))
            for at, value in enumerate(values, 1):
                put_text(sheet.cell(row, at), value, "crm plain")
            defined = _sentences(block.table.name, column, definitions)
            put_text(sheet.cell(row, DEFINED), "\n".join(defined), "crm plain")
    sheet.sheet_state = "hidden"


def _sentences(table: str, column: Column, definitions: tuple[Definition, ...]) -> list[str]:
    """Return what defines a column: the definitions that name it, else those whose term it is called by."""
    called = [one for one in definitions if str(column.label) in str(one.term)]
    return [f"{one.term}: {one.sentence}" for one in definitions_of(table, column, definitions) or called]
