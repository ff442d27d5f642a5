"""Plain names of Chinese organisations taken apart all at once: place, brand, trade, legal form, in that order.

What `names.take_apart` reads off one name is looked up here in all names together. A name that has anything else in
it (Latin words only, brackets, numbers, a branch, a bank, a development zone ...) is not plain and left to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from crmcli.matching.legal_forms import BANKS, BRANCHES, COMPANY_FORMS
from crmcli.matching.names import GROUP
from crmcli.matching.places import AREA, Place, most_exact, name_ends
from crmcli.matching.places_at_once import Named, PlacesAtOnce
from crmcli.matching.signs import Signs, Words, these
from crmcli.matching.trade_words import SHOPS, TRADE_WORDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_NOT_PLAIN_SIGNS = "()0123456789〇零一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾"
_NUMERAL_OF_TRADE = "五金"  # hardware is no number
_NOT_PLAIN_WORDS = ("合伙", "银行", "农商", "农信")
_SHARES = "股份"
_ZONES, _TOWNS = "区园", "镇乡街"
_CHINA = Place("中国")
_SHORTEST_WITH_PLACE = 4  # a place at the end of less leaves no brand


class PlainNames(NamedTuple):
    """What plain names say; parallel columns, a name each. `rows` are their positions among all names.

    `places` are codes of `named`. `formed`: whether the name ends in a company's legal form.
    """

    rows: Codes
    brands: list[str]
    trades: list[str]
    places: Codes
    named: list[tuple[Place, ...]]
    formed: Flags
    group: Flags


def plain_names(texts: Sequence[str], known: Named | None = None) -> PlainNames:
    """Return what those of the folded names say that are plain; what other texts' places are may be `known`."""
    return _Plain(texts, known).parts()


