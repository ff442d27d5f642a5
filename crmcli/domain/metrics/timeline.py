"""The events of all deals laid out as arrays, and where every deal stands at a time.

Everything is an array operation over all events: a million deals with four million events take seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.gaps import filled, only
from crmcli.domain.metrics.population import Population, Stages, local_moment, local_times

if TYPE_CHECKING:
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
    stage: NDArray[Any]
    from_stage: NDArray[Any]
    reason: NDArray[Any]

    @property
    def stages(self) -> Stages:
        """Return the pipeline."""
        return self.population.stages

    @property
    def size(self) -> int:
        """Return the number of deals."""
        return len(self.deals)

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
    """

    at: NDArray[Any]
    used: NDArray[Any]
    last: NDArray[Any]
    status: NDArray[Any]
    highest: NDArray[Any]
    closed: NDArray[Any]
    unknown_stage: NDArray[Any]
    open_stage: NDArray[Any]


def timeline(population: Population) -> Timeline:
    """Return the population's events in order, with one made for each deal that has a stage or an end but none."""
    import numpy as np
    import pandas as pd

    deals = population.deals
    if not deals["opportunity_id"].is_monotonic_increasing:
        deals = deals.sort_values("opportunity_id", kind="stable", ignore_index=True)
    ids = deals["opportunity_id"].to_numpy(dtype="int64")
    events, created = population.events, local_times(deals["created_at"], population.timezone)
    mine = events["opportunity_id"].isin(ids).to_numpy()
    events = events if mine.all() else events[mine]
    silent = deals[~deals["opportunity_id"].isin(events["opportunity_id"])]
    made = _events_of_silent(silent, population.stages)
    events = pd.concat([events, made] if len(events) else [made]) if len(made) else events
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
        until=local_times(events["until"], population.timezone), stage=_texts(events["stage"]),
        from_stage=_texts(events["from_stage"]), reason=_texts(events["reason"]),
    )  # fmt: skip


def _kinds(kinds: pd.Series[Any]) -> NDArray[Any]:
    """Return numbers of `KINDS`, for texts too."""
    return (kinds if kinds.dtype.kind == "i" else kinds.map(KINDS)).to_numpy(dtype="int8")


def _whole(ranks: pd.Series[Any]) -> NDArray[Any]:
    import pandas as pd

    return pd.to_numeric(ranks).fillna(0).to_numpy(dtype="int16")


def _texts(values: pd.Series[Any]) -> NDArray[Any]:
    texts = values.to_numpy(dtype=object)
    is_nan = texts != texts  # noqa: PLR0124 (what only NaN is)
    return only(~is_nan, texts) if is_nan.any() else texts


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


def _events_of_silent(silent: pd.DataFrame, stages: Stages) -> pd.DataFrame:
    """Return what the fields of deals without any event say: an inferred stage, an inferred end."""
    import numpy as np
    import pandas as pd

    ranks = {name: rank for rank, name in enumerate(stages.names, 1)}
    staged = silent[(silent["stage"].notna() & ~silent["stage"].isin(stages.ends)).to_numpy()]
    held = pd.DataFrame({"opportunity_id": staged["opportunity_id"], "at": staged["created_at"],
                         "stage": staged["stage"], "rank": staged["stage"].map(ranks), "seq": 0})  # fmt: skip
    held["kind"] = np.where(held["rank"].notna(), "open", "unknown")
    ended = silent[silent["status"].isin(["won", "lost", "void"]).to_numpy()]
    names = dict(zip(("won", "lost", "void"), stages.ends, strict=True))
    ends = pd.DataFrame({"opportunity_id": ended["opportunity_id"], "at": ended["closed_at"],
                         "stage": ended["status"].map(names), "kind": ended["status"], "seq": 1})  # fmt: skip
    both = pd.concat([frame for frame in (held, ends) if len(frame)] or [held])
    return both.assign(recorded=None, from_stage=None, from_rank=None, inferred=True, until=None, reason=None,
                       between=False, rank=both.get("rank"))  # fmt: skip


