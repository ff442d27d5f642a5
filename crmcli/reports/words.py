"""The workbook of written texts that nobody could place, with a column for what each means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crmcli.i18n import _
from crmcli.reports.asking import AskColumn, Asking, AskRow, write_asking
from crmcli.reports.decisions import KEEP_AS_IS, MEANING_HEADERS, WORD_HEADER, in_words

_MEANING = 5  # the column to fill in, from 0


@dataclass(frozen=True, slots=True)
class WordRow:
    """One text: its kind (the key of the list of answers) and what people call it, the text, how often it stands.

    `example` is a record with its file and row, `suggestion` what the text resembles and why; `key` is for `apply`.
    """

    kind: str
    label: str
    text: str
    number: int
    example: str
    suggestion: str
    key: str


def write_words(path: Path, rows: Sequence[WordRow], answers: Mapping[str, Sequence[str]]) -> None:
    """Write the workbook; `answers` are, by kind, what a text may mean; each may stay as it is instead.

    Raises:
        FileNotWritten: the file cannot be written; what was there before is left as it was.
    """
    columns = [
        AskColumn(_("what it is"), 12),
        AskColumn(_("as written"), 26),
        AskColumn(_("how often"), 8, number="0"),
        AskColumn(_("example"), 40),
        AskColumn(_("suggestion"), 34),
        AskColumn(in_words(MEANING_HEADERS), 18, asked=True),
    ]
    used = {row.kind for row in rows}
    lists = {kind: [*words, in_words(KEEP_AS_IS)] for kind, words in answers.items() if kind in used}
    asking = Asking(_("words"), columns, WORD_HEADER, lists, chooses=_MEANING)
    cells: list[list[str | float]] = [
        [row.label, row.text, float(row.number), row.example, row.suggestion, ""] for row in rows
    ]
    write_asking(path, asking, [AskRow(own, row.key, {}, row.kind) for own, row in zip(cells, rows, strict=True)])
