"""The cells of a worklist that somebody changed: what came back compared with what was written out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.jobs.returned import Returned, ReturnedRow
from crmcli.jobs.worklists.base import RowBase, in_cell, parse_base, plain
from crmcli.reports.decisions import in_words
from crmcli.reports.worklist_words import ASKED, HEADINGS, SHOWN, headers_of

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,10})?")


class ColumnGone(CrmError):
    """A column to be filled in has lost its heading: what stands in it would be overlooked."""

    code = "apply.column"

    def __init__(self, path: Path, sheet: str, column: str) -> None:
        super().__init__(
            msg("the sheet {sheet} has no column {column}", sheet=sheet, column=in_words(HEADINGS[column])),
            where=str(path),
            hint=msg("put its heading back"),
        )


@dataclass(frozen=True, slots=True)
class Edit:
    """A changed cell: its column, its text now, the row that it stands in."""

    column: str
    text: str
    row: ReturnedRow

    @property
    def heading(self) -> str:
        """Return what the column is called."""
        return in_words(HEADINGS[self.column])


@dataclass(slots=True)
class DealEdits:
    """All that was changed of one deal, in whichever rows of the workbook it stands."""

    base: RowBase
    rows: list[ReturnedRow] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)


@dataclass(slots=True)
class Changed:
    """What was done to a workbook: deals' edits, rows that somebody added, rows whose hidden cell is not ours.

    `beside` are columns that somebody added: (sheet, heading, number of filled cells).
    """

    deals: list[DealEdits] = field(default_factory=list)
    added: list[ReturnedRow] = field(default_factory=list)
    tampered: list[ReturnedRow] = field(default_factory=list)
    beside: list[tuple[str, str, int]] = field(default_factory=list)


def changes_of(returned: Returned) -> Changed:
    """Return what was changed in a workbook since it was written; a deal's rows come together.

    Raises:
        ColumnGone: a heading is missing.
    """
    kind = returned.kind
    for sheet, headers in returned.headers.items():
        for column in ASKED[kind]:
            if not set(headers_of(column)) & set(headers):
                raise ColumnGone(returned.path, sheet, column)
    changed, deals = Changed(beside=_beside(returned)), dict[tuple[int, str, str], DealEdits]()
    for row in (*returned.rows, *returned.strays):
        base = parse_base(row.key)
        if base is not None:
            found = deals.setdefault((base.number, base.written, base.person), DealEdits(base))
            found.rows.append(row)
            found.edits += _edits(kind, base, row)
        elif row.key:
            changed.tampered.append(row)
        elif any(row.texts.values()):
            changed.added.append(row)
    changed.deals = [deal for deal in deals.values() if deal.edits]
    return changed


def filled(kind: str, row: ReturnedRow, columns: Sequence[str] | None = None) -> int:
    """Return how many cells of a row hold anything, of some of the kind's columns or of all."""
    return sum(1 for column in columns or SHOWN[kind] if cell_of(row, column))


def cell_of(row: ReturnedRow, column: str) -> str | None:
    """Return the text of a row's cell, None where the column is gone."""
    found = next((row.texts[header] for header in headers_of(column) if header in row.texts), None)
    return None if found is None else plain(found)


def _edits(kind: str, base: RowBase, row: ReturnedRow) -> Iterator[Edit]:
    for column in SHOWN[kind]:
        text = cell_of(row, column)
        if text is not None and _as_base(column, text) != base.said.get(column, ""):
            yield Edit(column, text, row)


def _as_base(column: str, text: str) -> str:
    """Return a cell's text as the base tells it, where that can be seen at once; else as it is."""
    if column.endswith("_fen"):
        return f"{Decimal(text):.2f}" if _NUMBER.fullmatch(text) else text
    return in_cell(column, text)


def _beside(returned: Returned) -> list[tuple[str, str, int]]:
    own = {header for column in SHOWN[returned.kind] for header in headers_of(column)} | {returned.kind}
    found = []
    for sheet, headers in returned.headers.items():
        for header in headers:
            count = sum(1 for row in returned.rows if row.sheet == sheet and row.texts.get(header))
            if header not in own and count:
                found.append((sheet, header, count))
    return found
