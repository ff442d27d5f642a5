"""The statement of imports as a workbook to sign: cover, sums, breakdowns, every difference, sources, definitions."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl.styles import Alignment, Border, Side
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from crmcli.i18n import _, enumerated
from crmcli.reports.excel.cover import CARD_WIDTH, NOTES, WIDTH, add_contents
from crmcli.reports.excel.definitions import KEYS, add_definitions, add_keys
from crmcli.reports.excel.records import HEAD, add_records, location, sheet_name
from crmcli.reports.excel.style import DARK, new_workbook, put_text, set_print, set_widths
from crmcli.reports.excel.table import Placed, Target, put
from crmcli.reports.excel.workbook import add_tables, tables_by_sheet
from crmcli.reports.files import save_workbook
from crmcli.reports.model import Link, Report, Table
from crmcli.reports.warnings import warnings
from crmcli.reports.wording import width

_LABEL, _LINE = 3, 17
"""Columns that a label takes; the height of a line."""
_FILES = 20
"""Source files and sheets on the cover; the other sheets have them all."""
_WIDE = 44.0
"""The width of the columns of long texts."""


def write_statement(report: Report, path: Path) -> None:
    """Write the statement to `path`, whole or not at all, readable by its owner only.

    Raises:
        FileNotWritten: the file system refused.
    """
    save_workbook(statement_workbook(report), path)


def statement_workbook(report: Report) -> Workbook:
    """Return the statement as an unsaved workbook."""
    book, taken = new_workbook(), {KEYS}
    cover = book.create_sheet(sheet_name(taken, _("Statement")))
    groups = [(sheet_name(taken, title), tables) for title, tables in tables_by_sheet(report).items()]
    (records,) = report.section.records
    listed, definitions = sheet_name(taken, _("Differences")), sheet_name(taken, _("Definitions"))

    def link_to(link: Link) -> Target | None:
        return location(listed, records, link)

    placed: list[Placed] = []
    for name, tables in groups:
        placed += add_tables(book, name, tables, report, link_to)
    add_records(book, listed, records)
    _wrap(book[listed], report)
    add_definitions(book, report, definitions)
    row = _add_cover(cover, report)
    contents = [(name, enumerated(table.title for table in tables)) for name, tables in groups]
    contents += [(listed, str(records.title)), (definitions, _("what every figure means, settings, checks"))]
    add_contents(cover, row, contents)
    _add_signatures(cover, row + len(contents) + 2)
    add_keys(book, placed)
    cover.sheet_properties.tabColor = DARK
    set_print(cover, pages_high=1, portrait=True)
    return book


def _add_cover(sheet: Worksheet, report: Report) -> int:
    """Return the row after the title, the result, the sums a sheet, the warnings and the files."""
    set_widths(sheet, dict.fromkeys(range(1, WIDTH + 1), CARD_WIDTH))
    put_text(sheet.cell(1, 1), str(report.title), "crm title")
    sheet.row_dimensions[1].height = 30
    as_of = report.as_of.isoformat(sep=" ", timespec="minutes")[:16]
    about = [report.company, _("As of {as_of}").format(as_of=as_of)]
    put_text(sheet.cell(2, 1), "  ·  ".join(text for text in about if text), "crm small")
    words = _("Balanced: source + listed differences = database ({n} checks hold)")
    put_text(sheet.cell(4, 1), words.format(n=len(report.section.checks)), "crm heading")
    row = 5
    for label, text in _figures(report):
        row = _add_line(sheet, row, label, text)
    for line in warnings(report, NOTES):
        row = _add_line(sheet, row, "", f"• {line}", "crm warning")
    row = _add_sheets(sheet, row + 1, report)
    return _add_files(sheet, row + 1, report.table("sources"))


def _figures(report: Report) -> list[tuple[str, str]]:
    """Return the main figures as label and text."""
    runs, sheets = report.table("runs"), report.table("sheets")
    stated = {row[0] for row in sheets.rows}
    found = [(_("Imports"), enumerated(f"{row[0]} ({row[1]}, {row[2]})" for row in runs.rows if row[0] in stated))]
    words = _("{read} read: {rows} came in, {skipped} skipped, {rejected} rejected, {review} for review")
    keys = ("read", "rows", "skipped", "rejected", "review")
    found.append((_("Rows"), words.format(**{key: f"{_sum(sheets, key):,}" for key in keys})))
    words = _("{n} listed, each with file, sheet, row and reason")
    found.append((_("Differences"), words.format(n=f"{report.section.records[0].count:,}")))
    return [*found, (_("Config hash"), report.config_hash)]


def _sum(table: Table, key: str) -> Decimal:
    at = table.index(key)
    return sum((Decimal(str(row[at])) for row in table.rows), Decimal(0))


def _add_sheets(sheet: Worksheet, row: int, report: Report) -> int:
    """Return the row after a line a source sheet: rows and amounts of source and database."""
    sheets, amounts = report.table("sheets"), report.table("amounts")
    keys = ("file", "sheet", "kind", "read", "rows", "records", "differences")
    columns = [sheets.columns[sheets.index(key)] for key in keys]
    columns += [amounts.columns[amounts.index(key)] for key in ("source", "database")]
    places = [1, 3, 4, 5, 6, 7, 8, 9, 10]  # the file's name takes two columns
    for at, column in zip(places, columns, strict=True):
        put_text(sheet.cell(row, at), str(column.label), "crm head")
    put_text(sheet.cell(row, 2), "", "crm head")
    sheet.row_dimensions[row].height = 2 * _LINE
    for line in sheets.rows[:_FILES]:
        row += 1
        values = [line[sheets.index(key)] for key in keys]
        own = [one for one in amounts.rows if one[:3] == line[:3]]
        values += [own[0][amounts.index(key)] for key in ("source", "database")] if len(own) == 1 else [""] * 2
        put_text(sheet.cell(row, 2), "", "crm text")
        for at, column, value in zip(places, columns, values, strict=True):
            put(sheet.cell(row, at), value, column, 0)
    if len(sheets.rows) > _FILES:
        row += 1
        words = _("and {n} more, see the sheet {name}")
        put_text(sheet.cell(row, 1), words.format(n=len(sheets.rows) - _FILES, name=sheets.sheet), "crm small")
    return row + 1


def _wrap(sheet: Worksheet, report: Report) -> None:
    """Break the long texts of the list of differences, so that a page holds them."""
    columns = report.section.records[0].columns
    wide = {at: _WIDE for at, column in enumerate(columns, 1) if column.key in ("cell", "why")}
    set_widths(sheet, dict(wide))
    alignment = Alignment(wrap_text=True, vertical="center")
    for number, row in enumerate(sheet.iter_rows(min_row=HEAD + 1), HEAD + 1):
        lines = 1
        for at, size in wide.items():
            cell = row[at - 1]
            cell.alignment = alignment
            lines = max(lines, -(-width(str(cell.value or "")) // int(size - 2)))
        sheet.row_dimensions[number].height = _LINE * lines


def _add_line(sheet: Worksheet, row: int, label: str, text: str, style: str = "crm plain") -> int:
    """Return the row after one line; a text that is too long for the page is broken."""
    first = _LABEL if label else 1
    if label:
        put_text(sheet.cell(row, 1), label, "crm small")
    put_text(sheet.cell(row, first), text, style)
    sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=WIDTH)
    room = CARD_WIDTH * (WIDTH - first + 1) - 4
    sheet.row_dimensions[row].height = _LINE * max(1, -(-width(text) // int(room)))
    return row + 1


def _add_files(sheet: Worksheet, row: int, sources: Table) -> int:
    """Return the row after the files with their fingerprints."""
    put_text(sheet.cell(row, 1), _("Source files, with SHA-256"), "crm heading")
    shown = list(sources.rows[:_FILES])
    for number, line in enumerate(shown, row + 1):
        put_text(sheet.cell(number, 1), str(line[sources.index("file")]), "crm plain")
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=4)
        put_text(sheet.cell(number, 5), str(line[sources.index("sha256")]), "crm small")
    row += len(shown) + 1
    if len(sources.rows) > len(shown):
        words = _("and {n} more, see the sheet of source files")
        put_text(sheet.cell(row, 1), words.format(n=len(sources.rows) - len(shown)), "crm small")
        row += 1
    return row + 1


def _add_signatures(sheet: Worksheet, row: int) -> None:
    """Write the block to sign: three names over lines."""
    put_text(sheet.cell(row, 1), _("Signatures"), "crm heading")
    words = _("The figures above were compared with the source files and the database, and the differences looked at.")
    put_text(sheet.cell(row + 1, 1), words, "crm small")
    line: Any = Border(bottom=Side(style="thin", color="000000"))
    for place, role in enumerate((_("Responsible for the migration"), _("Responsible for the business"), _("Date"))):
        first = 1 + place * 4 if place < 2 else 9  # noqa: PLR2004 (the date takes what is left)
        last = min(first + 2, WIDTH)
        put_text(sheet.cell(row + 3, first), role, "crm small")
        sheet.cell(row + 3, first).alignment = Alignment(vertical="top")
        for column in range(first, last + 1):
            sheet.cell(row + 5, column).border = line
    sheet.row_dimensions[row + 5].height = 30
