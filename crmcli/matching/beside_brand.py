"""Slips of the pen beside the brand of a name: in the trade, the legal form or the place.

A slip in a known word makes it unknown, so that the brand seems to go on (凡谷 + 电子技术, 凡谷电子纪术). Where one
name says what was meant, and its brand stands whole in the other, the two are no lookalikes: those differ in the brand.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from crmcli.matching import names_compared
from crmcli.matching.features import Features, Field
from crmcli.matching.letters import edits_at_least, may_be_within
from crmcli.matching.levels import on_distinct
from crmcli.matching.model import DEFAULT
from crmcli.matching.normalise import pinyin_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pairs = NDArray[np.int64]
    Levels = NDArray[np.int8]
    Flags = NDArray[np.bool_]

_FORM = frozenset("有限责任股份集团公司")
_LONGEST_FORM = len("股份有限责任公司")
_SHORTEST_BRAND = _SHORTEST_PLACE = 2


class Cut(NamedTuple):
    """A name as it was cut: its text, brand, trade and brand with trade; whether it states a place, a legal form."""

    text: str
    brand: str
    trade: str
    core: str
    placed: bool = False
    formed: bool = False


def brand(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return how near the brands are; one that stands whole in both names, with a slip beside it, is the same."""
    return _corrected("brand", names_compared.brand(f, a, b), ("near",), "same, slip beside", f, a, b)


def trade(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return how the trades agree, one with a slip too."""
    return _corrected("trade", names_compared.trade(f, a, b), ("one slip", "extended"), "slip", f, a, b)


def _corrected(
    field: str, levels: Levels, doubtful: Iterable[str], slip: str, f: Features, a: Pairs, b: Pairs
) -> Levels:
    """Return the levels, `slip` in place of the doubtful ones of names that differ by one slip beside the brand."""
    import numpy as np

    at = np.isin(levels, [DEFAULT.index(field, level) for level in doubtful])
    rows = np.flatnonzero(at & (f.brand.codes[a] != f.brand.codes[b]))
    rows = rows[_may_be_meant(f, a[rows], b[rows]) | _may_be_meant(f, b[rows], a[rows])]
    names = f.name.codes
    record_of = np.full(len(f.name.values), -1, dtype=np.int64)
    record_of[names[a[rows]]], record_of[names[b[rows]]] = a[rows], b[rows]
    cuts = _cuts(f, record_of)
    found = on_distinct(names[a[rows]], names[b[rows]], lambda i, j: slip_beside(cuts[i], cuts[j])).astype(bool)
    levels[rows[found]] = DEFAULT.index(field, slip)
    return levels


def _may_be_meant(f: Features, right: Pairs, slipped: Pairs) -> Flags:
    """Return whether the letters of both names leave it open that `_meant` holds."""
    cores = f.core.codes[right], f.core.codes[slipped]
    letters = f.core.letters
    beyond = letters.bits[cores[1]]
    found: Flags = may_be_within(letters.bits[cores[0]], beyond) | (edits_at_least(letters, *cores) <= 1)
    found |= ~f.has_form[slipped] & may_be_within(beyond, letters.bits[cores[0]])
    found &= may_be_within(f.brand.letters.bits[f.brand.codes[right]], beyond)
    return found & (f.trade.codes[right] >= 0)


def _cuts(f: Features, record_of: Pairs) -> dict[int, Cut]:
    """Return how names were cut, by the codes of those of which a record is known (-1: none)."""
    codes = (record_of >= 0).nonzero()[0]
    rows = record_of[codes]

    def said(part: Field) -> list[str]:
        values = [*part.values, ""]
        return [values[code] for code in part.codes[rows].tolist()]

    flags = (f.places[rows] >= 0).tolist(), f.has_form[rows].tolist()
    columns = zip(*map(said, (f.name, f.brand, f.trade, f.core)), *flags, strict=True)
    return dict(zip(codes.tolist(), map(Cut._make, columns), strict=True))


def slip_beside(one: Cut, other: Cut) -> bool:
    """Return whether two names differ by one slip beside the brand.

    >>> slip_beside(Cut("翔东环保", "翔东", "环保", "翔东环保"), Cut("翔东环保有公司", "翔东环保有", "", "翔东环保有"))
    True
    """
    return _meant(one, other) or _meant(other, one)


def _meant(right: Cut, slipped: Cut) -> bool:
    """Return whether the one name is what the other was meant to be: its brand stands whole in the other's text."""
    if not right.trade or len(right.brand) < _SHORTEST_BRAND or right.brand == slipped.brand:
        return False
    before, _, after = slipped.core.partition(right.core)
    if slipped.core == before + right.core:  # 厦门翔东环保, 门翔东环保
        return not slipped.placed and _place_meant(right.text.partition(right.brand)[0], before)
    if not slipped.formed and slipped.core.startswith(right.brand) and slipped.core in right.text:
        return True  # 飞亿房地产开发, 飞亿房地
    if after and not before:  # 翔东环保有限公司, 翔东环保有限公
        return after == right.trade[-1] or (len(after) <= _LONGEST_FORM and _FORM.issuperset(after))
    return _in_trade(right, slipped)


def _place_meant(place: str, written: str) -> bool:
    """Return whether a place was meant: its end is written, or it with one slip that sounds or looks alike.

    >>> [_place_meant("珠海", written) for written in ("海", "朱海", "海珠", "珠珠海", "威海")]
    [True, True, True, True, False]
    """
    from rapidfuzz.distance import OSA

    if written in place:
        return True
    place = place.removesuffix("市")
    if len(written) < _SHORTEST_PLACE or OSA.distance(place, written) > 1:
        return False
    return len(place) != len(written) or pinyin_of(place) == pinyin_of(written) or sorted(place) == sorted(written)


def _in_trade(right: Cut, slipped: Cut) -> bool:
    """Return whether one slip in the trade, behind its first character, is all the difference; or that one's sound.

    The trade's first character may also have been swapped with the brand's last.
    """
    from rapidfuzz.distance import OSA

    if right.trade == slipped.trade:
        return False
    brand, trade = right.brand, right.trade
    if slipped.core == brand[:-1] + trade[0] + brand[-1] + trade[1:]:  # 凤杰机械, 凤机杰械
        return True
    if not slipped.core.startswith(brand):
        return False
    written = slipped.core[len(brand) :]
    if not written or OSA.distance(trade, written) > 1:
        return False
    if trade[0] == written[0]:
        return True
    return trade[1:] == written[1:] and pinyin_of(trade[0]) == pinyin_of(written[0])
