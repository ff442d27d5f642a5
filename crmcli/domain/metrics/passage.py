"""Which stages deals entered, passed and fell back from: the events of a standing as deal-by-rank tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.kept import once
from crmcli.domain.metrics.timeline import OPEN, UNKNOWN, WON, Standing, Timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Passage:
    """Tables of one row a deal and one column a rank (column 0 is rank 1), true or false.

    Attributes:
        entered: The deal has an entry event into the rank.
        unclear: Whether it entered is unknown: what happened before its first real event was never recorded, nor what
            happened between two versions of a sheet.
        regressed: It stepped from the rank to a lower one; the last column is a win that was reopened.
    """

    entered: NDArray[Any]
    unclear: NDArray[Any]
    regressed: NDArray[Any]


def passage(line: Timeline, stand: Standing) -> Passage:
    """Return what the events up to the standing's time say of every deal and rank, not to be written into."""
    return once(stand.kept, "passage", lambda: _passage(line, stand), line)


def _passage(line: Timeline, stand: Standing) -> Passage:
    import numpy as np

    k = len(line.stages.names)
    entered = np.zeros((line.size, k), dtype=bool)
    events = entries(line, stand)
    entered[line.deal[events], line.rank[events] - 1] = True
    unclear = np.arange(1, k + 1) <= _unrecorded(line, stand)[:, None]
    left = np.flatnonzero(stand.used & (line.from_rank > 0) & (line.from_rank <= k))
    unclear[line.deal[left], line.from_rank[left] - 1] = True
    _mark_passed_unseen(line, stand, unclear)
    return Passage(entered, unclear & ~entered, _regressed(line, stand))


def _mark_passed_unseen(line: Timeline, stand: Standing, unclear: NDArray[Any]) -> None:
    """Mark the ranks that lie between those of two versions of a sheet: they may have been entered meanwhile."""
    import numpy as np

    k = len(line.stages.names)
    events = np.flatnonzero(stand.used & line.between & ~line.inferred)
    came_to = np.where(line.kind[events] == WON, k + 1, line.rank[events])
    for rank in range(1, k + 1):
        passed = events[(line.from_rank[events] < rank) & (rank < came_to)]
        unclear[line.deal[passed], rank - 1] = True


def dates_between(line: Timeline, stand: Standing, picked: NDArray[Any]) -> int:
    """Return how many of the counting events of the deals at `picked` only lie between two versions of a sheet."""
    import numpy as np

    wanted = np.zeros(line.size, dtype=bool)
    wanted[picked] = True
    return int((stand.used & line.between & wanted[line.deal]).sum())


def entries(line: Timeline, stand: Standing) -> NDArray[Any]:
    """Return the positions of the entry events into open stages; an inferred event is no entry."""
    import numpy as np

    return np.flatnonzero(stand.used & (line.kind == OPEN) & ~line.inferred)


def _unrecorded(line: Timeline, stand: Standing) -> NDArray[Any]:
    """Return up to which rank each deal's way lies before its first real event; k without any such event.

    It is k, too, where that event left an end, or a stage that no pipeline knows: what lay before is not recorded.
    """
    import numpy as np
    import pandas as pd

    k = len(line.stages.names)
    first = np.full(line.size, -1, dtype="int64")
    real = np.flatnonzero(stand.used & ~line.inferred)[::-1]
    first[line.deal[real]] = real
    if not len(line.kind):
        return np.full(line.size, k)
    moved = (line.kind[first] == OPEN) | (line.kind[first] == UNKNOWN)
    off_the_way = (line.from_rank[first] == 0) & pd.notna(line.from_stage[first])
    came_from = np.where(off_the_way, k, np.minimum(line.from_rank[first], k))
    return np.where((first >= 0) & (moved | (came_from > 0)), came_from, k)


def _regressed(line: Timeline, stand: Standing) -> NDArray[Any]:
    import numpy as np

    k = len(line.stages.names)
    index = np.flatnonzero(stand.used)
    deal, rank = line.deal[index], np.where(line.kind[index] == WON, k + 1, line.rank[index])
    before = np.zeros(len(index), dtype="int16")
    same = deal[1:] == deal[:-1]
    before[1:][same] = rank[:-1][same]
    before = np.where(line.from_rank[index] > 0, line.from_rank[index], before)
    back = (rank > 0) & (rank < before)
    regressed = np.zeros((line.size, k + 1), dtype=bool)
    regressed[deal[back], before[back] - 1] = True
    return regressed


def followed_on(line: Timeline, stand: Standing, *, strict: bool) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return who is in each rank's row and who of them passed on (deal-by-rank tables; ranks 1..k).

    visited: in = entered; passed = later entered the next rank, or won.
    strict: in = entered all ranks up to this one, in order; passed = in the next row too (after rank k: won).
    """
    import numpy as np

    k = len(line.stages.names)
    events = entries(line, stand)
    inside = np.zeros((line.size, k), dtype=bool)
    passed = np.zeros((line.size, k), dtype=bool)
    never = len(line.deal)
    since = _first_after(line, events, 1, np.full(line.size, -1))
    won = stand.status == WON
    for rank in range(1, k + 1):
        inside[:, rank - 1] = since < never
        following = _first_after(line, events, rank + 1, since)
        passed[:, rank - 1] = (since < never) & ((following < never) | (won & (not strict or rank == k)))
        since = following if strict else _first_after(line, events, rank + 1, np.full(line.size, -1))
    return inside, passed


def _first_after(line: Timeline, events: NDArray[Any], rank: int, since: NDArray[Any]) -> NDArray[Any]:
    """Return for each deal its first entry event into `rank` after the event `since`; past the end: never."""
    import numpy as np

    first = np.full(line.size, len(line.deal))
    found = events[(line.rank[events] == rank) & (events > since[line.deal[events]])][::-1]
    first[line.deal[found]] = found
    return first
