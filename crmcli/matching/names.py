"""Organisation names taken apart: place, brand (字号), trade, legal form, branch."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from crmcli.matching.latin_places import places_written, without_named
from crmcli.matching.legal_forms import (
    BANKS,
    BRANCHES,
    COMPANY_FORMS,
    FINANCE,
    LATIN_FORMS,
    PARTNERSHIP_FORMS,
    TRADE_SYNONYMS,
)
from crmcli.matching.normalise import digits_of, is_chinese, numerals_to_digits
from crmcli.matching.numerals import with_numbers_alike
from crmcli.matching.places import AREA, Place, leading_place, most_exact, place_named, stem, trailing_place
from crmcli.matching.trade_words import SHOPS, TRADE_WORDS

COMPANY, PARTNERSHIP, NO_FORM = "company", "partnership", ""
GROUP = "集团"
_SHORTEST_FORM_INSIDE = 4  # 公司 alone stands inside many words
_BRACKET = re.compile(r"\(([^()]*)\)")
_FORM_INSIDE = re.compile(
    rf"({'|'.join(f for f in COMPANY_FORMS if len(f) >= _SHORTEST_FORM_INSIDE and f.endswith('公司'))})(?=.)"
)
_FORMS = frozenset(COMPANY_FORMS)
_FORM_LENGTHS = sorted({len(form) for form in COMPANY_FORMS}, reverse=True)
_TOWN = re.compile(r"^.{2,3}?(?:街道|镇|乡|街)(?=..)")
_ZONE = re.compile(
    r"^(?:国家|经济|高新|技术|产业|综合|出口|自由|贸易|保税|科技|农业|台商|投资|工业)*"
    r"(?:开发区|保税区|高新区|经开区|新区|加工区|港区|园区|示范区|试验区|自贸区|工业园)(?=..)"
)
_SHORTEST_BRAND = 2
_CHINA = Place("中国")
_SHARES = "股份"  # 朗姿股份 for 朗姿股份有限公司: a short form of the legal form


class NameParts(NamedTuple):
    """What a folded name says, part by part; "" and () where a part is not there.

    `trade` has no spaces, numerals in `branch` are digits, `places` belong to the head office and `branch_places` to
    the branch, each as exact as the name says.
    """

    text: str
    brand: str
    trade: str = ""
    form: str = NO_FORM
    group: bool = False
    places: tuple[Place, ...] = ()
    branch: str = ""
    branch_places: tuple[Place, ...] = ()

    @property
    def core(self) -> str:
        """Return brand and trade: the name without places and legal form."""
        return self.brand + self.trade

    @property
    def digits(self) -> str:
        """Return the digits of brand and trade."""
        return digits_of(self.core)


def take_apart(text: str) -> NameParts:
    """Return the parts of a folded name.

    >>> parts = take_apart("上海市鼎信智能科技有限公司北京第二分公司")
    >>> parts.brand, parts.trade, parts.form, parts.branch
    ('鼎信', '智能科技', 'company', '第2分公司')
    """
    return _chinese(text) if is_chinese(text) else _latin(text)


def _latin(text: str) -> NameParts:
    without, places = without_named(text)
    words = without.replace("(", " ").replace(")", " ").replace("&", " and ").split()
    kept = [w for w in words if w not in LATIN_FORMS]
    form = COMPANY if len(kept) < len(words) else NO_FORM
    if form:
        places += places_written(without)
    brand = " ".join(kept or words)
    return NameParts(text, brand, form=form, places=most_exact(places))


def _chinese(text: str) -> NameParts:
    body, places, form = _without_brackets(with_numbers_alike(text))
    for written, meant in TRADE_SYNONYMS:
        body = body.replace(written, meant)
    head, branch = _head_and_branch(body)
    head, form = _without_form(head, form)
    group = GROUP in head and head != GROUP
    head = head.replace(GROUP, "") if group else head
    bank = _bank_at_start(head)
    if bank:
        brand, trade, rest = bank
        places += _places_of(rest)[0]
    else:
        brand, trade, places = _head_parts(head, places)
    branch_places, branch_text = _places_of(_lowest_branch(branch), places) if branch else ((), "")
    return NameParts(
        text,
        brand,
        trade,
        form,
        group,
        most_exact(places),
        numerals_to_digits(branch_text),
        most_exact(branch_places),
    )


def _without_brackets(text: str) -> tuple[str, tuple[Place, ...], str]:
    """Return the name without brackets, the places that stood in them, and the form if it is a partnership."""
    form = NO_FORM
    if text.endswith(PARTNERSHIP_FORMS):
        written = next(f for f in PARTNERSHIP_FORMS if text.endswith(f))
        text, form = text.removesuffix(written), PARTNERSHIP
    if "(" not in text and ")" not in text:
        return text, (), form
    places: list[Place] = []

    def inline(match: re.Match[str]) -> str:
        place = place_named(match[1])
        if place:
            places.append(place)
        return "" if place else match[1]

    body = _BRACKET.sub(inline, text)
    return body.replace("(", "").replace(")", ""), tuple(places), form


@cache
def _banks() -> tuple[str, ...]:
    return tuple(sorted(BANKS, key=lambda b: (-len(b), b)))


def _bank_at_start(head: str) -> tuple[str, str, str] | None:
    """Return brand, trade and what follows of a head office that is a well-known bank."""
    return (BANKS[head], "银行", "") if head in BANKS else None


def _head_and_branch(body: str) -> tuple[str, str]:
    """Return the head office's name and what names its branch ("" for none)."""
    inside = _FORM_INSIDE.search(body) if "公司" in body[:-1] else None
    if inside:
        return body[: inside.end()], body[inside.end() :]
    if not body.endswith(BRANCHES):
        return body, ""
    kind = next(k for k in BRANCHES if body.endswith(k))
    bank = next((b for b in _banks() if body.startswith(b)), "")
    if bank:
        return bank, body[len(bank) :]
    finance = re.search("|".join(FINANCE), body[: -len(kind)])
    if finance:
        return body[: finance.end()], body[finance.end() :]
    head = body.removesuffix(kind)
    place = trailing_place(head)
    if place and len(head) > len(place[1]):
        return head.removesuffix(place[1]), place[1] + kind
    return head, kind


