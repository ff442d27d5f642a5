"""A company's own workbook, filled: its named ranges `crm_...` take a report's figures, all else stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from crmcli.domain.metrics.rate import Rate
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import _, msg
from crmcli.reports.csv_tables import whole_lists
from crmcli.reports.excel.rows import PlainSheets, save_with_rows
from crmcli.reports.excel.template_cells import Area, Written, areas_of, write_block
from crmcli.reports.excel.template_sheets import add_own_sheets
from crmcli.reports.files import whole_file
from crmcli.reports.model import Cell, Column, Report, Table
from crmcli.reports.wording import parts, span, wording

PREFIX = "crm_"
Fill = Callable[[Area], Written]


class TemplateNotRead(CrmError):
    """A template that is no workbook, or cannot be read."""

    code = "template.not_read"

    def __init__(self, path: Path) -> None:
        hint = msg("Give an .xlsx workbook that opens in Excel, without a password")
        super().__init__(msg("the template cannot be read"), where=str(path), hint=hint)


class TemplateHasNoNames(CrmError):
    """A template without any range named `crm_...`."""

    code = "template.no_names"
    exit_code = ExitCode.USAGE

    def __init__(self, path: Path, known: list[str]) -> None:
        super().__init__(
            msg("the template names no range crm_...: nothing would be filled in"), where=str(path),
            hint=msg("Name cells in Excel (Formulas, Define Name); the names of this report: {known}", known=known),
        )  # fmt: skip


class UnknownTemplateName(CrmError):
    """A template names ranges that the report has nothing for."""

    code = "template.unknown_name"
    exit_code = ExitCode.USAGE

    def __init__(self, path: Path, names: list[str], known: list[str]) -> None:
        super().__init__(
            msg("this report has nothing for the names {names}", names=names), where=str(path),
            hint=msg("The names of this report: {known}", known=known),
        )  # fmt: skip


def fill_template(report: Report, template: Path, path: Path) -> tuple[str, ...]:
    """Return the lists of records in what is written to `path`: the template, filled, with all that explains it.

    Ranges: `crm_TABLE` takes a whole table from its top left cell on, `crm_TABLE_COLUMN` a column's values downward,
    `crm_KEY` a headline, and `crm_title`, `crm_period`, `crm_as_of` what they say. Case does not matter.

    Raises:
        TemplateNotRead: The template is no workbook.
        TemplateHasNoNames: It names nothing.
        UnknownTemplateName: It names what the report has not.
        NoRoom: Figures would stand on what the template holds outside the named range, or on merged cells.
        FileNotWritten: The file system refused.
    """
    book = _opened(template)
    known = _names(report)
    areas = {name.casefold(): found for name, found in areas_of(book).items() if name.casefold().startswith(PREFIX)}
    if not areas:
        raise TemplateHasNoNames(template, list(known))
    unknown = [name for name in areas if name not in known]
    if unknown:
        raise UnknownTemplateName(template, unknown, list(known))
    written = [known[name](area) for name in sorted(areas, key=list(known).index) for area in areas[name]]
    plain = None if book.chartsheets else PlainSheets()
    lists = add_own_sheets(book, report, written, plain, whole_lists(report, path))
    book.calculation.fullCalcOnLoad = True
    with whole_file(path) as file:
        save_with_rows(book, plain or {}, file)
    return lists


def _opened(path: Path) -> Workbook:
    try:
        return load_workbook(path)
    except (OSError, KeyError, ValueError, BadZipFile, InvalidFileException) as fault:
        raise TemplateNotRead(path) from fault


def _names(report: Report) -> Mapping[str, Fill]:
    """Return every name that a template may use (in small letters) -> what fills its range."""
    texts = {"title": str(report.title), "period": span(report), "as_of": report.as_of.replace(tzinfo=None)}
    known: dict[str, Fill] = {f"{PREFIX}{key}": partial(_one, value, "date") for key, value in texts.items()}
    for line in report.headlines:
        known[f"{PREFIX}{line.key}"] = partial(_one, _plain(line.value, report.min_n), line.type)
    for table in report.tables:
        known[f"{PREFIX}{table.name}".casefold()] = partial(_whole, table, report.min_n)
    for table in report.tables:
        for column in table.columns:
            key = f"{PREFIX}{table.name}_{column.key}".casefold()
            known.setdefault(key, partial(_downward, table, column, report.min_n))
    return known


def _one(value: Any, kind: str, area: Area) -> Written:
    return write_block(area, [[value]], [kind])


def _whole(table: Table, min_n: int, area: Area) -> Written:
    """Fill in a table with its head and total; a rate that shows its parts has them beside it."""
    heads, kinds = [], []
    for column in table.columns:
        heads += [str(column.label), *([_("n / of")] if column.parts else [])]
        kinds += [column.type, *(["text"] if column.parts else [])]
    lines: list[list[Any]] = [heads]
    for row in (*table.rows, *([table.total] if table.total else [])):
        lines.append([])
        for column, cell in zip(table.columns, row, strict=True):
            lines[-1] += [_plain(cell, min_n), *([parts(cell)] if column.parts else [])]
    return write_block(area, lines, kinds, table=table, has_head=True)


def _downward(table: Table, column: Column, min_n: int, area: Area) -> Written:
    at = table.index(column.key)
    only = replace(table, columns=(replace(column, parts=False),), rows=tuple((row[at],) for row in table.rows),
                   total=None)  # fmt: skip
    return write_block(area, [[_plain(row[at], min_n)] for row in table.rows], [column.type], table=only)


def _plain(cell: Cell, min_n: int) -> Any:
    """Return a number or a day as it is, a rate as its share, anything else (too few cases too) as a reader's text."""
    share = cell.value(min_n) if isinstance(cell, Rate) else None
    if share is not None:
        return share
    if isinstance(cell, int | float | Decimal | date):
        return cell
    return wording(cell, Column("", msg(""), "text"), min_n)
