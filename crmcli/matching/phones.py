"""Phone numbers taken out of cells: which records have which, and which numbers are mobiles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.matching.normalise import UNKNOWN, encode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]

PHONES_COMPARED = 6
LOCAL_DIGITS = 7
# an E.164 number that is a Chinese mobile's: 1, then 3-9, eleven digits
_MOBILE = re.compile(r"(?:\+86)?1[3-9].{9}", re.DOTALL)
_TOGETHER = 50_000  # cells that are looked at together
_EXTENSION = "ext="


class Phones(NamedTuple):
    """`codes`: records x up to PHONES_COMPARED, -1 filled; `numbers` behind them; `mobile`, one more for none (-1)."""

    codes: Codes
    numbers: list[str]
    mobile: Flags

    def ends(self, *, needed: bool) -> tuple[Codes, list[str]]:
        """Return the last digits of each phone, as `codes`; unknown everywhere where they are not needed."""
        import numpy as np

        if not needed:
            return np.full_like(self.codes, UNKNOWN), []
        codes, ends = encode([number[-LOCAL_DIGITS:] for number in self.numbers], "")
        small: Any = np.int32
        return np.append(codes, UNKNOWN).astype(small)[self.codes], ends


def phones_in(cell_codes: Codes, cells: list[str]) -> Phones:
    """Return the phones of records whose cells are `cells[code]`, -1 for none."""
    import numpy as np

    lists: list[Sequence[str]] = []
    for start in range(0, len(cells), _TOGETHER):
        lists += _numbers_in_all(cells[start : start + _TOGETHER])
    flat, distinct = encode(list(chain.from_iterable(lists)), "")
    counts = np.fromiter(map(len, lists), dtype=np.int64, count=len(lists))
    table = np.full((len(lists) + 1, max(counts.max(initial=0), 1)), UNKNOWN, dtype=np.int32)  # the last row: no phone
    rows = np.repeat(np.arange(len(lists)), counts)
    offsets = np.arange(len(flat)) - np.repeat(np.cumsum(counts) - counts, counts)
    table[rows, offsets] = flat
    mobile = [found is not None for found in map(_MOBILE.fullmatch, distinct)]
    return Phones(table[cell_codes], distinct, np.array([*mobile, False], dtype=np.bool_))


def _numbers_in_all(cells: list[str]) -> list[Sequence[str]]:
    """Return `numbers_in` of each cell; where none of them holds anything but numbers, they are only parted."""
    all_of_them = ";".join(cells)
    odd = not all_of_them.isprintable() or any(sign in all_of_them for sign in (" ", _EXTENSION, ";;"))
    if odd or all_of_them.startswith(";") or all_of_them.endswith(";"):
        return [numbers_in(cell) for cell in cells]
    return [sorted({*cell.split(";")})[:PHONES_COMPARED] if ";" in cell else (cell,) for cell in cells]


def numbers_in(cell: str) -> list[str]:
    """Return the numbers of a cell, sorted; an extension (;ext=801) tells nothing without its number."""
    if ";" not in cell:
        number = cell.strip()
        return [number] if number else []
    parts = cell.split(";")
    if _EXTENSION in cell:
        parts = [part for part in parts if not part.startswith(_EXTENSION)]
    return sorted({*map(str.strip, parts)} - {""})[:PHONES_COMPARED]


def lacks_country(numbers: Iterable[str]) -> bool:
    """Return whether some phone number does not state its country: then the ends of all are compared."""
    return any(not number.startswith("+") for number in numbers)
