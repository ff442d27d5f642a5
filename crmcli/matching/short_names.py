"""The full names that a short one may mean: 华东精密 -> 上海华东精密机械有限公司, best first.

A short name is laid along a full one, character by character in order. What it leaves out costs little where people
leave out (place, trade, legal form) and much where they do not (the beginning of the brand); a character that the full
name lacks costs most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crmcli.matching.legal_forms import COMPANY_FORMS, LATIN_FORMS
from crmcli.matching.names import take_apart
from crmcli.matching.normalise import fold

# marks that exchanges put on a short name: ST, ex dividend, new; share classes
# Source: trading rules of the Shanghai, Shenzhen and Hong Kong exchanges
_MARK = re.compile(r"^(?:s?st|xd|xr|dr|[nc])(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])(?:[ab]股?|[hwsupr])$")
_SHARE_CLASS = re.compile(r"[-－][A-Za-z]{1,3}$")
_LISTED_FORM = "股份"
# words that a short name ends with whether or not the full one has them
_KIND_WORDS = (_LISTED_FORM, "集团", "控股", "科技", "国际")
# Source: GB/T 2260 and customary use
_PLACE_LETTERS = """
京北京 津天津 冀河北 晋山西 蒙内蒙古 辽辽宁 吉吉林 黑黑龙江 沪上海 苏江苏 浙浙江 皖安徽 闽福建 赣江西 鲁山东 豫河南
鄂湖北 湘湖南 粤广东 桂广西 琼海南 渝重庆 川四川 蜀四川 贵贵州 黔贵州 云云南 滇云南 藏西藏 陕陕西 秦陕西 甘甘肃 陇甘肃
青青海 宁宁夏 新新疆 港香港 澳澳门 台台湾 深深圳 穗广州
"""
_PLACE_OF = {word[0]: word[1:] for word in _PLACE_LETTERS.split()}

# Source: set on one half of 3,924 short names of listed firms with their full ones, judged on the other half.
# What it costs to leave out a character of each part of the full name, and the most that stands before the match
_LEFT_OUT = {"place": 0.05, "brand": 1.2, "brand's rest": 0.3, "trade": 0.12, "form": 0.02, "latin": 0.06}
_MOST_BEFORE = 1.5
_BRAND_START = 2
_MATCH, _STARTS, _GAP = 1.0, 0.8, 0.35
_LACKING_START, _LACKING, _LACKING_PLACE_LETTER = 3.5, 2.2, 0.3
_KIND_THERE, _KIND_LACKING = 0.6, -0.3
_WITHOUT_PLACE = 0.5
_NOTHING = -1.5
_NEVER = -1e9
SIMILAR = 15.0
AS_GOOD = 4.0  # points between scores that are too few to prefer one


@dataclass(frozen=True, slots=True)
class ShortName:
    """A short name without its marks: the characters that must be found, and the words that may be."""

    body: str
    kinds: tuple[str, ...]

    @property
    def best(self) -> float:
        """Return the weight of a full name that has everything in its place."""
        return len(self.body) * _MATCH + _STARTS + len(self.kinds) * _KIND_THERE


@dataclass(frozen=True, slots=True)
class FullName:
    """A full name's characters, what it costs to leave each out, and where a short name is expected to start."""

    text: str
    costs: tuple[float, ...]
    starts: frozenset[int]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well a name answers to a text: its position among the names given, and 0-100."""

    position: int
    score: float


def rank_names(text: str, names: Sequence[str]) -> list[Likeness]:
    """Return which names a text may mean, best first, equals in the order given; only those of `SIMILAR` and more.

    >>> names = ["华东重机股份有限公司", "上海华东精密机械有限公司"]
    >>> [names[found.position] for found in rank_names("华东精密", names)]
    ['上海华东精密机械有限公司']
    """
    found = [Likeness(position, likeness(text, name)) for position, name in enumerate(names)]
    return sorted((one for one in found if one.score >= SIMILAR), key=lambda one: (-one.score, one.position))


def equally_good(scores: Iterable[float]) -> int:
    """Return how many of the scores, best first, are as good as the best.

    >>> equally_good([90.0, 88.5, 60.0]), equally_good([90.0, 60.0]), equally_good([])
    (2, 1, 0)
    """
    ranked = list(scores)
    return sum(score >= ranked[0] - AS_GOOD for score in ranked)


def likeness(text: str, name: str) -> float:
    """Return 0-100, how much one of two names is a short form of the other."""
    full = full_name(name)
    scores = [_share(_weight(short, full) - cost, short) for short, cost in _readings(text)]
    if len(full.text) < len(full_name(text).text):
        short = short_name(name)
        scores.append(_share(_weight(short, full_name(text)), short))
    return max(scores)


def characters_of(text: str) -> tuple[str, str]:
    """Return the characters by which a text is searched: those of its brand, and those of brand and trade."""
    parts = take_apart(fold(text))
    short = _readings(text)[-1][0].body
    brand = parts.brand if parts.form and parts.brand in short else short
    return "".join(dict.fromkeys(brand.replace(" ", ""))), "".join(dict.fromkeys(short))


@lru_cache(maxsize=64)
def _readings(text: str) -> list[tuple[ShortName, float]]:
    """Return a text as a short name, and what the reading costs: as it stands; a full name without its place too."""
    as_it_stands = short_name(text)
    parts = take_apart(fold(text))
    core = short_name(parts.core) if parts.form and parts.places and parts.core else as_it_stands
    return [(as_it_stands, 0.0)] if core == as_it_stands else [(as_it_stands, 0.0), (core, _WITHOUT_PLACE)]


def _plain(text: str) -> str:
    return fold(text).replace("(", "").replace(")", "").replace(" ", "")


def _without_form(text: str) -> str:
    """Return a text as one word without its legal form, which says nothing of who is meant."""
    if text.isascii():
        words = fold(text).split()
        return "".join([word for word in words if word not in LATIN_FORMS] or words)
    plain = _plain(text)
    form = next((form for form in COMPANY_FORMS if plain.endswith(form)), "")
    return plain.removesuffix(form)


@lru_cache(maxsize=64)
def short_name(text: str) -> ShortName:
    """Return a text as a short name.

    >>> short_name("*ST东园"), short_name("粤电力A").body, short_name("三维股份")
    (ShortName(body='东园', kinds=('股份',)), '粤电力', ShortName(body='三维', kinds=('股份',)))
    """
    plain = _without_form(_SHARE_CLASS.sub("", text.strip()))
    body = _MARK.sub("", plain) or plain
    kinds = [_LISTED_FORM] if body != plain else []
    while kind := next((k for k in _KIND_WORDS if body.endswith(k) and len(body) > len(k) + 1), ""):
        body = body.removesuffix(kind)
        kinds.append(kind)
    return ShortName(body, tuple(dict.fromkeys(kinds)))


@lru_cache(maxsize=1024)
def full_name(text: str) -> FullName:
    """Return a full name as it is compared with short ones."""
    parts = take_apart(fold(text))
    plain = _plain(text)
    brand = parts.brand.replace(" ", "")
    start = plain.find(brand) if brand else -1
    form = next((len(form) for form in COMPANY_FORMS if plain.endswith(form)), 0)
    cut = len(plain) - form
    costs = [_LEFT_OUT[_part(plain, position, start, len(brand), cut)] for position in range(len(plain))]
    return FullName(plain, tuple(costs), frozenset((0, max(start, 0))))


def _part(plain: str, position: int, start: int, length: int, form: int) -> str:
    if plain[position].isascii() and not plain[position].isdigit():
        return "latin"
    if position >= form:
        return "form"
    if start < 0 or position >= start + length:
        return "trade"
    if position < start:
        return "place"
    return "brand" if position < start + _BRAND_START else "brand's rest"


def _share(weight: float, short: ShortName) -> float:
    """Return a weight as 0-100: 0 for `_NOTHING` and less, 100 for everything in its place."""
    share = (weight - _NOTHING) / (short.best - _NOTHING)
    return round(max(0.0, min(1.0, share)) * 100, 1) if short.body else 0.0


def _weight(short: ShortName, full: FullName) -> float:
    kinds = sum(_KIND_THERE if kind in full.text else _KIND_LACKING for kind in short.kinds)
    return _aligned(short.body, full) + kinds


def _aligned(body: str, full: FullName) -> float:
    """Return the best weight of laying `body` along the full name, by dynamic programming.

    `skipped[i]` and `matched[i]` are the best weights with i characters of the body done, where the full name's last
    character was left out or matched.
    """
    lacking = _costs_of_lacking(body, full.text)
    size, before = len(body), 0.0
    skipped, matched = [0.0] * (size + 1), [_NEVER] * (size + 1)
    for i in range(size):
        skipped[i + 1] = skipped[i] - lacking[i]
    for position, (character, cost) in enumerate(zip(full.text, full.costs, strict=True)):
        before = min(before + cost, _MOST_BEFORE)
        after = [-before, *(max(a, b) - cost for a, b in zip(skipped[1:], matched[1:], strict=True))]
        hit = [_NEVER] * (size + 1)
        for i, wanted in enumerate(body):
            if wanted == character:
                came = max(skipped[i] - _GAP, matched[i]) if i else skipped[0]
                hit[i + 1] = came + _MATCH + (_STARTS if i == 0 and position in full.starts else 0.0)
        for i in range(size):
            after[i + 1] = max(after[i + 1], max(after[i], hit[i]) - lacking[i])
        skipped, matched = after, hit
    return max(skipped[size], matched[size])


def _costs_of_lacking(body: str, text: str) -> list[float]:
    """Return what it costs when the full name lacks a character; 粤 is there where it begins with 广东."""
    costs = [_LACKING_START if i < _BRAND_START else _LACKING for i in range(len(body))]
    place = _PLACE_OF.get(body[:1])
    if place and len(body) > 1 and text.startswith(place):
        costs[0] = _LACKING_PLACE_LETTER
    return costs
