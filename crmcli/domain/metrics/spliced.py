"""A population of which some deals are as another one knows them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.population import Population

if TYPE_CHECKING:
    import pandas as pd

_PARTS = ("deals", "events", "moves", "activities", "tasks")


def spliced(one: Population, other: Population, deals: Collection[int]) -> Population:
    """Return `one` with the rows of the given deals (numbers) as `other` has them; all else stays."""
    if not deals:
        return one
    parts: dict[str, Any] = {name: _joined(getattr(one, name), getattr(other, name), deals) for name in _PARTS}
    return replace(one, **parts)


def _joined(one: pd.DataFrame | None, other: pd.DataFrame | None, deals: Collection[int]) -> pd.DataFrame | None:
    import pandas as pd

    if one is None or other is None:
        return one
    kept = one[~one["opportunity_id"].isin(deals).to_numpy(dtype=bool)]
    taken = other[other["opportunity_id"].isin(deals).to_numpy(dtype=bool)]
    return pd.concat([frame for frame in (kept, taken) if len(frame)] or [kept], ignore_index=True)