def _lowest_branch(branch: str) -> str:
    """Return 深圳中心区支行 for 深圳分行中心区支行: a branch may be named with the one above it or without."""
    above, found, below = branch.partition("分行")
    return above + below if found and len(below) > len("支行") and below.endswith("支行") else branch


def _without_form(head: str, form: str) -> tuple[str, str]:
    for length in _FORM_LENGTHS:
        if head[-length:] in _FORMS and len(head) > length:
            return head[:-length], form or COMPANY
    if head.endswith(_SHARES) and len(head) >= len(_SHARES) + _SHORTEST_BRAND:
        head = head.removesuffix(_SHARES)
    return head, form


def _places_of(text: str, around: tuple[Place, ...] = ()) -> tuple[tuple[Place, ...], str]:
    """Return the places that `text` starts with and the rest of it."""
    places: tuple[Place, ...] = ()
    while text and (found := leading_place(text, (*places, *around)) or leading_place(text, places)):
        if found[1] == text:
            return (*places, found[0]), ""
        places, text = (*places, found[0]), text[len(found[1]) :]
    return places, text


def _head_parts(head: str, places: tuple[Place, ...]) -> tuple[str, str, tuple[Place, ...]]:
    """Return brand, trade and places of a head office's name without legal form.

    Args:
        head: the name.
        places: those that stood in brackets.
    """
    written, rest = _leading_places(head, places)
    rest, zone = _without_zone(rest, written)
    brand, trade, inner = _brand_and_trade(rest)
    if rest and written and _is_bare_area(*written[-1]) and not _brand_and_trade(rest[1:])[0]:
        rest = written.pop()[1] + rest  # 长白山旅游: one character before the trade is no brand, 长白山 is
        brand, trade, inner = _brand_and_trade(rest)
    if not brand and written:
        brand = written[-1][1].removesuffix("市").removesuffix("省") or written[-1][1]
    elif not brand and (*places, *inner):
        brand = _bare((*places, *inner)[0])
    elif not brand:
        brand = _first_trade(trade)
        trade = trade.removeprefix(brand)
    named = [place for place, _ in written]
    if _CHINA in named and brand != "中国" and any(f in trade for f in FINANCE):
        named = [place for place in named if place != _CHINA]
    return brand, trade, (*places, *inner, *zone, *named)


