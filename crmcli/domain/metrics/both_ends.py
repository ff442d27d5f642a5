"""How all deals stood when a period began and when it ended, for reports on what happened in between."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.gaps import filled
from crmcli.domain.metrics.money import currencies, fen
from crmcli.domain.metrics.moves import amount_at, close_at, value_at
from crmcli.domain.metrics.population import MISSING, Population, local_times
from crmcli.domain.metrics.timeline import ABSENT, OPEN, Standing, Timeline, standing, timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmcli.domain.metrics.period import Period


@dataclass(frozen=True, slots=True)
class Side:
    """How the deals stood at one moment; arrays align with the deals.

    Attributes:
        status: ABSENT, OPEN, WON, LOST or VOID.
        amount: Fen, 0 where unknown.
        known: Whether the amount is known.
        stage: The stage of an open deal, 未填 without one.
        currency: The place of its currency in `Ends.currencies`.
        owner: Whose it was, None of nobody.
        close: When it was expected to close, local time, NaT unknown.
    """

    status: NDArray[Any]
    amount: NDArray[Any]
    known: NDArray[Any]
    stage: NDArray[Any]
    currency: NDArray[Any]
    owner: NDArray[Any]
    close: NDArray[Any]

    @property
    def is_open(self) -> NDArray[Any]:
        """Return which deals were open."""
        opened: NDArray[Any] = self.status == OPEN
        return opened


@dataclass(frozen=True, slots=True)
class Ends:
    """Both ends of a period: `line` holds the deals that are known now, then those that were known when it began only.

    Attributes:
        line: All those deals with their events.
        stand: Where they stand at the period's end.
        before: The last moment before the period; None where it has no beginning, so that nothing was there.
        end: Its last moment, or the as-of time where that is earlier.
        printed: What was known at the beginning of the state at the beginning.
        opening: The state at the beginning as it is known now.
        closing: The state at the end.
        here: Which deals are known now.
        displaced: Which deals were removed within the period or that came from another pipeline or went to one.
        currencies: Names of the currencies, the workspace's first.
    """

    line: Timeline
    stand: Standing
    before: NDArray[Any] | None
    end: NDArray[Any]
    printed: Side
    opening: Side
    closing: Side
    here: NDArray[Any]
    displaced: NDArray[Any]
    currencies: tuple[str, ...]


def both_ends(population: Population, period: Period, as_of: datetime, home: str, line: Timeline | None = None) -> Ends:
    """Return how the deals stood at both ends of a period, up to `as_of`; `home` is the workspace's currency.

    `line` is the population's timeline where that is there already, and nothing is known of earlier.

    A deal that was removed in the period, or put into another pipeline, was there at its beginning; one that was
    removed later never was, as far as is known now.
    """
    import numpy as np

    earlier = population.earlier
    if earlier is not None or line is None:
        line = timeline(population if earlier is None else _with_those_gone(population, earlier))
    ids = line.deals["opportunity_id"].to_numpy(dtype="int64")
    here = np.isin(ids, population.deals["opportunity_id"].to_numpy(dtype="int64"))
    before, end = _moments(line, period, as_of)
    was_known = np.zeros(line.size, dtype=bool) if earlier is None else np.isin(
        ids, earlier.deals["opportunity_id"].to_numpy(dtype="int64"))  # fmt: skip
    displaced = _displaced_within(population, ids, before, end) & (here != was_known)
    names, _places = currencies(line, np.arange(line.size), home)
    stand = standing(line, end)
    closing = _masked(_side(line, stand, end, names, home), here)
    if before is None:
        opening = printed = _masked(closing, np.zeros(line.size, dtype=bool))
    else:
        there = np.where(displaced, was_known, here)
        opening = _masked(_side(line, standing(line, before), before, names, home), there)
        printed = opening if earlier is None else _as_printed(earlier, ids, before, names, home)
    return Ends(line, stand, before, end, printed, opening, closing, here, displaced, tuple(names))


def _with_those_gone(population: Population, earlier: Population) -> Population:
    """Return the population with the deals that were known earlier only, with what was known of them then."""
    import pandas as pd

    gone = earlier.deals[~earlier.deals["opportunity_id"].isin(population.deals["opportunity_id"]).to_numpy()]
    if gone.empty:
        return population
    events = earlier.events[earlier.events["opportunity_id"].isin(gone["opportunity_id"]).to_numpy()]
    return replace(
        population,
        deals=pd.concat([frame for frame in (population.deals, gone) if len(frame)], ignore_index=True),
        events=pd.concat([frame for frame in (population.events, events) if len(frame)] or [events], ignore_index=True),
    )


def _moments(line: Timeline, period: Period, as_of: datetime) -> tuple[NDArray[Any] | None, NDArray[Any]]:
    import numpy as np

    now, step = line.moment(as_of), np.timedelta64(1, "us")
    end = now if period.end is None else np.asarray(min(now, np.datetime64(period.end, "us") - step))
    if period.start is None:
        return None, end
    return np.asarray(min(end, np.datetime64(period.start, "us") - step)), end


def _displaced_within(
    population: Population, ids: NDArray[Any], before: NDArray[Any] | None, end: NDArray[Any]
) -> NDArray[Any]:
    import numpy as np
    import pandas as pd

    if before is None or not population.displaced:
        return np.zeros(len(ids), dtype=bool)
    times = local_times(pd.Series(list(population.displaced.values()), dtype=object), population.timezone)
    numbers = np.fromiter(population.displaced, dtype="int64", count=len(times))
    found: NDArray[Any] = np.isin(ids, numbers[(times > before) & (times <= end)])
    return found


def _side(line: Timeline, stand: Standing, moment: NDArray[Any], names: list[str], home: str) -> Side:
    import numpy as np

    amount, known = amount_at(line, moment)
    stage = np.where(stand.status == OPEN, filled(stand.open_stage, MISSING), np.asarray(None, dtype=object))
    owner, close = value_at(line, "owner", moment), close_at(line, moment)
    return Side(stand.status, amount, known, stage, _currency_places(line, names, home), owner, close)


def _currency_places(line: Timeline, names: list[str], home: str) -> NDArray[Any]:
    """Return each deal's place in a list of currencies (which holds all of them)."""
    import numpy as np

    own, places = currencies(line, np.arange(line.size), home)
    found: NDArray[Any] = np.array([names.index(name) for name in own], dtype="int64")[places]
    return found


