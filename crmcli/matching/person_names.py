"""Given names, surnames and dates of birth: what is compared of a person."""

from __future__ import annotations

from collections import Counter

from crmcli.matching.normalise import is_chinese

EQUAL, SIMILAR, APART = range(3)
_SIMILAR_JARO = 0.88
_SHORTEST_TYPO = 3
_TWO_TYPOS_FROM = 6
_SHORTEST_SHORT_FORM = 3
_SHORTEST_GARBLED = 4


def parted(text: str) -> tuple[str, str]:
    """Return given name and surname of a folded Latin name, the surname last; a name of one word is a surname.

    Chinese names are compared whole, as they stand.

    >>> parted("mary ann smith"), parted("smith"), parted("王伟")
    (('mary ann', 'smith'), ('', 'smith'), ('', ''))
    """
    if is_chinese(text):
        return "", ""
    given, _, surname = text.rpartition(" ")
    return given, surname


def names_alike(one: str, other: str) -> int:
    """Return whether two given names or two surnames are EQUAL, SIMILAR (a typo, a short form, an initial) or APART."""
    from rapidfuzz.distance import OSA, JaroWinkler

    if one == other:
        return EQUAL
    short, long = sorted((one, other), key=len)
    if long.startswith(short) and (len(short) >= _SHORTEST_SHORT_FORM or len(short) == 1):
        return SIMILAR
    if len(short) < _SHORTEST_TYPO:
        return APART
    typos = OSA.distance(one, other)
    if typos <= (2 if len(long) >= _TWO_TYPOS_FROM else 1):
        return SIMILAR
    alike = JaroWinkler.similarity(one, other) >= _SIMILAR_JARO or _garbled(short, long)
    return SIMILAR if alike else APART


def _garbled(short: str, long: str) -> bool:
    """Return whether two names have the same letters in another order, one of them one more: archie, areceih."""
    if len(short) < _SHORTEST_GARBLED or len(long) > len(short) + 1:
        return False
    return not Counter(short) - Counter(long)


def date_slips(one: str, other: str) -> int:
    """Return how many slips turn one ISO date into another: a digit, two turned round, day and month."""
    from rapidfuzz.distance import OSA

    year, month, day = one.split("-")
    return 1 if other == f"{year}-{day}-{month}" != one else OSA.distance(one, other)


def parts_shared(one: str, other: str) -> int:
    """Return how many of year, month and day two ISO dates share."""
    return sum(x == y for x, y in zip(one.split("-"), other.split("-"), strict=True))
