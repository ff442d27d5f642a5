"""Words of Latin names: one spelling for variants of a word, and how much each word tells."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

# words that bind others and tell nothing
_BINDING_WORDS = "the a an of and at in on for by to with de du des der die das und et y e"
_BINDING = frozenset(_BINDING_WORDS.split())
# words that every other organisation is called by; the data at hand adds its own
_GENERIC_WORDS = """
restaurant cafe bar grill house room club inn hotel kitchen pizza bistro tavern delicatessen dining food coffee tea
center school academy college university institute child children kid day care learning development early education
community service society association foundation council agency home church saint family health medical hospital clinic
dental care program project site department office public city county state national international global world
american united first new north south east west central town park street avenue road square building
company group holding trading trade industry industrial enterprise partner technology tech solution system software
engineering electronic machinery equipment manufacturing product material chemical energy power auto motor
business consulting management design digital data network media marketing communication information
logistics transport shipping import export supply store shop market bank capital investment finance financial insurance
property estate construction travel la le el los las il
"""
_GENERIC = frozenset(_GENERIC_WORDS.split())
_ONE_SPELLING = """
saint:st mount:mt center:centre,ctr,cntr,cent theater:theatre department:dept international:intl,int university:univ
association:assn,assoc,assoc service:svc,svcs,serv manufacturing:mfg national:natl brother:bros technology:tech
hospital:hosp delicatessen:deli barbecue:bbq,barbeque building:bldg management:mgmt government:govt grill:grille
development:dev education:educ,edu engineering:eng american:amer company:cie academy:acad community:comm square:sq
1:one 2:two,second,ii 3:three,third,iii 4:four,fourth,iv 5:five,fifth 6:six,sixth 7:seven,seventh,vii
8:eight,eighth,viii 9:nine,ninth 10:ten,tenth
"""
_SHORTEST_PLURAL = 4
_ORDINALS = ("st", "nd", "rd", "th")
# a name of ten thousand has a certain telling word, one in fifty a certain generic one
_PRIOR_RARE, _PRIOR_GENERIC = 1e-4, 0.02
_PRIOR_NAMES = 1_000
_LEAST, _MOST = 0.2, 8.0
_GENERIC_WEIGHT = 3.0
# a word in one of eight names tells nothing
_TELLS_NOTHING_BITS = 3.0


@cache
def _spellings() -> dict[str, str]:
    entries = (entry.partition(":") for entry in _ONE_SPELLING.split())
    return {variant: word for word, _, variants in entries for variant in variants.split(",")}


@cache
def one_spelling(word: str) -> str:
    """Return a folded word without plural or possessive s, written out, numbers as digits.

    >>> [one_spelling(w) for w in ("mortons", "ctr", "87th", "third", "bass")]
    ['morton', 'center', '87', '3', 'bass']
    """
    if word[:1].isdigit():
        digits = next((word.removesuffix(end) for end in _ORDINALS if word.endswith(end)), word)
        return digits if digits.isdigit() else word
    word = _spellings().get(word, word)
    plural = len(word) >= _SHORTEST_PLURAL and word.endswith("s") and not word.endswith("ss")
    return _spellings().get(word[:-1], word[:-1]) if plural else word


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a folded Latin name, each once, in their order; words that only bind are left out.

    >>> words_of("the dining room at the ritz carlton")
    ('dining', 'room', 'ritz', 'carlton')
    """
    written = text.replace("(", " ").replace(")", " ").replace("&", " ").split()
    telling = [word for word in written if word not in _BINDING] or written
    return tuple(dict.fromkeys(map(one_spelling, telling)))


@dataclass(frozen=True, slots=True)
class WordCounts:
    """In how many of `names` names each word stands; none counted: the words are weighed as in names everywhere."""

    names: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    def weight(self, word: str) -> float:
        """Return how much a shared word tells, `_LEAST` to `_MOST`: bits of surprise beyond those of any word."""
        prior = _PRIOR_GENERIC if word in _GENERIC else _PRIOR_RARE
        share = (self.counts.get(word, 0) + prior * _PRIOR_NAMES) / (self.names + _PRIOR_NAMES)
        return min(max(-math.log2(share) - _TELLS_NOTHING_BITS, _LEAST), _MOST)

    def is_generic(self, word: str) -> bool:
        """Return whether a word says what something is or where, not which one it is."""
        return word in _GENERIC or self.weight(word) < _GENERIC_WEIGHT


NO_COUNTS = WordCounts()


def count_words(names: Iterable[tuple[str, ...]], cities: Iterable[tuple[str, ...]] = ()) -> WordCounts:
    """Return the counts over the words of names, each distinct name once, and of the cities, one a record.

    A city in a name says little where many records are in it.
    """
    distinct = set(names) - {()}
    counts = Counter(word for name in distinct for word in set(name))
    counts.update(word for city in cities for word in set(city))
    return WordCounts(len(distinct), counts)
