"""The true customers: made-up firms with their people, numbers and codes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from crmcli.demo_data import words
from crmcli.demo_data.model import Firm, Person
from crmcli.demo_data.odds import chance
from crmcli.demo_data.staff import KEY_ACCOUNTS, OWNERS, territory_owners

FIRMS = 400
_NOBODYS = 5  # every thirteenth firm has no owner yet
_SISTERS = 24  # firms that look like an earlier one and are not
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def make_firms(rng: Random) -> tuple[Firm, ...]:
    """Return all firms; names are unique, and the last ones of the list are look-alikes of earlier ones."""
    firms: list[Firm] = []
    taken: set[str] = set()
    mobiles: set[str] = set()
    while len(firms) < FIRMS:
        firm = _new_firm(rng, len(firms), mobiles)
        if len(firms) >= FIRMS - _SISTERS:
            firm = _look_alike(rng, firm, firms)
        elif firm.brand in taken:
            continue
        if firm.name not in taken:
            taken |= {firm.name, firm.brand}
            firms.append(firm)
    order = list(range(FIRMS))
    rng.shuffle(order)  # look-alikes are spread over the files
    placed = (replace(firms[old], number=new) for new, old in enumerate(order))
    return tuple(replace(firm, owner="") if firm.number % 13 == _NOBODYS else firm for firm in placed)


def _new_firm(rng: Random, number: int, mobiles: set[str]) -> Firm:
    place = rng.choices(words.PLACES, words.PLACE_WEIGHTS)[0]
    brand = "".join(rng.sample(words.BRAND_CHARACTERS, rng.choice((2, 2, 3))))
    trade = rng.choice(tuple(words.TRADES))
    legal = rng.choices(words.LEGAL_FORMS, words.LEGAL_WEIGHTS)[0]
    mine = territory_owners(place.province)
    team = tuple(owner for owner in OWNERS if owner.team == KEY_ACCOUNTS)
    owner = rng.choice(team) if chance(rng, 0.12) else rng.choice(mine)
    return Firm(
        number=number,
        place=place,
        brand=brand,
        trade=trade,
        legal=legal,
        name=_written_place(rng, place) + brand + trade + legal,
        credit_code=_credit_code(rng, number),
        people=tuple(_person(rng, mobiles) for _ in range(rng.choices((1, 2, 3), (60, 30, 10))[0])),
        landline=f"{place.area_code}-5550{rng.randrange(10_000):04d}",
        district=rng.choice(words.DISTRICTS),
        street=f"{rng.choice(words.ROADS)}{rng.randrange(1, 900)}号",
        owner=owner.name,
        source=rng.choices(words.SOURCES, words.SOURCE_WEIGHTS)[0],
        level=rng.choices(words.LEVELS, (15, 50, 35))[0],
        filed=date(2024, 3, 1) + timedelta(days=rng.randrange(780)),
    )


def _written_place(rng: Random, place: words.Place) -> str:
    city = place.city + ("市" if chance(rng, 0.12) else "")
    return city if place.direct or chance(rng, 0.9) else place.province


def _look_alike(rng: Random, firm: Firm, earlier: list[Firm]) -> Firm:
    """Return `firm` named like an earlier one: elsewhere, in another trade, a branch, or one character apart."""
    other = rng.choice([old for old in earlier if not old.distinct])
    kind = rng.choice(("elsewhere", "trade", "branch", "homophone"))
    earlier[earlier.index(other)] = replace(other, distinct=True)
    sounds = [character for character in other.brand if character in words.HOMOPHONES]
    if kind == "branch":
        city = firm.place.city if firm.place != other.place else "成都"
        return replace(firm, brand=other.brand, trade=other.trade, name=f"{other.name}{city}分公司", distinct=True)
    if kind == "homophone" and sounds:
        brand = other.brand.replace(sounds[0], words.HOMOPHONES[sounds[0]])
        trade = other.trade
    else:
        brand = other.brand
        trade = firm.trade if kind == "trade" and firm.trade != other.trade else other.trade
    name = f"{firm.place.city}{brand}{trade}{other.legal}"
    return replace(firm, brand=brand, trade=trade, legal=other.legal, name=name, distinct=True)


def _person(rng: Random, mobiles: set[str]) -> Person:
    name = rng.choice(words.SURNAMES) + "".join(rng.sample(words.GIVEN, rng.choice((1, 2, 2))))
    return Person(name, rng.choice(words.TITLES), new_mobile(rng, mobiles))


def new_mobile(rng: Random, taken: set[str]) -> str:
    """Return an 11-digit mobile that nobody has yet; the zeros in its middle show that it is made up."""
    while (mobile := f"{rng.choice(words.MOBILE_PREFIXES)}0000{rng.randrange(10_000):04d}") in taken:
        pass
    taken.add(mobile)
    return mobile


def _credit_code(rng: Random, number: int) -> str:
    body = f"MA0{number:03d}{rng.randrange(100):02d}"
    code = f"91{rng.choice(('310115', '320583', '330206', '440305'))}{body}{organisation_check(body)}"
    return code + credit_check(code)


def organisation_check(body: str) -> str:
    """Return the check character of an organisation code's first eight.

    Source: GB 11714-1997.

    >>> organisation_check("D2143569")
    'X'
    """
    total = sum(weight * int(character, 36) for weight, character in zip(_ORGANISATION_WEIGHTS, body, strict=True))
    return "0123456789X0"[11 - total % 11]


def credit_check(code: str) -> str:
    """Return the last character of a 统一社会信用代码 from its first seventeen.

    Source: GB 32100-2015, with the example of its annex.

    >>> credit_check("91350100M000100Y4")
    '3'
    """
    total = sum(pow(3, place, 31) * _CODE_ALPHABET.index(character) for place, character in enumerate(code))
    return _CODE_ALPHABET[-total % 31]
