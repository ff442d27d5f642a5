"""The rejects workbook: the rows that did not enter, as they were, with why; fixed, they are imported again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crmcli.domain.rejection import Rejection
from crmcli.i18n import _
from crmcli.reports.returned_rows import ReturnedRow, write_returned


def write_rejects(path: Path, rejections: Sequence[Rejection]) -> None:
    """Write the workbook: a sheet a source sheet, its own columns first, then file, sheet, row and the reason.

    The cell to blame is coloured. The last columns say with which options the fixed rows are imported, so that nobody
    has to remember them.

    Raises:
        CrmError: the file cannot be written; what was there before is left as it was.
    """
    words = [_("source file"), _("sheet"), _("row"), _("column"), _("code"), _("reason"), _("suggestion")]
    write_returned(path, words, [_returned(row) for row in rejections])


def _returned(row: Rejection) -> ReturnedRow:
    place = (Path(row.file).name, row.sheet, str(row.row))
    reason = (row.header, row.code, str(row.message), str(row.suggestion or ""))
    options = (row.header, row.system, row.kind, row.map, row.day)
    return ReturnedRow(row.file, row.sheet, row.headers, row.cells, (*place, *reason), *options)
