"""What a filled template gets beside its own sheets: records, definitions, and the hidden sheet of keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink

from crmcli.i18n import _
from crmcli.reports.excel.definitions import KEYS, add_definitions, add_keys
from crmcli.reports.excel.records import add_records, location, sheet_name, where_the_rest_is
from crmcli.reports.excel.rows import PlainSheets
from crmcli.reports.excel.style import add_styles
from crmcli.reports.excel.table import Placed
from crmcli.reports.excel.template_cells import Written
from crmcli.reports.excel.workbook import names_of_records
from crmcli.reports.made_of import add_settings
from crmcli.reports.model import Link, Report, Table


def add_own_sheets(
    book: Workbook, report: Report, written: list[Written], plain: PlainSheets | None,
    whole: Mapping[str, Path],
) -> tuple[str, ...]:  # fmt: skip
    """Return the lists of records that were added, those behind the figures that were filled in.

    The definitions and the keys are added too, and the figures are linked. `whole` are the files of whole lists.

    Of a table whose columns stand in several places only those beside the first one are in the keys: a row of figures
    is one row of the sheet.
    """
    add_styles(book)
    if KEYS in book.sheetnames:
        del book[KEYS]
    taken = {KEYS, *(name.casefold() for name in book.sheetnames)}
    blocks = _together(written)
    behind = {link.records for block, links in blocks for link in links.values()}
    lists = [one for one in report.section.records if one.name in behind]
    names = names_of_records(replace(report, section=replace(report.section, records=tuple(lists))), taken)
    by_name = {one.name: one for one in lists}
    for block, links in blocks:
        for (row, key), link in links.items():
            cell: Any = block.sheet.cell(block.first + row, block.columns[key])
            place = location(names[link.records], by_name[link.records], link)
            if place and cell.hyperlink is None:
                look = cell._style  # noqa: SLF001 - a link would change the template's look
                cell.hyperlink = Hyperlink(ref=cell.coordinate, location=place.location, tooltip=place.cut)
                cell._style = look  # noqa: SLF001
    for one in lists:
        add_records(book, names[one.name], one, plain, where_the_rest_is(whole.get(one.name)))
    add_definitions(book, report, sheet_name(taken, _("Definitions")))
    add_keys(book, [block for block, _links in blocks], report.section.definitions)
    add_settings(book[KEYS], report)
    return tuple(names)


def _together(written: list[Written]) -> list[tuple[Placed, dict[tuple[int, str], Link]]]:
    """Return the blocks of the tables that were filled in, each column of a table once, with the links of its cells."""
    first: dict[str, Written] = {}
    seen: set[tuple[str, str]] = set()
    blocks = []
    for one in written:
        if one.table is None:
            continue
        leader = first.setdefault(one.table.name, one)
        keys = {(one.table.name, column.key) for column in one.table.columns}
        if (one.sheet, one.first) != (leader.sheet, leader.first) or keys & seen:
            continue
        seen |= keys
        blocks.append((_placed(one, one.table), {at: link for at, link in one.table.links.items()
                                                 if (one.table.name, at[1]) in keys}))  # fmt: skip
    return blocks


def _placed(one: Written, table: Table) -> Placed:
    columns, at = {}, one.left
    for column in table.columns:
        columns[column.key] = at
        at += 1 + column.parts
    return Placed(table, one.sheet, one.first - 1, columns)
