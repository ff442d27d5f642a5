"""Distinct texts taken apart: each part of all of them as codes, list by list so that memory stays bounded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import count, repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.matching import addresses
from crmcli.matching.addresses_at_once import plain_addresses
from crmcli.matching.latin_words import words_of
from crmcli.matching.names import PARTNERSHIP, NameParts, take_apart
from crmcli.matching.names_at_once import PlainNames, plain_names
from crmcli.matching.normalise import UNKNOWN, digits_of, encode, is_chinese, numerals_to_digits, pinyin_of
from crmcli.matching.places import Place
from crmcli.matching.places_at_once import Named

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


def seat(places: Iterable[Place]) -> str:
    """Return the city that `places` lie in as one text; "" when they name none, or several."""
    cities = {p.city or (p.province if p.province in MUNICIPALITIES else "") for p in places if p.province != "中国"}
    return cities.pop() if len(cities) == 1 else ""


def _company_like(parts: NameParts) -> bool:
    """Return whether a name is an organisation's and not a person's or a bare word."""
    stated = parts.form or parts.trade or parts.places or parts.group or parts.branch
    return bool(stated) or (len(parts.brand) >= _COMPANY_LIKE_CHARACTERS and is_chinese(parts.brand))


def latin_words(parts: NameParts) -> tuple[str, ...]:
    """Return the words of a Latin name, none of a Chinese one."""
    return () if is_chinese(parts.text) else words_of(parts.brand)


def names_apart(texts: list[str], known: Named | None = None) -> Taken:
    """Return part -> that part of each of the folded names: the plain ones all at once, the others one by one."""
    plain = plain_names(texts, known)
    others = _others(len(texts), plain.rows)
    return _both(_of_plain_names(plain), plain.rows, _of_names([take_apart(texts[row]) for row in others]), others)


def _of_names(said: list[NameParts]) -> Taken:
    latin = [not is_chinese(parts.text) for parts in said]
    columns: dict[str, tuple[Sequence[Any], Any]] = {
        "brand": ([parts.brand for parts in said], ""),
        "trade": ([parts.trade for parts in said], ""),
        "places": ([parts.places for parts in said], ()),
        "branch": ([(parts.branch, parts.branch_places) for parts in said], ("", ())),
        "words": ([words_of(p.brand) if is_latin else () for is_latin, p in zip(latin, said, strict=True)], ()),
        "has_form": ([bool(parts.form) for parts in said], False),
        "partnership": ([parts.form == PARTNERSHIP for parts in said], False),
        "group": ([parts.group for parts in said], False),
        "latin": (latin, False),
        "company_like": (list(map(_company_like, said)), False),
    }
    return {name: Coded(*encode(column, none)) for name, (column, none) in columns.items()}


def _of_plain_names(plain: PlainNames) -> Taken:
    import numpy as np

    brand, trade = Coded(*encode(plain.brands, "")), Coded(*encode(plain.trades, ""))
    long = np.array([*(len(text) >= _COMPANY_LIKE_CHARACTERS for text in brand.values), False])[brand.codes]
    places = _of_codes(plain.places, plain.named)
    flags = {
        "has_form": plain.formed,
        "group": plain.group,
        "company_like": plain.formed | plain.group | long | (trade.codes >= 0) | (places.codes >= 0),
    }
    nowhere = np.full(len(plain.rows), UNKNOWN, dtype=np.int64)
    parts = {"brand": brand, "trade": trade, "places": places}
    parts |= {name: Coded(np.where(flag, 0, UNKNOWN), [True]) for name, flag in flags.items()}
    return parts | dict.fromkeys(("branch", "words", "partnership", "latin"), Coded(nowhere, []))


def addresses_apart(texts: list[str], known: Named | None = None) -> Taken:
    """Return part -> that part of each of the folded addresses: the plain ones all at once, the others one by one."""
    import numpy as np

    plain = plain_addresses(texts, known)
    others = _others(len(texts), plain.rows)
    said = [addresses.take_apart(texts[row]) for row in others]
    slow = {name: Coded(*encode([getattr(parts, name) for parts in said], "")) for name in _ADDRESS_PARTS}
    slow["seat"] = Coded(*encode([seat(parts.places) for parts in said], ""))
    nowhere = Coded(np.full(len(plain.rows), UNKNOWN, dtype=np.int64), [])
    fast = {
        "road": derived(Coded(*encode(plain.roads, "")), numerals_to_digits),
        "number": Coded(*encode(plain.numbers, "")),
        "side": nowhere,
        "postcode": nowhere,
        "seat": derived(_of_codes(plain.places, plain.named), seat),
    }
    return _both(fast, plain.rows, slow, others)


def _others(size: int, rows: Codes) -> list[int]:
    """Return the rows that are not among `rows`."""
    import numpy as np

    other = np.ones(size, dtype=np.bool_)
    other[rows] = False
    return np.flatnonzero(other).tolist()


def _of_codes(codes: Codes, places: list[tuple[Place, ...]]) -> Coded:
    """Return codes of sets of places, some of which may be equal, as a part; no place is unknown."""
    return derived(Coded(codes, places), tuple, ())


def _both(first: Taken, rows: Codes, second: Taken, others: list[int]) -> Taken:
    """Return the parts of two sets of texts, of which the rows among all texts are given."""
    import numpy as np

    taken = {}
    for name, part in first.items():
        joined = _Joined()
        joined.add(part)
        joined.add(second[name])
        both = joined.coded()
        codes = np.empty(len(both.codes), dtype=np.int64)
        codes[rows], codes[others] = np.split(both.codes, [len(rows)])
        taken[name] = Coded(codes, both.values)
    return taken


def derived(part: Coded, change: Callable[[Any], Any], unknown: Any = "") -> Coded:
    """Return what `change` makes of each value of a part; `unknown` stands for nothing known."""
    import numpy as np

    codes, values = encode([change(value) for value in part.values], unknown)
    return Coded(np.append(codes, UNKNOWN)[part.codes], values)


def all_apart(take: Callable[[list[str], Named], Taken], texts: Sequence[str]) -> Taken:
    """Return what `take` finds in all texts, list by list of them; codes follow the order of first occurrence."""
    lists = [list(texts[i : i + _TOGETHER]) for i in range(0, max(len(texts), 1), _TOGETHER)]
    joined: dict[str, _Joined] = {}
    for taken in map(take, lists, repeat(Named())):
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
