"""Places inside a text -> the most exact place that they name together."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from crmcli.domain.values.region import divisions

PROVINCE, CITY, AREA = 1, 2, 3
_KEPT = 1 << 14  # answers that are kept, since the same places come again and again
_SUFFIXES = "省市区县旗盟州"
_PEOPLE_NAMES = """
壮族 回族 维吾尔 维吾尔族 土家族 苗族 藏族 羌族 彝族 布依族 侗族 哈尼族 傣族 白族 景颇族
傈僳族 蒙古 蒙古族 柯尔克孜 哈萨克 哈萨克族 朝鲜族 满族 瑶族 黎族 畲族 土族 撒拉族 东乡族 保安族
裕固族 锡伯 锡伯族 达斡尔族 拉祜族 佤族 布朗族 纳西族 独龙族 怒族 普米族 仡佬族 水族 毛南族 仫佬族
各族 塔吉克
"""
_PEOPLES = tuple(_PEOPLE_NAMES.split())
_NATIONAL = re.compile(rf"(?:{'|'.join(sorted(_PEOPLES, key=len, reverse=True))})*自治[区州县旗]$")
_ENDING = re.compile(r"(?:特别行政区|地区|林区|矿区|新区|[省市区县旗盟])$")
# after a bare place these begin a word of the name: 大连+市政, not 大连市+政
NOT_SUFFIX = ("市政", "市场", "区域", "县域", "市民", "州际", "区块")
# bare names of districts and cities that are brands more often than places
_BRAND_LIKE = "东方 平安 长安 朝阳 和平 新华 中山 大同 海洋 光明 红旗 长城 太平 建华 大通 开平 长乐 兴安 龙马"
_WORDS = frozenset(_BRAND_LIKE.split())
_BRAND_LIKE_CITIES = frozenset(("东方",))
# in brackets only: 绿源集团控股(开曼)有限公司, 环宇物流(亚洲)控股有限公司
_ABROAD_NAMES = """
亚洲 亚太 大中华 开曼 开曼群岛 百慕大 百慕达 新加坡 日本 韩国 美国 德国 英国 法国 澳洲 澳大利亚 加拿大
越南 泰国 马来西亚
"""
_ABROAD = frozenset(_ABROAD_NAMES.split())


class Place(NamedTuple):
    """A province, a city of it or a district; "" where a level is not named."""

    province: str
    city: str = ""
    area: str = ""

    @property
    def level(self) -> int:
        """Return PROVINCE, CITY or AREA."""
        return AREA if self.area else CITY if self.city else PROVINCE

    def within(self, other: Place) -> bool:
        """Return whether this place is `other` or lies in it."""
        return self.province == other.province and other.city in ("", self.city) and other.area in ("", self.area)


def stem(name: str) -> str:
    """Return a place's name as people write it: 上海市 -> 上海, 延边朝鲜族自治州 -> 延边."""
    if name == "内蒙古自治区":
        return "内蒙古"
    short = _NATIONAL.sub("", name)
    if short == name:
        short = _ENDING.sub("", name)
    return short if len(short) > 1 else name


def _divisions() -> list[Place]:
    found = [Place("香港"), Place("澳门"), Place("台湾"), Place("中国")]
    return found + [Place(*names) for names in divisions() if names[1] != names[2] or not names[1]]


@cache
def _table() -> dict[str, tuple[tuple[Place, ...], bool]]:
    """Return written name -> the places it may mean, and whether it is written in full (with 市, 区 ...)."""
    full: dict[str, list[Place]] = {}
    bare: dict[str, list[Place]] = {}
    for place in _divisions():
        name = place.area or place.city or place.province
        full.setdefault(name, []).append(place)
        if stem(name) != name or name in ("香港", "澳门", "台湾", "中国"):
            bare.setdefault(stem(name), []).append(place)
            bare.setdefault(name.partition("自治")[0], []).append(place)
    table = {name: (tuple(p), True) for name, p in full.items()}
    for name, meant in bare.items():
        table.setdefault(name, (tuple(dict.fromkeys(meant)), False))
        for ending in _SUFFIXES:  # 上虞市, since then a district
            table.setdefault(name + ending, (tuple(meant), True))
    return table


