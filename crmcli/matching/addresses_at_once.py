"""The places of many addresses found all at once; what stands behind them is read one by one, as in `addresses`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from crmcli.matching.addresses import NUMERALS, SIDES, AddressParts, parts_behind, take_apart
from crmcli.matching.normalise import is_chinese
from crmcli.matching.places import Place
from crmcli.matching.places_at_once import PlacesAtOnce
from crmcli.matching.signs import Signs, these

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]


def addresses_taken_apart(texts: Sequence[str]) -> list[AddressParts]:
    """Return the parts of each folded address."""
    if not texts:
        return []
    behind = zip(texts, *_places(texts), strict=True)
    return [
        parts_behind(named, text[start:]) if is_chinese(text) else take_apart(text) for text, named, start in behind
    ]


def _places(texts: Sequence[str]) -> tuple[list[tuple[Place, ...]], list[int]]:
    """Return the places that each text starts with, and how many signs they take."""
    import numpy as np

    signs = Signs(texts)
    found = PlacesAtOnce(signs)
    at, placed = signs.start.copy(), np.zeros(len(texts), dtype=np.int64)
    rows = np.arange(len(texts))
    while len(rows):
        here, end, before = at[rows], signs.end[rows], placed[rows]
        length, code = found.next(here, end, before)
        other = np.flatnonzero((length == 0) & (before > 0))  # a place that does not lie in those before it
        length[other], code[other] = found.next(here[other], end[other], before[other], near=False)
        named = (length > 0) & ~_makes_a_road(signs.signs, here + length)
        rows = rows[named]
        at[rows] += length[named]
        placed[rows] = code[named]
    return [found.named[code] for code in placed.tolist()], (at - signs.start).tolist()


def _makes_a_road(signs: NDArray[np.uint32], at: Codes) -> Flags:
    """Return whether what stands at `at` makes a road of the place before it: 南京西路, 北京路, 中山北一路."""
    first, second = signs[at], signs[at + 1]
    side, numeral = _one_of(SIDES), _one_of(NUMERALS)
    found = _is_road(signs, at) | (side[first] | numeral[first]) & _is_road(signs, at + 1)
    found |= side[first] & numeral[second] & _is_road(signs, at + 2)
    return found


def _is_road(signs: NDArray[np.uint32], at: Codes) -> Flags:
    """Return whether a word for a road stands at `at`; 街道 is a part of a town, 道里 and 道外 are districts."""
    first, second = signs[at], signs[at + 1]
    found: Flags = _one_of("路巷弄")[first] | (first == ord("大")) & _one_of("道街")[second]
    found |= (first == ord("街")) & (second != ord("道"))
    found |= (first == ord("道")) & ~_one_of("里外")[second]
    return found


@cache
def _one_of(signs: str) -> Flags:
    return these(signs)
