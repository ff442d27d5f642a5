"""Steps of a comparison that know only a part of the records, for many machines: the same pairs, the same scores."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from crmcli.matching.blocks import pairs_in_blocks
from crmcli.matching.features import Field, features_of
from crmcli.matching.key_parts import Key, Part
from crmcli.matching.keys import KEYS
from crmcli.matching.model import Model
from crmcli.matching.normalise import UNKNOWN
from crmcli.matching.pairs import ScoredPairs, score_pairs
from crmcli.matching.phones import lacks_country, numbers_in
from crmcli.matching.promise import promise_of
from crmcli.matching.records import MatchBatch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]

REFINEMENTS = 4
_NONE = 0
_BYTES = 8
_FACTOR = 0x9E3779B97F4A7C15


@dataclass(frozen=True, slots=True)
class Whole:
    """What every part must know of all the records: the model, and whether the ends of phones are compared."""

    model: Model
    ends: bool


def whole_of(records: MatchBatch, model: Model) -> Whole:
    """Return what parts of `records` must know of all of them."""
    cells = dict.fromkeys(records.column("phones"))
    return Whole(model, lacks_country(number for cell in cells for number in numbers_in(cell)))


@dataclass(frozen=True, slots=True)
class KeyRows:
    """Parallel columns, one entry for each record and key that it has.

    `key`: position in KEYS. `token`: fingerprint of what the record has there, the same in any part of the records.
    `row`: the record. `finer`: fingerprints of what parts the key's crowded blocks, 0 where the record has nothing.
    """

    key: Codes
    token: Codes
    row: Codes
    finer: tuple[Codes, ...]


def key_rows(batch: MatchBatch, rows: Codes, whole: Whole) -> KeyRows:
    """Return the keys of a part of the records; `rows` are their numbers among all."""
    import numpy as np

    features = features_of(batch, whole.model.words, ends=whole.ends)
    keys = [key(features) for key in KEYS]
    fingerprints = _Fingerprints()
    columns = [_rows_of(key, number, rows, fingerprints) for number, key in enumerate(keys)]
    key, token, row, *finer = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    return KeyRows(key, token, row, tuple(finer))


def pairs_of_blocks(found: KeyRows) -> Codes:
    """Return the pairs of rows (n x 2, smaller first, each once) that share a key; the blocks given are complete."""
    import numpy as np

    pairs = [np.empty((0, 2), dtype=np.int64)]
    for key in np.unique(found.key).tolist():
        at = np.flatnonzero(found.key == key)
        rows, place = np.unique(found.row[at], return_inverse=True)
        finer = [np.full(len(rows), UNKNOWN, dtype=np.int64) for _ in found.finer]
        for codes, tokens in zip(finer, found.finer, strict=True):
            codes[place] = _coded(tokens[at])
        pairs.append(rows[pairs_in_blocks(place, _coded(found.token[at]), tuple(finer))])
    found_pairs = np.concatenate(pairs)
    return distinct_pairs(found_pairs[:, 0], found_pairs[:, 1])


def distinct_pairs(a: Codes, b: Codes) -> Codes:
    """Return the pairs (n x 2, sorted), each once."""
    import numpy as np

    size = int(b.max(initial=0)) + 1
    return np.column_stack(np.divmod(np.unique(a * size + b), size))


def score_part(
    batch: MatchBatch, pairs: Codes, whole: Whole, *, keep_different: bool, numbers: Codes | None = None
) -> tuple[ScoredPairs, int]:
    """Return `pairs` scored as among all records, and how many were worth it; only records in them are taken apart.

    `numbers` are those of the records in `batch` among all, as they stand in `pairs`; None where `batch` is all.
    """
    import numpy as np

    asked = rows = np.unique(pairs)
    if numbers is not None:
        known, place = np.unique(numbers, return_index=True)
        rows = place[np.searchsorted(known, asked)]
    features = features_of(batch.take(rows.tolist()), whole.model.words, ends=whole.ends)
    pairs, promise = np.searchsorted(asked, pairs), None
    if not keep_different:
        promise = promise_of(features, whole.model)
        pairs = pairs[promise.of(pairs[:, 0], pairs[:, 1])]
    scored = score_pairs(features, pairs, whole.model, promise)
    return ScoredPairs(asked[scored.a], asked[scored.b], scored.score, scored.tier, scored.vetoed), len(pairs)


class _Fingerprints:
    """Codes -> fingerprints of the values behind them; two values have the same with a chance of 1 in 10^19."""

    def __init__(self) -> None:
        self._known: dict[int, Codes] = {}

    def of(self, part: Part | Field) -> Codes:
        """Return a fingerprint for each code of `part`, 0 for unknown; `part` is kept alive by the caller."""
        import numpy as np

        known = self._known.get(id(part.values))
        if known is None:
            made = [_fingerprint(value) for value in part.values]
            known = self._known[id(part.values)] = np.array([*made, _NONE], dtype=np.int64)
        return known[part.codes]


def _fingerprint(value: object) -> int:
    digest = blake2b(repr(value).encode("utf-8", "backslashreplace"), digest_size=_BYTES).digest()
    return int.from_bytes(digest, "little", signed=True) or 1


def _rows_of(key: Key, number: int, rows: Codes, fingerprints: _Fingerprints) -> tuple[Codes, ...]:
    """Return the columns of KeyRows for one key."""
    import numpy as np

    tokens = fingerprints.of(key.parts[0]).astype(np.uint64)
    known = key.parts[0].codes >= 0
    for part in key.parts[1:]:
        tokens = (tokens ^ (tokens >> np.uint64(32))) * np.uint64(_FACTOR) + fingerprints.of(part).astype(np.uint64)
        known = known & (part.codes >= 0)
    tokens, known = tokens.reshape(len(rows), -1), known.reshape(len(rows), -1)
    at, _ = np.nonzero(known)
    finer = [fingerprints.of(part)[at] for part in key.refinements]
    finer += [np.full(len(at), _NONE, dtype=np.int64)] * (REFINEMENTS - len(finer))
    return np.full(len(at), number, dtype=np.int64), tokens[known].astype(np.int64), rows[at], *finer


def _coded(tokens: Codes) -> Codes:
    """Return fingerprints as small codes, -1 where there is none."""
    import numpy as np

    codes: Codes = np.unique(tokens, return_inverse=True)[1]
    return np.where(tokens == _NONE, UNKNOWN, codes)
