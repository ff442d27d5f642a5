"""A report as a workbook: cover, tables with charts, records behind every figure, definitions."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from crmcli.errors import CrmError
from crmcli.i18n import _, msg
from crmcli.reports.excel_charts import ROWS, draw
from crmcli.reports.excel_cover import add_contents, add_cover
from crmcli.reports.excel_definitions import KEYS, add_definitions, add_keys
from crmcli.reports.excel_records import add_records, location, sheet_name
from crmcli.reports.excel_style import DARK, new_workbook, put_text, set_print, set_widths
from crmcli.reports.excel_table import LinkTo, Placed, place
from crmcli.reports.model import Chart, Link, Report, Table

PRIVATE = 0o600


class ReportNotWrittenError(CrmError):
    """A report's file could not be written; what stood there before still does."""

    code = "report_not_written"

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            msg("The report could not be written: {reason}", reason=reason), where=str(path),
            hint=msg("Close the file if it is open elsewhere, or give another --out"),
        )  # fmt: skip


def write_workbook(report: Report, path: Path) -> None:
    """Write the report to `path`, whole or not at all, readable by its owner only.

    Raises:
        ReportNotWrittenError: The file system refused.
    """
    book = workbook(report)
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            book.save(file)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(PRIVATE)
        Path(temporary).replace(path)
        temporary = None
    except OSError as error:
        raise ReportNotWrittenError(path, error.strerror or str(error)) from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def workbook(report: Report) -> Workbook:
    """Return the report as an unsaved workbook."""
    book, taken = new_workbook(), {KEYS}
    cover, row = add_cover(book, report, sheet_name(taken, _("Cover")))
    groups = _tables_by_sheet(report)
    sheets = [(sheet_name(taken, title), tables) for title, tables in groups.items()]
    by_name = {records.name: records for records in report.section.records}
    names = {name: sheet_name(taken, str(records.title)) for name, records in by_name.items()}
    definitions = sheet_name(taken, _("Definitions"))

    def link_to(link: Link) -> str | None:
        return location(names[link.records], by_name[link.records], link)

    placed: list[Placed] = []
    for name, tables in sheets:
        placed += _add_tables(book, name, tables, report, link_to)
    for name, records in by_name.items():
        add_records(book, names[name], records)
    add_definitions(book, report, definitions)
    if report.headlines:
        row = _add_chart(cover, row, report.section.charts[0], placed, report.min_n)
    add_contents(cover, row, [
        *((name, ", ".join(str(table.title) for table in tables)) for name, tables in sheets),
        *((names[name], _("the opportunities behind the figures")) for name in by_name),
        (definitions, _("what every figure means, settings, checks")),
    ])  # fmt: skip
    add_keys(book, placed)
    cover.sheet_properties.tabColor = DARK
    return book


def _tables_by_sheet(report: Report) -> dict[str, list[Table]]:
    groups: dict[str, list[Table]] = {}
    for table in report.tables:
        groups.setdefault(str(table.sheet), []).append(table)
    return groups


def _add_tables(book: Workbook, name: str, tables: list[Table], report: Report, link_to: LinkTo) -> list[Placed]:
    """Return where the tables stand on their new sheet, one below the other, each with its charts under it."""
    sheet = book.create_sheet(name)
    put_text(sheet.cell(1, 1), name, "crm title")
    sheet.row_dimensions[1].height = 26
    placed: list[Placed] = []
    row = 2
    for table in tables:
        put_text(sheet.cell(row, 1), _caption(table, report), "crm heading")
        block = place(sheet, table, row + 1, report.min_n, link_to)
        placed.append(block)
        row = block.bottom + 2
        for chart in report.section.charts:
            if chart.table == table.name and table.rows:
                row = _add_chart(sheet, row, chart, placed, report.min_n)
    _finish(sheet, placed)
    return placed


def _caption(table: Table, report: Report) -> str:
    as_of = report.as_of.isoformat(sep=" ", timespec="minutes")
    return _("{title}  (as of {as_of})").format(title=table.title, as_of=as_of[:16])


def _add_chart(sheet: Worksheet, row: int, chart: Chart, placed: list[Placed], min_n: int) -> int:
    """Return the row after the chart."""
    block = next(block for block in placed if block.table.name == chart.table)
    sheet.add_chart(draw(chart, block, min_n), f"A{row}")
    return row + ROWS + 1


def _finish(sheet: Worksheet, placed: list[Placed]) -> None:
    widths: dict[int, float] = {}
    for block in placed:
        for column, size in block.widths.items():
            widths[column] = max(size, widths.get(column, 0))
    set_widths(sheet, widths)
    first = placed[0]
    sheet.freeze_panes = f"B{first.first}"
    if first.table.rows:
        sheet.auto_filter.ref = f"A{first.head}:{get_column_letter(max(first.widths))}{first.last}"
    set_print(sheet, repeat=f"{first.head}:{first.head}" if len(placed) == 1 else None)
