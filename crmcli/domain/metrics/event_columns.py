"""Stage events as arrays: what each says is one of few texts, so only those are looked at one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.timeline import KINDS, VOID, WON
from crmcli.domain.metrics.unpacked import Block, Packing, Places, codes, parts_of, whole_numbers
from crmcli.domain.metrics.written_times import times_in

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
        ends: NDArray[Any] = (self.kind >= WON) & (self.kind <= VOID)
        return ends

    def firsts(self) -> NDArray[Any]:
        """Return the place of each deal's first event."""
        import numpy as np

        return np.flatnonzero(np.r_[True, self.deal[1:] != self.deal[:-1]][: len(self.deal)])

    def taken(self, picked: NDArray[Any]) -> EventColumns:
        """Return some of the events."""
        arrays = {key: getattr(self, key)[picked] for key in ARRAYS}
        return EventColumns(**arrays, names=self.names)


ARRAYS = ("deal", "time", "is_day", "until", "kind", "stage", "left", "reason", "percent", "inferred", "between")


def events_of(blocks: Iterable[Block], packing: Packing, timezone: str) -> EventColumns:
    """Return packed stage events as columns, sorted by deal and time; `left` is what the event itself says.

    The packing's groups are the deal, the time, and all else that an event says.
    """
    import numpy as np

    said = Places()
    parts = [
        (whole_numbers(deal, packing.row), *times_in(at, packing.row, timezone), codes(rest, packing.row, said))
        for _count, (deal, at, rest) in blocks
    ]
    deal, at, is_day, code = (np.concatenate(column) for column in zip(*parts, strict=True)) if parts else _nothing()
    parts.clear()
    places = Places()
    rows = parts_of(said, packing.part)
    told = _told([dict(zip(packing.groups[-1], row, strict=True)) for row in rows], places)
    if not ((deal[1:] > deal[:-1]) | ((deal[1:] == deal[:-1]) & (at[1:] >= at[:-1]))).all():
        order = np.lexsort((at, deal))
        deal, at, is_day, code = (values[order] for values in (deal, at, is_day, code))
    return EventColumns(
        deal, at, is_day, until=np.full(len(deal), np.datetime64("NaT"), "datetime64[us]"),
        names=tuple(places), **{key: values[code] for key, values in told.items()},
    )  # fmt: skip


def _nothing() -> tuple[NDArray[Any], ...]:
    import numpy as np

    return np.empty(0, "int64"), np.empty(0, "datetime64[us]"), np.empty(0, bool), np.empty(0, "int32")


def _told(said: Sequence[Mapping[str, str]], places: Places) -> dict[str, NDArray[Any]]:
    """Return what events say, by column."""
    import numpy as np

    return {
        "kind": np.array([KINDS[one["kind"] or "unknown"] for one in said], dtype="int8"),
        "stage": np.array([places[one["value"]] for one in said], dtype="int32"),
        "left": np.array([place_of(places, one["from_value"]) for one in said], dtype="int32"),
        "reason": np.array([place_of(places, one["reason"]) for one in said], dtype="int32"),
        "percent": np.array([float(one["probability"] or "nan") for one in said], dtype="float64"),
        "inferred": np.array([one["inferred"] not in ("", "0") for one in said], dtype=bool),
        "between": np.array([bool(one["not_before"] or one["not_after"]) for one in said], dtype=bool),
    }


def place_of(places: Places, text: str | None) -> int:
    """Return the place of a text, `NOBODY` of none."""
    return places[text] if text else NOBODY


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

    first = events.firsts()
    known = among(events.deal[first], np.array(ids, dtype="int64"))
    return events if known.all() else events.taken(np.repeat(known, np.diff(first, append=len(events.deal))))


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
        left=np.array([place_of(places, row["left"]) for row in rows], dtype="int32"),
        reason=np.array([place_of(places, row["reason"]) for row in rows], dtype="int32"),
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
