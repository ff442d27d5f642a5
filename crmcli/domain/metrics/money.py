"""Counts and sums of deals by group, currencies never mixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.kept import once

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmcli.domain.metrics.timeline import Timeline

Fen = int | None
"""A sum in fen; None where there are deals but not one of them has a known amount."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Figures of groups, one array element a group.

    Attributes:
        n: Deals.
        unknown: Deals without a known amount.
        sums: Sum in fen by currency; the workspace's currency is always there and first.
    """

    n: NDArray[Any]
    unknown: NDArray[Any]
    sums: dict[str, NDArray[Any]]

    def amounts(self, at: int | tuple[int, ...]) -> dict[str, Fen]:
        """Return the sums of one group by currency; None where no amount is known."""
        nothing_known = bool(self.n[at] and self.n[at] == self.unknown[at])
        return {code: None if nothing_known else int(sums[at]) for code, sums in self.sums.items()}

    def shaped(self, *shape: int) -> Tally:
        """Return the same figures as a table of `shape`."""
        sums = {code: values.reshape(shape) for code, values in self.sums.items()}
        return Tally(self.n.reshape(shape), self.unknown.reshape(shape), sums)


def currencies(line: Timeline, picked: NDArray[Any], home: str) -> tuple[list[str], NDArray[Any]]:
    """Return the currencies of deals, `home` first, and each deal's place in them; an empty one is `home`."""
    import numpy as np
    import pandas as pd

    def each() -> tuple[NDArray[Any], list[str]]:
        codes, distinct = pd.factorize(line.deals["currency"].to_numpy(dtype=object))
        return codes.astype("int16"), [str(name) for name in distinct]

    codes, distinct = once(line.kept, "currencies", each)
    own = codes[picked]
    there = np.bincount(own + 1, minlength=len(distinct) + 1)[1:] > 0
    names = [home, *sorted({name for name, used in zip(distinct, there, strict=True) if used} - {home})]
    known = {name: at for at, name in enumerate(names)}
    place = np.array([*(known.get(name, 0) for name in distinct), 0], dtype="int64")
    return names, place[own]


def fen(line: Timeline, picked: NDArray[Any], column: str = "amount_fen") -> tuple[NDArray[Any], NDArray[Any]]:
    """Return amounts in fen (0 where unknown) and which are known; all unknown without such a column."""
    import numpy as np
    import pandas as pd

    if column not in line.deals:
        return np.zeros(len(picked), dtype="int64"), np.zeros(len(picked), dtype=bool)
    values = line.deals[column].iloc[picked]
    if values.dtype != pd.Int64Dtype():
        values = pd.to_numeric(values).astype("Int64")
    return values.to_numpy(dtype="int64", na_value=0), values.notna().to_numpy(dtype=bool)


def tally(
    line: Timeline, picked: NDArray[Any], codes: NDArray[Any], size: int, *, home: str, column: str = "amount_fen"
) -> Tally:
    """Return counts and sums of the deals at `picked` by their group `codes` (0..size-1)."""
    import numpy as np

    amount, known = fen(line, picked, column)
    names, currency = currencies(line, picked, home)
    sums = np.zeros((len(names), size), dtype="int64")
    np.add.at(sums, (currency, codes), amount)
    return Tally(
        n=np.bincount(codes, minlength=size),
        unknown=np.bincount(codes[~known], minlength=size),
        sums={name: sums[place] for place, name in enumerate(names)},
    )


def amount_keys(home: str, codes: tuple[str, ...], stem: str = "amount") -> dict[str, str]:
    """Return column keys by currency: `amount` for the workspace's, `amount_usd` ... for the others.

    >>> amount_keys("CNY", ("CNY", "USD"))
    {'CNY': 'amount', 'USD': 'amount_usd'}
    """
    return {code: stem if code == home else f"{stem}_{code.lower()}" for code in codes}
