"""Blocks of records that share a key -> pairs of rows, crowded blocks parted further."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]

BLOCK_CAP = 60
WINDOW = 8


def combine(*columns: Codes) -> Codes:
    """Return one code for each combination of codes; -1 where any of them is unknown."""
    import numpy as np

    known = np.logical_and.reduce([c >= 0 for c in columns])
    total = columns[0]
    for column in columns[1:]:
        total = total * (int(column.max(initial=0)) + 1) + column
        if int(total.max(initial=0)) > 2**40:
            total = np.unique(total, return_inverse=True)[1]
    return np.where(known, total, -1)


def pairs_in_blocks(rows: Codes, codes: Codes, refinements: tuple[Codes, ...]) -> Codes:
    """Return the pairs (n x 2, smaller row first) of rows that share a code, not yet without repetition.

    A block of more than `BLOCK_CAP` rows is parted by the first of `refinements` (a code per record), then by the next.
    What is still crowded after the last is compared with `WINDOW` neighbours in the order of the rows, that is of the
    ids, so that nothing is dropped and the answer does not depend on the input's order.
    """
    import numpy as np

    known = codes >= 0
    rows, codes = rows[known], codes[known]
    order = np.lexsort((rows, codes))
    rows, codes = rows[order], codes[order]
    _, position, sizes = np.unique(codes, return_inverse=True, return_counts=True)
    crowded = sizes[position] > BLOCK_CAP
    found = [_neighbours(rows[~crowded], codes[~crowded], BLOCK_CAP)]
    if crowded.any() and refinements:
        finer = refinements[0][rows[crowded]] + 1
        found.append(pairs_in_blocks(rows[crowded], combine(position[crowded], finer), refinements[1:]))
    elif crowded.any():
        found.append(_neighbours(rows[crowded], codes[crowded], WINDOW))
    return np.concatenate(found)


def _neighbours(rows: Codes, codes: Codes, reach: int) -> Codes:
    """Return the pairs of rows with one code that stand at most `reach` apart; sorted by code, then by row."""
    import numpy as np

    found = []
    left = np.arange(len(rows))
    for distance in range(1, reach + 1):
        left = left[left + distance < len(rows)]
        left = left[codes[left] == codes[left + distance]]
        if not len(left):
            break
        first, second = rows[left], rows[left + distance]
        other = first != second
        found.append(np.column_stack((first[other], second[other])))
    return np.concatenate(found) if found else np.empty((0, 2), dtype=np.int64)