class _Plain:
    """The names that are plain so far, and where in each its parts stand."""

    def __init__(self, texts: Sequence[str], known: Named | None) -> None:
        self._texts = texts
        self._signs = Signs(texts)
        self._plain = self._without_oddities()
        self._places = PlacesAtOnce(self._signs, known)

    def parts(self) -> PlainNames:
        """Return the parts of the plain names."""
        import numpy as np

        start, end = self._signs.start, self._signs.end
        formed = self._without_form(end)
        head = self._without_group(formed)
        brand, placed = self._behind_places(start, head)
        trade = self._without_trade(brand, head)
        self._plain &= trade > brand
        rows = np.flatnonzero(self._plain)
        texts = [self._texts[row] for row in rows.tolist()]
        cuts = [(at[rows] - start[rows]).tolist() for at in (brand, trade, head)]
        return PlainNames(
            rows,
            [text[i:j] for text, i, j in zip(texts, cuts[0], cuts[1], strict=True)],
            [text[i:j] for text, i, j in zip(texts, cuts[1], cuts[2], strict=True)],
            placed[rows],
            [most_exact(places) for places in self._places.named],
            (formed < end)[rows],
            (head < formed)[rows],
        )

    def _without_oddities(self) -> Flags:
        """Return whether the names have nothing but what may stand in a plain one."""
        import numpy as np

        signs, end = self._signs, self._signs.end
        odd = np.flatnonzero(_one_of(_NOT_PLAIN_SIGNS)[signs.signs])
        odd = np.setdiff1d(odd, signs.positions(_NUMERAL_OF_TRADE), assume_unique=True)
        plain = signs.having(signs.chinese()) & ~signs.having(odd)
        for word in _NOT_PLAIN_WORDS:
            plain &= ~signs.having(signs.positions(word))
        inside = signs.positions("公司")
        plain &= ~signs.having(inside[signs.signs[inside + 2] != 0])
        branches, lengths = _branches()
        for length in lengths:
            plain &= branches.codes(signs.prints(np.maximum(end - length, signs.start), end)) < 0
        return plain

    def _without_form(self, end: Codes) -> Codes:
        """Return where the legal form begins, the name's end where there is none."""
        import numpy as np

        signs, head = self._signs, end.copy()
        forms, lengths = _forms()
        for length in lengths:
            rows = np.flatnonzero(self._plain & (head == end) & (end - signs.start > length))
            stands = forms.codes(signs.prints(end[rows] - length, end[rows])) >= 0
            head[rows[stands]] -= length
        shares = signs.positions(_SHARES)
        self._plain &= (head < end) | ~signs.having(shares[signs.signs[shares + len(_SHARES)] == 0])
        return head

    def _without_group(self, head: Codes) -> Codes:
        """Return where 集团 begins at the end of the name without legal form, the end where it does not stand there."""
        import numpy as np

        signs = self._signs
        at = signs.positions(GROUP)
        text = signs.text_at(at)
        ends = (at + len(GROUP) == head[text]) & (at > signs.start[text])
        self._plain &= ~signs.having(at[~ends])
        cut = np.zeros(len(head), dtype=np.int64)
        cut[text[ends]] = len(GROUP)
        head = head - cut
        self._plain &= _banks().codes(signs.prints(signs.start, head)) < 0
        return head

    def _behind_places(self, start: Codes, head: Codes) -> tuple[Codes, Codes]:
        """Return where the brand begins, and the code of the places before it."""
        import numpy as np

        at, placed, last = start.copy(), np.zeros(len(start), dtype=np.int64), start.copy()
        rows = np.flatnonzero(self._plain)
        while len(rows):
            length, code = self._places.next(at[rows], head[rows], placed[rows])
            rows, length, code = rows[length > 0], length[length > 0], code[length > 0]
            last[rows] = at[rows]
            at[rows] += length
            placed[rows] = code
        self._look_behind_places(last, at, head, placed)
        return at, placed

    def _look_behind_places(self, last: Codes, at: Codes, head: Codes, placed: Codes) -> None:
        """Leave out the names whose last place, or what stands behind it, is to be looked at more closely."""
        import numpy as np

        named, signs = self._places.named, self._signs
        area = np.array([bool(places) and places[-1].level == AREA for places in named])[placed]
        self._plain &= np.array([_CHINA not in places for places in named])[placed]
        zones = np.flatnonzero(_one_of(_ZONES)[signs.signs])
        self._plain &= (placed == 0) | ~signs.having(zones[zones >= at[signs.text_at(zones)]])
        town = np.zeros(len(at), dtype=np.bool_)
        for step in (2, 3):
            town |= (at + step < head) & _one_of(_TOWNS)[signs.signs[np.minimum(at + step, len(signs.signs) - 1)]]
        self._plain &= ~(area & town)
        for row in np.flatnonzero(self._plain & area).tolist():
            start = int(signs.start[row])
            written = self._texts[row][int(last[row]) - start : int(at[row]) - start]
            self._plain[row] = named[placed[row]][-1].area == written

    def _without_trade(self, brand: Codes, head: Codes) -> Codes:
        """Return where the trade begins, read from the right word by word; the head's end where there is none."""
        import numpy as np

        signs, trade = self._signs, head.copy()
        rows = np.flatnonzero(self._plain)
        first = True
        while len(rows):
            length = self._trade_at_end(brand[rows], trade[rows])
            if first:
                shop = _one_of(SHOPS)[signs.signs[trade[rows] - 1]]
                self._plain[rows[(length == 0) & shop]] = False
                first = False
            ended = rows[(length == 0) & (trade[rows] - brand[rows] >= _SHORTEST_WITH_PLACE)]
            place = _ends().codes(signs.prints(trade[ended] - 2, trade[ended])) >= 0
            self._plain[ended[place]] = False
            trade[rows] -= length
            rows = rows[(length > 0) & (trade[rows] > brand[rows])]
        return trade

    def _trade_at_end(self, start: Codes, end: Codes) -> Codes:
        """Return how long the longest trade word is that ends at `end` and leaves a brand or nothing; 0 for none."""
        import numpy as np

        words, lengths = _trades()
        found = np.zeros(len(start), dtype=np.int64)
        for length in lengths:
            rest = end - length - start
            rows = np.flatnonzero((found == 0) & (rest >= 0) & (rest != 1))
            stands = words.codes(self._signs.prints(end[rows] - length, end[rows])) >= 0
            found[rows[stands]] = length
        return found


def _sized(words: Iterable[str]) -> tuple[Words, list[int]]:
    """Return words to look up and how long they are, longest first."""
    found = Words(sorted(words))
    return found, sorted(set(found.lengths), reverse=True)


@cache
def _forms() -> tuple[Words, list[int]]:
    return _sized(COMPANY_FORMS)


@cache
def _branches() -> tuple[Words, list[int]]:
    return _sized(BRANCHES)


@cache
def _trades() -> tuple[Words, list[int]]:
    return _sized(TRADE_WORDS)


@cache
def _banks() -> Words:
    return Words(BANKS)


@cache
def _ends() -> Words:
    """Return the last two characters of places' names."""
    return Words(name_ends())


@cache
def _one_of(signs: Iterable[str]) -> Flags:
    return these(signs)
