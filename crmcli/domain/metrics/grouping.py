"""Deals put into groups by one or several of their fields (`--by`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.gaps import only
from crmcli.domain.metrics.population import MISSING
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import msg

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmcli.domain.metrics.timeline import Timeline

FIELDS = (
    "owner", "team", "region", "manager", "product", "source", "province", "industry", "grade", "customer",
    "currency", "competitor",
)  # fmt: skip
"""Fields of a deal that a report can be broken down by; `month` and what a report adds stand beside them."""


class UnknownGroupingError(CrmError):
    """A report was asked for a breakdown that it does not have."""

    code = "unknown_grouping"
    exit_code = ExitCode.USAGE

    def __init__(self, key: str, known: tuple[str, ...]) -> None:
        super().__init__(
            msg("This report cannot be broken down by {key}", key=key),
            hint=msg("Use one of: {known}", known=known),
        )


@dataclass(frozen=True, slots=True)
class Groups:
    """`labels[code]` are the values of a group, one a key; `codes` says each deal's group."""

    labels: tuple[tuple[str, ...], ...]
    codes: NDArray[Any]

    @property
    def count(self) -> int:
        """Return the number of groups."""
        return len(self.labels)


def month_names(times: NDArray[Any]) -> NDArray[Any]:
    """Return `2026-03` for each local time, None where it is unknown."""
    import numpy as np
    import pandas as pd

    codes, months = pd.factorize(times.astype("datetime64[M]").astype("int64"))
    names = months.astype("datetime64[M]").astype(str).astype(object)
    return only(~np.isnat(times), names[codes])


def group(
    line: Timeline, picked: NDArray[Any], by: tuple[str, ...], extra: dict[str, NDArray[Any]] | None = None
) -> Groups:
    """Return the groups of the deals at the positions `picked`, in the order of their labels, 未填 last.

    Args:
        line: The deals.
        picked: Positions of deals; the codes align with it.
        by: Keys out of `FIELDS` or `extra`; none gives one group of all.
        extra: More values by key, aligned with `picked` (months, stages, reasons); None in them is 未填.

    Raises:
        UnknownGroupingError: A key is neither in `FIELDS` nor in `extra`.
    """
    import numpy as np

    if not by:
        return Groups(((),), np.zeros(len(picked), dtype="int64"))
    codes = np.zeros(len(picked), dtype="int64")
    labels: list[tuple[str, ...]] = [()]
    for key in by:
        names, part = _labels(line, picked, key, extra or {})
        joint, codes = np.unique(codes * len(names) + part, return_inverse=True)
        labels = [(*labels[code // len(names)], names[code % len(names)]) for code in joint.tolist()]
    return Groups(tuple(labels), codes.astype("int64"))


def _labels(
    line: Timeline, picked: NDArray[Any], key: str, extra: dict[str, NDArray[Any]]
) -> tuple[list[str], NDArray[Any]]:
    import numpy as np
    import pandas as pd

    if key not in FIELDS and key not in extra:
        raise UnknownGroupingError(key, (*FIELDS, *extra))
    values = extra[key] if key in extra else line.deals[key].iloc[picked]
    codes, distinct = pd.factorize(pd.Series(values, dtype=object))
    names = [str(value) for value in distinct]
    names = names if MISSING in names else [*names, MISSING]
    order = sorted(range(len(names)), key=lambda i: (names[i] == MISSING, names[i]))
    place = np.full(len(names) + 1, len(names) - 1, dtype="int64")  # the last one is for empty values, code -1
    place[order] = np.arange(len(names))
    return [names[i] for i in order], place[codes]
