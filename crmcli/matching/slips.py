"""One slip of the pen in a name: a character wrong, missing, too many, or two swapped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crmcli.matching.features import Features, Field
from crmcli.matching.letters import edits_at_least
from crmcli.matching.levels import on_distinct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pairs = NDArray[np.int64]
    Flags = NDArray[np.bool_]

SHORTEST_CORE = 4
_SHORTEST_BRAND = 2


def cut_otherwise(f: Features, a: Pairs, b: Pairs) -> Flags:
    """Return whether brand and trade both differ, yet are one slip apart when read together.

    A slip in a trade word makes it unknown, so that the brand seems to go on: 凡谷 + 电子技术, 凡谷电子纪术.
    """
    import numpy as np

    cores = f.core.codes[a], f.core.codes[b]
    other = (f.brand.codes[a] != f.brand.codes[b]) & (f.trade.codes[a] != f.trade.codes[b])
    found = np.zeros(len(a), dtype=np.bool_)
    rows = np.flatnonzero(other & (cores[0] >= 0) & (cores[1] >= 0) & ~f.latin[a] & ~f.latin[b])
    found[rows] = _one_slip(f.core, cores[0][rows], cores[1][rows])
    return found


def swapped_or_within(brands: Field, left: Pairs, right: Pairs) -> Flags:
    """Return whether two neighbouring characters are swapped, or one brand begins or ends with the other."""
    return _related(brands, left, right, _swap_or_part)


def _related(values: Field, left: Pairs, right: Pairs, test: Callable[[str, str], bool]) -> Flags:
    texts = values.values
    return on_distinct(left, right, lambda i, j: int(test(texts[i], texts[j]))).astype(bool)


def _one_slip(cores: Field, left: Pairs, right: Pairs) -> Flags:
    """Return whether at most one slip lies between two texts of which one at least is not short."""
    import numpy as np
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cpdist

    letters = cores.letters
    found: Flags = np.maximum(letters.length[left], letters.length[right]) >= SHORTEST_CORE
    found &= edits_at_least(letters, left, right) <= 1
    near = np.flatnonzero(found)
    if len(near):
        first, second = ([cores.values[code] for code in codes[near].tolist()] for codes in (left, right))
        found[near] = cpdist(first, second, scorer=OSA.distance, score_cutoff=1, dtype=np.int64) <= 1
    return found


def _swap_or_part(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < len(long):
        return len(short) >= _SHORTEST_BRAND and (long.startswith(short) or long.endswith(short))
    return sorted(short) == sorted(long) and sum(x != y for x, y in zip(short, long, strict=True)) == len("ab")
