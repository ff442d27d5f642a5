"""What keys are made of: parts of the records' fields, as codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.matching.blocks import combine
from crmcli.matching.features import Field
from crmcli.matching.normalise import UNKNOWN, encode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Bits = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Part:
    """A code per record (-1 unknown), or several (rows x k), and the values behind the codes, the same in any batch."""

    codes: Codes
    values: Sequence[Any] | Codes | Bits


@dataclass(frozen=True, slots=True)
class Key:
    """What two records must share, all of it, and what parts its crowded blocks."""

    parts: tuple[Part | Field, ...]
    refinements: tuple[Part | Field, ...] = ()

    @property
    def codes(self) -> Codes:
        """Return a code per record (-1: no key), or several (rows x k)."""
        return combine(*(part.codes for part in self.parts))


def numbered_part(field: Field, numbers: Codes | Bits, known: Flags) -> Part:
    """Return what is a number for each value of a field, and for the unknown one; it holds where it is `known`."""
    import numpy as np

    single: Any
    single, position = np.unique(numbers, return_inverse=True)
    return Part(np.where(known, position, UNKNOWN)[field.codes], single)


def part_of_some(field: Field, asked: Flags, part: Callable[[str], str]) -> Part:
    """Return `part` of those values of a field that are asked for; "" is unknown."""
    import numpy as np

    at = np.flatnonzero(asked[:-1])
    codes, parts = encode([part(field.values[i]) for i in at.tolist()], "")
    made = np.full(len(asked), UNKNOWN, dtype=np.int64)
    made[at] = codes
    return Part(made[field.codes], parts)


def part_of(field: Field, part: Callable[[str], str]) -> Part:
    """Return `part` of each value of a field; "" is unknown."""
    return part_of_codes(field.codes, field.values, part)


def part_of_codes(codes: Codes, values: Sequence[str], part: Callable[[str], str]) -> Part:
    """Return `part` of each of `values`, which `codes` point at; "" is unknown."""
    import numpy as np

    made, parts = encode([part(value) for value in values], "")
    return Part(np.append(made, -1)[codes], parts)
