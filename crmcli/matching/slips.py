"""One slip of the pen in a name: a character wrong, missing, too many, or two swapped."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crmcli.matching.features import Features, Field
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
    found[rows] = _related(f.core, cores[0][rows], cores[1][rows], _one_slip)
    return found


def swapped_or_within(brands: Field, left: Pairs, right: Pairs) -> Flags:
    """Return whether two neighbouring characters are swapped, or one brand begins or ends with the other."""
    return _related(brands, left, right, _swap_or_part)


def _related(values: Field, left: Pairs, right: Pairs, test: Callable[[str, str], bool]) -> Flags:
    texts = values.values
    return on_distinct(left, right, lambda i, j: int(test(texts[i], texts[j]))).astype(bool)


def _one_slip(one: str, other: str) -> bool:
    from rapidfuzz.distance import OSA

    return max(len(one), len(other)) >= SHORTEST_CORE and OSA.distance(one, other, score_cutoff=1) <= 1


def _swap_or_part(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < len(long):
        return len(short) >= _SHORTEST_BRAND and (long.startswith(short) or long.endswith(short))
    return sorted(short) == sorted(long) and sum(x != y for x, y in zip(short, long, strict=True)) == len("ab")
