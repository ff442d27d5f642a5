"""Written regions and addresses -> province, city, district; landline numbers -> region."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from crmcli.domain.problem import Problem, register
from crmcli.domain.values.region_districts import DISTRICTS
from crmcli.domain.values.region_table import AREA_CODES, CITIES
from crmcli.domain.values.text import halfwidth, simplify

register(**{"region.unknown": "{text} names no region of China that is known"})

_GAPS = re.compile(r"[\s\-—–/\\|,、>·.]+")
_NATION = re.compile(r"^(?:中华人民共和国|中国)")
_PROVINCE_FORM = re.compile(r"(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|[省市])$")
_PEOPLES = "朝鲜|土家|苗|藏|羌|彝|布依|侗|哈尼|壮|傣|白|景颇|傈僳|回|蒙古|哈萨克|柯尔克孜|黎"
_CITY_FORM = re.compile(rf"(?:(?:(?:{_PEOPLES})族?)+自治[州县]|市|地区|盟|林区)$")
_FILLER = re.compile(r"^(?:市辖区|(?:省|自治区)直辖县级行政区划)")
# Behind a short name these make it a street or another place: 南京路, 朝阳区.
_OTHER_PLACE = re.compile(
    r"[东西南北中]{0,2}[一二三四五六七八九十]?(?:路|街|大街|大道|道|巷|胡同|大厦|广场|桥|村|镇|乡|区|县)"
)
MUNICIPALITIES = frozenset({"北京", "天津", "上海", "重庆"})
_LONGEST_NAME = 12
_LANDLINE = re.compile(r"\+86(10|[2-9][0-9]{1,2})[0-9]{7,8}(?:;|$)")


@dataclass(frozen=True, slots=True)
class Region:
    """A place in China: province and city in short form (江苏, 苏州), the district in full (昆山市); None: not said."""

    province: str
    city: str | None = None
    district: str | None = None


def parse_region(text: str) -> Region | Problem:
    """Return the region that a text or an address starts with.

    A city or a district without its province is taken only where one province has it.

    >>> parse_region("江苏省苏州市昆山市"), parse_region("广东-深圳")
    (Region(province='江苏', city='苏州', district='昆山市'), Region(province='广东', city='深圳', district=None))
    >>> parse_region("南京路100号").code, parse_region("朝阳区").code
    ('region.unknown', 'region.unknown')
    """
    value = _NATION.sub("", _GAPS.sub("", simplify(halfwidth(text))))
    province, rest = _head_province(value)
    places, rest = _head_city(_FILLER.sub("", rest), province)
    found = _with_district(province, places, _FILLER.sub("", rest))
    return found or Problem("region.unknown", text)


def region_of_phone(e164: str) -> Region | None:
    """Return the region of a Chinese landline's area code (its city where the code has one only), else None.

    >>> region_of_phone("+8651262345678"), region_of_phone("+8613800000000")
    (Region(province='江苏', city='苏州', district=None), None)
    """
    found = _LANDLINE.match(e164)
    if found is None:
        return None
    codes = _area_codes()
    return codes.get(found[1]) or codes.get(found[1][:2])


def _head_province(value: str) -> tuple[str | None, str]:
    name = _longest(value, province_names())
    city = _longest(value, city_names())
    if name is None or (city and len(city) > len(name)):
        return None, value
    return province_names()[name], value[len(name) :]


def _head_city(rest: str, province: str | None) -> tuple[list[tuple[str, str]], str]:
    """Return the (province, city) pairs that `rest` may start with, and what follows."""
    if province and province in MUNICIPALITIES:  # often written as its own city too: 上海市上海市浦东新区
        return [(province, province)], rest.removeprefix(f"{province}市")
    name = _longest(rest, city_names(), province)
    if name is None:
        return [], rest
    return [place for place in city_names()[name] if province in {None, place[0]}], rest[len(name) :]


def _with_district(province: str | None, places: list[tuple[str, str]], rest: str) -> Region | None:
    if len(places) == 1:
        (region, city) = places[0]
        district = next((name for _, name in _districts_at(rest, places[0])), None)
        return Region(region, city, district)
    matches = [found for found in _districts_at(rest) if province in {None, found[0][0]}]
    if len(matches) == 1:
        (region, city), district = matches[0]
        return Region(region, city, district)
    return Region(province) if province else None


def _districts_at(rest: str, place: tuple[str, str] | None = None) -> list[tuple[tuple[str, str], str]]:
    """Return (place, district) for the districts that `rest` starts with in full, or is in short (昆山)."""
    table = district_names()
    for length in range(min(len(rest), _LONGEST_NAME), 1, -1):
        found = [entry for entry in table.get(rest[:length], ()) if place in {None, entry[0]}]
        short = [(where, name) for where, name in found if name != rest[:length]]
        if found and (not short or length == len(rest)):
            return found if place else [e for e in found if e[1] == rest[:length] or e[1].endswith("市")]
    return []


def _longest(value: str, names: Iterable[str], province: str | None = None) -> str | None:
    """Return the longest of `names` that `value` starts with, a short one only where no street follows it."""
    for length in range(min(len(value), _LONGEST_NAME), 1, -1):
        name = value[:length]
        if name in names and _is_meant(name, value[length:]) and _is_in(name, province):
            return name
    return None


def _is_meant(name: str, rest: str) -> bool:
    return name.endswith(("省", "市", "区", "州", "盟", "县")) or not _OTHER_PLACE.match(rest)


def _is_in(name: str, province: str | None) -> bool:
    return province is None or any(place[0] == province for place in city_names().get(name, ()))


def _groups(table: str) -> Iterator[tuple[str, list[str]]]:
    """Yield (heading, words) of a table whose headings start a line and end in a colon."""
    heading, words = "", list[str]()
    for line in table.splitlines():
        if not line.startswith(" "):
            if heading:
                yield heading, words
            heading, _, line = line.partition(":")  # noqa: PLW2901
            words = []
        words += line.split()
    yield heading, words


def divisions() -> Iterator[tuple[str, str, str]]:
    """Yield every division as (province, city, district) in full names, the lower ones "" where it is a higher one."""
    inside: dict[tuple[str, str], list[str]] = {}
    for province, words in _groups(DISTRICTS):
        city = ""
        for word in words:
            if word.endswith(":"):
                city = word[:-1]
            else:
                inside.setdefault((province, city), []).append(word)
    for province, cities in _groups(CITIES):
        yield province, "", ""
        short = _PROVINCE_FORM.sub("", province)
        for city in cities:
            named = "" if short in MUNICIPALITIES else city
            if named:
                yield province, named, ""
            for district in inside.get((short, _CITY_FORM.sub("", city)), ()):
                yield province, named, district


@cache
def province_names() -> dict[str, str]:
    """Return written name -> province, for every way to write one (江苏省, 江苏)."""
    names = {"内蒙": "内蒙古", "广西省": "广西", "宁夏省": "宁夏", "新疆省": "新疆", "西藏省": "西藏"}
    for full, _ in _groups(CITIES):
        short = _PROVINCE_FORM.sub("", full)
        names |= {full: short, short: short}
    return names


@cache
def city_names() -> dict[str, list[tuple[str, str]]]:
    """Return written name -> the (province, city) pairs it may mean (苏州市, 苏州); municipalities are provinces."""
    names: dict[str, list[tuple[str, str]]] = {}
    for full_province, cities in _groups(CITIES):
        province = _PROVINCE_FORM.sub("", full_province)
        for full in cities if province not in MUNICIPALITIES else ():
            short = _CITY_FORM.sub("", full)
            for name in {full, short, short + "市" if full.endswith("地区") else short}:
                names.setdefault(name, []).append((province, short))
    return names


@cache
def district_names() -> dict[str, list[tuple[tuple[str, str], str]]]:
    """Return written name -> the ((province, city), district) pairs it may mean (昆山市, 昆山)."""
    names: dict[str, list[tuple[tuple[str, str], str]]] = {}
    for province, words in _groups(DISTRICTS):
        city = ""
        for word in words:
            if word.endswith(":"):
                city = word[:-1]
                continue
            for name in {word, word[:-1]} if len(word) > 2 else {word}:  # noqa: PLR2004
                names.setdefault(name, []).append(((province, city), word))
    return names


@cache
def _area_codes() -> dict[str, Region]:
    codes: dict[str, Region] = {}
    for province, words in _groups(AREA_CODES):
        for word in words:
            city = word.lstrip("0123456789")
            codes[word[: len(word) - len(city)]] = Region(province, city or None)
    return codes