def _masked(side: Side, there: NDArray[Any]) -> Side:
    """Return the side without the deals that were not there."""
    import numpy as np

    return replace(side, status=np.where(there, side.status, ABSENT))


def _as_printed(earlier: Population, ids: NDArray[Any], before: NDArray[Any], names: list[str], home: str) -> Side:
    """Return the side that the earlier knowledge gives, aligned with `ids`."""
    import numpy as np

    line = timeline(earlier)
    places = np.searchsorted(ids, line.deals["opportunity_id"].to_numpy(dtype="int64"))
    stand = standing(line, before)
    amount, known = fen(line, np.arange(line.size))
    own = sorted(set(currencies(line, np.arange(line.size), home)[0]) - set(names))
    names += own
    stage = filled(stand.open_stage, MISSING)
    sides = (
        (stand.status, ABSENT, "int64"), (amount, 0, "int64"), (known, False, "bool"), (stage, None, "object"),
        (_currency_places(line, names, home), 0, "int64"), (value_at(line, "owner", before), None, "object"),
        (close_at(line, before), "NaT", "datetime64[us]"),
    )  # fmt: skip
    return Side(*(_spread(values, places, np.full(len(ids), empty, dtype=kind)) for values, empty, kind in sides))


def _spread(values: NDArray[Any], places: NDArray[Any], into: NDArray[Any]) -> NDArray[Any]:
    into[places] = values
    return into
