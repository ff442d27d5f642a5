"""The workbook of rows that hit a record which was there already: as they were, with what they hit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crmcli.domain.words import word
from crmcli.i18n import Message, _
from crmcli.reports.returned_rows import ReturnedRow, write_returned


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """One row: `outcome` is what became of it, `record` and `name` what it hit, `origin` where that came from.

    `untaken` are the values of the row that another one outranks, by what they are called.
    """

    file: str
    sheet: str
    row: int
    headers: tuple[str, ...]
    cells: tuple[str, ...]
    outcome: str
    record: str
    name: str
    origin: Message | str
    untaken: tuple[tuple[str, str], ...] = ()
    system: str = ""
    kind: str = ""
    map: tuple[tuple[str, str], ...] = ()


def write_duplicates(path: Path, rows: Sequence[DuplicateRow]) -> None:
    """Write the workbook: a sheet a source sheet, its own columns first, then place, outcome and what was hit.

    Raises:
        CrmError: the file cannot be written; what was there before is left as it was.
    """
    words = [_("source file"), _("sheet"), _("row"), _("outcome"), _("record hit"), _("its name"), _("it came from"),
             _("values that were not taken")]  # fmt: skip
    write_returned(path, words, [_returned(row) for row in rows])


def _returned(row: DuplicateRow) -> ReturnedRow:
    untaken = "\n".join(f"{label}: {value}" for label, value in row.untaken)
    hit = (word(row.outcome), row.record, row.name, str(row.origin), untaken)
    said = (Path(row.file).name, row.sheet, str(row.row), *hit)
    return ReturnedRow(row.file, row.sheet, row.headers, row.cells, said, system=row.system, kind=row.kind, map=row.map)
