"""The steps of deals between stages within a period, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.gaps import filled
from crmcli.domain.metrics.population import MISSING
from crmcli.domain.metrics.timeline import OPEN, UNKNOWN, Timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmcli.domain.metrics.both_ends import Ends

OUT, NOWHERE = -1, -2
"""Where a deal is that is in no stage: closed, or not yet there."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps within the period, by deal, in order; arrays align.

    Attributes:
        deal: Position of the deal.
        left: Place of the stage that it left, OUT or NOWHERE.
        came: Place of the stage that it came to, or OUT.
        kind: OPEN, UNKNOWN, WON, LOST or VOID: what it came to.
    """

    deal: NDArray[Any]
    left: NDArray[Any]
    came: NDArray[Any]
    kind: NDArray[Any]


def steps_of(ends: Ends, names: list[str]) -> Steps:
    """Return the steps of the deals between the stages `names` (the pipeline's in rank order first, 未填 last).

    A deal comes in when it begins, without a stage (未填) where its first event is of a later day. An inferred event
    counts until real ones replace it. Displaced deals have no steps: they came or went as they stood.
    """
    import numpy as np

    line = ends.line
    events = _events(ends)
    began = _begun_without_stage(ends, events)
    places = _places(line, events, names)
    deal = np.r_[began, line.deal[events]]
    at = np.r_[line.start[began], line.at[events]]
    came = np.r_[np.full(len(began), len(names) - 1), places]
    kind = np.r_[np.full(len(began), UNKNOWN), line.kind[events]]
    order = np.argsort(deal, kind="stable")  # what began stands before the events of its deal
    deal, at, came, kind = deal[order], at[order], came[order], kind[order]
    left = np.full(len(deal), NOWHERE, dtype="int64")
    follows = deal[1:] == deal[:-1]
    left[1:][follows] = came[:-1][follows]
    inside = np.ones(len(deal), dtype=bool) if ends.before is None else at > ends.before
    inside &= ~ends.displaced[deal]
    return Steps(deal[inside], left[inside], came[inside], kind[inside])


def _events(ends: Ends) -> NDArray[Any]:
    """Return the positions of the events that count at some time of the period or led to its beginning, in order."""
    import numpy as np

    line = ends.line
    seen = (line.at <= ends.end) | np.isnat(line.at)
    given_way = np.zeros(len(seen), dtype=bool) if ends.before is None else line.until <= ends.before
    events = np.flatnonzero(seen & ~given_way & ends.here[line.deal])
    while len(events):  # an event that stands before one of an earlier time never decides anything
        deal, at = line.deal[events], line.at[events]
        later_first = (deal[1:] == deal[:-1]) & ((at[:-1] > at[1:]) | (np.isnat(at[1:]) & ~np.isnat(at[:-1])))
        if not later_first.any():
            break
        events = events[~np.r_[later_first, False]]
    return events


def _begun_without_stage(ends: Ends, events: NDArray[Any]) -> NDArray[Any]:
    """Return the positions of the deals that were there before the day of their first event, or have none."""
    import numpy as np

    line = ends.line
    first = np.full(line.size, np.datetime64("NaT"), dtype="datetime64[us]")
    dated = np.zeros(line.size, dtype=bool)
    backwards = events[::-1]
    first[line.deal[backwards]] = line.at[backwards]
    dated[line.deal[events]] = True
    days = line.start.astype("datetime64[D]") < first.astype("datetime64[D]")
    there = (line.start <= ends.end) | np.isnat(line.start)
    began: NDArray[Any] = np.flatnonzero(there & (~dated | days) & ends.here)
    return began


def _places(line: Timeline, events: NDArray[Any], names: list[str]) -> NDArray[Any]:
    """Return the place of the stage that each event leads to, OUT for an end."""
    import numpy as np
    import pandas as pd

    kind = line.kind[events]
    found: NDArray[Any] = np.where(kind == OPEN, line.rank[events].astype("int64") - 1, OUT)
    unknown = kind == UNKNOWN
    stages = pd.Index(filled(line.stage[events][unknown], MISSING), dtype=object)
    found[unknown] = pd.Index(names, dtype=object).get_indexer(stages)
    return found
