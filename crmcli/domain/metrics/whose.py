"""Groups of things that people do or get and that may be about a deal: activities, planned actions, assignments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.contacts import NOBODY
from crmcli.domain.metrics.grouping import FIELDS, Groups, group
from crmcli.domain.metrics.population import MISSING
from crmcli.domain.metrics.timeline import Timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OF_PEOPLE = ("team", "region", "manager")


def grouped(line: Timeline, deal: NDArray[Any], owner: NDArray[Any], by: tuple[str, ...]) -> Groups:
    """Return the groups of things of deals (by position, `NOBODY`: of none) that an owner has.

    Team, region and manager are the owner's, as the deals tell of them; other fields are the deal's.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal.
    """
    import numpy as np

    none = np.array([None], dtype=object)
    extra = {
        key: np.r_[line.deals[key].astype(object).to_numpy(), none][np.where(deal == NOBODY, -1, deal)]
        for key in by if key in FIELDS
    } | {key: _of_owner(line, key, owner) for key in by if key in _OF_PEOPLE}  # fmt: skip
    if "owner" in by:
        extra["owner"] = owner
    return group(line, deal, by, extra)


def _of_owner(line: Timeline, key: str, owner: NDArray[Any]) -> NDArray[Any]:
    """Return the team, region or manager of people."""
    import pandas as pd

    known = line.deals[["owner", key]].astype(object).dropna().drop_duplicates("owner").set_index("owner")[key]
    places: NDArray[Any] = pd.Series(owner, dtype=object).map(known).astype(object).to_numpy()
    return places


def united(parts: Iterable[Groups], by: tuple[str, ...]) -> tuple[list[tuple[str, ...]], list[NDArray[Any]]]:
    """Return the labels of all groups, 未填 last, and the codes of each part in them; without `by` there is one."""
    import numpy as np

    parts = list(parts)
    found = {label for part in parts for label in part.labels} if by else {()}
    labels = sorted(found, key=lambda label: [(text == MISSING, text) for text in label])
    place = {label: at for at, label in enumerate(labels)}
    return labels, [np.array([place[label] for label in part.labels], dtype="int64")[part.codes] for part in parts]
