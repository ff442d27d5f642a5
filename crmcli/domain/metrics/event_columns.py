"""Stage events as arrays: what each says is one of few texts, so only those are looked at one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.timeline import KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOBODY = -1
"""No name: the place of a text that is not there."""


@dataclass(frozen=True, slots=True)
class EventColumns:
    """Stage events by deal, in the order in which they happened within it; all arrays align.

    Attributes:
        deal: The deal's number.
        time: The local time (datetime64[us]); NaT unknown. A day is its midnight, and `is_day` is set.
        until: When an event gives way to real ones; NaT never.
        kind: As in `timeline.KINDS`.
        stage: Place in `names` of the stage or end entered. left: of the one left, `NOBODY` where unknown.
        reason: Place in `names` of the reason, or `NOBODY`.
        percent: The stage's probability when it was entered, 0-100; NaN unknown.
        names: All texts.
    """

    deal: NDArray[Any]
    time: NDArray[Any]
    is_day: NDArray[Any]
    until: NDArray[Any]
    kind: NDArray[Any]
    stage: NDArray[Any]
    left: NDArray[Any]
    reason: NDArray[Any]
    percent: NDArray[Any]
    inferred: NDArray[Any]
    between: NDArray[Any]
    names: tuple[str, ...]

    @property
    def ends(self) -> NDArray[Any]:
        """Return which events are ends."""
        import numpy as np

        return np.isin(self.kind, [KINDS["won"], KINDS["lost"], KINDS["void"]])

    def taken(self, picked: NDArray[Any]) -> EventColumns:
        """Return some of the events."""
        arrays = {key: getattr(self, key)[picked] for key in ARRAYS}
        return EventColumns(**arrays, names=self.names)


ARRAYS = ("deal", "time", "is_day", "until", "kind", "stage", "left", "reason", "percent", "inferred", "between")


class Places(dict[str, int]):
    """Text -> its place; a new text gets the next one."""

    def __missing__(self, text: str) -> int:
        self[text] = place = len(self)
        return place

    @classmethod
    def of_names(cls, names: Iterable[str]) -> Places:
        """Return the places of names in order."""
        return cls({name: place for place, name in enumerate(names)})

    def of(self, text: str | None) -> int:
        """Return the place of a text, `NOBODY` of none."""
        return self[text] if text else NOBODY


def events_of(
    blocks: Iterable[Sequence[tuple[int, int, str]]], part: str, timezone: str, places: Places
) -> EventColumns:
    """Return coded events (deal, seconds, texts parted by `part`) as columns, sorted by deal and time.

    Seconds are those of an instant, of a day (marked d) its midnight; `left` is what the event itself says.
    """
    import numpy as np

    codes = Places()
    parts = [_arrays(block, codes) for block in blocks]
    deal, seconds, code = (np.concatenate(column) for column in zip(*parts, strict=True)) if parts else _nothing()
    told = _told([text.split(part) for text in codes], places)
    at = _local(seconds, told["is_day"][code], timezone)
    order = np.lexsort((at, deal))
    code = code[order]
    return EventColumns(
        deal[order], at[order], until=np.full(len(order), np.datetime64("NaT"), "datetime64[us]"), names=tuple(places),
        **{key: values[code] for key, values in told.items()},
    )  # fmt: skip


def _nothing() -> tuple[NDArray[Any], ...]:
    import numpy as np

    return np.empty(0, "int64"), np.empty(0, "int64"), np.empty(0, "int32")


def _arrays(rows: Sequence[tuple[int, int, str]], codes: Places) -> tuple[NDArray[Any], ...]:
    import numpy as np

    deal, seconds, texts = zip(*rows, strict=True)
    count = len(rows)
    return (
        np.fromiter(deal, "int64", count), np.fromiter(seconds, "int64", count),
        np.fromiter(map(codes.__getitem__, texts), "int32", count),
    )  # fmt: skip


def _told(texts: Sequence[Sequence[str]], places: Places) -> dict[str, NDArray[Any]]:
    """Return what each distinct text says, by column."""
    import numpy as np

    marks = [told[5] for told in texts]
    return {
        "kind": np.array([KINDS[told[1]] for told in texts], dtype="int8"),
        "stage": np.array([places[told[0]] for told in texts], dtype="int32"),
        "left": np.array([places.of(told[2]) for told in texts], dtype="int32"),
        "reason": np.array([places.of(told[3]) for told in texts], dtype="int32"),
        "percent": np.array([float(told[4] or "nan") for told in texts], dtype="float64"),
        "is_day": np.array(["d" in mark for mark in marks], dtype=bool),
        "inferred": np.array(["i" in mark for mark in marks], dtype=bool),
        "between": np.array(["b" in mark for mark in marks], dtype=bool),
    }


def _local(seconds: NDArray[Any], is_day: NDArray[Any], timezone: str) -> NDArray[Any]:
    import numpy as np
    import pandas as pd

    times = seconds.astype("datetime64[s]")
    instants = np.flatnonzero(~is_day & ~np.isnat(times))
    if len(instants):
        moments = pd.DatetimeIndex(times[instants]).tz_localize("UTC").tz_convert(timezone).tz_localize(None)
        times[instants] = moments.to_numpy(dtype="datetime64[s]")
    return times.astype("datetime64[us]")


def among(values: NDArray[Any], some: NDArray[Any]) -> NDArray[Any]:
    """Return which of `values` are in `some`, which is sorted."""
    import numpy as np

    if not len(some):
        return np.zeros(len(values), dtype=bool)
    place = np.minimum(np.searchsorted(some, values), len(some) - 1)
    found: NDArray[Any] = some[place] == values
    return found


def of_deals(events: EventColumns, ids: Sequence[int]) -> EventColumns:
    """Return the events of some deals; `ids` are sorted."""
    import numpy as np

    mine = among(events.deal, np.array(ids, dtype="int64"))
    return events if mine.all() else events.taken(mine)


def to_look_at(events: EventColumns, renamed: Iterable[str] = ()) -> NDArray[Any]:
    """Return the deals (numbers) whose order or counting events arrays alone do not tell.

    They have several events, of which some are inferred, undated, between two times or at the same time; or names
    that stages no longer have.
    """
    import numpy as np

    same_deal = np.r_[False, events.deal[1:] == events.deal[:-1]]
    tied = same_deal & np.r_[False, events.time[1:] == events.time[:-1]]
    several = same_deal | np.r_[same_deal[1:], False]
    odd = several & (events.inferred | events.between | np.isnat(events.time)) | tied
    known = {name: place for place, name in enumerate(events.names)}
    old = np.array([known[name] for name in renamed if name in known], dtype="int32")
    if len(old):
        odd |= np.isin(events.stage, old) | np.isin(events.left, old)
    return np.unique(events.deal[odd])


def with_stage_left(events: EventColumns) -> EventColumns:
    """Return the events where an end that does not say what it left has left the stage held before it."""
    import numpy as np

    before = np.r_[np.int32(NOBODY), events.stage[:-1]]
    same_deal = np.r_[False, events.deal[1:] == events.deal[:-1]]
    silent = events.ends & (events.left == NOBODY) & same_deal
    left = np.where(silent, before, events.left)
    arrays = {key: getattr(events, key) for key in ARRAYS} | {"left": left}
    return EventColumns(**arrays, names=events.names)


def of_rows(rows: Sequence[Mapping[str, Any]], timezone: str, places: Places) -> EventColumns:
    """Return events in order, each a mapping with all that is known of it, as columns."""
    import numpy as np

    from crmcli.domain.metrics.population import DAY_LENGTH, local_times

    def times(key: str) -> NDArray[Any]:
        import pandas as pd

        return local_times(pd.Series([row[key] for row in rows], dtype=object), timezone)

    return EventColumns(
        deal=np.array([row["opportunity_id"] for row in rows], dtype="int64"), time=times("at"),
        is_day=np.array([len(row["at"] or "") == DAY_LENGTH for row in rows], dtype=bool), until=times("until"),
        kind=np.array([KINDS[row["kind"]] for row in rows], dtype="int8"),
        stage=np.array([places[row["value"] or ""] for row in rows], dtype="int32"),
        left=np.array([places.of(row["left"]) for row in rows], dtype="int32"),
        reason=np.array([places.of(row["reason"]) for row in rows], dtype="int32"),
        percent=np.array([float("nan") if row["probability"] is None else row["probability"] for row in rows]),
        inferred=np.array([bool(row["inferred"]) for row in rows], dtype=bool),
        between=np.array([row["between"] for row in rows], dtype=bool), names=tuple(places),
    )  # fmt: skip


def joined(one: EventColumns, other: EventColumns) -> EventColumns:
    """Return the events of two sets of deals as one, by deal; `other` names all texts of both."""
    import numpy as np

    arrays = {key: np.concatenate([getattr(one, key), getattr(other, key)]) for key in ARRAYS}
    order = np.argsort(arrays["deal"], kind="stable")
    return EventColumns(**{key: values[order] for key, values in arrays.items()}, names=other.names)
