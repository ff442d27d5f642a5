"""How pairs of records compare in each field: a level per pair, from codes of distinct values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crmcli.matching.features import Features, Field
from crmcli.matching.levels import choose
from crmcli.matching.names_compared import branch, brand, place, trade

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pairs = NDArray[np.int64]
    Levels = NDArray[np.int8]
    Flags = NDArray[np.bool_]


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
    """Return whether the digits in brand and trade agree."""
    known = (f.name.codes[a] >= 0) & (f.name.codes[b] >= 0)
    same = f.digits.codes[a] == f.digits.codes[b]
    return choose("digits", [("same", known & same), ("different", known)])


def phone(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether any phone number is shared, a mobile counting most."""
    import numpy as np

    mobile = np.zeros(len(a), dtype=np.bool_)
    landline = np.zeros(len(a), dtype=np.bool_)
    for i in range(f.phones.shape[1]):
        left = f.phones[a, i]
        for j in range(f.phones.shape[1]):
            same = (left >= 0) & (left == f.phones[b, j])
            mobile |= same & f.mobile[left]
            landline |= same & ~f.mobile[left]
    known = (f.phones[a, 0] >= 0) & (f.phones[b, 0] >= 0)
    return choose("phone", [("mobile same", mobile), ("landline same", landline), ("different", known)])


def email(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether mail address or company domain is the same."""
    left, right = f.email.codes[a], f.email.codes[b]
    known = (left >= 0) & (right >= 0)
    domain = (f.domain.codes[a] >= 0) & (f.domain.codes[a] == f.domain.codes[b])
    return choose("email", [("same", known & (left == right)), ("domain same", domain), ("different", known)])


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
    """Return whether road and house number are the same."""
    roads = f.road.codes[a], f.road.codes[b]
    numbers = f.number.codes[a], f.number.codes[b]
    known = (roads[0] >= 0) & (roads[1] >= 0)
    same_road = known & (roads[0] == roads[1])
    numbered = (numbers[0] >= 0) & (numbers[1] >= 0)
    same = same_road & numbered & (numbers[0] == numbers[1]) & ~_apart(f.home, a, b)
    road = same_road & ~numbered
    return choose("address", [("same", same), ("road same", road), ("different", known)])


def _apart(values: Field, a: Pairs, b: Pairs) -> Flags:
    """Return whether both are known and differ; Latin names of cities vary within one town, so those never do."""
    import numpy as np

    latin = np.array([*(v.isascii() for v in values.values), True], dtype=np.bool_)
    left, right = values.codes[a], values.codes[b]
    apart: Flags = (left != right) & ~latin[left] & ~latin[right]
    return apart


def city(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether the records say that they are in one city."""
    return _equal_or_not("city", f.home, a, b)


COMPARISONS: dict[str, Callable[[Features, Pairs, Pairs], Levels]] = {
    "credit_code": credit_code,
    "name": name,
    "brand": brand,
    "trade": trade,
    "place": place,
    "form": form,
    "group": group,
    "branch": branch,
    "digits": digits,
    "phone": phone,
    "email": email,
    "wechat": wechat,
    "contact": contact,
    "address": address,
    "city": city,
}
