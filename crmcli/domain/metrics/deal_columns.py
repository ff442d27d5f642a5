"""Deals as they were at a time, and their stage events as a population holds them: all by arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.coded import categories
from crmcli.domain.metrics.event_columns import NOBODY, EventColumns
from crmcli.domain.metrics.population import local_times
from crmcli.domain.metrics.timeline import OPEN, UNKNOWN, WON, last_of
from crmcli.domain.metrics.unpacked import Places, for_each, known_numbers
from crmcli.domain.values.text import fold

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from crmcli.domain.pipeline import Pipeline

_DAY = 24 * 60 * 60


def events_frame(events: EventColumns, shown: Pipeline) -> pd.DataFrame:
    """Return the columns of `Population.events`, in a pipeline's stages; others have their own names."""
    import numpy as np
    import pandas as pd

    places = [shown.place(name) for name in events.names]
    is_open = np.array([place.kind == "open" for place in places], dtype=bool)
    ranks = np.array([*(place.rank or 0 for place in places), 0], dtype="int16")  # the last is that of `NOBODY`
    in_stage = (events.kind == OPEN) & is_open[events.stage]
    kind = np.where((events.kind == OPEN) & ~in_stage, UNKNOWN, events.kind).astype("int8")
    texts = Places()
    own, now = (_codes(names, texts) for names in (events.names, [place.name for place in places]))
    stage = np.where(in_stage, now[events.stage], own[events.stage])
    rank = np.where(in_stage, ranks[events.stage], np.where(kind == WON, np.int16(len(shown.stages) + 1), np.int16(0)))
    return pd.DataFrame({
        "opportunity_id": events.deal, "at": events.time, "stage": categories(stage, list(texts)), "rank": rank,
        "kind": kind, "from_stage": categories(own[events.left], list(texts)), "from_rank": ranks[events.left],
        "inferred": events.inferred & ~events.ends, "until": events.until, "between": events.between,
        "reason": categories(own[events.reason], list(texts)), "seq": np.arange(len(events.deal), dtype="int32"),
    }, copy=False)  # fmt: skip


def _codes(names: Sequence[str], texts: Places) -> NDArray[Any]:
    """Return the place of each name in `texts`, -1 for an empty one and, last, for `NOBODY`."""
    import numpy as np

    few = len(names) < np.iinfo("int8").max // 2
    return np.array([*(texts[name] if name else NOBODY for name in names), NOBODY], dtype="int8" if few else "int32")


class Moves:
    """Changes of deals' fields in the order of time, and what held before them."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], ids: Sequence[int], timezone: str) -> None:
        import numpy as np
        import pandas as pd

        known = set(ids) if rows else set()
        rows = [row for row in rows if row["opportunity_id"] in known]
        self._field = np.array([row["field"] for row in rows], dtype=object)
        deal = np.array([row["opportunity_id"] for row in rows], dtype="int64")
        self._deal = np.searchsorted(ids, deal)
        self._at = local_times(pd.Series([row["at"] for row in rows], dtype=object), timezone)
        self._from = _whole(rows, "from_value")
        self._percent = np.array([_number(row["probability"]) for row in rows], dtype="float64")

    def before(self, field: str, present: Any, limit: NDArray[Any]) -> Any:
        """Return what the deals held at `limit` (a time, or one a deal): what the first later change replaced."""
        import numpy as np

        limits = np.broadcast_to(limit, len(present))
        later = np.flatnonzero((self._field == field) & (self._at > limits[self._deal]))
        return self._replaced(field, present, later)

    def first(self, field: str, held: Any, limit: NDArray[Any]) -> Any:
        """Return the first known values of the deals up to `limit`, a time at which they `held` these."""
        import numpy as np
        import pandas as pd

        known = (self._field == field) & ~pd.isna(self._from) & ~(self._at > limit)
        return self._replaced(field, held, np.flatnonzero(known))

    def _replaced(self, field: str, present: Any, picked: NDArray[Any]) -> Any:
        import numpy as np
        import pandas as pd

        deal, first = np.unique(self._deal[picked], return_index=True)
        values = present.copy()
        old = self._from[picked[first]]
        is_number = field == "amount_fen"
        values[deal] = pd.array([None if text is None else int(text) for text in old], "Int64") if is_number else old
        return values

    def last_percent(self, since: NDArray[Any], as_of: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the deals whose probability was recalculated from `since` to `as_of`, and the last one."""
        import numpy as np

        known = (self._field == "probability") & (self._at >= since[self._deal]) & (self._at <= as_of)
        picked = np.flatnonzero(known)[::-1]
        deal, last = np.unique(self._deal[picked], return_index=True)
        return deal, self._percent[picked[last]]


def _whole(rows: Sequence[Mapping[str, Any]], key: str) -> NDArray[Any]:
    import numpy as np

    values = np.empty(len(rows), dtype=object)
    values[:] = [row[key] for row in rows]
    return values


