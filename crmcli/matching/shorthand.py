"""Names that are no full ones: written from memory or by ear, where slips occur."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmcli.matching.features import Features
from crmcli.matching.levels import choose
from crmcli.matching.trade_words import SHOPS, TRADE_WORDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pairs = NDArray[np.int64]
    Levels = NDArray[np.int8]
    Flags = NDArray[np.bool_]

# what the names of those end in that are no companies: shops, works, centres, schools, banks' branches ...
_ENDS_OF_OTHERS = SHOPS | frozenset("心院校所社处会局队园队站台网")
_SHORTEST_BRAND = 2
_NO_BRANDS = frozenset(TRADE_WORDS) | {""}


def shorthand(f: Features, a: Pairs, b: Pairs) -> Levels:
    """Return whether one of two Chinese names is no full one: it lacks the legal form, or a part of the brand.

    Source: 企业名称登记管理规定, article 8, 2020: a brand has two characters or more.
    """
    import numpy as np

    ends = np.array([*(name[-1:] in _ENDS_OF_OTHERS for name in f.name.values), False], dtype=np.bool_)
    short = (f.name.codes >= 0) & ~f.latin & ~f.has_form & ~ends[f.name.codes]
    named = (f.name.codes[a] >= 0) & (f.name.codes[b] >= 0)
    return choose("shorthand", [("one at least", named & (short[a] | short[b] | _character_lost(f, a, b)))])


def _character_lost(f: Features, a: Pairs, b: Pairs) -> Flags:
    """Return whether one name has a single character where the other, of one place, has a brand of two."""
    import numpy as np

    lengths = np.array([*map(len, f.core.values), 0], dtype=np.int64)
    cores = f.core.codes[a], f.core.codes[b]
    rows = np.flatnonzero((np.abs(lengths[cores[0]] - lengths[cores[1]]) == 1) & (f.places[a] == f.places[b]))
    lost = np.zeros(len(a), dtype=np.bool_)
    swapped = lengths[cores[0][rows]] < lengths[cores[1][rows]]
    whole, short = np.where(swapped, (b[rows], a[rows]), (a[rows], b[rows]))
    lost[rows] = [_lost(_parts(f, i), _parts(f, j)) for i, j in zip(whole.tolist(), short.tolist(), strict=True)]
    return lost


def _parts(f: Features, row: int) -> tuple[str, str]:
    """Return the brand and the trade of the name at `row`."""
    brand, trade = (part.values[code] if (code := part.codes[row]) >= 0 else "" for part in (f.brand, f.trade))
    return brand, trade


def _lost(whole: tuple[str, str], short: tuple[str, str]) -> bool:
    """Return whether a character of the whole name's brand is lost, so that no brand is left.

    >>> _lost(("万明", "农业科技"), ("万农业", "科技")), _lost(("华星", "新能源"), ("华新", "能源"))
    (True, False)
    """
    (brand, trade), (rest, other_trade) = whole, short
    if len(brand) != _SHORTEST_BRAND or not trade or rest + other_trade not in (brand[0] + trade, brand[1] + trade):
        return False
    return not other_trade or rest[1:] in _NO_BRANDS
