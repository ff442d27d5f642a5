"""A batch of records -> a model fitted to them: weights by EM, frequencies by counting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2
from typing import TYPE_CHECKING

from crmcli.matching.comparisons import COMPARISONS
from crmcli.matching.expected import EXPECTED, PER
from crmcli.matching.features import Features, features_of
from crmcli.matching.fitting import Block, block_of, learn_m, monotone, shares
from crmcli.matching.frequency import WEIGHT_PER_BIT
from crmcli.matching.keys import candidate_pairs
from crmcli.matching.model import Level, Model
from crmcli.matching.rarity import frequencies_of
from crmcli.matching.records import MatchBatch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Levels = NDArray[np.int8]
    Rows = NDArray[np.int64]

# as many pairs as the shipped weights count for: of one customer, and drawn without looking
MATCHES_AT_LARGE = 200.0
PAIRS_AT_LARGE = 20_000.0
# a wrong merge costs more than a missed one, so weights rise less than they fall
MOST_FALLEN, MOST_RISEN = 3.0, 1.5
MOST_PAIRS = 2_000_000
MOST_DRAWN = 300_000
_FEWEST_PAIRS = 20
_LIKELY_BITS = 8.0
_ROUNDS = 3
_NAME = ("brand", "trade", "place")
# what brings pairs together: field, the levels at which it agrees, and the fields that hang on it; Latin names do not:
# where they are all that tells pairs of one customer from others, what is drawn without looking cannot be cleared of
# duplicates, and weights that agree would be learnt too low
_BLOCKS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("phone", ("mobile same",), ("phone",)),
    ("email", ("same",), ("email",)),
    ("wechat", ("same",), ("wechat",)),
    ("contact", ("same",), ("contact",)),
    ("address", ("same",), ("address", "city")),
    ("brand", ("same, long", "same"), _NAME),
)
# golden ratio: its multiples fall evenly between 0 and 1
_STRIDE = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class LevelFit:
    """One level before and after: weights, and its shares among pairs of one customer (m) and of two (u).

    The shares are None where they were not learnt.
    """

    field: str
    level: str
    before: float
    after: float
    m: float | None
    u: float | None


@dataclass(frozen=True, slots=True)
class Refit:
    """A fitted model, the version it was fitted from (`base`), and what became of each level.

    `matches`: field -> how many pairs of one customer spoke for it.
    """

    model: Model
    base: str
    levels: list[LevelFit]
    matches: dict[str, float]


def refit(batch: MatchBatch, base: Model) -> Refit:
    """Return `base` fitted to a batch: the same for any order of its records.

    Levels that `EXPECTED` does not have, thresholds and what forbids a merge stay as they are.
    """
    features = features_of(batch.by_id())
    pairs = _thinned(candidate_pairs(features))
    fields = list(EXPECTED)
    found = _compare(features, pairs)
    levels = {field: _known_levels(base, field, found[field]) for field in fields}
    expected_m, expected_u = ({field: _expected(field, side) for field in fields} for side in (0, 1))
    u = _u(features, base, expected_m, expected_u)
    learnt = learn_m(_blocks(base, found, levels), u, expected_m, MATCHES_AT_LARGE)
    fits: list[LevelFit] = []
    for field in fields:
        fits += _fitted(base, field, learnt.m[field], u[field], learnt.matches[field])
    return Refit(_with_weights(base, fits, features), base.version, fits, learnt.matches)


def _with_weights(base: Model, fits: Sequence[LevelFit], features: Features) -> Model:
    weights = {(fit.field, fit.level): fit.after for fit in fits}
    levels = {
        field: tuple(replace(level, weight=weights.get((field, level.name), level.weight)) for level in known)
        for field, known in base.levels.items()
    }
    return replace(base, levels=levels, frequencies=frequencies_of(features))


def _compare(features: Features, pairs: Rows) -> dict[str, Levels]:
    """Return field -> level per pair, for the fields that can be fitted."""
    return {field: COMPARISONS[field](features, pairs[:, 0], pairs[:, 1]) for field in EXPECTED}


def _known_levels(base: Model, field: str, found: Levels) -> Levels:
    """Return levels as positions in `EXPECTED` from 1; 0 for what is unknown there."""
    import numpy as np

    place = {level: i for i, level in enumerate(EXPECTED[field], start=1)}
    table = np.array([place.get(level.name, 0) for level in base.levels[field]], dtype=np.int8)
    known: Levels = table[found]
    return known


def _counts(known: Levels, field: str) -> Floats:
    import numpy as np

    return np.bincount(known, minlength=len(EXPECTED[field]) + 1)[1:].astype(np.float64)


def _expected(field: str, side: int) -> Floats:
    import numpy as np

    return np.array([both[side] for both in EXPECTED[field].values()]) / PER


def _blocks(base: Model, found: Mapping[str, Levels], levels: Mapping[str, Levels]) -> list[Block]:
    import numpy as np

    made = []
    for field, agreeing, hanging in _BLOCKS:
        inside = np.isin(found[field], [base.index(field, level) for level in agreeing])
        if inside.sum() >= _FEWEST_PAIRS:
            learns = [other for other in levels if other not in hanging]
            made.append(block_of({other: levels[other][inside] for other in learns}, learns))
    return made


def _thinned(pairs: Rows) -> Rows:
    """Return the pairs, every so many of them where there are more than `MOST_PAIRS`."""
    return pairs[:: -(-len(pairs) // MOST_PAIRS) or 1]


def _u(
    features: Features, base: Model, expected_m: Mapping[str, Floats], expected_u: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Return field -> share of each level among pairs drawn without looking.

    Duplicates are drawn too, the more of them the smaller the data: for a field, pairs are left out of which the
    other fields say that they are likely one customer.
    """
    import numpy as np

    found = _compare(features, _drawn(features.size))
    known = {field: _known_levels(base, field, found[field]) for field in expected_u}
    u = dict(expected_u)
    two = {field: np.ones(len(levels), dtype=np.bool_) for field, levels in known.items()}
    for _ in range(_ROUNDS):
        u = {
            field: shares(_counts(levels[two[field]], field), expected_u[field], PAIRS_AT_LARGE)
            for field, levels in known.items()
        }
        bits = {field: np.concatenate(([0.0], np.log2(expected_m[field] / u[field])))[known[field]] for field in known}
        total = sum(bits.values())
        two = {field: total - bits[field] < _LIKELY_BITS for field in known}
    return u


