"""Which deals are of the pipeline whose stages a report shows; those of others have no place in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.coded import Coded
from crmcli.domain.metrics.population import Population, Stages
from crmcli.domain.metrics.timeline import OPEN, UNKNOWN, Standing, Timeline, standing, timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

Seen = tuple[Timeline, Standing]
Pick = Callable[[Timeline, Standing], "NDArray[Any]"]
"""What gives the positions of some of the deals."""


@dataclass(frozen=True, slots=True)
class Apart:
    """All deals, and those of the pipeline whose stages are shown (the very same where there are no others)."""

    whole: Seen
    shown: Seen


def apart(whole: Seen) -> Apart:
    """Return the deals of the shown pipeline beside all, both at one time."""
    line, stand = whole
    own = of_shown(line.population)
    if own is line.population:
        return Apart(whole, whole)
    shown = timeline(own)
    return Apart(whole, (shown, standing(shown, stand.at)))


def of_shown(population: Population) -> Population:
    """Return the population with the deals of the shown pipeline only; itself where there are no others."""
    if not population.stages.key:
        return population
    mine = (population.deals["pipeline"] == population.stages.key).to_numpy(dtype=bool)
    if mine.all():
        return population
    return replace(population, deals=population.deals[mine].reset_index(drop=True))


def in_stages_of(line: Timeline, stages: Stages) -> Timeline:
    """Return the timeline with the ranks of another pipeline's stages; only that pipeline's deals mean anything."""
    import numpy as np

    ranks = {name: rank for rank, name in enumerate(stages.names, 1)}
    staged = (line.kind == OPEN) | (line.kind == UNKNOWN)
    rank = np.where(staged, _ranks(line.stage, ranks), 0)
    left = _ranks(line.from_stage, {**ranks, stages.won: len(stages.names) + 1})
    kind = np.where(staged, np.where(rank > 0, OPEN, UNKNOWN), line.kind)
    return replace(line, population=replace(line.population, stages=stages), rank=rank, from_rank=left, kind=kind)


def _ranks(texts: Coded, ranks: Mapping[str, int]) -> NDArray[Any]:
    """Return the rank of each text, 0 of others."""
    import numpy as np

    known = np.array([ranks.get(name, 0) for name in texts.names], dtype="int64")
    found: NDArray[Any] = known[texts.codes]
    return found


def open_ones(_line: Timeline, stand: Standing) -> NDArray[Any]:
    """Return the positions of the deals that are open."""
    import numpy as np

    return np.flatnonzero(stand.status == OPEN)


def of_others(line: Timeline, picked: NDArray[Any]) -> dict[str, int]:
    """Return how many of the deals at the positions `picked` are of another pipeline than the shown, by its key."""
    keys = line.deals["pipeline"].iloc[picked]
    counts = keys[keys != line.stages.key].value_counts()
    return {str(key): int(counts[key]) for key in sorted(counts.index)}
