"""Every distinct value taken apart once and turned into integer codes, a record a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from crmcli.matching import addresses, contacts
from crmcli.matching.names import NameParts, take_apart
from crmcli.matching.normalise import UNKNOWN, encode, fold, is_chinese, pinyin_of
from crmcli.matching.places import CITY, Place, place_named
from crmcli.matching.records import MatchBatch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]

Value = TypeVar("Value")
_FREE_MAIL_DOMAINS = """
qq.com vip.qq.com foxmail.com 163.com vip.163.com 126.com yeah.net sina.com sina.cn sohu.com 139.com 189.cn
aliyun.com gmail.com outlook.com hotmail.com live.com yahoo.com icloud.com msn.com tom.com 21cn.com
"""
_FREE_MAIL = frozenset(_FREE_MAIL_DOMAINS.split())
_COMPANY_LIKE_CHARACTERS = 4
PHONES_COMPARED = 6
MUNICIPALITIES = frozenset(("北京市", "上海市", "天津市", "重庆市", "香港", "澳门"))


@dataclass(frozen=True, slots=True)
class Field:
    """One part of the records: a code per record (-1 unknown) and the distinct values behind the codes."""

    codes: Codes
    values: list[str]


@dataclass(frozen=True, slots=True)
class Features:
    """What is compared, a code per record in each field; flags are False where the name is unknown."""

    size: int
    name: Field
    brand: Field
    sound: Field
    trade: Field
    core: Field
    digits: Field
    places: Codes
    place_sets: list[tuple[Place, ...]]
    branch: Codes
    branches: list[tuple[str, tuple[Place, ...]]]
    has_form: Flags
    partnership: Flags
    group: Flags
    latin: Flags
    company_like: Flags
    seat: Field
    home: Field
    phones: Codes
    phone_numbers: list[str]
    mobile: Flags
    email: Field
    domain: Field
    credit_code: Field
    wechat: Field
    contact: Field
    surname: Field
    road: Field
    number: Field


def features_of(batch: MatchBatch) -> Features:
    """Return the features of `batch`; row i is record i."""
    import numpy as np

    name_codes, distinct = encode(_each_distinct(batch.names, fold), "")
    parts = [take_apart(text) for text in distinct]
    places, place_sets = _per_record(name_codes, [p.places for p in parts], ())
    branch, branches = _per_record(name_codes, [(p.branch, p.branch_places) for p in parts], ("", ()))

    def text_field(part: Callable[[NameParts], str]) -> Field:
        return Field(*_per_record(name_codes, [part(p) for p in parts], ""))

    def flag(test: Callable[[NameParts], bool]) -> Flags:
        known = np.array([*(test(p) for p in parts), False], dtype=np.bool_)
        return known[name_codes]  # -1 takes the last: unknown

    phones, phone_numbers, mobile = _phones(batch.column("phones"))
    people, mails = _each_distinct(batch.column("contacts"), fold), _each_distinct(batch.column("emails"), _email)
    address_codes, distinct_addresses = encode(_each_distinct(batch.column("addresses"), fold), "")
    located = [addresses.take_apart(text) for text in distinct_addresses]
    return Features(
        size=len(batch),
        name=Field(name_codes, distinct),
        brand=text_field(lambda p: p.brand),
        sound=text_field(lambda p: pinyin_of(p.brand) if is_chinese(p.brand) else p.brand),
        trade=text_field(lambda p: p.trade),
        core=text_field(lambda p: p.core),
        digits=text_field(lambda p: p.digits),
        places=places,
        place_sets=place_sets,
        branch=branch,
        branches=branches,
        has_form=flag(lambda p: bool(p.form)),
        partnership=flag(lambda p: p.form == "partnership"),
        group=flag(lambda p: p.group),
        latin=flag(lambda p: not is_chinese(p.text)),
        company_like=flag(_company_like),
        seat=text_field(lambda p: _seat(p.places)),
        home=Field(*encode(_homes(batch, address_codes, [a.places for a in located]), "")),
        phones=phones,
        phone_numbers=phone_numbers,
        mobile=mobile,
        email=_field(mails, str),
        domain=_field(mails, _company_domain),
        credit_code=_field(batch.column("credit_codes"), lambda text: text.strip().upper()),
        wechat=_field(batch.column("wechat"), lambda text: text.strip().lower()),
        contact=_field(people, contacts.whole_name),
        surname=_field(people, contacts.surname),
        road=Field(*_per_record(address_codes, [a.road for a in located], "")),
        number=Field(*_per_record(address_codes, [a.number for a in located], "")),
    )


def _each_distinct(column: list[str], change: Callable[[str], str]) -> list[str]:
    """Return `change` of every value, computed once a distinct value."""
    changed = {value: change(value) if value else "" for value in dict.fromkeys(column)}
    return [changed[value] for value in column]


def _field(column: list[str], change: Callable[[str], str]) -> Field:
    return Field(*encode(_each_distinct(column, change), ""))


def _per_record(codes: Codes, values: Iterable[Value], unknown: Value) -> tuple[Codes, list[Value]]:
    """Return codes per record for values given per distinct value of another field (`codes` points at those)."""
    import numpy as np

    value_codes, distinct = encode(list(values), unknown)
    return np.append(value_codes, UNKNOWN)[codes], distinct


def _company_like(parts: NameParts) -> bool:
    """Return whether a name is an organisation's and not a person's or a bare word."""
    if parts.form or parts.trade or parts.places or parts.group or parts.branch:
        return True
    return is_chinese(parts.brand) and len(parts.brand) >= _COMPANY_LIKE_CHARACTERS


def _seat(places: tuple[Place, ...]) -> str:
    """Return the city that `places` lie in as one text; "" when they name none, or several."""
    cities = {p.city or (p.province if p.province in MUNICIPALITIES else "") for p in places if p.province != "中国"}
    return cities.pop() if len(cities) == 1 else ""


def _homes(batch: MatchBatch, address_codes: Codes, located: list[tuple[Place, ...]]) -> list[str]:
    """Return the city where each record says it is: its city column, its province if that is a city, its address."""
    said = _each_distinct(batch.column("cities"), _city_named)
    provinces = _each_distinct(batch.column("provinces"), _city_named)
    from_address = [_seat(p) for p in located] + [""]
    return [
        city or (province if province in MUNICIPALITIES else "") or from_address[code]
        for city, province, code in zip(said, provinces, address_codes.tolist(), strict=True)
    ]


def _city_named(text: str) -> str:
    folded = fold(text)
    place = place_named(folded)
    if place is None:
        return folded
    return place.city if place.level >= CITY and place.city else place.province


def _phones(column: list[str]) -> tuple[Codes, list[str], Flags]:
    """Return phone codes (records x up to PHONES_COMPARED, -1 filled), the numbers, whether each is a mobile."""
    import numpy as np

    lists = [sorted({p.strip() for p in cell.split(";")} - {""})[:PHONES_COMPARED] if cell else [] for cell in column]
    flat, distinct = encode([p for cell in lists for p in cell], "")
    width = max((len(cell) for cell in lists), default=0) or 1
    table = np.full((len(lists), width), UNKNOWN, dtype=np.int64)
    counts = np.array([len(cell) for cell in lists], dtype=np.int64)
    rows = np.repeat(np.arange(len(lists)), counts)
    offsets = np.arange(len(flat)) - np.repeat(np.cumsum(counts) - counts, counts)
    table[rows, offsets] = flat
    return table, distinct, np.array([_is_mobile(p) for p in [*distinct, ""]], dtype=np.bool_)


def _is_mobile(phone: str) -> bool:
    """Return whether an E.164 number is a Chinese mobile: 1, then 3-9, eleven digits."""
    national = phone.removeprefix("+86")
    return len(national) == len("13800138000") and national[0] == "1" and national[1] in "3456789"


def _email(text: str) -> str:
    mail = text.strip().lower()
    return mail if mail.count("@") == 1 else ""


def _company_domain(mail: str) -> str:
    domain = mail.partition("@")[2]
    return "" if domain in _FREE_MAIL else domain
