"""Comparing again: of records that were compared before, only pairs with a new or changed one on a side are scored.

The candidate pairs are made of all records, as in a first comparison: what is new can part a crowded block otherwise.
A score depends on the two records and the model alone, so that one that was found before still holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from zlib import compress, decompress

from crmcli.i18n import Message
from crmcli.matching.features import Features, features_of
from crmcli.matching.find import Compared
from crmcli.matching.keys import candidate_pairs
from crmcli.matching.model import Model
from crmcli.matching.pairs import ScoredPairs, score_pairs
from crmcli.matching.promise import promise_of
from crmcli.matching.records import MatchBatch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

_HALF = 32
_TYPES = {"ids": "<i8", "prints": "<u8", "pairs": "<i8", "kept": "<i8", "scores": "<f8", "tiers": "i1"}
_ASCENDING = ("ids", "pairs", "kept")
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a comparison under a model left. `ids` are ascending, `prints` say what each record held; both run parallel.

    `pairs` are the pairs compared as one number each (smaller id, larger id), ascending. Of those worth keeping
    `kept` are the positions among the pairs; `scores` and `tiers` (negative where vetoed) run parallel to it.
    """

    model: str
    ids: Numbers
    prints: NDArray[np.uint64]
    pairs: Numbers
    kept: Numbers
    scores: NDArray[np.float64]
    tiers: NDArray[np.int8]

    def to_bytes(self) -> dict[str, bytes]:
        """Return each column as bytes; ascending ones as their differences, which take little room."""
        import numpy as np

        columns = {name: getattr(self, name) for name in _TYPES}
        columns |= {name: np.diff(columns[name], prepend=0) for name in _ASCENDING}
        return {name: compress(column.astype(_TYPES[name]).tobytes(), 1) for name, column in columns.items()}

    @classmethod
    def from_bytes(cls, model: str, stored: Mapping[str, bytes]) -> Remembered:
        """Return what `to_bytes` wrote."""
        import numpy as np

        columns: dict[str, Any] = {name: np.frombuffer(decompress(stored[name]), _TYPES[name]) for name in _TYPES}
        columns |= {name: np.cumsum(columns[name]) for name in _ASCENDING}
        return cls(model, **columns)


class Comparing:
    """An engine that remembers. Ids are whole numbers; `fresh` counts records new or changed, `scored` pairs scored."""

    def __init__(self, before: Remembered | None = None) -> None:
        self.left = before
        self.fresh = 0
        self.scored = 0

    def __call__(self, records: MatchBatch, model: Model) -> Compared:
        """Return what is found among records in the order of their ids, and remember it."""
        import numpy as np

        name = print_of(model)
        before = self.left if self.left and self.left.model == name else None
        features = features_of(records, model.words)
        promise = promise_of(features, model)
        pairs = candidate_pairs(features, promise)
        ids = np.array([int(record_id) for record_id in records.ids], dtype=np.int64)
        prints = _prints(records, features)
        numbers = _numbers(ids, pairs)
        same = _unchanged(before, ids, prints)
        known = same[pairs[:, 0]] & same[pairs[:, 1]] & _within(numbers, before)
        self.fresh += int(len(ids) - same.sum())
        self.scored += int(len(pairs) - known.sum())
        made = score_pairs(features, pairs[~known], model, promise)
        scored = _joined(made, _recalled(before, pairs[known], numbers[known]))
        self.left = _remember(name, ids, prints, numbers, scored)
        return Compared(
            scored=scored,
            candidates=len(pairs),
            between=lambda asked: score_pairs(features, asked, model),
        )


def print_of(model: Model) -> str:
    """Return a text that two models share where they give every pair the same score."""
    return blake2b(repr(_plain(model)).encode(), digest_size=16).hexdigest()


def _plain(value: Any) -> Any:
    """Return a value as tuples that are the same whatever the order in which mappings were made; words left out."""
    if isinstance(value, Message):
        return None
    if is_dataclass(value):
        return tuple(_plain(getattr(value, f.name)) for f in fields(value))
    if isinstance(value, Mapping):
        return tuple((key, _plain(value[key])) for key in sorted(value))
    return tuple(_plain(one) for one in value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def _prints(records: MatchBatch, features: Features) -> NDArray[np.uint64]:
    """Return a number per record that changes with anything that is compared.

    The ends of phones are compared only where some number lacks its country: that is part of every record's number.
    """
    import numpy as np

    ends = ["ends" if features.phone_ends.values else ""] * len(records)
    columns = [ends, *(records.column(f.name) for f in fields(records) if f.name != "ids")]
    hashed = b"".join(
        blake2b("\x1f".join(row).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        for row in zip(*columns, strict=True)
    )
    return np.frombuffer(hashed, dtype="<u8").astype(np.uint64)


def _numbers(ids: Numbers, pairs: Numbers) -> Numbers:
    """Return one number per pair of rows that says which two ids it is of; ascending, as the pairs are."""
    found: Numbers = (ids[pairs[:, 0]] << _HALF) | ids[pairs[:, 1]]
    return found


def _positions(wanted: NDArray[np.generic], among: NDArray[np.generic]) -> tuple[Numbers, NDArray[np.bool_]]:
    """Return where each of `wanted` stands among ascending values, and whether it is there."""
    import numpy as np

    if not len(among):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=np.bool_)
    at = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
    return at, among[at] == wanted


def _unchanged(before: Remembered | None, ids: Numbers, prints: NDArray[np.uint64]) -> NDArray[np.bool_]:
    import numpy as np

    if before is None:
        return np.zeros(len(ids), dtype=np.bool_)
    at, there = _positions(ids, before.ids)
    there[there] = before.prints[at[there]] == prints[there]
    return there


def _within(numbers: Numbers, before: Remembered | None) -> NDArray[np.bool_]:
    import numpy as np

    return np.zeros(len(numbers), dtype=np.bool_) if before is None else _positions(numbers, before.pairs)[1]


def _recalled(before: Remembered | None, pairs: Numbers, numbers: Numbers) -> ScoredPairs:
    """Return the pairs, all of them compared before, that were worth keeping."""
    import numpy as np

    if before is None:
        empty = np.empty(0, dtype=np.int64)
        none = np.empty(0, dtype=np.bool_)
        return ScoredPairs(empty, empty, empty.astype(np.float64), empty.astype(np.int8), none)
    at, there = _positions(numbers, before.pairs[before.kept])
    at, rows = at[there], pairs[there]
    tiers = before.tiers[at]
    return ScoredPairs(rows[:, 0], rows[:, 1], before.scores[at], np.abs(tiers), tiers < 0)


def _joined(first: ScoredPairs, second: ScoredPairs) -> ScoredPairs:
    """Return all pairs, in the order of the rows."""
    import numpy as np

    columns = [np.concatenate((getattr(first, f.name), getattr(second, f.name))) for f in fields(ScoredPairs)]
    found = ScoredPairs(*columns)
    return found.at(np.lexsort((found.b, found.a)))


def _remember(
    model: str, ids: Numbers, prints: NDArray[np.uint64], numbers: Numbers, scored: ScoredPairs
) -> Remembered | None:
    import numpy as np

    if len(ids) and int(ids[-1]) > LARGEST_ID:
        return None
    rows = np.column_stack((scored.a, scored.b))
    kept = np.searchsorted(numbers, _numbers(ids, rows)).astype(np.int64)
    tiers = np.where(scored.vetoed, -scored.tier, scored.tier).astype(np.int8)
    return Remembered(model, ids, prints, numbers, kept, scored.score, tiers)
