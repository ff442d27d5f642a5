"""Blocks of records that share a key -> pairs of rows, crowded blocks parted further."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from crmcli.matching.promise import Promise

    Codes = NDArray[np.int64]

BLOCK_CAP = 60
WINDOW = 8
_WORD = 63


def combine(*columns: Codes) -> Codes:
    """Return one code for each combination of codes; -1 where any of them is unknown."""
    import numpy as np

    known = np.logical_and.reduce([c >= 0 for c in columns])
    total = columns[0].astype(np.int64)
    for column in columns[1:]:
        total = total * (int(column.max(initial=0)) + 1) + column
        if int(total.max(initial=0)) > 2**40:
            total = np.unique(total, return_inverse=True)[1]
    return np.where(known, total, -1)


def pairs_in_blocks(rows: Codes, codes: Codes, refinements: tuple[Codes, ...], promise: Promise | None = None) -> Codes:
    """Return the pairs (n x 2, smaller row first) of rows that share a code, not yet without repetition.

    A block of more than `BLOCK_CAP` rows is parted by the first of `refinements` (a code per record), then by the next.
    What is still crowded after the last is compared with `WINDOW` neighbours in the order of the rows, that is of the
    ids, so that nothing is dropped and the answer does not depend on the input's order. `promise` says which pairs are
    worth a comparison: no others are returned; None: all are.
    """
    import numpy as np

    rows, codes = _by_code(rows, codes)
    starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1])[: len(codes)])
    sizes = np.diff(starts, append=len(codes))
    position = np.repeat(np.arange(len(sizes)), sizes)
    crowded = np.repeat(sizes > BLOCK_CAP, sizes)
    found = [_neighbours(rows[~crowded], position[~crowded], BLOCK_CAP, promise)]
    if crowded.any() and refinements:
        finer = refinements[0][rows[crowded]] + 1
        found.append(pairs_in_blocks(rows[crowded], combine(position[crowded], finer), refinements[1:], promise))
    elif crowded.any():
        found.append(_neighbours(rows[crowded], position[crowded], WINDOW, promise))
    return np.concatenate(found)


def _by_code(rows: Codes, codes: Codes) -> tuple[Codes, Codes]:
    """Return the rows that share a known code with others, and the codes, sorted by code, then by row."""
    import numpy as np

    known = codes >= 0
    rows, codes = rows[known], codes[known]
    bits = int(rows.max(initial=0)).bit_length()
    if int(codes.max(initial=0)) >> (_WORD - bits):
        codes = np.unique(codes, return_inverse=True)[1]
    both = (codes << bits) | rows
    both.sort()
    rows, codes = both & ((1 << bits) - 1), both >> bits
    same = codes[1:] == codes[:-1]
    shared = np.append(same, False) | np.insert(same, 0, False)
    shared = shared[: len(codes)]
    return rows[shared], codes[shared]


def _neighbours(rows: Codes, codes: Codes, reach: int, promise: Promise | None) -> Codes:
    """Return the pairs of rows with one code that stand at most `reach` apart; sorted by code, then by row."""
    import numpy as np

    found = [np.empty((0, 2), dtype=np.int64)]
    worth = promise.among(rows) if promise else None
    left = np.arange(len(rows))
    for distance in range(1, reach + 1):
        left = left[: np.searchsorted(left, len(rows) - distance)]
        left = left[codes[left] == codes[left + distance]]
        if not len(left):
            break
        at = left[worth.of(left, left + distance)] if worth else left
        first, second = rows[at], rows[at + distance]
        other = first != second
        found.append(np.column_stack((first[other], second[other])))
    return np.concatenate(found)
