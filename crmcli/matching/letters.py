"""What the letters of many texts say, read all at once: how many they are, which, with what they begin and end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Bits = NDArray[np.uint64]

_TOGETHER = 50_000  # texts that are read together
_FIRST = 3  # so many letters of a text's beginning fit into one number
LETTER_BITS = 21  # of a code point
_ASCII = 0x80
# an odd number whose multiples look like chance, and how far to shift them for one of 64
_MIX, _MIX_AGAIN = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9


class Letters(NamedTuple):
    """Parallel columns, a distinct text each, and one more at the end for the unknown one (-1), which has no letters.

    `bits` has a bit for each letter, several of which may share one. `first` holds the first three letters and `last`
    the last two, as numbers. `bag` is a fingerprint of the letters in any order. `latin`: nothing but ASCII.
    """

    length: NDArray[np.int32]
    bits: Bits
    first: Codes
    last: Codes
    bag: Bits
    latin: Flags

    def first_of(self, count: int) -> Codes:
        """Return the first letters of each text, at most three, as a number."""
        return self.first >> LETTER_BITS * (_FIRST - count)

    def last_of(self, count: int) -> Codes:
        """Return the last letters of each text, at most two, as a number."""
        return self.last & (1 << LETTER_BITS * count) - 1


def letters_of(texts: Sequence[str]) -> Letters:
    """Return what the letters of `texts`, which hold no NUL, say."""
    import numpy as np

    whole = len(texts)
    parts = [_read([*texts[i : i + _TOGETHER], *([""] if i + _TOGETHER > whole else [])]) for i in _starts(whole)]
    return Letters(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _starts(size: int) -> range:
    return range(0, size + 1, _TOGETHER)


def _read(texts: list[str]) -> Letters:
    import numpy as np

    joined = "\0".join((*texts, "\0" * _FIRST))
    signs = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.int64)
    length = np.fromiter(map(len, texts), dtype=np.int32, count=len(texts))
    end = np.cumsum(length.astype(np.int64) + 1) - 1
    start = end - length
    mixed = signs.astype(np.uint64) * np.uint64(_MIX)
    bits = np.where(signs > 0, np.uint64(1) << (mixed >> np.uint64(58)), np.uint64(0))
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(_MIX_AGAIN)
    first = np.zeros(len(texts), dtype=np.int64)
    for place in range(_FIRST):
        first = first << LETTER_BITS | np.where(length > place, signs[start + place], 0)
    last = np.where(length > 1, signs[end - 2], 0) << LETTER_BITS | np.where(length > 0, signs[end - 1], 0)
    return Letters(
        length,
        np.bitwise_or.reduceat(bits, start),
        first,
        last,
        np.add.reduceat(mixed, start),
        np.maximum.reduceat(signs, start) < _ASCII,
    )


def edits_at_least(letters: Letters, left: Codes, right: Codes) -> Codes:
    """Return how many letters must be changed, put in or left out at least to turn one text into the other."""
    import numpy as np

    one, other = letters.bits[left], letters.bits[right]
    apart = np.maximum(np.bitwise_count(one & ~other), np.bitwise_count(other & ~one))
    least: Codes = np.maximum(apart, np.abs(letters.length[left] - letters.length[right]))
    return least


def may_be_within(one: Bits, other: Bits) -> Flags:
    """Return whether all letters of one text may stand in the other, by their bits."""
    within: Flags = (one & ~other) == 0
    return within
