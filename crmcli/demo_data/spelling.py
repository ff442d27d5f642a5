"""How people really write a firm's name, a phone, a day: the variants that an importer must see through."""

from __future__ import annotations

import unicodedata
from datetime import date
from random import Random

from crmcli.demo_data import words
from crmcli.demo_data.model import Cell, Firm, Person
from crmcli.demo_data.odds import chance

_LEGAL_SWAP = {"有限公司": "有限责任公司", "有限责任公司": "有限公司"}
_EXCEL_EPOCH = date(1899, 12, 30).toordinal()
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_SIMPLIFIED = str.maketrans({new: old for old, new in words.TRADITIONAL.items()})


def exact_key(name: str) -> str:
    """Return what makes two written names the same exact name: width, script, case, spaces, punctuation aside."""
    folded = unicodedata.normalize("NFKC", name).translate(_SIMPLIFIED).casefold()
    return "".join(character for character in folded if unicodedata.category(character)[0] not in "PSZC")


def _traditional(firm: Firm, _rng: Random) -> str:
    return "".join(words.TRADITIONAL.get(character, character) for character in firm.name)


def _spaced(firm: Firm, rng: Random) -> str:
    return rng.choice((f"{firm.name} ", f"\u3000{firm.name}", firm.name.replace(firm.brand, f"{firm.brand} ")))


def _city_in_brackets(firm: Firm, rng: Random) -> str:
    left, right = rng.choice(("（）", "()"))
    return f"{firm.brand}{firm.trade}{left}{firm.place.city}{right}{firm.legal}"


def _with_province(firm: Firm, _rng: Random) -> str:
    front = "" if firm.place.direct else f"{firm.place.province}省"
    return f"{front}{firm.place.city}市{firm.brand}{firm.trade}{firm.legal}"


def _other_legal_form(firm: Firm, _rng: Random) -> str:
    return f"{firm.place.city}{firm.brand}{firm.trade}{_LEGAL_SWAP.get(firm.legal, '公司')}"


def _no_legal_form(firm: Firm, _rng: Random) -> str:
    return f"{firm.place.city}{firm.brand}{firm.trade}"


def _no_place(firm: Firm, _rng: Random) -> str:
    return f"{firm.brand}{firm.trade}{firm.legal}"


def _brand_and_trade(firm: Firm, _rng: Random) -> str:
    return f"{firm.brand}{firm.trade}"


def _place_and_brand(firm: Firm, _rng: Random) -> str:
    return f"{firm.place.city}{firm.brand}"


def _slip(firm: Firm, rng: Random) -> str:
    slips = [character for character in firm.trade if character in words.TRADE_SLIPS]
    if slips and chance(rng, 0.6):
        return firm.name.replace(slips[0], words.TRADE_SLIPS[slips[0]])
    end = firm.name.index(firm.trade) + rng.randrange(len(firm.trade) - 1)
    return firm.name[:end] + firm.name[end + 1] + firm.name[end] + firm.name[end + 2 :]


def _missing_character(firm: Firm, rng: Random) -> str:
    gone = firm.name.index(firm.trade) + rng.randrange(len(firm.trade))
    return firm.name[:gone] + firm.name[gone + 1 :]


_VARIANTS = (
    (_traditional, 12),
    (_spaced, 10),
    (_city_in_brackets, 12),
    (_with_province, 12),
    (_other_legal_form, 8),
    (_no_legal_form, 14),
    (_no_place, 10),
    (_brand_and_trade, 12),
    (_place_and_brand, 5),
    (_slip, 4),
    (_missing_character, 2),
)


class Names:
    """The names written so far. No written name ever means two firms, so that the truth is one truth."""

    def __init__(self, firms: tuple[Firm, ...]) -> None:
        self._meaning = {exact_key(firm.name): firm.number for firm in firms}

    def variant(self, firm: Firm, rng: Random) -> str:
        """Return a written form of the firm's name, its own where the variant could mean another firm."""
        if firm.distinct:
            return firm.name
        make = rng.choices([make for make, _ in _VARIANTS], [weight for _, weight in _VARIANTS])[0]
        name = make(firm, rng)
        key = exact_key(name)
        return name if self._meaning.setdefault(key, firm.number) == firm.number else firm.name


def plain_mobile(person: Person, rng: Random) -> Cell:
    """Return the mobile as most sheets hold it: a number, or one of three spacings."""
    mobile = person.mobile
    return rng.choice((int(mobile), int(mobile), mobile, f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}"))


def messy_phone(firm: Firm, person: Person, rng: Random) -> Cell:
    """Return a phone cell as old sheets hold it; several numbers may stand in one."""
    mobile = person.mobile
    spaced = f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}"
    second = firm.people[-1].mobile
    return rng.choice(
        (
            *(plain_mobile(person, rng) for _ in range(6)),
            spaced,
            f"+86 {mobile}",
            mobile.translate(_WIDE),
            f"{mobile}（微信同号）",
            f"{mobile}/{firm.landline}",
            f"{mobile}、{second}" if second != mobile else spaced,
            f"{firm.landline}-80{rng.randrange(10)}",
        )
    )


def masked(mobile: str) -> str:
    """Return the mobile with its middle hidden, as lists are passed around."""
    return f"{mobile[:3]}****{mobile[7:]}"


def written_day(day: date, rng: Random) -> Cell:
    """Return a day as a date cell, a dotted text, a bare serial number or a Chinese text."""
    dotted = f"{day.year}.{day.month}.{day.day}"
    serial = day.toordinal() - _EXCEL_EPOCH
    chinese = f"{day.year}年{day.month}月{day.day}日"
    return rng.choices((day, dotted, serial, chinese), (50, 30, 14, 6))[0]
