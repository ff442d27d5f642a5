"""How the parts of two names compare: brand, trade, place, branch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crmcli.matching.features import Features, Field
from crmcli.matching.legal_forms import BRANCHES
from crmcli.matching.letters import edits_at_least, may_be_within
from crmcli.matching.levels import choose, on_distinct
from crmcli.matching.places import Place
from crmcli.matching.slips import cut_otherwise, swapped_or_within

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pairs = NDArray[np.int64]
    Levels = NDArray[np.int8]
    Flags = NDArray[np.bool_]

LONG_CHINESE_BRAND = 4
LONG_LATIN_BRAND = 9
SIMILAR_CORE = 0.8
SIMILAR_NAME = 0.9
SIMILAR_LATIN = 0.72
SIMILAR_TRADE = 0.6
SIMILAR_BRANCH = 0.5
_ROUNDING = 1e-6
_SAME, _PARTLY, _APART, _FIRST_SHORT, _SECOND_SHORT, _CONTAINED = range(6)


def brand(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return how near the brands are; the whole name is asked where they were cut out differently.

    Two Latin names have no brand: their words are compared (`latin_names.words`).
    """
    import numpy as np

    left, right = f.brand.codes[a], f.brand.codes[b]
    known = (left >= 0) & (right >= 0) & ~(f.latin[a] & f.latin[b])
    same = known & (left == right)
    open_pairs = np.flatnonzero(known & ~same)
    near, half = np.zeros(len(a), dtype=np.bool_), np.zeros(len(a), dtype=np.bool_)
    latin = f.latin[a] | f.latin[b]
    near[open_pairs], half[open_pairs] = _near(f, a[open_pairs], b[open_pairs], latin[open_pairs])
    long = long_ones(f.brand)[left]
    return choose(
        "brand",
        [
            ("same, long", same & long),
            ("same", same),
            ("near, Latin", near & latin),
            ("near", near),
            ("one character of two", half),
            ("different", known),
        ],
    )


def long_ones(brands: Field) -> Flags:
    """Return for each brand whether it is so long that it says more; False for the unknown one (-1)."""
    import numpy as np

    letters = brands.letters
    found: Flags = letters.length >= np.where(letters.latin, LONG_LATIN_BRAND, LONG_CHINESE_BRAND)
    return found


def _near(f: Features, a: Pairs, b: Pairs, latin: Flags) -> tuple[Flags, Flags]:
    """Return whether the brands are almost the same, and whether they are two characters with one in common."""
    import numpy as np
    from rapidfuzz.distance import Levenshtein

    left, right = f.brand.codes[a], f.brand.codes[b]
    letters = f.brand.letters
    lengths, bits = (letters.length[left], letters.length[right]), (letters.bits[left], letters.bits[right])
    longest = np.maximum(*lengths)
    within = np.where(lengths[0] < lengths[1], may_be_within(*bits), may_be_within(*bits[::-1]))
    edits = longest + 1
    at = np.flatnonzero(within | (edits_at_least(letters, left, right) <= 1))
    edits[at] = distances(f.brand.values, left[at], right[at], Levenshtein.distance)
    sound = f.sound.codes[a] == f.sound.codes[b]
    one_edit = (edits <= 1) & (longest > 1)
    two = (longest == lengths[0]) & (longest == lengths[1]) & (longest <= 2)  # noqa: PLR2004
    half = one_edit & two & ~sound & ~latin
    near_latin = latin & (_latin_similarity(f, left, right, latin) >= SIMILAR_LATIN)
    near = ~latin & (sound | one_edit) & ~half
    # a swap is two edits; a part of a brand lacks as many characters as it is shorter
    slips = (edits == 2) & (lengths[0] == lengths[1]) | (edits == np.abs(lengths[0] - lengths[1]))  # noqa: PLR2004
    slips &= within
    tests: tuple[tuple[Flags, Callable[[Pairs], Flags]], ...] = (
        (slips, lambda at: swapped_or_within(f.brand, left[at], right[at])),
        (~latin, lambda at: _similar(f.core, a[at], b[at], SIMILAR_CORE)),
        (~latin, lambda at: _similar(f.name, a[at], b[at], SIMILAR_NAME)),
        (~latin, lambda at: cut_otherwise(f, a[at], b[at])),
    )
    for possible, test in tests:
        at = np.flatnonzero(possible & ~near & ~half & ~latin)
        near[at] = test(at)
    return near | near_latin, half


