"""Rows of a csv that are shorter or longer than their header: what they mean, where that is beyond doubt."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import takewhile

from crmcli.importers.readers.grid import NumberedRow
from crmcli.importers.tables.looks import is_blank, is_blank_row, is_date, is_phone

_MIN_ROWS = 3
_NEARLY_ALL = 0.95
_FEW_SHORT = 0.1
_FEW_CUT = 0.25
_TIME_WORDS = re.compile(r"time|date|时间|日期", re.IGNORECASE)
_PHONE_WORDS = re.compile(r"phone|mobile|手机|电话", re.IGNORECASE)
_MAIL_WORDS = re.compile(r"mail|邮箱", re.IGNORECASE)
_THOUSANDS = re.compile(r"[-+¥￥$€]*\d{1,3}")
_REST = re.compile(r"\d{3}(\.\d+)?")
_UNIX = re.compile(r"1\d{9}(\d{3})?")
_MAX_PIECES = 6


def lacks_last_name(labels: Sequence[str], body: Sequence[NumberedRow]) -> bool:
    """Return whether a header is one name short, beyond doubt (early WeChatMsg exports are).

    Nearly all rows have one cell more than the header; the last named column still holds what its name says, so that
    no comma inside a cell has moved it; and the cell behind it is something else.
    """
    rows = [cells for _number, cells in body if not is_blank_row(cells)]
    wide = [cells for cells in rows if len(cells) == len(labels) + 1]
    if len(wide) < max(_MIN_ROWS, _NEARLY_ALL * len(rows)) or not labels:
        return False
    holds = _kind(labels[-1])
    named = [cells[-2] for cells in wide if not is_blank(cells[-2])]
    behind = [cells[-1] for cells in wide if not is_blank(cells[-1])]
    if holds is None or not named or not behind:
        return False
    fits = sum(map(holds, named)) >= _NEARLY_ALL * len(named) and sum(map(holds, behind)) < len(behind) / 2
    return fits and not any(_is_cut_amount(wide, column) for column in range(len(labels)))


def _kind(label: str) -> Callable[[str], bool] | None:
    """Return the test of what a column of that name holds, None where a name says nothing certain."""
    if _TIME_WORDS.search(label):
        return lambda text: is_date(text) or _UNIX.fullmatch(text.strip()) is not None
    if _PHONE_WORDS.search(label):
        return is_phone
    if _MAIL_WORDS.search(label):
        return lambda text: "@" in text
    return None


def _is_cut_amount(rows: Sequence[list[str]], column: int) -> bool:
    """Whether a column and the next are what a comma for thousands leaves of one amount."""
    return all(_THOUSANDS.fullmatch(r[column].strip()) and _REST.fullmatch(r[column + 1].strip()) for r in rows)


def pieces_of_one(rows: Sequence[NumberedRow], width: int) -> int:
    """Return how many rows, from the first on, are one record that line ends in its cells have cut; 0 for none."""
    total = 0
    for count, (_number, cells) in enumerate(rows[:_MAX_PIECES], start=1):
        if len(cells) >= width or is_blank_row(cells):
            return 0
        total += len(cells) - (count > 1)
        if count > 1 and total == width:
            return count
    return 0


def fills_its_width(body: Sequence[NumberedRow], width: int) -> bool:
    """Return whether nearly all rows up to the first blank one have as many cells as the header.

    Cut ones and lone notes are not counted. Other exports leave out blank cells at the end of a row: there a short one
    means nothing.
    """
    rows = list(takewhile(lambda row: not is_blank_row(row[1]), body))
    full = short = cut = at = 0
    while at < len(rows):
        length = len(rows[at][1])
        pieces = pieces_of_one(rows[at:], width) if 1 < length < width else 0
        short += 1 < length < width and not pieces
        cut += pieces
        full += length >= width
        at += pieces or 1
    return full > 0 and short <= _FEW_SHORT * full and cut <= _FEW_CUT * full


def pads_its_rows(body: Sequence[NumberedRow], width: int) -> bool:
    """Return whether rows often have blank cells behind the last column."""
    rows = list(takewhile(lambda row: not is_blank_row(row[1]), body))
    padded = sum(len(cells) > width and is_blank_row(cells[width:]) for _number, cells in rows)
    return padded > _FEW_SHORT * len(rows)
