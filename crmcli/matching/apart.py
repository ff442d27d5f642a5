"""Distinct texts taken apart: each part of all of them as codes, several lists of texts at once where asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.matching.addresses import AddressParts
from crmcli.matching.addresses_at_once import addresses_taken_apart
from crmcli.matching.latin_words import words_of
from crmcli.matching.names import PARTNERSHIP, NameParts
from crmcli.matching.names_at_once import names_taken_apart
from crmcli.matching.normalise import UNKNOWN, digits_of, encode, is_chinese, pinyin_of
from crmcli.matching.places import Place

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]

_TOGETHER = 50_000  # texts that are taken apart together
_COMPANY_LIKE_CHARACTERS = 4
_ADDRESS_PARTS = ("road", "number", "side", "postcode")
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


def _company_like(said: Mapping[str, Sequence[Any]]) -> list[bool]:
    """Return whether each of the names is an organisation's and not a person's or a bare word."""
    parts = zip(*(said[name] for name in ("form", "trade", "places", "group", "branch")), strict=True)
    return [
        any(stated) or (len(brand) >= _COMPANY_LIKE_CHARACTERS and is_chinese(brand))
        for stated, brand in zip(parts, said["brand"], strict=True)
    ]


def latin_words(parts: NameParts) -> tuple[str, ...]:
    """Return the words of a Latin name, none of a Chinese one."""
    return () if is_chinese(parts.text) else words_of(parts.brand)


def names_apart(texts: list[str]) -> Taken:
    """Return part -> that part of each of the folded names."""
    said = _columns(NameParts._fields, names_taken_apart(texts))
    latin = [not is_chinese(text) for text in texts]
    columns: dict[str, tuple[Sequence[Any], Any]] = {
        "brand": (said["brand"], ""),
        "trade": (said["trade"], ""),
        "places": (said["places"], ()),
        "branch": (list(zip(said["branch"], said["branch_places"], strict=True)), ("", ())),
        "words": ([words_of(b) if is_latin else () for is_latin, b in zip(latin, said["brand"], strict=True)], ()),
        "has_form": (list(map(bool, said["form"])), False),
        "partnership": ([form == PARTNERSHIP for form in said["form"]], False),
        "group": (said["group"], False),
        "latin": (latin, False),
        "company_like": (_company_like(said), False),
    }
    return {name: Coded(*encode(column, none)) for name, (column, none) in columns.items()}


def addresses_apart(texts: list[str]) -> Taken:
    """Return part -> that part of each of the folded addresses."""
    said = _columns(AddressParts._fields, addresses_taken_apart(texts))
    taken = {name: Coded(*encode(said[name], "")) for name in _ADDRESS_PARTS}
    taken["seat"] = derived(Coded(*encode(said["places"], ())), seat)
    return taken


def _columns(names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> dict[str, Sequence[Any]]:
    """Return rows as columns, by name."""
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return dict(zip(names, columns, strict=True))


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


def with_core(names: Taken) -> Taken:
    """Return the parts of all names, with what is made of brand and trade: cheaper so than taken along list by list."""
    brand, trade = names["brand"], names["trade"]
    brands, trades = [*brand.values, ""], [*trade.values, ""]
    both = zip(brand.codes.tolist(), trade.codes.tolist(), strict=True)
    core = Coded(*encode([brands[i] + trades[j] for i, j in both], ""))
    sound = derived(brand, lambda text: pinyin_of(text) if is_chinese(text) else text)
    return names | {
        "core": core,
        "digits": derived(core, digits_of),
        "sound": sound,
        "seat": derived(names["places"], seat),
    }


class _Joined:
    """One part of texts that come list by list."""

    def __init__(self) -> None:
        self._code_of: defaultdict[Any, int] = defaultdict(count().__next__)
        self._codes: list[Codes] = []

    def add(self, part: Coded) -> None:
        import numpy as np

        here = np.array([*map(self._code_of.__getitem__, part.values), UNKNOWN], dtype=np.int64)
        self._codes.append(here[part.codes])

    def coded(self) -> Coded:
        """Return the part of all of them."""
        import numpy as np

        return Coded(np.concatenate(self._codes), list(self._code_of))
