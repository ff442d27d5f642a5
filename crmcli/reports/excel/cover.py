"""The first sheet: what it is, the headline figures, what to know before trusting them, and where to find what."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.utils import quote_sheetname
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from crmcli.i18n import _
from crmcli.reports.about import about, change
from crmcli.reports.excel.style import put_text, set_print, set_widths
from crmcli.reports.excel.table import put
from crmcli.reports.model import Column, Report
from crmcli.reports.warnings import warnings
from crmcli.reports.wording import width

CARDS_IN_ROW, CARD_WIDTH, WIDTH = 5, 12.5, 10
"""Cards beside each other; the width of one of a card's two columns; columns of the sheet."""
HOLDS = 4
"""The column from which the contents say what a sheet holds."""
NOTES = 6
"""Lines of warnings at most."""


def add_cover(book: Workbook, report: Report, name: str) -> tuple[Worksheet, int]:
    """Return the cover and its next free row."""
    sheet = book.create_sheet(name)
    set_widths(sheet, dict.fromkeys(range(1, WIDTH + 1), CARD_WIDTH))
    put_text(sheet.cell(1, 1), str(report.title), "crm title")
    sheet.row_dimensions[1].height = 30
    put_text(sheet.cell(2, 1), "  ·  ".join(about(report)), "crm small")
    row = _cards(sheet, report, 4)
    row = _summary(sheet, report, row)
    row = _notes(sheet, report, row)
    set_print(sheet, pages_high=1, portrait=True)
    return sheet, row


def add_contents(sheet: Worksheet, row: int, entries: list[tuple[str, str]], lists: Sequence[str] = ()) -> None:
    """Write links to the other sheets from `row` on: each with a word on what it holds, then those of lists of records.

    The figures lead to the lists, so that several of them share a row.
    """
    put_text(sheet.cell(row, 1), _("Contents"), "crm heading")
    for number, (name, holds) in enumerate(entries, row + 1):
        _link(sheet, number, 1, name)
        sheet.merge_cells(start_row=number, end_row=number, start_column=HOLDS, end_column=WIDTH)
        put_text(sheet.cell(number, HOLDS), holds, "crm holds")
        sheet.row_dimensions[number].height = 15 * -(-width(holds) // int(CARD_WIDTH * (WIDTH - HOLDS + 1) * 1.1))

    row += len(entries) + 2
    if lists:
        put_text(sheet.cell(row, 1), _("Records behind the figures"), "crm heading")
    for place, name in enumerate(lists):
        _link(sheet, row + 1 + place // CARDS_IN_ROW, 1 + 2 * (place % CARDS_IN_ROW), name)


def _link(sheet: Worksheet, row: int, column: int, name: str) -> None:
    """Write a link to the sheet called `name`."""
    cell = sheet.cell(row, column)
    put_text(cell, name, "crm link")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(name)}!A1")
    cell.style = "crm link"


def _cards(sheet: Worksheet, report: Report, row: int) -> int:
    """Return the row after the headline figures, each with its value of the week before and the change."""
    for number, headline in enumerate(report.headlines):
        top = row + 4 * (number // CARDS_IN_ROW)
        left = 1 + 2 * (number % CARDS_IN_ROW)
        for line in range(3):
            sheet.merge_cells(start_row=top + line, end_row=top + line, start_column=left, end_column=left + 1)
        put_text(sheet.cell(top, left), str(headline.label), "crm card label")
        put(sheet.cell(top + 1, left), headline.value, Column(headline.key, headline.label, headline.type),
            report.min_n, "card ")  # fmt: skip
        text, mood = change(headline, report.min_n)
        put_text(sheet.cell(top + 2, left), text, f"crm card {mood}")
        sheet.row_dimensions[top + 1].height = 30
        sheet.row_dimensions[top + 3].height = 8
    lines = -(-len(report.headlines) // CARDS_IN_ROW)
    return row + 4 * lines + (lines > 0)


def _summary(sheet: Worksheet, report: Report, row: int) -> int:
    """Return the row after what happened, a sentence a row."""
    if not report.summary:
        return row
    put_text(sheet.cell(row, 1), _("What happened"), "crm heading")
    for sentence in report.summary:
        row += 1
        _line(sheet, row, str(sentence), "crm said")
    return row + 2


def _line(sheet: Worksheet, row: int, text: str, style: str) -> None:
    """Write a text over the whole width, in as many lines as it takes."""
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=WIDTH)
    put_text(sheet.cell(row, 1), text, style)
    sheet.row_dimensions[row].height = 17 * -(-width(text) // (2 * int(CARD_WIDTH) * CARDS_IN_ROW - 6))


def _notes(sheet: Worksheet, report: Report, row: int) -> int:
    """Return the row after the warnings and the line of the checks."""
    if report.section.notes:
        put_text(sheet.cell(row, 1), _("Read this first"), "crm heading")
    for line in warnings(report, NOTES):
        row += 1
        _line(sheet, row, f"• {line}", "crm warning")
    row += 1
    held = sum(check.ok for check in report.section.checks)
    line = _("Checks: {held} of {n} hold (sums of records equal the figures, rows balance)")
    put_text(sheet.cell(row, 1), line.format(held=held, n=len(report.section.checks)), "crm small")
    return row + 2
