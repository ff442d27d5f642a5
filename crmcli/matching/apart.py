"""Distinct texts taken apart: each part of all of them as codes, several lists of texts at once where asked for."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.matching import addresses
from crmcli.matching.latin_words import words_of
from crmcli.matching.names import PARTNERSHIP, NameParts, take_apart
from crmcli.matching.normalise import UNKNOWN, encode, is_chinese, pinyin_of
from crmcli.matching.places import Place

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]

_TOGETHER = 10_000  # texts that are taken apart together
_COMPANY_LIKE_CHARACTERS = 4
MUNICIPALITIES = frozenset(("北京市", "上海市", "天津市", "重庆市", "香港", "澳门"))


class Coded(NamedTuple):
    """One part of many texts: a code per text (-1 unknown) and the distinct values behind the codes."""

    codes: Codes
    values: list[Any]


Taken = dict[str, Coded]
# does a function of one list for each of several lists, in their order, as `map` does; maybe in other processes
Spread = Callable[[Callable[[list[str]], Taken], Iterable[list[str]]], Iterable[Taken]]


def seat(places: Iterable[Place]) -> str:
    """Return the city that `places` lie in as one text; "" when they name none, or several."""
    cities = {p.city or (p.province if p.province in MUNICIPALITIES else "") for p in places if p.province != "中国"}
    return cities.pop() if len(cities) == 1 else ""


def company_like(parts: NameParts) -> bool:
    """Return whether a name is an organisation's and not a person's or a bare word."""
    if parts.form or parts.trade or parts.places or parts.group or parts.branch:
        return True
    return is_chinese(parts.brand) and len(parts.brand) >= _COMPANY_LIKE_CHARACTERS


def latin_words(parts: NameParts) -> tuple[str, ...]:
    """Return the words of a Latin name, none of a Chinese one."""
    return () if is_chinese(parts.text) else words_of(parts.brand)


# part -> how it is read from a name, and what it is where a name says nothing of it
_NAME_PARTS: dict[str, tuple[Callable[[NameParts], Hashable], Hashable]] = {
    "brand": (lambda p: p.brand, ""),
    "trade": (lambda p: p.trade, ""),
    "core": (lambda p: p.core, ""),
    "digits": (lambda p: p.digits, ""),
    "places": (lambda p: p.places, ()),
    "branch": (lambda p: (p.branch, p.branch_places), ("", ())),
    "words": (latin_words, ()),
    "has_form": (lambda p: bool(p.form), False),
    "partnership": (lambda p: p.form == PARTNERSHIP, False),
    "group": (lambda p: p.group, False),
    "latin": (lambda p: not is_chinese(p.text), False),
    "company_like": (company_like, False),
}
_ADDRESS_PARTS = ("road", "number", "side", "postcode")


def names_apart(texts: list[str]) -> Taken:
    """Return part -> that part of each of the folded names."""
    parts = [take_apart(text) for text in texts]
    taken = {name: Coded(*encode([of(p) for p in parts], none)) for name, (of, none) in _NAME_PARTS.items()}
    taken["sound"] = derived(taken["brand"], lambda brand: pinyin_of(brand) if is_chinese(brand) else brand)
    taken["seat"] = derived(taken["places"], seat)
    return taken


def addresses_apart(texts: list[str]) -> Taken:
    """Return part -> that part of each of the folded addresses."""
    parts = [addresses.take_apart(text) for text in texts]
    taken = {name: Coded(*encode([getattr(p, name) for p in parts], "")) for name in _ADDRESS_PARTS}
    taken["seat"] = derived(Coded(*encode([p.places for p in parts], ())), seat)
    return taken


def derived(part: Coded, change: Callable[[Any], str]) -> Coded:
    """Return what `change` makes of each value of a part; "" is unknown."""
    import numpy as np

    codes, values = encode([change(value) for value in part.values], "")
    return Coded(np.append(codes, UNKNOWN)[part.codes], values)


def all_apart(take: Callable[[list[str]], Taken], texts: Sequence[str], spread: Spread) -> Taken:
    """Return what `take` finds in all texts, list by list of them; codes follow the order of first occurrence."""
    lists = [list(texts[i : i + _TOGETHER]) for i in range(0, max(len(texts), 1), _TOGETHER)]
    joined: dict[str, _Joined] = {}
    for taken in spread(take, lists):
        for name, part in taken.items():
            joined.setdefault(name, _Joined()).add(part)
    return {name: parts.coded() for name, parts in joined.items()}


class _Joined:
    """One part of texts that come list by list."""

    def __init__(self) -> None:
        self._code_of: dict[Any, int] = {}
        self._codes: list[Codes] = []

    def add(self, part: Coded) -> None:
        import numpy as np

        known = self._code_of
        here = [known.setdefault(value, len(known)) for value in part.values]
        self._codes.append(np.array([*here, UNKNOWN], dtype=np.int64)[part.codes])

    def coded(self) -> Coded:
        """Return the part of all of them."""
        import numpy as np

        return Coded(np.concatenate(self._codes), list(self._code_of))
