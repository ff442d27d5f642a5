"""Weights re-fitted to data without labels: expectation and maximisation after Fellegi and Sunter.

Of every level of a field, `m` is the share of pairs of one customer at it, `u` that of pairs of two. `u` is counted on
pairs drawn without looking; `m` on candidate pairs, where a hidden variable says which of them are one customer. A
field that brought a pair together cannot say how often it agrees, so a field's `m` comes from the pairs that agree in
another one: a shared phone says how names are written in another way, a shared brand how often the phone differs.
Source: Fellegi and Sunter, A Theory for Record Linkage, 1969; Splink (MIT) estimates m in blocks in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Levels = NDArray[np.int8]

_ROUNDS = 100
_STILL = 1e-6
_LEAST_SHARE = 1e-9


@dataclass(frozen=True, slots=True)
class Block:
    """Pairs that agree in one field: patterns (distinct combinations of levels) with how many pairs have each.

    `levels`: field -> level per pattern, 0 where unknown. `learns`: the fields whose `m` these pairs may speak for.
    """

    levels: Mapping[str, Levels]
    pairs: Floats
    learns: Sequence[str]


@dataclass(frozen=True, slots=True)
class Learnt:
    """Shares of the known levels per field (they add up to 1), and how many pairs of one customer spoke for them."""

    m: dict[str, Floats]
    matches: dict[str, float]


def block_of(levels: Mapping[str, Levels], learns: Sequence[str]) -> Block:
    """Return the pairs with these levels as a block; it does not depend on their order."""
    import numpy as np

    table = np.column_stack([levels[field] for field in learns])
    patterns, pairs = np.unique(table, axis=0, return_counts=True)
    return Block({field: patterns[:, i] for i, field in enumerate(learns)}, pairs.astype(np.float64), learns)


def shares(counts: Floats, expected: Floats, worth: float) -> Floats:
    """Return the shares of levels after `counts`, where `expected` ones count for `worth` pairs."""
    mixed: Floats = (counts + worth * expected) / (counts.sum() + worth)
    return mixed


def learn_m(blocks: Sequence[Block], u: Mapping[str, Floats], expected: Mapping[str, Floats], worth: float) -> Learnt:
    """Return the `m` of every field that a block speaks for.

    Args:
        blocks: the pairs, by what brought them together.
        u: field -> share of each known level among pairs of two customers.
        expected: the same for one customer: where it starts, and what `worth` pairs say already.
        worth: pseudo-count, in pairs.
    """
    import numpy as np

    m = dict(expected)
    ones = [0.5] * len(blocks)  # of each block, the share of pairs of one customer
    counts = {field: np.zeros_like(share) for field, share in expected.items()}
    for _ in range(_ROUNDS):
        counts = {field: np.zeros_like(share) for field, share in expected.items()}
        for i, block in enumerate(blocks):
            chance = _chance(block, m, u, ones[i])
            ones[i] = float((chance * block.pairs).sum() / block.pairs.sum())
            for field in block.learns:
                found = np.bincount(block.levels[field], chance * block.pairs, minlength=len(expected[field]) + 1)
                counts[field] += found[1:]
        after = {field: shares(counts[field], expected[field], worth) for field in expected}
        moved = max((float(np.abs(after[field] - m[field]).max()) for field in m), default=0.0)
        m = after
        if moved < _STILL:
            break
    return Learnt(m, {field: float(count.sum()) for field, count in counts.items()})


def _chance(block: Block, m: Mapping[str, Floats], u: Mapping[str, Floats], ones: float) -> Floats:
    """Return per pattern the chance that its pairs are of one customer."""
    import numpy as np

    ones = min(max(ones, _LEAST_SHARE), 1 - _LEAST_SHARE)
    bits = np.full(len(block.pairs), np.log2(ones / (1 - ones)))
    for field in block.learns:
        said = np.log2(np.maximum(m[field], _LEAST_SHARE) / np.maximum(u[field], _LEAST_SHARE))
        bits += np.concatenate(([0.0], said))[block.levels[field]]
    chance: Floats = 1.0 / (1.0 + np.exp2(-np.clip(bits, -500, 500)))
    return chance


def monotone(values: Sequence[float], order: Sequence[float]) -> list[float]:
    """Return `values` moved as little as possible so that they rise where `order` does; equal ranks stay apart.

    >>> monotone([5.0, 6.0, -1.0], [8.0, 6.0, -6.0])
    [5.5, 5.5, -1.0]
    """
    ranked = sorted(range(len(values)), key=lambda i: order[i])
    pools: list[list[int]] = []
    for i in ranked:
        pools.append([i])
        while len(pools) > 1 and _mean(values, pools[-2]) > _mean(values, pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    result = list(values)
    for pool in pools:
        for i in pool:
            result[i] = _mean(values, pool)
    return result


def _mean(values: Sequence[float], places: Sequence[int]) -> float:
    return sum(values[i] for i in places) / len(places)
