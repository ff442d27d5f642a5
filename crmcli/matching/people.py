"""How two people compare: given name and surname, either way round and with typos, and date of birth."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from crmcli.matching.features import Features
from crmcli.matching.levels import choose, on_distinct
from crmcli.matching.person_names import APART, EQUAL, SIMILAR, date_slips, names_alike, parts_shared

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pairs = NDArray[np.int64]
    Levels = NDArray[np.int8]

_SAME_DATE, _SIMILAR_DATE, _TWO_PARTS, _TWO_SLIPS, _WITHIN_YEAR, _OTHER_DATE = range(6)
_DAYS_OF_YEAR = 366


def person(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether two people are called the same; a part that one does not state says nothing."""
    given, surname = _alike(f, f.given[a], f.given[b]), _alike(f, f.surnames[a], f.surnames[b])
    crossed, back = _alike(f, f.given[a], f.surnames[b]), _alike(f, f.surnames[a], f.given[b])
    given_known = (f.given[a] >= 0) & (f.given[b] >= 0)
    surname_known = (f.surnames[a] >= 0) & (f.surnames[b] >= 0)
    whole = given_known & surname_known
    said = ((f.given[a] >= 0) | (f.surnames[a] >= 0)) & ((f.given[b] >= 0) | (f.surnames[b] >= 0))
    turned = (crossed <= SIMILAR) | (back <= SIMILAR)
    return choose(
        "person",
        [
            ("same", whole & (given == EQUAL) & (surname == EQUAL)),
            ("almost same", whole & (given <= SIMILAR) & (surname <= SIMILAR)),
            ("swapped", whole & (crossed <= SIMILAR) & (back <= SIMILAR)),
            ("surname same", ~given_known & (surname <= SIMILAR)),
            ("given name same", ~surname_known & (given <= SIMILAR)),
            ("one name swapped", said & ~whole & turned),
            ("other surname", whole & (given <= SIMILAR)),
            ("other given name", whole & (surname <= SIMILAR)),
            ("different", said & (given_known | surname_known)),
        ],
    )


def _alike(f: Features, left: Pairs, right: Pairs) -> NDArray[np.int8]:
    """Return per pair EQUAL, SIMILAR or APART; unknown names are apart."""
    import numpy as np

    known = (left >= 0) & (right >= 0)
    found = np.full(len(left), APART, dtype=np.int8)
    values = f.person_names
    found[known] = on_distinct(left[known], right[known], lambda i, j: names_alike(values[i], values[j]))
    return found


def birth(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether the dates of birth are the same, or one with a typo."""
    import numpy as np

    left, right = f.birth.codes[a], f.birth.codes[b]
    known = (left >= 0) & (right >= 0)
    found = np.full(len(a), -1, dtype=np.int8)
    values = f.birth.values
    found[known] = on_distinct(left[known], right[known], lambda i, j: _dates(values[i], values[j]))
    return choose(
        "birth",
        [
            ("same", found == _SAME_DATE),
            ("almost same", found == _SIMILAR_DATE),
            ("two parts same", found == _TWO_PARTS),
            ("two slips", found == _TWO_SLIPS),
            ("within a year", found == _WITHIN_YEAR),
            ("different", known),
        ],
    )


def _dates(one: str, other: str) -> int:
    slips = date_slips(one, other)
    if slips <= 1:
        return _SIMILAR_DATE if slips else _SAME_DATE
    if parts_shared(one, other) > 1:
        return _TWO_PARTS
    if slips == 2:  # noqa: PLR2004
        return _TWO_SLIPS
    apart = abs((date.fromisoformat(one) - date.fromisoformat(other)).days)
    return _WITHIN_YEAR if apart <= _DAYS_OF_YEAR else _OTHER_DATE
