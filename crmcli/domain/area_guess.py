"""Where a customer is, guessed from its address, its landlines and its name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from crmcli.domain.values.company_place import begins_doubtfully, place_of_company, places_of_companies
from crmcli.domain.values.region import Region, parse_region, region_of_phone

_KEYS = ("province", "city", "district")
_NUMBER = re.compile("[0-9]")
_Place = tuple[str, ...]  # province, city, district, as far as they are known


def guessed_area(address: str, phones: Sequence[str], name: str) -> dict[str, str]:
    """Return the province, city and district that are known of a customer's seat, {} where nothing tells.

    The address counts; without one the area codes of landlines (`phones`, E.164), then the place at the beginning of
    the name. A later source adds what an earlier one leaves open (a district, the city of a code that has several)
    but changes nothing. Landlines and name that disagree say only what they have in common.

    >>> guessed_area("", ["+862812345678"], "成都华东机械有限公司")
    {'province': '四川', 'city': '成都'}
    >>> guessed_area("", ["+862162345678"], "杭州华东机械有限公司"), guessed_area("杭州市西湖区", ["+862162345678"], "")
    ({}, {'province': '浙江', 'city': '杭州', 'district': '西湖区'})
    """
    return dict(zip(_KEYS, _seat(address, phones, _of_name(name) if name else ()), strict=False))


def guessed_areas(
    addresses: Iterable[str], phones: Iterable[Sequence[str]], names: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    """Yield the guess for each of many customers: province, city and district as far as `guessed_area` has them."""
    return map(_seat, addresses, phones, places_of_companies(names))


def _seat(address: str, phones: Sequence[str], of_name: _Place) -> _Place:
    told = [place for phone in phones if (place := _of_phone(phone))] if phones else []
    if of_name:
        told.append(of_name)
    if address and (seat := _of_address(address)):
        told = [seat, *(place for place in told if len(place) > len(seat) and place[: len(seat)] == seat)]
    return told[0] if len(told) == 1 else tuple(_agreed(told)) if told else ()


def _agreed(places: Sequence[_Place]) -> Iterator[str]:
    """Yield province, city and district as far as all places that name one name the same."""
    for level in range(len(_KEYS)):
        named = {place[level] for place in places if len(place) > level}
        if len(named) != 1:
            return
        yield named.pop()


def _of_address(address: str) -> _Place:
    """Return the place that an address begins with; it ends before the first number, whose variety nobody needs."""
    number = _NUMBER.search(address)
    return _of_beginning(address[: number.start()] if number and "自治" not in address else address)


@lru_cache(maxsize=1 << 14)
def _of_beginning(address: str) -> _Place:
    found = parse_region(address)
    return _parts(found) if isinstance(found, Region) and not begins_doubtfully(address) else ()


@lru_cache(maxsize=1 << 14)
def _of_phone(phone: str) -> _Place:
    return _parts(region_of_phone(phone))


@lru_cache(maxsize=1 << 14)
def _of_name(name: str) -> _Place:
    return place_of_company(name)


def _parts(region: Region | None) -> _Place:
    return tuple(part for part in (region.province, region.city, region.district) if part) if region else ()
