"""Candidate pairs -> scored pairs with a tier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crmcli.matching.coincidence import coincidence
from crmcli.matching.comparisons import COMPARISONS
from crmcli.matching.features import Features
from crmcli.matching.model import Model, score_of
from crmcli.matching.promise import Promise, tops_of
from crmcli.matching.rarity import rarities
from crmcli.matching.vetoes import related, vetoed, weights_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Levels = NDArray[np.int8]

CHUNK = 250_000
# what tells most pairs of one brand apart, the dearest last
_TELLING = ("place", "trade", "brand")
DIFFERENT, RELATED, REVIEW, AUTO = range(4)
TIERS = ("different", "related", "review", "auto")


@dataclass(frozen=True, slots=True)
class ScoredPairs:
    """Parallel columns, a pair each: rows a < b, score 0-100, tier (position in `TIERS`), whether one contradicts."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    score: NDArray[np.float64]
    tier: NDArray[np.int8]
    vetoed: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.a)

    def where(self, mask: NDArray[np.bool_]) -> ScoredPairs:
        """Return the pairs where `mask` holds."""
        import numpy as np

        return self.at(np.flatnonzero(mask))

    def at(self, positions: NDArray[np.int64]) -> ScoredPairs:
        """Return the pairs at `positions`, in that order."""
        at = positions
        return ScoredPairs(self.a[at], self.b[at], self.score[at], self.tier[at], self.vetoed[at])


def score_pairs(
    features: Features, pairs: NDArray[np.int64], model: Model, promise: Promise | None = None
) -> ScoredPairs:
    """Return `pairs` (rows, n x 2) scored, in their order, in chunks of bounded memory.

    Given a `promise`, which says early of most different pairs that they are, these are left out; None: all are kept.
    """
    import numpy as np

    made = []
    for i in range(0, max(len(pairs), 1), CHUNK):
        chunk, levels = _levels(features, pairs[i : i + CHUNK], model, promise)
        scored = _scored(features, chunk, levels, model)
        made.append(scored.where(scored.tier != DIFFERENT) if promise else scored)
    columns = ("a", "b", "score", "tier", "vetoed")
    return ScoredPairs(*(np.concatenate([getattr(chunk, c) for chunk in made]) for c in columns))


def _levels(
    features: Features, pairs: NDArray[np.int64], model: Model, promise: Promise | None
) -> tuple[NDArray[np.int64], dict[str, Levels]]:
    """Return those of `pairs` that may be alike, and field -> level of each; None as `promise`: all pairs."""
    levels: dict[str, Levels] = {}
    if promise is not None:
        a, b = pairs[:, 0], pairs[:, 1]
        signs = promise.signs(a, b)
        most = promise.weights(signs, a, b)
        for field in _TELLING:
            levels[field] = COMPARISONS[field](features, pairs[:, 0], pairs[:, 1])
            most += tops_of(model, field)[levels[field]] - promise.most[field][signs]
            kept = (most >= promise.least).nonzero()[0]
            pairs, signs, most = pairs[kept], signs[kept], most[kept]
            levels = {field: found[kept] for field, found in levels.items()}
    a, b = pairs[:, 0], pairs[:, 1]
    rest = {field: compare(features, a, b) for field, compare in COMPARISONS.items() if field not in levels}
    found = levels | rest
    return pairs, {field: found[field] for field in COMPARISONS}


def _scored(features: Features, pairs: NDArray[np.int64], levels: dict[str, Levels], model: Model) -> ScoredPairs:
    """Return pairs with these levels scored."""
    import numpy as np

    total = np.zeros(len(pairs))
    for field, found in levels.items():
        total += weights_of(model, field)[found]
    for rarity in rarities(features, pairs, levels, model):
        total += rarity.weights
    total += coincidence(features, pairs, levels, model).weights
    distinct, position = np.unique(total, return_inverse=True)
    score = np.array([score_of(weight) for weight in distinct.tolist()], dtype=np.float64)[position]
    forbidden, contradicted = vetoed(model, levels)
    tier = np.select(
        [related(model, levels), (score >= model.auto_score) & ~forbidden, score >= model.review_score],
        [np.int8(RELATED), np.int8(AUTO), np.int8(REVIEW)],
        default=np.int8(DIFFERENT),
    )
    return ScoredPairs(pairs[:, 0], pairs[:, 1], score, tier, contradicted)
