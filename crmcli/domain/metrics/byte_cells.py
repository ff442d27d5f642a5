"""Numbers and days as bytes of a text file, made digit by digit for whole columns: words would be made one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

PAD = b"\xff"
"""Fills what is short; `without_pads` takes it away. No text that is UTF-8 has it, nor `CUT`."""
CUT = b"\xfe"


def without_pads(text: bytes) -> bytes:
    """Return bytes as they are to be."""
    return text.translate(None, PAD)


def number_cells(numbers: NDArray[Any], before: bytes = b"", after: bytes = b"") -> list[bytes]:
    """Return numbers of zero and more between two texts, padded.

    >>> import numpy as np
    >>> [without_pads(one) for one in number_cells(np.array([0, 70, 1205]), b"O")]
    [b'O0', b'O70', b'O1205']
    """
    import numpy as np

    high = len(numbers)
    return _cells(np.hstack([_same(before, high), _digits(numbers, 1), _same(after, high)]))


def yuan_cells(fen: NDArray[Any], known: NDArray[Any], after: bytes = b"") -> list[bytes]:
    """Return amounts in fen as decimals with two places before a text, padded; what is not known is empty.

    >>> import numpy as np
    >>> cells = yuan_cells(np.array([123456, -5, 7]), np.array([True, True, False]))
    >>> [without_pads(one) for one in cells]
    [b'1234.56', b'-0.05', b'']
    """
    import numpy as np

    digits, high = _digits(np.abs(fen), 3), len(fen)
    sign = np.where(fen < 0, ord("-"), PAD[0]).astype("uint8")[:, None]
    written = np.hstack([sign, digits[:, :-2], _same(b".", high), digits[:, -2:]])
    written[~known] = PAD[0]
    return _cells(np.hstack([written, _same(after, high)]))


def fen_of(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return amounts of which some are None as numbers, 0 for these, and which are known.

    >>> import numpy as np
    >>> [one.tolist() for one in fen_of(np.array([5, None], dtype=object))]
    [[5, 0], [True, False]]
    """
    import numpy as np
    import pandas as pd

    known = pd.notna(values)
    return np.where(known, values, 0).astype("int64"), known


def day_cells(times: NDArray[Any], after: bytes = b"") -> list[bytes]:
    """Return the days of moments before a text; what is no moment is empty.

    >>> import numpy as np
    >>> day_cells(np.array(["2026-03-01T10:00", "NaT"], dtype="datetime64[s]"))
    [b'2026-03-01', b'']
    """
    import numpy as np

    days = times.astype("datetime64[D]")
    known = ~np.isnat(days)
    if not known.any():
        return [after] * len(days)
    first = days[known].min()
    places = np.where(known, (days - first).astype("int64"), -1)
    texts = np.full(int(places.max()) + 2, after, dtype=object)
    for place in np.unique(places[known]).tolist():
        texts[place] = str(first + place).encode() + after
    cells: list[bytes] = texts[places].tolist()
    return cells


def _digits(numbers: NDArray[Any], least: int) -> NDArray[Any]:
    """Return a row of digits for each number, at least so many, pads before them."""
    import numpy as np

    wide = max(len(str(int(numbers.max(initial=0)))), least)
    found = np.empty((len(numbers), wide), dtype="uint8")
    rest = numbers.astype("int64")
    for at in range(wide - 1, -1, -1):
        nothing = (rest == 0) & (at < wide - least)
        rest, digit = np.divmod(rest, 10)
        found[:, at] = np.where(nothing, PAD[0], digit + ord("0"))
    return found


def _same(text: bytes, high: int) -> NDArray[Any]:
    """Return so many rows of the same text."""
    import numpy as np

    return np.tile(np.frombuffer(text, dtype="uint8"), (high, 1))


def _cells(written: NDArray[Any]) -> list[bytes]:
    import numpy as np

    cells: list[bytes] = np.ascontiguousarray(written).view(f"S{written.shape[1]}").ravel().tolist()
    return cells
