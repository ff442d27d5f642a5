"""The rejects workbook: the rows that did not enter, as they were, with why; fixed, they are imported again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmcli.domain.rejection import ADDED, KIND, MAP, SOURCE, Rejection
from crmcli.i18n import _

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDE = 28
_INVALID = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))


def write_rejects(path: Path, rejections: Sequence[Rejection]) -> None:
    """Write the workbook: a sheet a source sheet, its own columns first, then file, sheet, row and the reason.

    The last columns say with which options the fixed rows are imported, so that nobody has to remember them.

    Raises:
        CrmError: the file cannot be written; what was there before is left as it was.
    """
    from openpyxl import Workbook

    from crmcli.reports.files import save_workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for (file, sheet, headers), rows in groupby(rejections, key=lambda r: (r.file, r.sheet, r.headers)):
        name = f"{len(book.worksheets) + 1} {sheet or Path(file).stem}".translate(_INVALID)[:31]
        _fill(book.create_sheet(name), headers, list(rows))
    save_workbook(book, path)


def _fill(sheet: Worksheet, headers: tuple[str, ...], rows: Sequence[Rejection]) -> None:
    words = [_("source file"), _("sheet"), _("row"), _("column"), _("code"), _("reason"), _("suggestion")]
    added = [*(ADDED + word for word in words), SOURCE, KIND, MAP]
    width = max([len(headers), *(len(row.cells) for row in rows)])
    own = [*headers, *([""] * (width - len(headers)))]
    _write_row(sheet, 1, [*own, *added])
    for place, row in enumerate(rows, 2):
        cells = [*row.cells, *([""] * (width - len(row.cells)))]
        reason = [Path(row.file).name, row.sheet, str(row.row), row.header, row.code, str(row.message)]
        named = "\n".join(f"{header}={path}" for header, path in row.map)
        _write_row(sheet, place, [*cells, *reason, str(row.suggestion or ""), row.system, row.kind, named])
    _dress(sheet, width, len(added))


def _write_row(sheet: Worksheet, number: int, texts: Sequence[str]) -> None:
    from crmcli.reports.files import write_text

    for column, text in enumerate(texts, 1):
        write_text(sheet.cell(number, column), text)


def _dress(sheet: Worksheet, own: int, added: int) -> None:
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    for column in range(1, own + added + 1):
        head: Any = sheet.cell(1, column)
        head.font = Font(name="微软雅黑", bold=True)
        head.fill = PatternFill("solid", start_color="FFF2CC" if column > own else "DDEBF7")
        sheet.column_dimensions[get_column_letter(column)].width = _WIDE if column > own else _WIDE // 2
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
