"""The events of all deals laid out as arrays, and where every deal stands at a time.

Everything is an array operation over all events: a million deals with four million events take seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.coded import Coded, coded, end_to_end
from crmcli.domain.metrics.kept import Kept, once
from crmcli.domain.metrics.population import Population, Stages, local_moment, local_times
from crmcli.domain.metrics.silent_deals import events_of_silent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

# what an event leads to, and what a deal is: one numbering for both
ABSENT, OPEN, WON, LOST, VOID, UNKNOWN = range(6)
KINDS = {"open": OPEN, "won": WON, "lost": LOST, "void": VOID, "unknown": UNKNOWN}


@dataclass(frozen=True, slots=True)
class Timeline:
    """Deals sorted by id and their events sorted by deal and order; all arrays align.

    Attributes:
        deals: The population's deals, sorted by `opportunity_id`, index 0..n-1.
        start: When each deal began (created or engaged, else its first dated event); NaT unknown, also of one that
            was in a stage before its first dated event: in the first version of a sheet, or as read off a present row.
        start_between: Whether a deal's start is an event that only lies between two times.
        deal: For each event the position of its deal in `deals`.
        at: For each event its local time; NaT unknown, taken as before every other time.
        rank: For each event 1..k for an open stage, 0 for any other.
        from_rank: The rank left, 1..k, k+1 for won, 0 unknown.
        kind: For each event OPEN, WON, LOST, VOID or UNKNOWN (a stage that the pipeline does not know).
        inferred: For each event whether it was only concluded from a present stage.
        between: For each event whether it lies between two versions of a sheet, `at` being the later one: such times
            count in every figure but are left out of medians of days.
        until: For each event the local time from which it no longer counts; NaT never.
        kept: What was made of the deals and is asked for again (`once`).
    """

    population: Population
    deals: pd.DataFrame
    start: NDArray[Any]
    start_between: NDArray[Any]
    deal: NDArray[Any]
    at: NDArray[Any]
    rank: NDArray[Any]
    from_rank: NDArray[Any]
    kind: NDArray[Any]
    inferred: NDArray[Any]
    between: NDArray[Any]
    until: NDArray[Any]
    stage: Coded
    from_stage: Coded
    reason: Coded
    kept: Kept = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def stages(self) -> Stages:
        """Return the pipeline."""
        return self.population.stages

    @property
    def size(self) -> int:
        """Return the number of deals."""
        return len(self.deals)

    def times(self, column: str) -> NDArray[Any]:
        """Return the local times of a column of the deals, not to be written into."""
        found: NDArray[Any] = once(self.kept, column, lambda: local_times(self.deals[column], self.population.timezone))
        return found

    def moment(self, as_of: datetime) -> NDArray[Any]:
        """Return `as_of` (with a zone) as the local time that event times are compared with."""
        return local_moment(as_of, self.population.timezone)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where every deal stands at one time; arrays align with `Timeline.deals`.

    Attributes:
        at: The time.
        used: Which events count: at or before the time, and no inferred one that gave way to real ones.
        last: The position of the deal's last counting event; -1 without one.
        status: ABSENT (not yet there), OPEN, WON, LOST or VOID.
        highest: Highest rank ever held, k+1 where won now, 0 where no stage is known.
        closed: Time of the last event where the deal is closed; NaT where open or unknown.
        unknown_stage: Name of the last stage held that the pipeline does not know; None without one.
        open_stage: Name of the last open stage held (known or not); None without one.
        kept: What was made of it and is asked for again (`once`), of the timeline that it is of.
    """

    at: NDArray[Any]
    used: NDArray[Any]
    last: NDArray[Any]
    status: NDArray[Any]
    highest: NDArray[Any]
    closed: NDArray[Any]
    unknown_stage: NDArray[Any]
    open_stage: NDArray[Any]
    kept: Kept = field(default_factory=dict, init=False, repr=False, compare=False)


