"""The place at the beginning of a company's name: 江苏昆山华东机械有限公司 is in 昆山."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from crmcli.domain.values.person import is_company
from crmcli.domain.values.region import MUNICIPALITIES, city_names, district_names, province_names
from crmcli.domain.values.text import simplify, simplify_all

# Bare names of cities that as a first word mean another thing, or a place elsewhere, at least as often.
_CITY_WORDS = """
    朝阳 东方 大同 中山 兴安 新星 双河 白杨 阿里 北屯 昆玉 胡杨河 海东 海西 海北 黄南 山南 甘南 昌江 文山 红河
    白银 日照 安康 万宁 文昌 吴忠 铁门关 可克达拉
"""
_DISHES = "小面|火锅|拉面|牛肉面|刀削面|热干面|米粉|米线|螺蛳粉|大盘鸡|烤鸭|肉夹馍|小吃|烧烤|羊肉|酸奶|特产"
_DOUBTFUL = re.compile(
    rf"(?:{'|'.join(_CITY_WORDS.split())})(?![市县区]|地区|林区|.{{0,6}}自治[州县])"
    "|[东西矿]区|城[东西北]区|老城区|新市区"  # districts of one city whose names every town uses
    "|三明治|大连锁|大理(?:石|想|念|财|疗|论)|哈密瓜|和田玉|德州扑克|普洱茶|金华火腿|长春[藤花]|海口味|开封菜|天水围"
    "|黄山毛峰|南通[讯风]|内江湖|桂林木|上海滩|杭州湾|北海道"
    f"|.{{2,3}}(?:{_DISHES}|新村|小区|花园|花苑|家园|公园)"
)
# County-level cities whose bare names mean nothing else. Source: GB/T 2260.
_COUNTY_WORDS = """
    昆山 常熟 张家港 太仓 江阴 宜兴 溧阳 丹阳 扬中 靖江 如皋 启东 义乌 东阳 诸暨 嵊州 慈溪 余姚 海宁 桐乡 乐清
    温岭 临海 晋江 石狮 南安 福清 普宁 四会 浏阳 醴陵 寿光 诸城 胶州 滕州 荣成 龙口 莱州 邹平 巩义 新郑 登封
    公主岭 瓦房店 都江堰 三河 霸州 任丘 迁安
"""
_COUNTY_CITIES = frozenset(_COUNTY_WORDS.split())
# Behind a bare name these make it a street or a part of another place: 南京东路, 海南区.
_ELSEWHERE = re.compile(
    r"[东西南北中]{0,2}[一二三四五六七八九十]?(?:路(?!桥)|大?街|大道|道(?!路)|巷|胡同|桥|村|镇|乡|区(?!域)|县|大厦|广场)"
)
_NOT_FULL = re.compile("市[场值面价]|区[域块间]|县域")  # 昆山|市场, not 昆山市|场
_BRANCH = re.compile("[分支]行|分(?:公司|店|校|院|社|部|中心|理处)|办事处|营业[部厅]|代表处")
_ANEW = re.compile("[(（]|(?:大学|学院|公司|集团|银行)(?=..)")  # behind these another place may follow
_BRANCH_OR_ANEW = re.compile(f"{_BRANCH.pattern}|{_ANEW.pattern}")
_BEFORE_PLACE = ("中国", "(", "（")
_LONGEST_PERSON = 4  # hanzi

_Place = tuple[str, ...]  # province, city, district, as far as they are named
_Names = dict[str, tuple[tuple[str, _Place], ...]]  # first two hanzi -> (written name, place), the longest first


def place_of_company(name: str) -> tuple[str, ...]:
    """Return the province, city and district that a company's name begins with, as far as it names them beyond doubt.

    A branch says nothing: its firm's name begins elsewhere. Nor does a text that may be a person's name.

    >>> place_of_company("江苏昆山华东机械有限公司"), place_of_company("中国银行南京分行")
    (('江苏', '苏州', '昆山市'), ())
    """
    return _place_of(simplify(name), name)


def places_of_companies(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return `place_of_company` of each name; "" has none."""
    heads = _heads()
    return [
        _place_of(text, name) if text[:2] in heads or text.startswith(_BEFORE_PLACE) else ()
        for text, name in zip(simplify_all(names), names, strict=True)
    ]