def _similar(field: Field, a: Pairs, b: Pairs, least: float) -> Flags:
    """Return whether the texts of a field, of which each record has one or both lack it, are as similar as `least`."""
    from rapidfuzz.distance import Levenshtein

    return similar(field, field.codes[a], field.codes[b], Levenshtein.normalized_similarity, least)


def similar(field: Field, left: Pairs, right: Pairs, scorer: Any, least: float) -> Flags:
    """Return whether texts are as similar as `least` by a scorer that divides edits by the longer one's length.

    Those that their letters alone tell apart are not scored.
    """
    import numpy as np

    letters = field.letters
    longest = np.maximum(np.maximum(letters.length[left], letters.length[right]), 1)
    found: Flags = 1 - edits_at_least(letters, left, right) / longest >= least - _ROUNDING
    at = found.nonzero()[0]
    found[at] = distances(field.values, left[at], right[at], scorer, least - _ROUNDING) >= least
    return found


def _latin_similarity(f: Features, left: Pairs, right: Pairs, latin: Flags) -> NDArray[np.float64]:
    import numpy as np
    from rapidfuzz import fuzz

    result = np.zeros(len(left))
    result[latin] = distances(f.brand.values, left[latin], right[latin], fuzz.token_sort_ratio) / 100
    return result


