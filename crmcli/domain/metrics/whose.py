"""Groups of things that people do or get and that may be about a deal: activities, planned actions, assignments."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.contacts import NOBODY
from crmcli.domain.metrics.grouping import FIELDS, Groups, group
from crmcli.domain.metrics.population import MISSING
from crmcli.domain.metrics.timeline import Timeline
from crmcli.domain.values.text import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

OF_PEOPLE = ("team", "region", "manager")
"""Fields of a deal that are its owner's."""


def grouped(line: Timeline, deal: NDArray[Any], owner: NDArray[Any], by: tuple[str, ...]) -> Groups:
    """Return the groups of things of deals (by position, `NOBODY`: of none) that an owner has.

    Team, region and manager are the owner's; other fields are the deal's.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal.
    """
    import numpy as np

    none = np.array([None], dtype=object)
    extra = {
        key: np.r_[line.deals[key].astype(object).to_numpy(), none][np.where(deal == NOBODY, -1, deal)]
        for key in by if key in FIELDS
    } | {key: of_owner(line, key, owner) for key in by if key in OF_PEOPLE}  # fmt: skip
    if "owner" in by:
        extra["owner"] = owner
    return group(line, deal, by, extra)


def of_owner(line: Timeline, key: str, owner: NDArray[Any]) -> NDArray[Any]:
    """Return the team, region or manager of people by the list of people; without it as the deals tell of them."""
    import pandas as pd

    if line.population.staff:
        told = {fold(one.name): getattr(one, key) or None for one in reversed(line.population.staff)}
        codes, names = pd.factorize(pd.Series(owner, dtype=object))
        return _spread([told.get(fold(str(name))) for name in names], codes)
    known = line.deals[["owner", key]].astype(object).dropna().drop_duplicates("owner").set_index("owner")[key]
    places: NDArray[Any] = pd.Series(owner, dtype=object).map(known).astype(object).to_numpy()
    return places


def _spread(values: list[str | None], codes: NDArray[Any]) -> NDArray[Any]:
    """Return the value of each code, None of the code -1."""
    import numpy as np

    texts = np.empty(len(values) + 1, dtype=object)
    texts[:-1] = values
    found: NDArray[Any] = texts[codes]
    return found


def united(parts: Iterable[Groups], by: tuple[str, ...]) -> tuple[list[tuple[str, ...]], list[NDArray[Any]]]:
    """Return the labels of all groups, 未填 last, and the codes of each part in them; without `by` there is one."""
    import numpy as np

    parts = list(parts)
    found = {label for part in parts for label in part.labels} if by else {()}
    labels = sorted(found, key=lambda label: [(text == MISSING, text) for text in label])
    place = {label: at for at, label in enumerate(labels)}
    return labels, [np.array([place[label] for label in part.labels], dtype="int64")[part.codes] for part in parts]