def _place_of(text: str, name: str) -> tuple[str, ...]:
    """Return the place that a name begins with; `text` is the name in simplified writing."""
    text = text.removeprefix("中国").lstrip("(（")
    if text[:2] not in _heads() or (len(name) <= _LONGEST_PERSON and not is_company(name)):
        return ()
    place = None if begins_doubtfully(text) else _head(text)
    if place is None or not _BRANCH_OR_ANEW.search(text):
        return place or ()
    if _BRANCH.search(text):
        return ()
    for found in _ANEW.finditer(text, 2):
        other = _head(text[found.end() :])
        if other and not _agree(place, other):
            return ()
    return place


def begins_doubtfully(text: str) -> bool:
    """Return whether a text begins as the name of a place does, but with a word that is as often another.

    >>> [begins_doubtfully(text) for text in ("朝阳门外大街", "朝阳市双塔区", "三明治", "三明")]
    [True, False, True, False]
    """
    return _DOUBTFUL.match(text) is not None


def _agree(one: _Place, other: _Place) -> bool:
    return all(a == b for a, b in zip(one, other, strict=False))


def _head(text: str) -> _Place | None:
    """Return the most exact place that a text begins with."""
    found = _first(text, _heads())
    if found is None:
        return None
    written, place = found
    inside = _inside()
    while (names := inside.get(place)) and (inner := _first(text := text[len(written) :], names)):
        written, place = inner
    return place


def _first(text: str, names: _Names) -> tuple[str, _Place] | None:
    for written, place in names.get(text[:2], ()):
        if text.startswith(written) and _is_meant(written, text):
            return written, place
    return None


def _is_meant(written: str, text: str) -> bool:
    """Return whether a name at the start of a text is a place there, not the start of another word."""
    if written.endswith(("省", "市", "区", "县", "州", "盟", "旗")) and len(written) > 2:  # noqa: PLR2004 - 苏州, 郑州
        return not _NOT_FULL.match(text, len(written) - 1)
    return not _ELSEWHERE.match(text, len(written))


@cache
def _heads() -> _Names:
    """Return the places that a name may begin with: those that there is one of."""
    names = {written: _whole(province) for written, province in province_names().items()}
    for written, cities in city_names().items():
        if len(cities) == 1:
            names.setdefault(written, cities[0])
    for written, districts in district_names().items():
        place, full = districts[0]
        if len(districts) == 1 and (written == full or written in _COUNTY_CITIES):
            names.setdefault(written, (*place, full))
    return _by_start(names)


@cache
def _inside() -> dict[_Place, _Names]:
    """Return place -> the cities and districts of a province, or the districts of a city."""
    names: dict[_Place, dict[str, _Place]] = {}
    for written, cities in city_names().items():
        for city in cities:
            names.setdefault(city[:1], {})[written] = city
    for written, districts in district_names().items():
        known = [(*city, full) for city, full in districts if written == full or written in _COUNTY_CITIES]
        in_province = Counter(place[0] for place in known)
        for place in known:
            names.setdefault(place[:2], {})[written] = place
            if in_province[place[0]] == 1 and place[0] not in MUNICIPALITIES:
                names.setdefault(place[:1], {}).setdefault(written, place)
    return {place: _by_start(inside) for place, inside in names.items()}


def _whole(province: str) -> _Place:
    return (province, province) if province in MUNICIPALITIES else (province,)


def _by_start(names: dict[str, _Place]) -> _Names:
    starts: dict[str, list[tuple[str, _Place]]] = {}
    for written in sorted(names, key=lambda name: (-len(name), name)):
        starts.setdefault(written[:2], []).append((written, names[written]))
    return {start: tuple(found) for start, found in starts.items()}
