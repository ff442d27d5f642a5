"""Columns of many rows that came as one text each, as arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandas.arrays import IntegerArray

Block = tuple[int, Sequence[bytes]]
"""A number of rows, and their columns: the values of the rows, parted; an empty one is unknown."""
NOT_KNOWN = -(2**63)


@dataclass(frozen=True, slots=True)
class Packing:
    """How columns are packed.

    Attributes:
        groups: The names of the values of each column.
        row: What parts the rows of a column.
        part: What parts the values of a row.
    """

    groups: Sequence[Sequence[str]]
    row: bytes
    part: bytes


class Places(dict[Any, int]):
    """Text -> its place; a new text gets the next one."""

    def __missing__(self, text: Any) -> int:
        self[text] = place = len(self)
        return place

    @classmethod
    def of_names(cls, names: Iterable[str]) -> Places:
        """Return the places of names in order."""
        return cls({name: place for place, name in enumerate(names)})


class _Told(dict[bytes, str | None]):
    """Bytes -> the text that they are, the same object each time; None for none."""

    def __missing__(self, written: bytes) -> str | None:
        self[written] = text = written.decode() or None
        return text


def whole_numbers(column: bytes, row: bytes) -> NDArray[Any]:
    """Return a packed column of whole numbers as int64, `NOT_KNOWN` where there is none."""
    import numpy as np

    gap, filled = row + row, row + str(NOT_KNOWN).encode() + row
    text = (row + column + row).replace(gap, filled).replace(gap, filled)
    return np.fromstring(text.strip(row).decode(), dtype="int64", sep=row.decode())


def codes(column: bytes, row: bytes, places: Places) -> NDArray[Any]:
    """Return for each row of a packed column the place of what it says."""
    import numpy as np

    return np.fromiter(map(places.__getitem__, column.split(row)), "int32")


def parts_of(places: Iterable[bytes], part: bytes) -> list[list[str]]:
    """Return for each place the values of such a row, "" where there is none."""
    return [said.decode().split(part.decode()) for said in places]


def columns_of(blocks: Iterable[Block], packing: Packing, numbers: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Return packed rows as columns by name: `numbers` as int64 (`NOT_KNOWN`: none), all others as texts or None."""
    readers = [_Numbers() if group[0] in numbers else _Shared() if len(group) > 1 else _Texts()
               for group in packing.groups]  # fmt: skip
    for _count, columns in blocks:
        for reader, column in zip(readers, columns, strict=True):
            reader.add(column, packing.row)
    found: dict[str, NDArray[Any]] = {}
    for group, reader in zip(packing.groups, readers, strict=True):
        found.update(zip(group, reader.arrays(len(group), packing.part), strict=True))
    return found


def by_number(columns: dict[str, NDArray[Any]], key: str) -> dict[str, NDArray[Any]]:
    """Return columns in the order of one of them."""
    import numpy as np

    numbers = columns[key]
    if (numbers[1:] > numbers[:-1]).all():
        return columns
    order = np.argsort(numbers, kind="stable")
    return {name: values[order] for name, values in columns.items()}


def with_customers(
    deals: dict[str, NDArray[Any]], customers: Mapping[str, NDArray[Any]], blank: str
) -> dict[str, NDArray[Any]]:
    """Return deals' columns with their customers' name, province and industry, and source where they have none.

    `customers` are sorted by `id`; a source that is `blank` is none, nor is the customer's then.
    """
    import numpy as np

    numbers, wanted = customers["id"], deals["customer_id"]
    place = np.searchsorted(numbers, wanted)
    place[place == len(numbers)] = -1
    known = np.append(numbers, NOT_KNOWN)[place] == wanted
    place[~known | (wanted == NOT_KNOWN)] = -1

    def of(key: str) -> NDArray[Any]:
        texts: NDArray[Any] = np.append(customers[key], np.array([None], dtype=object))[place]
        return texts

    own, theirs = deals["source"], of("source")
    said = own != None  # noqa: E711 (each of them)
    source = np.where(said, own, theirs)
    source[own == blank] = None
    return deals | {"customer": of("name"), "source": source, "province": of("province"), "industry": of("industry")}


def known_numbers(values: NDArray[Any]) -> IntegerArray:
    """Return numbers as a column in which some are not known."""
    import numpy as np
    from pandas.arrays import IntegerArray

    unknown = values == NOT_KNOWN
    return IntegerArray(np.where(unknown, 0, values), unknown)


def for_each(function: Callable[..., Any], *columns: NDArray[Any]) -> NDArray[Any]:
    """Return what a function makes of each row of columns of texts (None: none); it is asked once for equal rows."""
    import numpy as np
    import pandas as pd

    row = np.zeros(len(columns[0]), dtype="int64")
    for values in columns:
        code, names = pd.factorize(values)
        row = row * (len(names) + 1) + code + 1
    code, distinct = pd.factorize(row)
    first = np.full(len(distinct), -1, dtype="int64")
    first[code[::-1]] = np.arange(len(row))[::-1]
    return _objects([function(*(values[at] for values in columns)) for at in first])[code]


class _Numbers:
    """A column of whole numbers."""

    def __init__(self) -> None:
        self._read: list[NDArray[Any]] = []

    def add(self, column: bytes, row: bytes) -> None:
        self._read.append(whole_numbers(column, row))

    def arrays(self, _width: int, _part: bytes) -> list[NDArray[Any]]:
        import numpy as np

        return [np.concatenate(self._read) if self._read else np.empty(0, dtype="int64")]


class _Texts:
    """A column of texts; one text is one object where many repeat."""

    def __init__(self) -> None:
        self._texts: list[str | None] = []
        self._told: _Told | None = _Told()

    def add(self, column: bytes, row: bytes) -> None:
        if self._told is None:
            self._texts += [text or None for text in column.decode().split(row.decode())]
            return
        self._texts += map(self._told.__getitem__, column.split(row))
        if len(self._told) * 2 > len(self._texts):
            self._told = None

    def arrays(self, _width: int, _part: bytes) -> list[NDArray[Any]]:
        return [_objects(self._texts)]


class _Shared:
    """A column of rows with several texts each, of which there are few different ones."""

    def __init__(self) -> None:
        self._places = Places()
        self._codes: list[NDArray[Any]] = []

    def add(self, column: bytes, row: bytes) -> None:
        self._codes.append(codes(column, row, self._places))

    def arrays(self, width: int, part: bytes) -> list[NDArray[Any]]:
        import numpy as np

        if not self._codes:
            return [_objects(())] * width
        code = np.concatenate(self._codes)
        same: dict[str, str] = {}
        told = [[same.setdefault(text, text) for text in row] for row in parts_of(self._places, part)]
        return [_objects([text or None for text in texts])[code] for texts in zip(*told, strict=True)]


def _objects(values: Sequence[Any]) -> NDArray[Any]:
    import numpy as np

    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