def _drawn(size: int) -> Rows:
    """Return pairs of rows drawn evenly and without looking, all where they are few."""
    import numpy as np

    if size * (size - 1) // 2 <= MOST_DRAWN:
        left, right = np.triu_indices(size, 1)
        return np.column_stack((left, right)).astype(np.int64)
    rows = np.arange(size, dtype=np.int64)
    turns = range(1, MOST_DRAWN // size + 2)
    apart = [1 + int(turn * _STRIDE % 1 * (size - 2)) for turn in turns]
    return np.concatenate([np.column_stack((rows, (rows + step) % size)) for step in apart])[:MOST_DRAWN]


def _fitted(base: Model, field: str, m: Floats, u: Floats, matches: float) -> list[LevelFit]:
    """Return the levels of a field, their weights moved by what the data say differently, the less the fewer spoke.

    A level that `EXPECTED` does not have moves with the one that weighs most like it.
    """
    heard = matches / (matches + MATCHES_AT_LARGE)
    known = dict(zip(EXPECTED[field], zip(m.tolist(), u.tolist(), strict=True), strict=True))
    present = base.levels[field][1:]
    steps = {name: heard * _step(EXPECTED[field][name], shares_of) for name, shares_of in known.items()}
    listed = [level for level in present if level.name in known]
    moved = []
    for level in present:
        like = min(listed, key=lambda one: abs(one.weight - level.weight))
        moved.append(_same_side(level, level.weight + steps[like.name]))
    order = [level.weight for level in present]
    return [
        LevelFit(field, level.name, level.weight, round(weight, 1), *known.get(level.name, (None, None)))
        for level, weight in zip(present, monotone(moved, order), strict=True)
    ]


def _step(expected: tuple[float, float], found: tuple[float, float]) -> float:
    """Return by how much the data move a weight: the difference in bits, bounded."""
    bits = log2(found[0] / found[1]) - log2(expected[0] / expected[1])
    return min(MOST_RISEN, max(-MOST_FALLEN, WEIGHT_PER_BIT * bits))


def _same_side(level: Level, weight: float) -> float:
    """Return `weight`, or 0 where it would speak for the other side than the shipped one."""
    if level.weight > 0:
        return max(weight, 0.0)
    return min(weight, 0.0) if level.weight < 0 else weight
