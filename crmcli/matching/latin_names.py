"""How two Latin names compare: by their words, the rare ones most, in any order."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from crmcli.matching.features import Features
from crmcli.matching.latin_words import WordCounts
from crmcli.matching.levels import choose, on_distinct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pairs = NDArray[np.int64]
    Levels = NDArray[np.int8]

Words = tuple[str, ...]
Weigh = Callable[[str], float]

RARE, SAME, COMMON, NEAR, OTHER_KIND, WITHIN, MOSTLY, PARTLY, LITTLE, DIFFERENT = range(10)
# what words must weigh together to tell a name from others: one rare word, or several less rare
TELLING = 4.0
# what they must weigh together to be one organisation's only
UNIQUE = 8.0
# below TELLING, and below a quarter of the shorter name, nothing worth mention is shared
SOMETHING = 1.5
QUARTER = 0.25
# what may be left over beside what is shared, as a share of it
SLIGHT = 0.2
# a word that stands in every other name, such as the city that all are in, is no difference
NOTHING = 1.0
HALF = 0.5
SIMILAR_WORD = 0.8
_SHORTEST_TYPO = 4
_SHORTEST_ABBREVIATION = 3


def words(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return how much of two Latin names is the same, words weighed by how rare they are."""
    left, right = f.words.codes[a], f.words.codes[b]
    known = (left >= 0) & (right >= 0)
    values, counts = f.words.values, f.words.counts
    relation = on_distinct(left[known], right[known], lambda i, j: alike(values[i], values[j], counts))
    import numpy as np

    found = np.full(len(a), -1, dtype=np.int8)
    found[known] = relation
    registered = f.has_form[a] & f.has_form[b]
    apart = registered & np.isin(found, (OTHER_KIND, MOSTLY, PARTLY, LITTLE))
    return choose(
        "name_words",
        [
            ("same, full names", (found == RARE) & registered),
            ("same", (found == RARE) | (found == SAME)),
            ("same, common", found == COMMON),
            ("almost same", found == NEAR),
            ("each its own", apart),
            ("other kind", found == OTHER_KIND),
            ("within", found == WITHIN),
            ("mostly", found == MOSTLY),
            ("partly", found == PARTLY),
            ("little", found == LITTLE),
            ("different", found == DIFFERENT),
        ],
    )


def alike(first: Words, second: Words, counts: WordCounts) -> int:
    """Return how two names' words relate, the same from both sides."""
    weigh = counts.weight
    one, other = set(first), set(second)
    shared = _total(one & other, weigh)
    one, other = one - other, other - one
    mistyped = False
    if one and other:
        paired = _paired(one, other)
        for left, right, typo in paired:
            shared += min(_total(left, weigh), _total(right, weigh))
            mistyped |= typo
            one, other = one - left, other - right
    if shared >= TELLING:
        one, other = ({word for word in rest if weigh(word) > NOTHING} for rest in (one, other))
        if one and other and all(map(counts.is_generic, one | other)):
            return OTHER_KIND
    return _judged(shared, _total(one, weigh), _total(other, weigh), mistyped=mistyped)


def _judged(shared: float, rest: float, other_rest: float, *, mistyped: bool) -> int:
    """Return the relation of two names from the weight of their shared words and of what each has beside them."""
    least, most = min(rest, other_rest), max(rest, other_rest)
    if not least and most <= SLIGHT * shared:
        if mistyped:
            return NEAR
        return RARE if shared >= UNIQUE else SAME if shared >= TELLING else COMMON
    if shared >= TELLING:
        if not least:
            return WITHIN
        return MOSTLY if shared >= HALF * (shared + rest + other_rest) else PARTLY
    return DIFFERENT if shared < SOMETHING or shared < QUARTER * (shared + least) else LITTLE


def _total(words: Iterable[str], weigh: Weigh) -> float:
    return math.fsum(weigh(word) for word in words)


def _paired(one: set[str], other: set[str]) -> list[tuple[set[str], set[str], bool]]:
    """Return words of either side that are written in two ways, each used once, and whether that is by a typo."""
    joined = [({x}, found) for x in sorted(one) if (found := _spelled_by(x, other))]
    joined += [(found, {x}) for x in sorted(other) if (found := _spelled_by(x, one))]
    pairs = [(-2.0, left, right, False) for left, right in joined]
    pairs += [
        (-likeness, {x}, {y}, typo)
        for x in one
        for y in other
        if (likeness := _likeness(x, y)) > 0
        for typo in (not _abbreviates(x, y),)
    ]
    pairs.sort(key=lambda p: (p[0], sorted((sorted(p[1]), sorted(p[2])))))
    taken_one: set[str] = set()
    taken_other: set[str] = set()
    kept = []
    for _, left, right, typo in pairs:
        if not (left & taken_one or right & taken_other):
            taken_one |= left
            taken_other |= right
            kept.append((left, right, typo))
    return kept


def _spelled_by(word: str, words: set[str]) -> set[str]:
    """Return those of `words` that make up `word`: joined (northpoint) or by their first letters (ymca)."""
    if len(word) < _SHORTEST_ABBREVIATION or len(words) < 2:  # noqa: PLR2004 - two are joined
        return set()
    inside = [w for w in words if w in word]
    if sum(map(len, inside)) == len(word) and sorted("".join(inside)) == sorted(word):
        return set(inside)
    initials = sorted(w[0] for w in words)
    return set(words) if len(words) == len(word) and initials == sorted(word) else set()


def _abbreviates(one: str, other: str) -> bool:
    """Return whether one word begins the other: amer, american; or is its first letter."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and (len(short) >= _SHORTEST_ABBREVIATION or len(short) == 1) and short.isalpha()


def _likeness(one: str, other: str) -> float:
    """Return how far two words are one written in two ways, 0 to 1; numbers never are."""
    from rapidfuzz.distance import OSA

    if one[0].isdigit() or other[0].isdigit():
        return 0.0
    if _abbreviates(one, other):
        return 1.0
    if min(len(one), len(other)) < _SHORTEST_TYPO:
        return 0.0
    return OSA.normalized_similarity(one, other, score_cutoff=SIMILAR_WORD)