def timeline(population: Population) -> Timeline:
    """Return the population's events in order, with one made for each deal that has a stage or an end but none."""
    import numpy as np

    deals = population.deals
    if not deals["opportunity_id"].is_monotonic_increasing:
        deals = deals.sort_values("opportunity_id", kind="stable", ignore_index=True)
    ids = deals["opportunity_id"].to_numpy(dtype="int64")
    events, created = population.events, local_times(deals["created_at"], population.timezone)
    mine = events["opportunity_id"].isin(ids).to_numpy()
    events = events if mine.all() else events[mine]
    silent = deals[~deals["opportunity_id"].isin(events["opportunity_id"])]
    made = events_of_silent(silent, population.stages)
    events = end_to_end([events, made] if len(events) else [made]) if len(made) else events
    deal = np.searchsorted(ids, events["opportunity_id"].to_numpy(dtype="int64"))
    seq = events["seq"].to_numpy(dtype="int64")
    if not ((deal[1:] > deal[:-1]) | ((deal[1:] == deal[:-1]) & (seq[1:] >= seq[:-1]))).all():
        order = np.lexsort((seq, deal))
        deal, events = deal[order], events.iloc[order]
    at = local_times(events["at"], population.timezone)
    kind = _kinds(events["kind"])
    rank = _whole(events["rank"])
    between = events["between"].to_numpy(dtype=bool)
    inferred = events["inferred"].to_numpy(dtype=bool)
    held = np.isnat(at) & (between | (inferred & ((kind == OPEN) | (kind == UNKNOWN))))
    start, start_between = _start(created, deal, at, between, deal[held])
    return Timeline(
        population=population, deals=deals, start=start, start_between=start_between, deal=deal, at=at,
        rank=np.where(kind == OPEN, rank, 0), from_rank=_whole(events["from_rank"]), kind=kind,
        inferred=inferred, between=between,
        until=local_times(events["until"], population.timezone), stage=coded(events["stage"]),
        from_stage=coded(events["from_stage"]), reason=coded(events["reason"]),
    )  # fmt: skip


def _kinds(kinds: pd.Series[Any]) -> NDArray[Any]:
    """Return numbers of `KINDS`, for texts too."""
    return (kinds if kinds.dtype.kind == "i" else kinds.map(KINDS)).to_numpy(dtype="int8")


def _whole(ranks: pd.Series[Any]) -> NDArray[Any]:
    import pandas as pd

    return pd.to_numeric(ranks).fillna(0).to_numpy(dtype="int16")