@cache
def _by_start() -> dict[str, tuple[int, ...]]:
    """Return first two characters -> how long the written names with them are, longest first."""
    lengths: dict[str, set[int]] = {}
    for name in _table():
        lengths.setdefault(name[:2], set()).add(len(name))
    return {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}


@cache
def _by_end() -> dict[str, list[str]]:
    """Return last two characters -> the written names with them."""
    ends: dict[str, list[str]] = {}
    for name in _table():
        ends.setdefault(name[-2:], []).append(name)
    return ends


def _choose(meant: tuple[Place, ...], around: tuple[Place, ...]) -> Place | None:
    """Return the one of the places that a name may mean which fits those named before it; None: several fit."""
    for level in (PROVINCE, CITY):
        top = [p for p in meant if p.level == level]
        if len(top) == 1 and not around:
            return top[0]
    inside = [p for p in meant if any(p.within(a) for a in around)]
    fitting = inside or ([] if around else list(meant))
    return fitting[0] if len(fitting) == 1 else None


@lru_cache(maxsize=_KEPT)
def _accepted(name: str, around: tuple[Place, ...], bare_areas: bool) -> Place | None:
    meant, full = _table()[name]
    place = _choose(meant, around)
    if place is None and around and full and len(meant) == 1:
        return meant[0]
    if place is None or full or place.level < AREA:
        return None if name in _BRAND_LIKE_CITIES else place
    if any(place.within(a) and a.level >= PROVINCE for a in around):
        return place
    return place if bare_areas and name not in _WORDS else None


def written_names() -> tuple[str, ...]:
    """Return every written name of a place, in no promised order."""
    return tuple(_table())


def accepted(name: str, around: tuple[Place, ...], *, bare_areas: bool) -> Place | None:
    """Return the place that one of `written_names` is at the start of a text, see `leading_place`; None: it is none."""
    return _accepted(name, around, bare_areas)


def name_ends() -> tuple[str, ...]:
    """Return the last two characters of the written names, in no promised order."""
    return tuple(_by_end())


def begins_like_place(text: str) -> bool:
    """Return whether some place's name has the first two characters of `text`."""
    return text[:2] in _by_start()


def leading_place(text: str, around: tuple[Place, ...] = (), *, bare_areas: bool = True) -> tuple[Place, str] | None:
    """Return the place that `text` starts with and its written form; None when it starts with none.

    Args:
        text: folded text.
        around: places named before, which decide between places of one name.
        bare_areas: accept districts without 区, 县 or 市 that lie in none of `around`.
    """
    table = _table()
    for length in _by_start().get(text[:2], ()):
        name = text[:length]
        if name not in table or text[length - 1 : length + 1] in NOT_SUFFIX:
            continue
        place = _accepted(name, around, bare_areas)
        if place:
            return place, name
    return None


@cache
def _ending(end: str) -> tuple[tuple[Place, str], ...]:
    """Return the provinces and cities whose written names end with two characters, and these names, longest first."""
    names = sorted(_by_end()[end], key=lambda n: (-len(n), n))
    found = ((_accepted(name, (), bare_areas=False), name) for name in names)
    return tuple((p, name) for p, name in found if p and p.level < AREA and p.province != "中国")


def trailing_place(text: str) -> tuple[Place, str] | None:
    """Return the province or city that `text` ends with and its written form; None when it ends with none."""
    end = text[-2:]
    if end in _by_end():
        for found in _ending(end):
            if text.endswith(found[1]):
                return found
    return None


@lru_cache(maxsize=_KEPT)
def most_exact(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Return the places without those that another lies in, sorted: 浙江, 台州, 黄岩 is 黄岩."""
    if len(places) < 2:  # noqa: PLR2004 - nothing to lie in
        return places
    kept = {p for p in places if not any(p != q and q.within(p) for q in places)}
    return tuple(sorted(kept, key=lambda p: (p.province, p.city, p.area)))


def place_named(text: str) -> Place | None:
    """Return the place that the whole of `text` (上海, 浙江省) names; None when it names none or several."""
    if text in _ABROAD:
        return Place(text)
    entry = _table().get(text)
    return _choose(entry[0], ()) if entry else None
