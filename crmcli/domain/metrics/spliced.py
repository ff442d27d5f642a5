"""A population of which some deals, or other records, are as another one knows them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.population import Population

if TYPE_CHECKING:
    import pandas as pd

_PARTS = ("deals", "events", "moves", "by_hand", "activities", "tasks")
_NUMBERS = {"leads": "id", "payments": "id", "stays": "customer"}
"""Parts that are lists of records by number -> where a record has it; they stand in the order of their numbers."""


def spliced(
    one: Population, other: Population, deals: Collection[int], records: Mapping[str, Collection[int]] | None = None
) -> Population:
    """Return `one` with the given deals (numbers) and records (part -> numbers) as `other` has them; all else stays."""
    parts: dict[str, Any] = {}
    if deals:
        parts = {name: _joined(getattr(one, name), getattr(other, name), deals) for name in _PARTS}
    for name, numbers in (records or {}).items():
        if name in _NUMBERS and numbers:
            parts[name] = _merged(getattr(one, name), getattr(other, name), attrgetter(_NUMBERS[name]), numbers)
    return replace(one, **parts) if parts else one


def _merged(
    one: tuple[Any, ...], other: tuple[Any, ...], number: Callable[[Any], int], numbers: Collection[int]
) -> tuple[Any, ...]:
    kept = [record for record in one if number(record) not in numbers]
    return tuple(sorted([*kept, *(record for record in other if number(record) in numbers)], key=number))


def _joined(one: pd.DataFrame | None, other: pd.DataFrame | None, deals: Collection[int]) -> pd.DataFrame | None:
    import pandas as pd

    if one is None or other is None:
        return one
    kept = one[~one["opportunity_id"].isin(deals).to_numpy(dtype=bool)]
    taken = other[other["opportunity_id"].isin(deals).to_numpy(dtype=bool)]
    return pd.concat([frame for frame in (kept, taken) if len(frame)] or [kept], ignore_index=True)
