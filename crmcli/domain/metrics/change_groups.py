"""Which group each deal was in at each side of a period: owners, their teams and expected months change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.both_ends import Ends
from crmcli.domain.metrics.grouping import group, month_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

OF_THE_OWNER = ("team", "region", "manager")


def groups_of_sides(ends: Ends, by: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], ...], list[NDArray[Any]]]:
    """Return the labels of the groups, and for printed, opening and closing the group of every deal.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal or `month` (of the expected close).
    """
    import numpy as np

    line = ends.line
    sides = (ends.printed, ends.opening, ends.closing)
    if not by:
        return ((),), [np.zeros(line.size, dtype="int64")] * len(sides)
    owners = np.concatenate([side.owner for side in sides])
    then: dict[str, NDArray[Any]] = {
        "owner": owners,
        "month": month_names(np.concatenate([side.close for side in sides])),
    }
    then |= {key: _of_owners(ends, key, owners) for key in OF_THE_OWNER if key in by}
    groups = group(line, np.tile(np.arange(line.size), len(sides)), by, then)
    return groups.labels, np.split(groups.codes, len(sides))


def _of_owners(ends: Ends, key: str, owners: NDArray[Any]) -> NDArray[Any]:
    """Return the team, region or manager of each owner, as far as any deal tells it."""
    import numpy as np
    import pandas as pd

    frames = [ends.line.deals]
    if ends.line.population.earlier is not None:
        frames.append(ends.line.population.earlier.deals)
    pairs = [frame[["owner", key]].dropna() for frame in frames]
    closed = f"{key}_at_close"
    with_closed = [frame for frame in frames if closed in frame]
    pairs += [frame[["owner_at_close", closed]].dropna().set_axis(["owner", key], axis=1) for frame in with_closed]
    known = pd.concat(pairs).drop_duplicates("owner").set_index("owner")[key]
    found = pd.Series(owners, dtype=object).map(known.to_dict())
    result: NDArray[Any] = np.asarray(found.astype(object).where(found.notna(), None), dtype=object)
    return result
