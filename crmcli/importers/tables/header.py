"""Find the header row under titles, notes and disclaimers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from crmcli.importers.readers.grid import Merge, NumberedRow
from crmcli.importers.tables.looks import is_blank, is_note, is_value
from crmcli.importers.tables.two_rows import joined_labels

CANDIDATES = 20  # rows that are looked at, blank ones not counted
_ENOUGH_KNOWN = 2
_MIN_FILL = 0.5
_PLAIN_SHARE = 0.3  # of known words, for a header that does not come first among the wide rows
_FIRST_OF_ONE_COLUMN = 3  # in a list of words, one further down is an item
_MAX_VALUES_SHARE = 0.34


class Header(NamedTuple):
    """Where the header is: indexes of its first and last row among those looked at, and one label a column."""

    first: int
    last: int
    labels: list[str]


class _Candidate(NamedTuple):
    at: int
    cells: list[str]
    filled: list[str]
    known: int


def find_header(rows: Sequence[NumberedRow], merges: Sequence[Merge], is_known: Callable[[str], bool]) -> Header | None:
    """Return the header among the first rows of a sheet, None where no row reads as one.

    A row with the most known header words wins (two at least). Without such a row the first wide row of labels is
    taken, unless what stands above it, or it itself, looks like data.
    """
    candidates = _candidates(rows, is_known)
    width = max((len(candidate.filled) for candidate in candidates), default=0)
    chosen = _by_known_words(candidates, width) or _by_looks(candidates, width)
    return None if chosen is None else header_at(rows, chosen, merges, is_known)


def header_at(
    rows: Sequence[NumberedRow], index: int | _Candidate, merges: Sequence[Merge], is_known: Callable[[str], bool]
) -> Header:
    """Return the header whose main row is `rows[index]`, joined with its neighbour where the two belong together."""
    at = index if isinstance(index, int) else index.at
    return Header(*joined_labels(rows, at, merges, is_known))


def _candidates(rows: Sequence[NumberedRow], is_known: Callable[[str], bool]) -> list[_Candidate]:
    found = []
    for index, (_number, cells) in enumerate(rows):
        filled = [cell for cell in cells if not is_blank(cell)]
        if filled:
            known = sum(map(is_known, set(filled)))
            found.append(_Candidate(index, cells, filled, known))
    return found[:CANDIDATES]


def _by_known_words(candidates: list[_Candidate], width: int) -> _Candidate | None:
    needed = _ENOUGH_KNOWN if width > 1 else 1
    labels = [c for c in candidates if c.known and _values_share(c) <= _MAX_VALUES_SHARE]
    if width == 1:
        labels = [c for c in candidates[:_FIRST_OF_ONE_COLUMN] if c in labels]
    best = max(labels, key=lambda c: (c.known, len(c.filled), -c.at), default=None)
    if best is None or best.known < needed:
        return None
    # a record may hold one header word more than its header: values such as 电话 and 客户 are words too
    near = [c for c in labels if c.known >= best.known - 1 and len(c.filled) >= len(best.filled)]
    chosen = min(near, key=lambda c: c.at)
    first_wide = next(c for c in candidates if len(c.filled) >= _MIN_FILL * width)
    plain = chosen.at <= first_wide.at or chosen.known >= _PLAIN_SHARE * len(chosen.filled)
    return chosen if plain else None


def _by_looks(candidates: list[_Candidate], width: int) -> _Candidate | None:
    for position, candidate in enumerate(candidates):
        if len(candidate.filled) < max(2 if width > 1 else 1, _MIN_FILL * width):
            continue  # a title or a note
        below = candidates[position + 1 :]
        return candidate if _reads_as_labels(candidate, below, width) else None
    return None


def _reads_as_labels(candidate: _Candidate, below: list[_Candidate], width: int) -> bool:
    if any(is_value(cell) or is_note(cell) for cell in candidate.filled) and not candidate.known:
        return False
    if width == 1 and not below:
        return False
    if _values_share(candidate) > _MAX_VALUES_SHARE or len(set(candidate.filled)) < len(candidate.filled) * 0.8:
        return False
    return candidate.known > 0 or _differs(candidate, below) or not _recurs(candidate, below)


def _differs(candidate: _Candidate, below: list[_Candidate]) -> bool:
    """Whether some column holds nothing but values under its label."""
    for column, label in enumerate(candidate.cells):
        under = [c.cells[column] for c in below if column < len(c.cells) and not is_blank(c.cells[column])]
        if under and not is_blank(label) and all(map(is_value, under)):
            return True
    return False


def _recurs(candidate: _Candidate, below: list[_Candidate]) -> bool:
    """Whether some of its cells, but not all, stand again below in their column, as categories do."""
    again = {
        column
        for other in below
        for column, (cell, mine) in enumerate(zip(other.cells, candidate.cells, strict=False))
        if cell == mine and not is_blank(mine)
    }
    return 0 < len(again) < len(candidate.filled)


def _values_share(candidate: _Candidate) -> float:
    return sum(map(is_value, candidate.filled)) / len(candidate.filled)
