"""Addresses taken apart: places, road, number."""

from __future__ import annotations

import re
from typing import NamedTuple

from crmcli.matching.latin_addresses import latin_parts
from crmcli.matching.normalise import is_chinese, numerals_to_digits
from crmcli.matching.places import Place, begins_like_place, leading_place, most_exact

_DISTRICT = re.compile(r"[^\d路街道]{1,5}?[区县镇乡](?=..)")
_ROAD = re.compile(r"([^\d()]{1,10}?(?:大道|路|街|道|巷|弄|胡同))(?:东段|西段|南段|北段|中段)?(\d*)")

# what follows a place that only names a road: 南京西路, 北京路, 中山北一路
SIDES, NUMERALS = "东西南北中", "一二三四五六七八九十0123456789"
_NAMED_AFTER = re.compile(rf"[{SIDES}]?[{NUMERALS}]?(?:大道|大街|路|街(?!道)|道(?!里|外)|巷|弄)")


class AddressParts(NamedTuple):
    """Places (most exact ones), road and house number of an address; "" and () where it does not say.

    Latin addresses also have a side of town (n, sw) and a postcode.
    """

    places: tuple[Place, ...] = ()
    road: str = ""
    number: str = ""
    side: str = ""
    postcode: str = ""


def take_apart(text: str) -> AddressParts:
    """Return the parts of a folded address.

    >>> parts = take_apart("上海市浦东新区世纪大道100号")
    >>> parts.road, parts.number
    ('世纪大道', '100')
    """
    if not is_chinese(text):
        number, street, side, postcode = latin_parts(text)
        return AddressParts((), street, number, side, postcode)
    places: tuple[Place, ...] = ()
    rest = text
    while begins_like_place(rest):
        found = leading_place(rest, places) or (leading_place(rest, (), bare_areas=False) if places else None)
        if not found:
            break
        after = rest[len(found[1]) :]
        if _NAMED_AFTER.match(after):
            break
        places, rest = (*places, found[0]), after
    district = _DISTRICT.match(rest)
    if district:
        rest = rest[district.end() :]
    road = _ROAD.search(rest)
    if not road:
        return AddressParts(most_exact(places))
    return AddressParts(most_exact(places), numerals_to_digits(road[1]), road[2])
