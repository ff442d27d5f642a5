"""The places that many texts start with, found in all of them at once; as `places.leading_place` does one by one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from crmcli.matching.places import NOT_SUFFIX, Place, accepted, written_names
from crmcli.matching.signs import Signs, Words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]

_START = 2  # a name is looked for where its first two signs begin some name
_NONE = -1


class Named:
    """Places that are named one behind the other, a code for each such list; `places[0]` is no place at all."""

    def __init__(self) -> None:
        self.places: list[tuple[Place, ...]] = [()]
        self._code_of: dict[tuple[Place, ...], int] = {(): 0}
        self._known: dict[tuple[str, int, bool], int] = {}

    def with_one(self, name: str, before: int, *, near: bool) -> int:
        """Return the code of the places before and of the one that `name` is behind them; -1: it is none there."""
        key = (name, before, near)
        made = self._known.get(key)
        if made is None:
            places = self.places[before]
            place = accepted(name, places if near else (), bare_areas=near)
            made = self._known[key] = _NONE if place is None else self.code((*places, place))
        return made

    def code(self, places: tuple[Place, ...]) -> int:
        """Return the code of places in this order."""
        code = self._code_of.setdefault(places, len(self.places))
        if code == len(self.places):
            self.places.append(places)
        return code


class PlacesAtOnce:
    """The places named so far at the start of each text, as a code; what the code stands for is in `named`.

    What is `known` of other texts' places is made use of and added to; `named[0]` is no place at all.
    """

    def __init__(self, signs: Signs, known: Named | None = None) -> None:
        self._signs = signs
        self._known = known or Named()
        self.named = self._known.places

    def next(self, at: Codes, end: Codes, before: Codes, *, near: bool = True) -> tuple[Codes, Codes]:
        """Return how long the written place that stands at `at` is (0: none), and the code of all places with it.

        `end` is where each text ends, `before` the code of the places named before; `near` ones decide between places
        of one name, others do not, and then no district without 区, 县 or 市 is one.
        """
        import numpy as np

        length, code = np.zeros(len(at), dtype=np.int64), before.copy()
        names, lengths_from = _names()
        rows = np.flatnonzero(at + _START <= end)
        starts = _starts().codes(self._signs.prints(at[rows], at[rows] + _START))
        rows, starts = rows[starts >= 0], starts[starts >= 0]
        for size in sorted(lengths_from, reverse=True):
            may = lengths_from[size][starts] & (length[rows] == 0) & (at[rows] + size <= end[rows])
            here = rows[may]
            if not len(here):
                continue
            found = names.codes(self._signs.prints(at[here], at[here] + size))
            stands = (found >= 0) & ~self._goes_on(at[here] + size)
            here, found = here[stands], found[stands]
            made = self._accepted(found, before[here], names.words, near=near)
            here, made = here[made >= 0], made[made >= 0]
            length[here], code[here] = size, made
        return length, code

    def _goes_on(self, end: Codes) -> NDArray[np.bool_]:
        """Return whether a name's last sign is the first of a word with the sign behind it."""
        import numpy as np

        signs = self._signs.signs
        last, behind = signs[end - 1], signs[end]
        found = np.zeros(len(end), dtype=np.bool_)
        for word in NOT_SUFFIX:
            found |= (last == ord(word[0])) & (behind == ord(word[1]))
        return found

    def _accepted(self, found: Codes, before: Codes, names: list[str], *, near: bool) -> Codes:
        """Return the code of the places before with the one that is found; -1 where it is not accepted as one."""
        import numpy as np

        pairs, position = np.unique(found * len(self.named) + before, return_inverse=True)
        both = [divmod(pair, len(self.named)) for pair in pairs.tolist()]
        made = [self._known.with_one(names[name], places, near=near) for name, places in both]
        return np.array(made, dtype=np.int64)[position]


@cache
def _starts() -> Words:
    return Words(dict.fromkeys(name[:_START] for name in written_names()))


@cache
def _names() -> tuple[Words, dict[int, NDArray[np.bool_]]]:
    """Return the written names, and length -> whether each of `_starts` begins a name of that length."""
    import numpy as np

    names = Words(written_names())
    code_of = {start: code for code, start in enumerate(_starts().words)}
    lengths = np.zeros((max(names.lengths) + 1, len(code_of)), dtype=np.bool_)
    for name in names.words:
        lengths[len(name), code_of[name[:_START]]] = True
    return names, {size: row for size, row in enumerate(lengths) if row.any()}