def distances(
    values: list[str], left: Pairs, right: Pairs, scorer: Any, cutoff: float | None = None
) -> NDArray[np.float64]:
    """Return the scorer's figure per pair, computed once a distinct pair of values; below `cutoff` it may be 0."""
    import numpy as np
    from rapidfuzz.process import cpdist

    low, high = np.minimum(left, right).astype(np.int64), np.maximum(left, right)
    base = len(values) + 1
    single, position = np.unique(low * base + high, return_inverse=True)
    if not len(single):
        return np.empty(0)
    first = [values[i] for i in (single // base).tolist()]
    second = [values[i] for i in (single % base).tolist()]
    figures = cpdist(first, second, scorer=scorer, score_cutoff=cutoff, dtype=np.float64)
    return np.asarray(figures, dtype=np.float64)[position]


def trade(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return how the trades agree; a short form may leave some out, a full name (with legal form) may not."""
    import numpy as np

    values = f.trade.values
    left, right = f.trade.codes[a], f.trade.codes[b]
    relation = on_distinct(
        left, right, lambda i, j: _trades(values[i] if i >= 0 else "", values[j]) if j >= 0 else _SAME
    )
    swapped = left > right
    first_short = np.where(swapped, relation == _SECOND_SHORT, relation == _FIRST_SHORT)
    second_short = np.where(swapped, relation == _FIRST_SHORT, relation == _SECOND_SHORT)
    named = (f.name.codes[a] >= 0) & (f.name.codes[b] >= 0) & ~f.latin[a] & ~f.latin[b]
    stated = (left >= 0) & (right >= 0)
    neither = (left < 0) & (right < 0)
    full = f.has_form[a] & f.has_form[b]
    shortened = first_short & ~f.has_form[a] | second_short & ~f.has_form[b]
    contained = first_short | second_short | (relation == _CONTAINED)
    slip = named & cut_otherwise(f, a, b)
    return choose(
        "trade",
        [
            ("same", named & stated & (relation == _SAME)),
            ("neither", named & neither & full),
            ("one slip", slip),
            ("shortened", named & ~neither & shortened),
            ("extended", named & ~neither & contained),
            ("near", named & stated & (relation == _PARTLY)),
            ("different", named & stated),
        ],
    )


def _trades(first: str, second: str) -> int:
    """Return how two trades relate: short when one begins the other, contained when it stands elsewhere in it."""
    from rapidfuzz.distance import Indel

    if first == second:
        return _SAME
    if second.startswith(first):
        return _FIRST_SHORT
    if first.startswith(second):
        return _SECOND_SHORT
    if _is_subsequence(first, second) or _is_subsequence(second, first):
        return _CONTAINED
    return _PARTLY if Indel.normalized_similarity(first, second) >= SIMILAR_TRADE else _APART


def _is_subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(c in rest for c in short)


def place(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return how the places in the names agree; where one name has none, its record's city may answer."""
    left, right = f.places[a], f.places[b]
    sets = f.place_sets
    relation = on_distinct(left, right, lambda i, j: _place_sets(sets[i], sets[j]) if i >= 0 else _PARTLY)
    named = (f.name.codes[a] >= 0) & (f.name.codes[b] >= 0)
    both = named & (left >= 0) & (right >= 0)
    one = named & ((left >= 0) ^ (right >= 0))
    home = one & (_stands_in(f, a, b) | _stands_in(f, b, a))
    formed = f.has_form[a] | f.has_form[b]
    return choose(
        "place",
        [
            ("same", both & (relation == _SAME)),
            ("partly, full names", both & (relation == _PARTLY) & f.has_form[a] & f.has_form[b]),
            ("partly", both & (relation == _PARTLY)),
            ("different", both),
            ("in the address", home),
            ("one only", one),
            ("neither", named & formed & ~one & (f.trade.codes[a] >= 0) & (f.trade.codes[b] >= 0)),
        ],
    )


def _stands_in(f: Features, a: Pairs, b: Pairs) -> Flags:
    """Return whether b's own city is the place that a's name states."""
    import numpy as np

    known = {text: i for i, text in enumerate(f.home.values)}
    as_home = np.array([known.get(text, -1) for text in f.seat.values] + [-1], dtype=np.int64)
    seat = as_home[f.seat.codes[a]]
    stands: Flags = (seat >= 0) & (seat == f.home.codes[b])
    return stands


def _place_sets(first: tuple[Place, ...], second: tuple[Place, ...]) -> int:
    """Return whether two names' places are the same, agree in part (one within the other) or differ."""
    if first == second:
        return _SAME
    joined = any(p.within(q) or q.within(p) for p in first for q in second)
    return _PARTLY if joined else _APART


def branch(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether both are one branch of a head office."""
    left, right = f.branch[a], f.branch[b]
    parts = f.branches
    relation = on_distinct(left, right, lambda i, j: _branches(parts[i], parts[j]) if i >= 0 else _APART)
    named = (f.name.codes[a] >= 0) & (f.name.codes[b] >= 0)
    both = named & (left >= 0) & (right >= 0)
    return choose(
        "branch",
        [
            ("same", both & (relation == _SAME)),
            ("near", both & (relation == _PARTLY)),
            ("different", both),
            ("one only", named & ((left >= 0) | (right >= 0))),
            ("neither", named),
        ],
    )


def _branches(first: tuple[str, tuple[Place, ...]], second: tuple[str, tuple[Place, ...]]) -> int:
    from rapidfuzz.distance import Indel

    if first == second:
        return _SAME
    (text, places), (other, other_places) = first, second
    nested = _place_sets(places, other_places) if places and other_places else _APART
    if places and other_places and nested == _APART:
        return _APART
    if text == other and nested == _PARTLY and text not in BRANCHES:
        return _SAME  # a road or quarter, and a city that holds the other's district
    return _PARTLY if Indel.normalized_similarity(text, other) >= SIMILAR_BRANCH else _APART
