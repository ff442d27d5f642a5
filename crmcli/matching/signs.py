"""Many texts as one row of signs: what stands at the same place of all of them is looked at at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Prints = NDArray[np.uint64]

# a word's fingerprint: its signs times the powers of an odd number, whose powers can be divided by, modulo 2^64
_BASE = 0x9E3779B97F4A7C15
_MODULUS = 1 << 64
# signs behind the last text, so that one may look a little beyond its end
_MARGIN = 32
_SIGNS = 0x110000
_FIRST_CHINESE, _LAST_CHINESE = 0x3400, 0x9FFF


class Signs:
    """The signs of texts without NUL, one after the other; a text's are those from its `start` to its `end`.

    `signs` are code points. At the end of each text stands a 0.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        import numpy as np

        joined = "\0".join((*texts, "\0" * _MARGIN))
        self.signs = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        self.end = np.cumsum(lengths + 1) - 1
        self.start = self.end - lengths
        powers = np.full(len(self.signs), _BASE, dtype=np.uint64)
        powers[0] = 1
        powers = powers.cumprod(dtype=np.uint64)
        self._sums = np.zeros(len(self.signs) + 1, dtype=np.uint64)
        np.cumsum(self.signs * powers, out=self._sums[1:])
        inverse = np.full(len(self.signs), pow(_BASE, -1, _MODULUS), dtype=np.uint64)
        inverse[0] = 1
        self._inverse = inverse.cumprod(dtype=np.uint64)

    def prints(self, start: Codes, end: Codes) -> Prints:
        """Return the fingerprint of what stands from each `start` to each `end`."""
        found: Prints = (self._sums[end] - self._sums[start]) * self._inverse[start]
        return found

    def having(self, positions: Codes) -> Flags:
        """Return whether each text has one of these positions."""
        import numpy as np

        found = np.zeros(len(self.end), dtype=np.bool_)
        found[self.text_at(positions)] = True
        return found

    def chinese(self) -> Codes:
        """Return where Chinese characters stand, see `normalise.is_chinese`."""
        found: Codes = ((self.signs >= _FIRST_CHINESE) & (self.signs <= _LAST_CHINESE)).nonzero()[0]
        return found

    def text_at(self, positions: Codes) -> Codes:
        """Return the text that stands at each position."""
        import numpy as np

        texts: Codes = np.searchsorted(self.end, positions)
        return texts

    def positions(self, word: str) -> Codes:
        """Return where a word of a few signs stands, in any text."""
        first, *rest = map(ord, word)
        found: Codes = (self.signs == first).nonzero()[0]
        for step, sign in enumerate(rest, 1):
            found = found[self.signs[found + step] == sign]
        return found


def these(signs: Iterable[str]) -> Flags:
    """Return for every sign there is whether it is one of `signs`."""
    import numpy as np

    flags = np.zeros(_SIGNS, dtype=np.bool_)
    flags[list(map(ord, signs))] = True
    return flags


class Words:
    """Words that are looked up by their fingerprints; a word's code is its position."""

    def __init__(self, words: Iterable[str]) -> None:
        import numpy as np

        self.words = list(words)
        texts = Signs(self.words)
        prints = texts.prints(texts.start, texts.end)
        self._order = prints.argsort()
        self._prints = np.append(prints[self._order], np.uint64(0))
        self.lengths = (texts.end - texts.start).tolist()

    def codes(self, prints: Prints) -> Codes:
        """Return the code of the word that has each fingerprint, -1 where none has."""
        import numpy as np

        found = np.searchsorted(self._prints[:-1], prints)
        known = self._prints[found] == prints
        return np.where(known, self._order.take(found, mode="clip"), -1)
