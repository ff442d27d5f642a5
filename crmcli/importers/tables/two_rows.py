"""Headers of several rows: groups over fields (joined with "_"), or field keys over labels (the labels win)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from crmcli.importers.readers.grid import Merge, NumberedRow
from crmcli.importers.tables.looks import is_blank, is_value

_MOST_ROWS = 3
_KEY = re.compile(r"^F[A-Z]\w*([.(#][\w.()#-]*)?$")  # Source: Kingdee Cloud Galaxy, import-formats.md 3.4


def joined_labels(
    rows: Sequence[NumberedRow], at: int, merges: Sequence[Merge], is_known: Callable[[str], bool]
) -> tuple[int, int, list[str]]:
    """Return (first header row, last header row, labels) for the header whose main row is `rows[at]`.

    Rows are given as indexes into `rows`.
    """
    if _are_keys(rows[at][1]) and at + 1 < len(rows) and _all_labels(rows[at + 1][1]):
        return at, at + 1, _trimmed(rows[at + 1][1])
    last = _lowest(rows, at, merges, is_known)
    first, labels = last, _trimmed(rows[last][1])
    while first > 0 and last - first < _MOST_ROWS - 1:
        above = rows[first - 1]
        if not _is_group_row(above, rows[first][0], labels, merges, is_known):
            break
        first -= 1
        labels = _join(above, labels, merges)
    if first == last and first > 0 and _are_keys(rows[first - 1][1]):
        first -= 1
    return first, last, labels


def _lowest(rows: Sequence[NumberedRow], at: int, merges: Sequence[Merge], is_known: Callable[[str], bool]) -> int:
    """Return the header's last row: `rows[at]` may be that of the groups."""
    last = at
    while last + 1 < len(rows) and last - at < _MOST_ROWS - 1:
        below, fields = rows[last + 1][0], _spread(rows[last + 1], merges)
        if not _is_group_row(rows[last], below, fields, merges, is_known):
            break
        last += 1
    return last


def _are_keys(cells: list[str]) -> bool:
    filled = [cell.strip() for cell in cells if not is_blank(cell)]
    return len(filled) > 1 and sum(1 for cell in filled if _KEY.match(cell)) > len(filled) / 2


def _all_labels(cells: list[str]) -> bool:
    filled = [cell for cell in cells if not is_blank(cell)]
    return len(filled) > 1 and not any(map(is_value, filled))


def _trimmed(cells: list[str]) -> list[str]:
    labels = [cell.strip() for cell in cells]
    while labels and not labels[-1]:
        labels.pop()
    return labels


def _is_group_row(
    row: NumberedRow, below: int, fields: list[str], merges: Sequence[Merge], is_known: Callable[[str], bool]
) -> bool:
    """Whether a row names groups of the fields that stand in row number `below`."""
    number, groups = row
    if not _all_labels(fields):
        return False
    within = [m for m in merges if m.top == number and not is_blank(_at(groups, m.left))]
    across = [m for m in within if m.bottom == number and m.right > m.left]
    down = [m for m in within if m.bottom >= below and m.left == m.right]
    if across or down:
        return _covers(groups, fields, across, down)
    return not merges and _reads_as_groups(groups, fields, is_known)


def _covers(groups: list[str], fields: list[str], across: list[Merge], down: list[Merge]) -> bool:
    """Whether merged groups stand over fields, and no one title over all of them."""
    if len(across) == 1 and not down and sum(not is_blank(cell) for cell in groups) == 1:
        return False
    under = [c for m in across for c in range(m.left, m.right + 1)]
    filled_under = sum(not is_blank(_at(fields, column)) for column in under)
    blank_down = all(is_blank(_at(fields, m.left)) for m in down)
    return blank_down and filled_under >= len(under) / 2 and (bool(under) or bool(down))


def _reads_as_groups(groups: list[str], fields: list[str], is_known: Callable[[str], bool]) -> bool:
    """Whether, without merged ranges (csv), the fields need the row above to be told apart or complete."""
    named = [cell for cell in groups if not is_blank(cell)]
    if len(named) < 2 or any(is_value(cell) or ":" in cell or "：" in cell for cell in named):  # noqa: PLR2004 - one is a title
        return False
    both = [c for c, cell in enumerate(fields) if not is_blank(cell) and is_blank(_at(groups, c))]
    lone = [c for c, cell in enumerate(groups) if not is_blank(cell) and is_blank(_at(fields, c))]
    known = sum(is_known(cell.rpartition("_")[2]) for cell in fields if not is_blank(cell))
    filled = [cell.strip() for cell in fields if not is_blank(cell)]
    repeated = max(Counter(filled).values()) > 1
    completes = bool(lone) and all(is_known(groups[c]) for c in lone)
    return bool(both) and known >= len(filled) / 2 and (repeated or completes)


def _join(row: NumberedRow, fields: list[str], merges: Sequence[Merge]) -> list[str]:
    """Return the labels of the fields, each behind that of its group in the row above."""
    groups = _spread(row, merges)
    labels, group = [], ""
    for column in range(max(len(groups), len(fields))):
        name, field = _at(groups, column), _at(fields, column)
        group = name if name or merges or not field else group
        if group and field and group != field:
            labels.append(f"{group}_{field}")
        else:
            labels.append(field or name)
    return labels


def _spread(row: NumberedRow, merges: Sequence[Merge]) -> list[str]:
    """Return a header row's labels, a merged label over each of its columns where it heads a group."""
    number, cells = row
    labels = _trimmed(cells)
    for merge in merges:
        if merge.top == number and merge.right > merge.left and _at(labels, merge.left):
            labels.extend([""] * (merge.right + 1 - len(labels)))
            labels[merge.left : merge.right + 1] = [labels[merge.left]] * (merge.right + 1 - merge.left)
    return labels


def _at(cells: Sequence[str], column: int) -> str:
    return cells[column].strip() if column < len(cells) else ""