def _number(value: float | str | None) -> float:
    return float("nan") if value is None else float(value)


class Counting:
    """The events of deals that count at a time: in the past, and not given way to others; `ids` are sorted."""

    def __init__(self, events: EventColumns, ids: Sequence[int], as_of: NDArray[Any]) -> None:
        import numpy as np

        past = (events.time <= as_of) | np.isnat(events.time)
        counts = past & (np.isnat(events.until) | (events.until > as_of))
        self._events, self._size, self._as_of = events, len(ids), as_of
        first = events.firsts()
        number = np.zeros(len(ids), dtype="int64")
        place = np.searchsorted(np.array(ids, dtype="int64"), events.deal[first])
        number[place] = np.diff(first, append=len(events.deal))
        edges = np.r_[0, number.cumsum()]
        self._last = last_of(counts, edges)
        self._entry = last_of(counts & ~events.ends, edges)

    def until_close(self) -> NDArray[Any]:
        """Return when each deal was closed (a day's end), at most the time itself; the time where it is open."""
        import numpy as np

        limit = np.full(self._size, self._as_of)
        has = np.flatnonzero(self._last >= 0)
        last = self._last[has]
        closed = self._events.ends[last] & ~np.isnat(self._events.time[last])
        has, last = has[closed], last[closed]
        span = np.where(self._events.is_day[last], np.timedelta64(_DAY, "s") - np.timedelta64(1, "us"),
                        np.timedelta64(0, "us"))  # fmt: skip
        limit[has] = np.minimum(self._events.time[last] + span, self._as_of)
        return limit

    def percents(self, moves: Moves) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return which deals held an open stage, and the probability (0-100, NaN unknown) of the last, as of then."""
        import numpy as np

        has = self._entry >= 0
        percent, since = np.full(self._size, np.nan), np.full(self._size, np.datetime64("9999", "us"))
        percent[has] = self._events.percent[self._entry[has]]
        entered = self._events.time[self._entry[has]]
        since[has] = np.where(np.isnat(entered), np.datetime64("0001", "us"), entered)
        deal, recalculated = moves.last_percent(since, self._as_of)
        percent[deal] = recalculated
        return has, percent


def deals_at(
    columns: Mapping[str, NDArray[Any]], moves: Moves, counting: Counting, as_of: NDArray[Any],
    staff: Mapping[str, tuple[str | None, ...]],
) -> pd.DataFrame:  # fmt: skip
    """Return the columns of `Population.deals` as they were at `as_of` (a local time).

    Args:
        columns: What the deals hold at present, by column, sorted by number; numbers may be `NOT_KNOWN`.
        moves: How amount, owner and expected close changed.
        counting: The stage events that count at `as_of`.
        as_of: The time.
        staff: Folded name of an owner -> team, region, manager.
    """
    import pandas as pd

    values: dict[str, Any] = dict(columns) | {key: known_numbers(columns[key]) for key in ("customer_id", "amount_fen")}
    owner = values["owner"]
    values |= {key: moves.before(key, values[key], as_of) for key in ("amount_fen", "owner", "expected_close")}
    values["amount_first_fen"] = moves.first("amount_fen", values["amount_fen"], as_of)
    values |= _places(values["owner"], staff, "")
    values["owner_at_close"] = moves.before("owner", owner, counting.until_close())
    values |= _places(values["owner_at_close"], staff, "_at_close")
    values |= _probabilities(values, counting, moves)
    # what is an array of objects would be looked through for what it is
    return pd.DataFrame({
        key: pd.Series(held, dtype=object, copy=False) if held.dtype == object else held for key, held in values.items()
    }, copy=False)  # fmt: skip


def _places(owners: NDArray[Any], staff: Mapping[str, tuple[str | None, ...]], suffix: str) -> dict[str, NDArray[Any]]:
    """Return owners' teams, regions and managers."""
    import numpy as np
    import pandas as pd

    codes, names = pd.factorize(owners)
    nowhere = (None, None, None)
    known = [staff.get(fold(name), nowhere) for name in names]
    found = {}
    for at, key in enumerate(("team", "region", "manager")):
        texts = np.empty(len(known) + 1, dtype=object)
        texts[:-1] = [places[at] for places in known]
        found[key + suffix] = texts[codes]
    return found


def _probabilities(values: Mapping[str, NDArray[Any]], counting: Counting, moves: Moves) -> dict[str, Any]:
    """Return the probability (0-1): one set by hand, else what was copied when the last open stage was entered.

    What was recalculated since counts from then on.
    """
    import numpy as np
    import pandas as pd

    manual = values["probability_source"] == "manual"
    has, copied = counting.percents(moves)
    given = for_each(_number, values["probability"]).astype("float64")
    percent = np.where(manual, given, np.where(has, copied, np.nan))
    source = np.where(manual, "manual", np.where(np.isnan(percent), np.asarray(None, dtype=object), "stage"))
    return {"probability": pd.Series(percent / 100).astype("Float64"), "probability_source": source}