def _leading_places(head: str, around: tuple[Place, ...]) -> tuple[list[tuple[Place, str]], str]:
    """Return the places that `head` starts with, as written, and the rest; a bare district must lie in `around`."""
    written: list[tuple[Place, str]] = []
    before: tuple[Place, ...] = ()
    while head and (found := leading_place(head, before)):
        if not written and around and _is_bare_area(*found) and not any(found[0].within(p) for p in around):
            break
        written.append(found)
        before = (*before, found[0])
        head = head[len(found[1]) :]
    return written, head


def _is_bare_area(place: Place, name: str) -> bool:
    return place.level == AREA and place.area != name


def _bare(place: Place) -> str:
    return stem(place.area or place.city or place.province)


def _without_zone(rest: str, written: list[tuple[Place, str]]) -> tuple[str, tuple[Place, ...]]:
    """Return what follows a town or development zone after the places, and the zone as a district of its city."""
    if not written:
        return rest, ()
    place = written[-1][0]
    if place.level == AREA:
        rest = _TOWN.sub("", rest)
    zone = _ZONE.match(rest) if "区" in rest or "园" in rest else None
    if not zone or not _brand_and_trade(rest[zone.end() :])[0]:
        return rest, ()
    district = () if place.level == AREA else (Place(place.province, place.city, zone[0]),)
    return rest[zone.end() :], district


def _first_trade(trade: str) -> str:
    """Return the first word of a name that is nothing but trade words: 航天 of 航天科技控股."""
    rest = trade
    while (word := _trade_at_end(rest)) and word != rest:
        rest = rest.removesuffix(word)
    return rest


def _brand_and_trade(middle: str) -> tuple[str, str, tuple[Place, ...]]:
    """Return brand, trade and the places between them, read from the right."""
    trade = ""
    places: tuple[Place, ...] = ()
    shop = middle[-1:] if middle[-1:] in SHOPS and _trade_at_end(middle[:-1]) else ""
    if shop and not _trade_at_end(middle):
        middle, trade = middle.removesuffix(shop), shop
    while middle:
        word = _trade_at_end(middle)
        if word:
            middle, trade = middle.removesuffix(word), word + trade
            continue
        found = trailing_place(middle)
        if not found or len(middle) - len(found[1]) < _SHORTEST_BRAND:
            break
        middle, places = middle.removesuffix(found[1]), (*places, found[0])
    return middle, trade, places


def _trade_at_end(middle: str) -> str:
    """Return the longest trade word at the end that leaves a brand or nothing; "" for none."""
    for length in _trade_lengths().get(middle[-2:], ()):
        if middle[-length:] in TRADE_WORDS and len(middle) - length not in range(1, _SHORTEST_BRAND):
            return middle[-length:]
    last = middle[-1:]
    return last if last in TRADE_WORDS and len(middle) - 1 not in range(1, _SHORTEST_BRAND) else ""


@cache
def _trade_lengths() -> dict[str, list[int]]:
    """Return last two characters -> how long the trade words with them are, longest first."""
    lengths: dict[str, set[int]] = {}
    for word in TRADE_WORDS:
        lengths.setdefault(word[-2:], set()).add(len(word))
    return {end: sorted(found, reverse=True) for end, found in lengths.items()}
