"""The alias table as a file that can be filled in and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crmcli.i18n import _
from crmcli.reports.files import save_csv, save_workbook, write_text

_WIDTH = 36


def write_aliases(path: Path, rows: Sequence[tuple[str, str, str]]) -> None:
    """Write aliases (short name, full name, the run that learned it or ""): as a workbook for `.xlsx`, else as csv.

    Raises:
        FileNotWritten: the file cannot be written; what was there before is left as it was.
    """
    table = [(_("short name"), _("full name"), _("learned in run")), *rows]
    if path.suffix.lower() != ".xlsx":
        save_csv(path, table)
        return
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("aliases")
    sheet.freeze_panes = "A2"
    for number, row in enumerate(table, 1):
        for column, text in enumerate(row, 1):
            write_text(sheet.cell(number, column), text)
    for letter in "ABC":
        sheet.column_dimensions[letter].width = _WIDTH
    save_workbook(book, path)
