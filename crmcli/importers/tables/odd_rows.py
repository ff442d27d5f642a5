"""Rows of a table that are no records: totals, notes, repeated headers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from crmcli.importers.tables.looks import (
    is_note,
    is_number,
    is_record_id,
    is_rough_number,
    is_total_word,
    may_hold_total_word,
)

TITLE, HEADER, TOTAL, NOTE = "row.title", "row.header", "row.total", "row.note"
FIRST_CELLS = 3  # a total word stands among them
FEW = 3  # a row of more cells is no note
_WIDE = 3
_MAX_LONE_TEXT = 40


class OddRowFinder:
    """Tells what is no record in the body of one table.

    `identifying` are the columns (from 0) that name a record; where they are unknown, the first column does.
    """

    def __init__(self, header_rows: Sequence[Sequence[str]], width: int, identifying: frozenset[int]) -> None:
        self._headers = [_stripped(row) for row in header_rows]
        self.header_texts = frozenset(cell for row in header_rows for cell in row if cell)
        self._wide = width >= _WIDE
        self._identifying = identifying or frozenset({0})

    def code_of(self, cells: list[str]) -> str | None:
        """Return the odd row's code, None for a record. `cells` are not all blank.

        One of more than FEW cells is odd only for its first FIRST_CELLS: batches.py builds on it.
        """
        filled = len(cells) - cells.count("")
        if filled > FEW and not self._may_be_odd(cells):
            return None
        if _stripped(cells) in self._headers:
            return HEADER
        texts = [(column, cell.strip()) for column, cell in enumerate(cells) if cell and not cell.isspace()]
        if _is_total(texts):
            return TOTAL
        return NOTE if self._is_note(texts) else None

    def _may_be_odd(self, cells: list[str]) -> bool:
        """Whether a well-filled row deserves a closer look: cheap, for it is asked of every row."""
        first = list(islice(filter(None, cells), FIRST_CELLS))
        return not self.header_texts.isdisjoint(first) or may_hold_total_word("\n".join(first))

    def _is_note(self, texts: list[tuple[int, str]]) -> bool:
        column, first = texts[0]
        if not self._wide:
            return len(texts) == 1 and is_note(first)
        if all(is_note(text) for _column, text in texts):
            return True
        if is_note(first) and len(texts) <= FEW - 1:
            return True
        if len(texts) > 1 or is_number(first):
            return False
        return column not in self._identifying or len(first) > _MAX_LONE_TEXT


def _is_total(texts: list[tuple[int, str]]) -> bool:
    """Whether a total word stands among the first cells and the rest is numbers, but for a group's name."""
    if not any(is_total_word(text) for _column, text in texts[:FIRST_CELLS]):
        return False
    others = [text for _column, text in texts if not is_total_word(text) and not is_rough_number(text)]
    numbers = sum(1 for _column, text in texts if is_rough_number(text))
    return not others or (len(others) == 1 and numbers > 0 and not is_record_id(others[0]))


def _stripped(row: Sequence[str]) -> list[str]:
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def identifying_columns(labels: Sequence[str], identifies: Callable[[str], bool]) -> frozenset[int]:
    """Return the columns (from 0) whose label names a record."""
    return frozenset(column for column, label in enumerate(labels) if label and identifies(label))
