"""How pairs of records compare in each field: a level per pair, from codes of distinct values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crmcli.matching.beside_brand import brand, trade
from crmcli.matching.features import Features, Field
from crmcli.matching.latin_names import words
from crmcli.matching.levels import choose, on_distinct
from crmcli.matching.names_compared import branch, place, similar
from crmcli.matching.people import birth, person
from crmcli.matching.shorthand import shorthand

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pairs = NDArray[np.int64]
    Levels = NDArray[np.int8]
    Flags = NDArray[np.bool_]


# a number with its area has ten digits in most plans, one within it seven or eight
_DIGITS_WITH_AREA = 10
_OTHER, _LOCAL, _WHOLE = range(3)
SIMILAR_MAIL = 0.85
SIMILAR_ROAD = 0.8


def compare(f: Features, pairs: Pairs) -> dict[str, Levels]:
    """Return field -> level per pair (positions in the model's table); `pairs` are rows, n x 2."""
    a, b = pairs[:, 0], pairs[:, 1]
    return {field: comparison(f, a, b) for field, comparison in COMPARISONS.items()}


def _equal_or_not(field: str, values: Field, a: Pairs, b: Pairs) -> Levels:
    left, right = values.codes[a], values.codes[b]
    known = (left >= 0) & (right >= 0)
    return choose(field, [("same", known & (left == right)), ("different", known)])


def credit_code(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether the credit codes are the same; callers give valid ones only."""
    return _equal_or_not("credit_code", f.credit_code, a, b)


def name(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether two organisations' names are identical; people share names, so theirs do not count."""
    left, right = f.name.codes[a], f.name.codes[b]
    known = (left >= 0) & (right >= 0)
    same = known & (left == right) & f.company_like[a] & (f.has_form[a] | ~f.latin[a])
    return choose("name", [("identical", same), ("written differently", known & (left != right))])


def form(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether one is a partnership and the other a company."""
    known = f.has_form[a] & f.has_form[b]
    return choose("form", [("different kind", known & (f.partnership[a] != f.partnership[b])), ("same kind", known)])


def group(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether only one is called a group."""
    known = (f.name.codes[a] >= 0) & (f.name.codes[b] >= 0)
    return choose("group", [("one only", known & (f.group[a] != f.group[b])), ("same", known)])


def digits(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether the digits in brand and trade agree; of Latin names, those of two that both have some."""
    latin = f.latin[a] & f.latin[b]
    stated = (f.digits.codes[a] >= 0) & (f.digits.codes[b] >= 0)
    known = (f.name.codes[a] >= 0) & (f.name.codes[b] >= 0) & (stated | ~latin)
    same = f.digits.codes[a] == f.digits.codes[b]
    return choose("digits", [("same", known & same), ("different", known)])


def phone(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether any phone number is shared, a mobile counting most; area and country may be left out.

    A digit may be wrong in a mobile number of one contact; those of two are often neighbours.
    """
    import numpy as np

    mobile = np.zeros(len(a), dtype=np.bool_)
    landline, end = mobile.copy(), mobile.copy()
    for i in range(f.phones.shape[1]):
        left = f.phones[a, i]
        for j in range(f.phones.shape[1]):
            right = f.phones[b, j]
            same = (left >= 0) & (left == right)
            mobile |= same & f.mobile[left]
            landline |= same & ~f.mobile[left]
            rows = np.flatnonzero(~same & (f.phone_ends.codes[a, i] >= 0) & _same(f.phone_ends.codes, a, b, i, j))
            found = on_distinct(left[rows], right[rows], lambda x, y: _longer(f.phone_numbers[x], f.phone_numbers[y]))
            landline[rows] |= found == _WHOLE
            end[rows] |= found == _LOCAL
    off = _one_digit_off(f, a, b, ~(mobile | landline))
    known = (f.phones[a, 0] >= 0) & (f.phones[b, 0] >= 0)
    cases = [("mobile same", mobile), ("landline same", landline), ("one digit off", off)]
    return choose("phone", [*cases, ("end same", end), ("different", known)])


def _one_digit_off(f: Features, a: Pairs, b: Pairs, asked: Flags) -> Flags:
    """Return whether two records of one contact, of those `asked`, have mobile numbers that differ in one digit."""
    import numpy as np
    from rapidfuzz.distance import Hamming

    numbers = f.phone_numbers
    off = np.zeros(len(a), dtype=np.bool_)
    rows = np.flatnonzero(asked & (f.contact.codes[a] >= 0) & (f.contact.codes[a] == f.contact.codes[b]))
    for i in range(f.phones.shape[1]):
        for j in range(f.phones.shape[1]):
            left, right = f.phones[a[rows], i], f.phones[b[rows], j]
            both = np.flatnonzero((left >= 0) & (right >= 0) & f.mobile[left] & f.mobile[right])
            apart = on_distinct(left[both], right[both], lambda x, y: min(Hamming.distance(numbers[x], numbers[y]), 2))
            off[rows[both[apart == 1]]] = True
    return off


def _same(codes: Pairs, a: Pairs, b: Pairs, i: int, j: int) -> Flags:
    same: Flags = codes[a, i] == codes[b, j]
    return same


def _longer(one: str, other: str) -> int:
    """Return whether the longer of two numbers is the shorter one with its country, or with its area, before it."""
    short, long = sorted((one.lstrip("+0"), other.lstrip("+0")), key=len)
    if not long.endswith(short):
        return _OTHER
    return _WHOLE if len(short) >= _DIGITS_WITH_AREA else _LOCAL


def email(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether mail address or company domain is the same, or the addresses are, but for a typo."""
    import numpy as np
    from rapidfuzz.distance import OSA

    left, right = f.email.codes[a], f.email.codes[b]
    known = (left >= 0) & (right >= 0)
    domain = (f.domain.codes[a] >= 0) & (f.domain.codes[a] == f.domain.codes[b])
    same = known & (left == right)
    near = np.zeros(len(a), dtype=np.bool_)
    rows = np.flatnonzero(known & ~same)
    near[rows] = similar(f.email, left[rows], right[rows], OSA.normalized_similarity, SIMILAR_MAIL)
    cases = [("same", same), ("almost same", near), ("domain same", domain), ("different", known)]
    return choose("email", cases)


def wechat(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether the WeChat ids are the same."""
    return _equal_or_not("wechat", f.wechat, a, b)


def contact(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether the contacts are one person by name, or may be by surname."""
    left, right = f.contact.codes[a], f.contact.codes[b]
    sure = (left >= 0) & (right >= 0)
    first = f.surname.codes[a]
    surname = (first >= 0) & (first == f.surname.codes[b]) & ~sure
    said = (sure | (first >= 0) & (f.surname.codes[b] >= 0)) & ~surname
    return choose("contact", [("same", sure & (left == right)), ("surname same", surname), ("different", said)])


def address(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether road and house number are the same; a side of town (n, sw) that is stated twice must agree."""
    import numpy as np

    roads = f.road.codes[a], f.road.codes[b]
    numbers = f.number.codes[a], f.number.codes[b]
    sides = f.side[a], f.side[b]
    known = (roads[0] >= 0) & (roads[1] >= 0)
    numbered = (numbers[0] >= 0) & (numbers[1] >= 0)
    same_number = numbered & (numbers[0] == numbers[1])
    across = (sides[0] >= 0) & (sides[1] >= 0) & (sides[0] != sides[1])
    same_road = known & (roads[0] == roads[1]) & ~across
    rows = np.flatnonzero(known & same_number & ~same_road & ~across)
    near_road = np.zeros(len(a), dtype=np.bool_)
    near_road[rows] = _almost_one_road(f, roads[0][rows], roads[1][rows])
    same = same_road & same_number & ~_apart(f.home, a, b)
    latin = _is_latin(f.road)
    street = same & latin[roads[0]]
    cases = [
        ("street same", street),
        ("same", same),
        ("almost same", near_road),
        ("road same", same_road & ~numbered),
        ("elsewhere", known & numbered & latin[roads[0]] & latin[roads[1]]),
        ("different", known),
    ]
    return choose("address", cases)


def _almost_one_road(f: Features, left: Pairs, right: Pairs) -> Flags:
    """Return whether one Latin road begins the other (27 washington oak park) or is it but for a typo."""
    from rapidfuzz.distance import OSA

    def alike(i: int, j: int) -> int:
        one, other = sorted((f.road.values[i], f.road.values[j]), key=len)
        if not (one.isascii() and other.isascii()):
            return False
        return other.startswith(one + " ") or OSA.normalized_similarity(one, other) >= SIMILAR_ROAD

    return on_distinct(left, right, alike).astype(bool)


def _apart(values: Field, a: Pairs, b: Pairs) -> Flags:
    """Return whether both are known and differ; Latin names of cities vary within one town, so those never do."""
    latin = _is_latin(values)
    left, right = values.codes[a], values.codes[b]
    apart: Flags = (left != right) & ~latin[left] & ~latin[right]
    return apart


def _is_latin(values: Field) -> Flags:
    """Return per code whether its value has Latin letters only; True for the unknown one (-1)."""
    import numpy as np

    return np.array([*(v.isascii() for v in values.values), True], dtype=np.bool_)


def city(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether the records say that they are in one city."""
    return _equal_or_not("city", f.home, a, b)


def postcode(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether the postcodes are the same."""
    return _equal_or_not("postcode", f.postcode, a, b)


COMPARISONS: dict[str, Callable[[Features, Pairs, Pairs], Levels]] = {
    "credit_code": credit_code,
    "name": name,
    "brand": brand,
    "trade": trade,
    "place": place,
    "form": form,
    "group": group,
    "branch": branch,
    "name_words": words,
    "person": person,
    "birth": birth,
    "shorthand": shorthand,
    "digits": digits,
    "phone": phone,
    "email": email,
    "wechat": wechat,
    "contact": contact,
    "address": address,
    "postcode": postcode,
    "city": city,
}
