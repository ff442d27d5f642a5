"""Plain Chinese addresses taken apart all at once: places, road, number, as `addresses.take_apart` does one by one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from crmcli.matching.addresses import NUMERALS, SIDES
from crmcli.matching.places import Place, most_exact
from crmcli.matching.places_at_once import Named, PlacesAtOnce
from crmcli.matching.signs import Signs, these

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_LONGEST_DISTRICT, _BEHIND_DISTRICT = 5, 2
_LONGEST_ROAD = 10
_DISTRICTS, _ROADS, _NO_DISTRICT, _BRACKETS = "区县镇乡", "路街道巷弄", "路街道", "()"
_DIGITS = "0123456789"
_ASCII = 0x80


class PlainAddresses(NamedTuple):
    """What plain addresses say; parallel columns, an address each. `rows` are their positions among all addresses.

    `places` are codes of `named`. Numerals of roads are as written.
    """

    rows: Codes
    places: Codes
    named: list[tuple[Place, ...]]
    roads: list[str]
    numbers: list[str]


def plain_addresses(texts: Sequence[str], known: Named | None = None) -> PlainAddresses:
    """Return what those of the folded addresses say that are plain; what other texts' places are may be `known`."""
    import numpy as np

    signs = Signs(texts)
    found = PlacesAtOnce(signs, known)
    at, placed = _behind_places(signs, found)
    start = _behind_district(signs.signs, at, signs.end)
    road, number, end, plain = _road_and_number(signs.signs, start, signs.end)
    rows = np.flatnonzero(plain & signs.having(signs.chinese()) & ~signs.having(_other_digits(signs.signs)))
    kept = [texts[row] for row in rows.tolist()]
    cuts = [(cut[rows] - signs.start[rows]).tolist() for cut in (start, road, number, end)]
    return PlainAddresses(
        rows,
        placed[rows],
        [most_exact(places) for places in found.named],
        [text[i:j] for text, i, j in zip(kept, cuts[0], cuts[1], strict=True)],
        [text[i:j] for text, i, j in zip(kept, cuts[2], cuts[3], strict=True)],
    )


def _behind_places(signs: Signs, found: PlacesAtOnce) -> tuple[Codes, Codes]:
    """Return where the places end that each address starts with, and their code."""
    import numpy as np

    at, placed = signs.start.copy(), np.zeros(len(signs.start), dtype=np.int64)
    rows = np.arange(len(at))
    while len(rows):
        here, end, before = at[rows], signs.end[rows], placed[rows]
        length, code = found.next(here, end, before)
        other = np.flatnonzero((length == 0) & (before > 0))  # a place that does not lie in those before it
        length[other], code[other] = found.next(here[other], end[other], before[other], near=False)
        named = (length > 0) & ~_makes_a_road(signs.signs, here + length)
        rows = rows[named]
        at[rows] += length[named]
        placed[rows] = code[named]
    return at, placed


def _behind_district(signs: NDArray[np.uint32], at: Codes, end: Codes) -> Codes:
    """Return where a district ends that stands behind the places, though no list has it; `at` where none does."""
    import numpy as np

    found, within = at.copy(), np.ones(len(at), dtype=np.bool_)
    for length in range(1, _LONGEST_DISTRICT + 1):
        within &= ~_one_of(_NO_DISTRICT + _DIGITS)[_at(signs, at + length - 1)]
        stands = within & (found == at) & _one_of(_DISTRICTS)[_at(signs, at + length)]
        stands &= at + length + 1 + _BEHIND_DISTRICT <= end
        found[stands] += length + 1
    return found


def _road_and_number(signs: NDArray[np.uint32], at: Codes, end: Codes) -> tuple[Codes, Codes, Codes, Flags]:
    """Return where the road, begun at `at`, ends, where the number begins and ends, and whether that is plain to see.

    All three are `at` where no road stands.
    """
    import numpy as np

    lane = (signs == ord("胡")) & (np.append(signs[1:], 0) == ord("同"))
    word = _next(_one_of(_ROADS)[signs] | lane)[at + 1]
    without = word >= end
    plain = without | (word - at <= _LONGEST_ROAD) & (_next(_one_of(_DIGITS + _BRACKETS)[signs])[at] >= word)
    word = np.where(without, at, word)
    road = np.where(without, at, word + 1 + lane[word])
    part = ~without & _one_of(SIDES)[signs[road]] & (_at(signs, road + 1) == ord("段"))
    number = road + 2 * part
    last = np.where(without, at, _next(~_one_of(_DIGITS)[signs])[number])
    return road, number, last, plain


def _at(signs: NDArray[np.uint32], at: Codes) -> NDArray[np.uint32]:
    """Return the signs at places of which some may lie behind the end of all."""
    found: NDArray[np.uint32] = signs.take(at, mode="clip")
    return found


def _next(flags: Flags) -> Codes:
    """Return for each position the first one from there on that has a flag, the end of all where none has."""
    import numpy as np

    positions = np.where(flags, np.arange(len(flags)), len(flags))
    found: Codes = np.minimum.accumulate(positions[::-1])[::-1]
    return found


def _other_digits(signs: NDArray[np.uint32]) -> Codes:
    """Return where digits of other writings than ours stand."""
    import numpy as np

    others = "".join(sign for sign in map(chr, np.unique(signs).tolist()) if sign >= chr(_ASCII) and sign.isdecimal())
    return np.flatnonzero(_one_of(others)[signs]) if others else np.empty(0, dtype=np.int64)


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
