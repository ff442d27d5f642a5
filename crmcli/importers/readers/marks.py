"""What an engine does not show of a sheet: its error cells and, for some containers, its merged ranges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from crmcli.importers.readers.grid import Merge, NumberedRow

CellErrors = dict[str, dict[int, dict[int, str]]]  # sheet name -> row number -> column from 0 -> text


@dataclass(frozen=True, slots=True)
class Marks:
    """Error cells and merged ranges by the sheets' names."""

    errors: CellErrors = field(default_factory=dict)
    merges: dict[str, list[Merge]] = field(default_factory=dict)

    def add_error(self, sheet: str, row: int, column: int, text: str) -> None:
        """Keep an error cell: the row's number from 1, the column from 0."""
        self.errors.setdefault(sheet, {}).setdefault(row, {})[column] = text

    def add_merge(self, sheet: str, merge: Merge) -> None:
        """Keep a merged range."""
        self.merges.setdefault(sheet, []).append(merge)

    def shown(self, sheet: str, rows: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
        """Return a sheet's rows with the error cells in their places."""
        errors = self.errors.get(sheet)
        return _with_errors(rows, errors) if errors else rows


def _with_errors(rows: Iterator[NumberedRow], errors: dict[int, dict[int, str]]) -> Iterator[NumberedRow]:
    for number, row in rows:
        for column, text in errors.get(number, {}).items():
            row.extend([""] * (column + 1 - len(row)))
            row[column] = text
        yield number, row
