"""The stays of deals in open stages: one visit from each entry to the next move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.ages import days_between
from crmcli.domain.metrics.kept import once
from crmcli.domain.metrics.timeline import OPEN, UNKNOWN, Standing, Timeline
from crmcli.domain.metrics.working_time import working_days_between

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits by deal, in order; all arrays align.

    Attributes:
        names: The pipeline's stages in rank order, then those that it does not know, by name.
        deal: The position of each visit's deal.
        stage: The place of its stage in `names`.
        entered: When it began; left: when it ended, NaT while it runs.
        running: Whether the deal is still there.
        days: How long it took, or has run; NaN where a date is unknown, inferred or between two versions of a sheet.
    """

    names: tuple[str, ...]
    deal: NDArray[Any]
    stage: NDArray[Any]
    entered: NDArray[Any]
    left: NDArray[Any]
    running: NDArray[Any]
    days: NDArray[Any]


def visits(line: Timeline, stand: Standing, *, working_days: bool = False) -> Visits:
    """Return all visits up to the standing's time; a stage entered again without having been left is one visit."""
    import numpy as np

    names, place = _places(line)
    events = np.flatnonzero(stand.used)
    deal, stage = line.deal[events], place[events]
    fresh = _fresh(deal, stage)
    events, deal, stage = events[fresh], deal[fresh], stage[fresh]
    goes_on = np.r_[deal[1:] == deal[:-1], False][: len(events)]
    after = np.where(goes_on, np.r_[events[1:], 0][: len(events)], 0)
    kept = stage >= 0
    events, deal, stage, goes_on, after = events[kept], deal[kept], stage[kept], goes_on[kept], after[kept]
    left = np.where(goes_on, line.at[after], np.datetime64("NaT", "us")) if len(events) else line.at[events]
    exact = ~line.inferred[events] & ~line.between[events] & ~(goes_on & line.between[after])
    until = np.where(goes_on, left, stand.at)
    count = working_days_between if working_days else None
    days = count(line.at[events], until, line.population.working) if count else days_between(line.at[events], until)
    return Visits(names, deal, stage, line.at[events], left, ~goes_on, np.where(exact, days, np.nan))


def entered_at(line: Timeline, stand: Standing) -> NDArray[Any]:
    """Return when each deal entered the stage that it is in; NaT where none is, or the time is not exactly known."""
    import numpy as np

    if not len(line.kind):
        return np.full(line.size, np.datetime64("NaT", "us"))
    last = entries(line, stand)
    exact = (last >= 0) & ~line.inferred[last] & ~line.between[last]
    kind, entered = line.kind[last], line.at[last]
    in_stage = (kind == OPEN) | ((kind == UNKNOWN) & (line.stage.codes[last] >= 0))
    return np.where(exact & in_stage, entered, np.datetime64("NaT", "us"))


def entries(line: Timeline, stand: Standing) -> NDArray[Any]:
    """Return the event by which each deal came to where it stands, -1 where there is none.

    A stage that was told again without having been left was entered when it was told first.
    """
    return once(stand.kept, "entries", lambda: _entries(line, stand), line)


def _entries(line: Timeline, stand: Standing) -> NDArray[Any]:
    import numpy as np

    place = _places(line)[1]
    events = np.flatnonzero(stand.used)
    events = events[_fresh(line.deal[events], place[events])]
    found = np.full(line.size, -1, dtype="int64")
    found[line.deal[events]] = events  # the last one is written last and stays
    return found


def _fresh(deal: NDArray[Any], stage: NDArray[Any]) -> NDArray[Any]:
    """Return which events, by deal in order, enter another stage than the one before, or an end (-1)."""
    import numpy as np

    fresh = np.ones(len(deal), dtype=bool)
    fresh[1:] = (deal[1:] != deal[:-1]) | (stage[1:] != stage[:-1]) | (stage[1:] < 0)
    return fresh


def _places(line: Timeline) -> tuple[tuple[str, ...], NDArray[Any]]:
    """Return the names of all stages and each event's place in them, -1 where it enters none."""
    import numpy as np
    import pandas as pd

    known = line.stages.names
    place = np.where(line.kind == OPEN, line.rank - np.int16(1), np.int16(-1))
    strange = np.flatnonzero(line.kind == UNKNOWN)
    codes, names = pd.factorize(line.stage[strange], sort=True)
    place[strange] = np.where(codes >= 0, codes + len(known), -1)
    return (*known, *(str(name) for name in names)), place
