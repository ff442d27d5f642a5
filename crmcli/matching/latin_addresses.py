"""Latin addresses taken apart: house number, street, side of town, postcode."""

from __future__ import annotations

import re

from crmcli.matching.latin_words import one_spelling

_TYPE_WORDS = """
st street sts ave av aven avenue aves blvd blv bld boulevard rd road dr drive ln la lane pl place ct court pkwy
parkway hwy highway ter terr terrace cir circle sq square way plaza plz row trl trail expy expressway
strasse str platz allee rue via calle avenida
"""
_TYPES = frozenset(_TYPE_WORDS.split())
# types of street that stand before its name
_BEFORE = frozenset(("av", "ave", "avenue", "calle", "rue", "via", "avenida"))
_MORE = [[word] for word in sorted(_TYPES)]  # park place blvd
_SIDES = {
    "n": "n", "s": "s", "e": "e", "w": "w", "ne": "ne", "nw": "nw", "se": "se", "sw": "sw",
    "north": "n", "south": "s", "east": "e", "west": "w",
    "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw",
}  # fmt: skip
# what follows describes the place within the street
_DETAIL_WORDS = """
near between btwn off at in opposite opp behind suite ste unit apt apartment floor fl flr room rm bldg building
lobby level po box site
"""
_DETAIL = frozenset(_DETAIL_WORDS.split())
_NUMBER = re.compile(r"\d+[a-z]?$")
_POSTCODE = re.compile(r"^\d{5,6}(?:\d{4})?$")
_JOINED_STREET = re.compile(r"(?<=[a-z])(?:strasse|straße|str)$")


def latin_parts(text: str) -> tuple[str, str, str, str]:
    """Return house number, street, side of town and postcode of a folded address; "" where it does not say.

    >>> latin_parts("435 s la cienega blvd los angeles ca 90048")
    ('435', 'la cienega', 's', '90048')
    """
    words = text.replace("(", " ").replace(")", " ").replace("&", " ").split()
    postcode = words.pop() if len(words) > 2 and _POSTCODE.match(words[-1]) else ""  # noqa: PLR2004 - number, street
    number = ""
    if words and _NUMBER.match(words[0]) and len(words) > 1:
        number = words.pop(0).rstrip("abcdefgh")
    side = _SIDES[words.pop(0)] if words and words[0] in _SIDES and _names_a_street(words[1:3]) else ""
    street, rest = _street(words)
    if not number and rest and _NUMBER.match(rest[0]):
        number = rest[0]
    if not side and rest:
        side = _SIDES.get(rest[0], "")
    return number, street, side, postcode


def _street(words: list[str]) -> tuple[str, list[str]]:
    """Return the street without its type, and what follows it."""
    taken: list[str] = []
    for position, word in enumerate(words):
        if word in _DETAIL and taken:
            break
        if word in _TYPES and taken and words[position + 1 : position + 2] not in _MORE:
            return " ".join(taken), words[position + 1 :]
        if taken and (word in _SIDES or _NUMBER.match(word)):
            return " ".join(taken), words[position:]
        if word not in _BEFORE:
            taken.append(one_spelling(_JOINED_STREET.sub("", word)))
    return " ".join(taken), []


def _names_a_street(words: list[str]) -> bool:
    """Return whether a street's name begins with `words`, and not only its type: la cienega, but not st nw."""
    if not words or words[0] in _DETAIL:
        return False
    return words[0] not in _TYPES or (len(words) > 1 and words[1] not in _SIDES and words[1] not in _DETAIL)
