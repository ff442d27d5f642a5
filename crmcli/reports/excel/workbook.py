"""A report as a workbook: cover, tables with charts, records behind every figure, definitions."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from crmcli.i18n import _, enumerated
from crmcli.reports.csv_tables import naming_files, whole_lists
from crmcli.reports.excel.charts import MOST_BARS, ROWS, draw, is_empty
from crmcli.reports.excel.cover import WIDTH, add_contents, add_cover
from crmcli.reports.excel.definitions import KEYS, add_definitions, add_keys
from crmcli.reports.excel.records import add_records, location, sheet_name, where_the_rest_is
from crmcli.reports.excel.rows import PlainSheets, save_with_rows
from crmcli.reports.excel.style import DARK, new_workbook, put_text, set_print, set_widths
from crmcli.reports.excel.table import LinkTo, Placed, Target, place, shown_width
from crmcli.reports.excel.waterfall import SHEET as WATERFALLS
from crmcli.reports.files import whole_file
from crmcli.reports.made_of import add_settings
from crmcli.reports.model import Chart, Link, Report, Table

ROWS_A_PAGE, CHARS_A_PAGE = 30, 108
"""What a landscape A4 page holds at full size, also where a wider font stands in; wider sheets are shrunk to fit."""
SQUEEZE = 1.4
"""A sheet that is only so much too long is shrunk onto one page."""


def write_workbook(report: Report, path: Path) -> None:
    """Write the report to `path`, whole or not at all, readable by its owner only.

    Raises:
        FileNotWritten: The file system refused.
    """
    plain = PlainSheets()
    book = workbook(report, plain, whole_lists(report, path))
    with whole_file(path) as file:
        save_with_rows(book, plain, file)


def workbook(report: Report, plain: PlainSheets | None = None, whole: Mapping[str, Path] | None = None) -> Workbook:
    """Return the report as an unsaved workbook; rows that are to be saved beside its cells are put into `plain`.

    `whole` are the files of whole lists by name.
    """
    report = naming_files(report, whole or {})
    book, taken = new_workbook(), {KEYS}
    cover, row = add_cover(book, report, sheet_name(taken, _("Cover")))
    groups = tables_by_sheet(report)
    sheets = [(sheet_name(taken, title), tables) for title, tables in groups.items()]
    by_name = {records.name: records for records in report.section.records}
    names = names_of_records(report, taken)
    definitions = sheet_name(taken, _("Definitions"))

    def link_to(link: Link) -> Target | None:
        return location(names[link.records], by_name[link.records], link)

    placed: list[Placed] = []
    for name, tables in sheets:
        placed += add_tables(book, name, tables, report, link_to)
    for name, records in by_name.items():
        add_records(book, names[name], records, plain, where_the_rest_is((whole or {}).get(name)))
    add_definitions(book, report, definitions)
    if report.headlines:
        row = _add_cover_charts(cover, row, report, placed)
    add_contents(cover, row, [
        *((name, enumerated(table.title for table in tables)) for name, tables in sheets),
        (definitions, _("what every figure means, settings, checks")),
    ], list(names.values()))  # fmt: skip
    add_keys(book, placed, report.section.definitions)
    add_settings(book[KEYS], report)
    if WATERFALLS in book.sheetnames:
        book.move_sheet(WATERFALLS, len(book.sheetnames))
    cover.sheet_properties.tabColor = DARK
    return book


def _add_cover_charts(cover: Worksheet, row: int, report: Report, placed: list[Placed]) -> int:
    """Return the row after the first charts: two beside each other, wide ones (waterfalls) below."""
    some = [chart for chart in report.section.charts if not is_empty(chart, report.table(chart.table))]
    wide = [chart for chart in some if chart.kind == "waterfall"][:1]
    for column, chart in zip((1, 1 + WIDTH // 2), (one for one in some if one not in wide), strict=False):
        below = _add_chart(cover, row, column, chart, placed, report.min_n)
    row = below if len(some) > len(wide) else row
    for chart in wide:
        row = _add_chart(cover, row, 1, chart, placed, report.min_n)
    return row


def names_of_records(report: Report, taken: set[str]) -> dict[str, str]:
    """Return list of records -> name of its sheet: after that of the figures, with a number where there are several."""
    beside = {link.records: table for table in reversed(report.tables) for link in table.links.values()}
    of_sheet: dict[str, list[str]] = {}
    for records in report.section.records:
        table = beside.get(records.name) or _called_alike(report, records.name)
        of_sheet.setdefault(str(table.sheet), []).append(records.name)
    titles = {
        name: _("{sheet} records").format(sheet=sheet) + (f" {number}" if len(names) > 1 else "")
        for sheet, names in of_sheet.items()
        for number, name in enumerate(names, 1)
    }
    return {records.name: sheet_name(taken, titles[records.name]) for records in report.section.records}


def _called_alike(report: Report, name: str) -> Table:
    """Return the table whose name a list of records begins with, else the main one."""
    return max(report.tables, key=lambda table: len(table.name) if name.startswith(table.name) else 0)


def tables_by_sheet(report: Report) -> dict[str, list[Table]]:
    """Return the title of each sheet -> its tables."""
    groups: dict[str, list[Table]] = {}
    for table in report.tables:
        groups.setdefault(str(table.sheet), []).append(table)
    return groups


def add_tables(book: Workbook, name: str, tables: list[Table], report: Report, link_to: LinkTo) -> list[Placed]:
    """Return where the tables stand on their new sheet, one below the other, each with its charts under it."""
    sheet = book.create_sheet(name)
    put_text(sheet.cell(1, 1), name, "crm title")
    sheet.row_dimensions[1].height = 26
    placed: list[Placed] = []
    starts: list[list[int]] = []
    row, minor_after = 2, max(map(shown_width, tables))
    for table in tables:
        starts.append([row])
        put_text(sheet.cell(row, 1), _caption(table, report), "crm heading")
        block = place(sheet, table, row + 1, report.min_n, link_to, minor_after)
        placed.append(block)
        row = _add_notes(sheet, block, report) + 1
        for chart in report.section.charts:
            if chart.table == table.name and len(table.rows) <= MOST_BARS and not is_empty(chart, table):
                starts[-1].append(row)
                row = _add_chart(sheet, row, 1, chart, placed, report.min_n)
    _finish(sheet, placed)
    _lay_pages(sheet, placed[0], starts, row)
    return placed


def _add_notes(sheet: Worksheet, block: Placed, report: Report) -> int:
    """Return the row after the notes under a table."""
    row = block.bottom + 1
    if not block.table.rows:
        put_text(sheet.cell(row, 1), _("(none)"), "crm note")
        row += 1
    for note in report.section.notes:
        if note.table == block.table.name:
            put_text(sheet.cell(row, 1), f"• {note.text}", "crm note")
            row += 1
    return row


def _lay_pages(sheet: Worksheet, first: Placed, starts: list[list[int]], end: int) -> None:
    """Squeeze a short sheet onto one page; break a long one before a table that would not fit with its charts.

    A table that does not fit on a page with its charts shrinks the sheet until it does, as far as `SQUEEZE` goes; the
    charts of a longer one go on pages of their own.

    Args:
        sheet: The sheet, its widths set.
        first: Its first table.
        starts: Of each table its first row and those of its charts.
        end: The row after the last one.
    """
    shown = sum(column.width for column in sheet.column_dimensions.values() if not column.hidden)
    rows_a_page = ROWS_A_PAGE * max(1.0, shown / CHARS_A_PAGE)
    if end <= rows_a_page * SQUEEZE:
        set_print(sheet, pages_high=1)
        return
    if len(starts) == len(starts[0]) == 1:
        set_print(sheet, repeat=f"{first.head}:{first.head}")
        return
    heights = [after - own[0] for own, after in zip(starts, [*(own[0] for own in starts[1:]), end], strict=True)]
    tallest = max((height for height in heights if height <= rows_a_page * SQUEEZE), default=0)
    rows_a_page = max(rows_a_page, tallest)
    parts: list[int] = []
    for own, height in zip(starts, heights, strict=True):
        parts += own[:1] if height <= tallest else own
    top = 1
    for start, following in pairwise([*parts, end]):
        if following - top > rows_a_page and start > top + 1:
            sheet.row_breaks.append(Break(id=start - 1))
            top = start
    set_print(sheet, percent=int(100 * ROWS_A_PAGE / rows_a_page))


def _caption(table: Table, report: Report) -> str:
    as_of = report.as_of.isoformat(sep=" ", timespec="minutes")
    return _("{title}  (as of {as_of})").format(title=table.title, as_of=as_of[:16])


def _add_chart(sheet: Worksheet, row: int, column: int, chart: Chart, placed: list[Placed], min_n: int) -> int:
    """Return the row after the chart."""
    block = next(block for block in placed if block.table.name == chart.table)
    sheet.add_chart(draw(chart, block, min_n), f"{get_column_letter(column)}{row}")
    return row + ROWS + 1


def _finish(sheet: Worksheet, placed: list[Placed]) -> None:
    """Set widths, frozen head and filter; columns that are minor in every table are folded away."""
    widths: dict[int, float] = {}
    wanted: set[int] = set()
    for block in placed:
        for number, size in block.widths.items():
            widths[number] = max(size, widths.get(number, 0))
        for column in block.table.columns:
            if not column.minor:
                wanted |= {block.columns[column.key], block.columns[column.key] + column.parts}
    set_widths(sheet, widths)
    for number in sorted(widths.keys() - wanted):
        folded = sheet.column_dimensions[get_column_letter(number)]
        folded.outlineLevel, folded.hidden = 1, True
    first = placed[0]
    sheet.freeze_panes = f"B{first.first}"
    if first.table.rows:
        sheet.auto_filter.ref = f"A{first.head}:{get_column_letter(max(first.widths))}{first.last}"
