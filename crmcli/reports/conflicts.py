"""The conflict sheet: a record's value, what a source says instead, what it said last time, and a column to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crmcli.i18n import _
from crmcli.reports.asking import AskColumn, Asking, AskRow, write_asking
from crmcli.reports.decisions import CHOICES, CONFLICT_HEADER, DECISION_HEADERS, TYPED_HEADERS, in_words

_OURS, _THEIRS = 5, 7  # columns from 0
_COUNTS, _LOSES = "E2F0D9", "FCE4D6"


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One row, in words. `key` is what `apply` needs to know it again; `taken` tells that theirs is in effect."""

    record: str
    name: str
    field: str
    ours: str
    by: str
    theirs: str
    base: str
    source: str
    file: str
    sheet: str
    row: str
    key: str
    taken: bool = False
    note: str = ""


def write_conflicts(path: Path, rows: Sequence[ConflictRow]) -> None:
    """Write the workbook; the rows stand in the order given.

    Raises:
        FileNotWritten: the file cannot be written; what was there before is left as it was.
    """
    columns = [
        AskColumn(in_words(DECISION_HEADERS), 12, asked=True),
        AskColumn(in_words(TYPED_HEADERS), 18, asked=True),
        AskColumn(_("record"), 8),
        AskColumn(_("name"), 26),
        AskColumn(_("field"), 12),
        AskColumn(_("ours"), 22),
        AskColumn(_("ours: who and when"), 26),
        AskColumn(_("theirs"), 22),
        AskColumn(_("theirs last time"), 16),
        AskColumn(_("counts now"), 10),
        AskColumn(_("source"), 14),
        AskColumn(_("file"), 20),
        AskColumn(_("sheet"), 12),
        AskColumn(_("row"), 7),
        AskColumn(_("note"), 26),
    ]
    lists = {"": [in_words(words) for words in CHOICES.values()]}
    asking = Asking(_("conflicts"), columns, CONFLICT_HEADER, lists, frozen="E2")
    write_asking(path, asking, [_row(row) for row in rows])


def _row(row: ConflictRow) -> AskRow:
    counts = _("theirs") if row.taken else _("ours")
    place = (row.source, row.file, row.sheet, row.row)
    cells = ["", "", row.record, row.name, row.field, row.ours, row.by, row.theirs, row.base, counts, *place, row.note]
    wins, loses = (_THEIRS, _OURS) if row.taken else (_OURS, _THEIRS)
    return AskRow(cells, row.key, {wins: _COUNTS, loses: _LOSES})
