"""The sheets that list the records behind the figures, each with its source file, sheet and row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook import Workbook

from crmcli.i18n import _
from crmcli.reports.excel.rows import PlainRows, PlainSheets
from crmcli.reports.excel.style import put_text, set_print, set_widths
from crmcli.reports.excel.table import NARROWEST, WIDEST, Target, put
from crmcli.reports.model import Cell, Column, Link, Records
from crmcli.reports.wording import width, wording

HEAD, MEASURED = 3, 500
"""Row of the head; how many rows column widths are measured on."""
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_LONGEST_NAME = 31
_PLAIN = (str, int, float, Decimal, date)


def sheet_name(taken: set[str], title: str) -> str:
    """Return a name that Excel takes and that is not in `taken`, where it is put."""
    name = title.translate(_FORBIDDEN).strip("' ")[:_LONGEST_NAME] or "Sheet"
    number, unique = 1, name
    while unique.casefold() in taken:
        number += 1
        unique = f"{name[: _LONGEST_NAME - len(str(number)) - 1]}_{number}"
    taken.add(unique.casefold())
    return unique


def location(sheet: str, records: Records, link: Link) -> Target | None:
    """Return where the link's records stand; None where the sheet lists none of them."""
    at, shown = records.listed(link)
    if not shown:
        return None
    first = HEAD + 1 + at
    last = get_column_letter(len(records.columns))
    area = f"{quote_sheetname(sheet)}!A{first}:{last}{first + shown - 1}"
    count = _("The first {shown} of {n} records").format(shown=f"{shown:,}", n=f"{link.count:,}")
    return Target(area, count if shown < link.count else None)


def where_the_rest_is(whole: Path | None) -> str:
    """Return the words for the file that has all records of a list, or, without one, for how to get them."""
    if whole is None:
        return _("for more of them ask for the report again with --format csv")
    return _("all of them in the file {name} beside this one").format(name=whole.name)


def add_records(book: Workbook, name: str, records: Records, plain: PlainSheets | None = None, rest: str = "") -> None:
    """Add the sheet `name`: a filterable table; where a limit cut it, a note says so, and in `rest` where the rest is.

    Its rows are put into `plain`, to be saved with the workbook; where that is None, into cells.
    """
    sheet = book.create_sheet(name)
    put_text(sheet.cell(1, 1), str(records.title), "crm heading")
    shown, count = f"{len(records.rows):,}", f"{records.count:,}"
    cut = _("The first {shown} of {n} records").format(shown=shown, n=count)
    note = _("{n} records").format(n=count) if shown == count else "; ".join(filter(None, (cut, rest)))
    put_text(sheet.cell(2, 1), note, "crm small")
    widths = {at: max(NARROWEST, width(str(column.label)) + 4) for at, column in enumerate(records.columns, 1)}
    for at, column in enumerate(records.columns, 1):
        put_text(sheet.cell(HEAD, at), str(column.label), "crm head")
    for at, values in enumerate(zip(*records.rows[:MEASURED], strict=True), 1):
        texts = {wording(value, records.columns[at - 1], 0) for value in values}
        widths[at] = max(widths[at], min(WIDEST, max(map(width, texts)) + 3))
    for number, row in enumerate(records.rows if plain is None else (), HEAD + 1):
        for at, (column, value) in enumerate(zip(records.columns, row, strict=True), 1):
            put(sheet.cell(number, at), "" if value is None else value, column, 0)
    set_widths(sheet, widths)
    last = f"{get_column_letter(len(records.columns))}{HEAD + len(records.rows)}"
    sheet.auto_filter.ref = f"A{HEAD}:{last}"
    sheet.freeze_panes = f"A{HEAD + 1}"
    set_print(sheet, repeat=f"{HEAD}:{HEAD}")
    if plain is not None and records.rows:
        plain[name] = PlainRows(HEAD + 1, last, _columns(book, records, plain))


def _columns(book: Workbook, records: Records, plain: PlainSheets) -> list[list[str]]:
    made = []
    for column, values in zip(records.columns, zip(*records.rows, strict=True), strict=True):
        write = partial(_put, column)
        made.append(plain.column(book, _plain(values, column), (column.type, column.signed), write))
    return made


def _put(column: Column, cell: SheetCell | MergedCell, value: Cell) -> None:
    put(cell, value, column, 0)


def _plain(values: Sequence[Cell], column: Column) -> Sequence[Cell]:
    """Return numbers and days as they are, anything else as the text that a reader sees."""
    if all(issubclass(kind, _PLAIN) for kind in set(map(type, values))):
        return values
    worded = {id(value): value for value in values if not isinstance(value, _PLAIN)}
    texts = {key: "" if value is None else wording(value, column, 0) for key, value in worded.items()}
    return [texts.get(id(value), value) for value in values]