def _start(
    created: NDArray[Any], deal: NDArray[Any], at: NDArray[Any], between: NDArray[Any], was_there: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return when each deal began, and whether that only lies between two times.

    Of the deals `was_there` nobody knows: they were in a stage before all that is dated.
    """
    import numpy as np

    first = np.full(len(created), np.datetime64("NaT"), dtype="datetime64[us]")
    loose = np.zeros(len(created), dtype=bool)
    unknown = np.isnat(created)
    dated = np.flatnonzero(~np.isnat(at) & unknown[deal])
    by_time = dated[np.argsort(at[dated], kind="stable")][::-1]
    first[deal[by_time]] = at[by_time]  # the earliest is written last and stays
    loose[deal[by_time]] = between[by_time]
    first[was_there], loose[was_there] = np.datetime64("NaT"), False
    return np.where(unknown, first, created), loose & unknown


def standing(line: Timeline, moment: NDArray[Any]) -> Standing:
    """Return where every deal stands at the local time `moment`."""
    import numpy as np

    used, edges = _used(line.at, line.until, moment), _edges(line)
    last = last_of(used, edges)
    status = _status(line, last, moment)
    highest = np.where(status == WON, len(line.stages.names) + 1, _highest(line, used, edges))
    closed = np.where(status > OPEN, _pick(line.at, last, np.datetime64("NaT")), np.datetime64("NaT"))
    named = line.from_stage.which(lambda name: name not in line.stages.ends)
    unknown = last_of(used & ((line.kind == UNKNOWN) | (named & (line.from_rank == 0))), edges)
    is_unknown = _pick(line.kind == UNKNOWN, unknown, default=False)
    held = last_of(used & ((line.kind == OPEN) | (line.kind == UNKNOWN)), edges)
    left_last = (status > OPEN) & _pick(named, last, default=False)
    return Standing(
        at=moment, used=used, last=last, status=status, highest=highest, closed=closed.astype("datetime64[us]"),
        unknown_stage=np.where(is_unknown, _text(line.stage, unknown), _text(line.from_stage, unknown)),
        open_stage=np.where(left_last, _text(line.from_stage, last), _text(line.stage, held)),
    )  # fmt: skip


def status_at(line: Timeline, moment: NDArray[Any]) -> NDArray[Any]:
    """Return only whether each deal is ABSENT, OPEN, WON, LOST or VOID at the local time `moment`."""
    return _status(line, last_of(_used(line.at, line.until, moment), _edges(line)), moment)


def statuses_at(line: Timeline, moments: Sequence[NDArray[Any]]) -> Iterator[NDArray[Any]]:
    """Yield whether each deal is ABSENT, OPEN, WON, LOST or VOID at one local time after the other, the earliest first.

    What a time adds to the one before is looked at only, but for events that give way to others.
    """
    import numpy as np

    begun = np.searchsorted(np.array(moments, dtype="datetime64[us]"), line.at, side="left").astype("int16")
    begun[np.isnat(line.at)] = 0
    loose = np.flatnonzero(~np.isnat(line.until))
    loose_at, until = line.at[loose], line.until[loose]  # noqa: PD008 (an array)
    begun[loose] = len(moments)
    last = np.full(line.size, -1, dtype="int64")
    for at, moment in enumerate(moments):
        fresh = np.flatnonzero(begun == at)
        deal = line.deal[fresh]
        new = np.full(line.size, -1, dtype="int64")
        new[deal] = fresh  # numpy keeps the last value written
        last = np.maximum(last, new)
        known = loose[_used(loose_at, until, moment)]
        new[:] = -1
        new[line.deal[known]] = known
        yield _status(line, np.maximum(last, new), moment)


def _used(at: NDArray[Any], until: NDArray[Any], moment: NDArray[Any]) -> NDArray[Any]:
    used: NDArray[Any] = ~(at > moment) & ~(until <= moment)  # a time that is not known is before all others
    return used


def _edges(line: Timeline) -> NDArray[Any]:
    """Return where each deal's events begin, and where the last one's end."""
    import numpy as np

    edges: NDArray[Any] = np.r_[0, np.bincount(line.deal, minlength=line.size).cumsum()]
    return edges


def last_of(picked: NDArray[Any], edges: NDArray[Any]) -> NDArray[Any]:
    """Return for each deal the last of the picked events; -1 without one."""
    import numpy as np

    if not picked.any():
        return np.full(len(edges) - 1, -1, dtype="int64")
    latest = np.where(picked, np.arange(len(picked), dtype="int32"), np.int32(-1))
    np.maximum.accumulate(latest, out=latest)
    last = latest[edges[1:] - 1].astype("int64")
    return np.where((last < edges[:-1]) | (edges[1:] == edges[:-1]), -1, last)


def _pick(values: NDArray[Any], at: NDArray[Any], default: object) -> NDArray[Any]:
    """Return `values[at]`, and `default` where `at` is -1."""
    import numpy as np

    if not len(values):
        return np.full(len(at), default, dtype=values.dtype)
    return np.where(at >= 0, values[at], np.asarray(default, dtype=values.dtype))


def _text(texts: Coded, at: NDArray[Any]) -> NDArray[Any]:
    """Return the texts at those places, None where a place is -1."""
    found: NDArray[Any] = texts.names[_pick(texts.codes, at, -1)]
    return found


def _status(line: Timeline, last: NDArray[Any], moment: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    kind = _pick(line.kind, last, ABSENT)
    begun = (line.start <= moment) | np.isnat(line.start)
    return np.where(kind == ABSENT, np.where(begun, OPEN, ABSENT), np.where(kind == UNKNOWN, OPEN, kind))


def _highest(line: Timeline, used: NDArray[Any], edges: NDArray[Any]) -> NDArray[Any]:
    """Return the highest rank that each deal held; a win that was reopened counts as rank k."""
    import numpy as np

    k = np.int16(len(line.stages.names))
    highest = np.zeros(line.size, dtype="int16")
    if len(used):
        held = np.maximum(np.where(line.kind == WON, k, line.rank), line.from_rank)
        held = np.where(used, np.minimum(held, k), np.int16(0))
        has = np.flatnonzero(edges[1:] > edges[:-1])
        highest[has] = np.maximum.reduceat(held, edges[has])
    return highest
