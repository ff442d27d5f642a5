"""Chinese places in Latin letters, as the English names of Chinese firms begin with or bracket them."""

from __future__ import annotations

import re
from functools import cache

from crmcli.domain.values.region import divisions
from crmcli.matching.places import AREA, Place, place_named, stem

_NAMED = {
    "hk": Place("香港"),
    "hong kong": Place("香港"),
    "hongkong": Place("香港"),
    "china": Place("中国"),
    "macau": Place("澳门"),
    "macao": Place("澳门"),
}
_ANYWHERE = re.compile(rf"\b(?:{'|'.join(_NAMED)})\b")
# of two places that are written alike, the one that is meant; others of that kind are not taken for places
_MEANT = {"suzhou": "苏州", "fuzhou": "福州", "taizhou": "台州", "shaanxi": "陕西", "shanxi": "山西", "jilin": "吉林"}
_BRACKET = re.compile(r"\(([a-z ]+)\)")
_SHORTEST = 5  # jian, dali and heze are also names of people and words


@cache
def _table() -> dict[str, Place | None]:
    """Return pinyin of a province or city -> the place; None where several are written so."""
    from pypinyin import lazy_pinyin

    table: dict[str, Place | None] = {}
    for names in divisions():
        place = Place(*names)
        if place.level < AREA:
            written = "".join(lazy_pinyin(stem(place.city or place.province)))
            table[written] = place if table.get(written, place) == place else None
    return {word: place for word, place in table.items() if len(word) >= _SHORTEST} | {
        word: place_named(name) for word, name in _MEANT.items()
    }


def without_named(text: str) -> tuple[str, tuple[Place, ...]]:
    """Return a folded Latin name without Hong Kong, Macau and China, and those of them that stood in it."""
    places = tuple(_NAMED[found] for found in _ANYWHERE.findall(text))
    return (_ANYWHERE.sub(" ", text) if places else text), places


def places_written(text: str) -> tuple[Place, ...]:
    """Return the provinces and cities that a firm's folded English name begins with or has in brackets.

    >>> places_written("shanghai dingxin technology co ltd"), places_written("dingxin (ningbo) trading co ltd")
    ((Place(province='上海市', city='', area=''),), (Place(province='浙江省', city='宁波市', area=''),))
    """
    first = text.split(" ", 1)[0].partition("(")[0]
    words = [first, *(inside.replace(" ", "") for inside in _BRACKET.findall(text))]
    found = (_table().get(word) for word in words)
    return tuple(place for place in found if place)
