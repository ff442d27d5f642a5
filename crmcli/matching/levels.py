"""From conditions on pairs to levels of the model's table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from crmcli.matching.model import DEFAULT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pairs = NDArray[np.int64]
    Levels = NDArray[np.int8]
    Flags = NDArray[np.bool_]


# a table of all keys there might be is quicker than sorting them where it is at most so much larger than they are many
_DENSE = 8


def choose(field: str, cases: Sequence[tuple[str, Flags]]) -> Levels:
    """Return per pair the position of the first level whose condition holds; 0, unknown, where none does.

    Every model has the levels of `DEFAULT` in its order; a re-fitted one has other weights.
    """
    import numpy as np

    positions = [np.int8(DEFAULT.index(field, level)) for level, _ in cases]
    return np.select([condition for _, condition in cases], positions, default=np.int8(0))


def on_distinct(a: Pairs, b: Pairs, relation: Callable[[int, int], int]) -> NDArray[np.int8]:
    """Return `relation(smaller, larger)` for every pair of codes, called once a distinct pair, in either order."""
    import numpy as np

    low, high = np.minimum(a, b).astype(np.int64), np.maximum(a, b)
    base = int(high.max(initial=0)) + 2
    single, position = _distinct((low + 1) * base + high + 1, base * base)
    results = [relation(key // base - 1, key % base - 1) for key in single.tolist()]
    return np.array(results, dtype=np.int8)[position] if results else np.empty(0, dtype=np.int8)


def _distinct(keys: Pairs, size: int) -> tuple[Pairs, Pairs]:
    """Return the distinct of `keys`, all smaller than `size`, in order, and where each stands among them."""
    import numpy as np

    if size > _DENSE * len(keys):
        single, position = np.unique(keys, return_inverse=True)
        return single, position
    there = np.zeros(size, dtype=np.bool_)
    there[keys] = True
    places: Pairs = there.cumsum(dtype=np.int64) - 1
    return there.nonzero()[0], places[keys]
