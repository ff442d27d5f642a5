"""How likely each open deal is to be won, and where that was taken from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.gaps import only
from crmcli.domain.metrics.moves import by_hand_at
from crmcli.domain.metrics.pipelines_apart import in_stages_of
from crmcli.domain.metrics.timeline import OPEN, WON, Standing, Timeline, standing

if TYPE_CHECKING:
    from numpy.typing import NDArray

HISTORY_MIN_N = 20
"""From so many closed deals on that reached a stage, their history says more than the stage's own value."""


@dataclass(frozen=True, slots=True)
class Chances:
    """Probabilities 0-1 of all deals (NaN: unknown), where each is from, and the forecast category of their stages.

    `source` is "manual" (set on the deal), "history" (won / (won + lost + void) of the deals of the pipeline that ever
    reached the stage), "stage" (the stage's value copied at entry) or None. `category` is that of crm.toml, "pipeline"
    where no stage is known.
    """

    value: NDArray[Any]
    source: NDArray[Any]
    category: NDArray[Any]


def chances(line: Timeline, stand: Standing, latest: Standing | None = None) -> Chances:
    """Return the probabilities as of a standing, each in its own pipeline; only those of open deals mean anything.

    Args:
        line: The deals, whose own probabilities are those of the as-of time; what was set by hand, of the standing's.
        stand: Where they stood.
        latest: Where they stand at the as-of time, if `stand` is earlier: what was copied at the entry of a stage that
            a deal has left since is no longer known, the stage's present value takes its place.
    """
    found = _in_shown_stages(line, stand, latest)
    for stages in line.population.others:
        mine = (line.deals["pipeline"] == stages.key).to_numpy(dtype=bool)
        if mine.any():
            own = in_stages_of(line, stages)
            theirs = _in_shown_stages(own, standing(own, stand.at), latest)
            for name in Chances.__slots__:
                getattr(found, name)[mine] = getattr(theirs, name)[mine]
    return found


def _in_shown_stages(line: Timeline, stand: Standing, latest: Standing | None) -> Chances:
    """Return the probabilities as the stages of the shown pipeline tell them."""
    import numpy as np
    import pandas as pd

    rank = np.where((stand.last >= 0) & _own(line), np.r_[line.rank, 0][stand.last], 0)
    given = pd.to_numeric(line.deals["probability"]).astype("float64").to_numpy()
    manual = (line.deals["probability_source"] == "manual").to_numpy(dtype=bool) & ~np.isnan(given)
    by_hand, hand, copied = manual, given, given
    if latest is not None:
        hand = by_hand_at(line, np.where(manual, given, np.nan), stand.at)
        by_hand = ~np.isnan(hand)
        rules = [line.stages.rules_of(at).probability if at else None for at in range(len(line.stages.names) + 1)]
        present = np.array([np.nan if value is None else value for value in rules])
        copied = np.where((stand.last == latest.last) & ~manual, given, present[rank])
    history = _history(line, stand)[rank]
    value = np.where(by_hand, hand, np.where(np.isnan(history), copied, history))
    source = np.where(by_hand, "manual", np.where(np.isnan(history), "stage", "history")).astype(object)
    category = np.array([line.stages.rules_of(at).category if at else "pipeline"
                         for at in range(len(line.stages.names) + 1)], dtype=object)  # fmt: skip
    return Chances(value, only(~np.isnan(value), source), category[rank])


def _own(line: Timeline) -> NDArray[Any]:
    """Return which deals are of the pipeline whose stages are known."""
    import numpy as np

    if not line.stages.key:
        return np.ones(line.size, dtype=bool)
    own: NDArray[Any] = (line.deals["pipeline"] == line.stages.key).to_numpy(dtype=bool)
    return own


def _history(line: Timeline, stand: Standing) -> NDArray[Any]:
    """Return won out of all closed by the rank they reached, at index rank; NaN under `HISTORY_MIN_N`, and at 0."""
    import numpy as np

    size = len(line.stages.names) + 2
    closed = (stand.status > OPEN) & _own(line)
    reached = np.maximum(stand.highest, 1)  # whoever began reached the first stage
    everyone = np.bincount(reached[closed], minlength=size)[::-1].cumsum()[::-1]
    won = np.bincount(reached[closed & (stand.status == WON)], minlength=size)[::-1].cumsum()[::-1]
    enough = everyone >= HISTORY_MIN_N
    enough[0] = False
    return np.where(enough, won / np.maximum(everyone, 1), np.nan)[: size - 1]