def standing(line: Timeline, moment: NDArray[Any]) -> Standing:
    """Return where every deal stands at the local time `moment`."""
    import numpy as np

    used = _used(line, moment)
    index = np.flatnonzero(used)
    last = _last(line, index)
    status = _status(line, last, moment)
    highest = _highest(line, index)
    highest = np.where(status == WON, len(line.stages.names) + 1, highest)
    closed = np.where(status > OPEN, _pick(line.at, last, np.datetime64("NaT")), np.datetime64("NaT"))
    named = _names_a_stage(line, line.from_stage)
    lost_from = named & (line.from_rank == 0)
    unknown = _last(line, index[((line.kind == UNKNOWN) | lost_from)[index]])
    unknown_name = np.where(_pick(line.kind == UNKNOWN, unknown, default=False),
                            _pick(line.stage, unknown, None), _pick(line.from_stage, unknown, None))  # fmt: skip
    held = _last(line, index[((line.kind == OPEN) | (line.kind == UNKNOWN))[index]])
    left_last = only(status > OPEN, _pick(only(named, line.from_stage), last, None))
    return Standing(
        at=moment, used=used, last=last, status=status, highest=highest, closed=closed.astype("datetime64[us]"),
        unknown_stage=unknown_name,
        open_stage=filled(left_last, _pick(line.stage, held, None)),
    )  # fmt: skip


def status_at(line: Timeline, moment: NDArray[Any]) -> NDArray[Any]:
    """Return only whether each deal is ABSENT, OPEN, WON, LOST or VOID at the local time `moment`."""
    import numpy as np

    return _status(line, _last(line, np.flatnonzero(_used(line, moment))), moment)


def _used(line: Timeline, moment: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    seen = (line.at <= moment) | np.isnat(line.at)
    used: NDArray[Any] = seen & ~(line.until <= moment)
    return used


def _last(line: Timeline, index: NDArray[Any]) -> NDArray[Any]:
    """Return for each deal the last of the events at `index` (ascending); -1 without one."""
    import numpy as np

    last = np.full(line.size, -1, dtype="int64")
    last[line.deal[index]] = index  # numpy keeps the last value written
    return last


def _pick(values: NDArray[Any], at: NDArray[Any], default: object) -> NDArray[Any]:
    """Return `values[at]`, and `default` where `at` is -1."""
    import numpy as np

    if not len(values):
        return np.full(len(at), default, dtype=values.dtype)
    return np.where(at >= 0, values[at], np.asarray(default, dtype=values.dtype))


def _names_a_stage(line: Timeline, stages: NDArray[Any]) -> NDArray[Any]:
    """Return which texts name a stage: they are neither empty nor one of the three ends."""
    import numpy as np
    import pandas as pd

    codes, names = pd.factorize(stages)
    is_stage = np.array([*(bool(name not in line.stages.ends) for name in names), False], dtype=bool)
    named: NDArray[Any] = is_stage[codes]
    return named


def _status(line: Timeline, last: NDArray[Any], moment: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    kind = _pick(line.kind, last, ABSENT)
    begun = (line.start <= moment) | np.isnat(line.start)
    return np.where(kind == ABSENT, np.where(begun, OPEN, ABSENT), np.where(kind == UNKNOWN, OPEN, kind))


def _highest(line: Timeline, index: NDArray[Any]) -> NDArray[Any]:
    """Return the highest rank that each deal held; a win that was reopened counts as rank k."""
    import numpy as np

    k = len(line.stages.names)
    highest = np.zeros(line.size, dtype="int16")
    if len(index):
        held = np.where(line.kind[index] == WON, k, line.rank[index])
        held = np.minimum(np.maximum(held, line.from_rank[index]), k)
        deal = line.deal[index]
        first = np.flatnonzero(np.r_[True, deal[1:] != deal[:-1]])
        highest[deal[first]] = np.maximum.reduceat(held, first)
    return highest
