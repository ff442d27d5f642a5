"""What a field of each deal held at an earlier time: the present value, with later changes taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.gaps import empty
from crmcli.domain.metrics.money import fen
from crmcli.domain.metrics.population import BY_HAND, MOVED, local_times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from crmcli.domain.metrics.timeline import Timeline


def value_at(line: Timeline, field: str, moment: NDArray[Any]) -> NDArray[Any]:
    """Return what `field` of every deal held at the local time `moment`, aligned with `line.deals`.

    It is what the first later move replaced, else what the deal holds. Texts, fen as whole numbers; None is empty.
    The population needs its `moves` (a report's NEEDS); without them nothing ever changed.

    Raises:
        KeyError: changes of that field are not kept (not in `MOVED`).
    """
    import numpy as np

    if field not in MOVED:
        raise KeyError(field)
    if field == "amount_fen":
        amount, known = amount_at(line, moment)
        return np.where(known, amount.astype(object), np.asarray(None, dtype=object))
    deals = line.deals[field].astype(object)
    values: NDArray[Any] = deals.where(deals.notna(), None).to_numpy(dtype=object).copy()
    deal, replaced = _replaced(line, field, moment)
    values[deal] = replaced
    return values


def close_at(line: Timeline, moment: NDArray[Any]) -> NDArray[Any]:
    """Return when each deal was expected to close at the local time `moment`: a local time, NaT unknown."""
    import pandas as pd

    deal, replaced = _replaced(line, "expected_close", moment)
    times = line.times("expected_close")
    if len(deal):
        times = times.copy()
        times[deal] = local_times(pd.Series(replaced, dtype=object), line.population.timezone)
    return times


def amount_at(line: Timeline, moment: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the amounts of all deals at the local time `moment` in fen (0 where unknown), and which are known."""
    return next(amounts_at(line, (moment,)))


def amounts_at(line: Timeline, moments: Iterable[NDArray[Any]]) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Yield `amount_at` of one moment after the other; the deals' changes are looked through once for all."""
    import numpy as np

    present, is_known = fen(line, np.arange(line.size))
    deal, at, was = _changes(line, "amount_fen", line.population.moves)
    for moment in moments:
        amount, known = present.copy(), is_known.copy()
        later = np.flatnonzero(at > moment)
        changed, first = np.unique(deal[later], return_index=True)
        replaced = was[later[first]]
        known[changed] = ~empty(replaced)
        amount[changed] = np.where(known[changed], replaced, "0").astype("int64")
        yield amount, known


def by_hand_at(line: Timeline, present: NDArray[Any], moment: NDArray[Any]) -> NDArray[Any]:
    """Return the probabilities (0-1, NaN none) that people had set by the local time `moment`; `present`: by now.

    The population needs its `by_hand`.
    """
    import numpy as np

    deal, at, was = _changes(line, BY_HAND, line.population.by_hand)
    later = np.flatnonzero(at > moment)
    changed, first = np.unique(deal[later], return_index=True)
    held = present.copy()
    held[changed] = np.array([np.nan if text is None else float(text) / 100 for text in was[later[first]]])
    return held


def _replaced(line: Timeline, field: str, moment: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the positions of the deals whose field changed after `moment`, and what the first such change replaced."""
    import numpy as np

    deal, at, was = _changes(line, field, line.population.moves)
    later = np.flatnonzero(at > moment)
    changed, first = np.unique(deal[later], return_index=True)
    return changed, was[later[first]]


def _changes(line: Timeline, field: str, moves: pd.DataFrame | None) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return of each change of a field the position of its deal, when it was, and what it replaced; oldest first."""
    import numpy as np

    if moves is None or moves.empty:
        return np.empty(0, dtype="int64"), np.empty(0, dtype="datetime64[us]"), np.empty(0, dtype=object)
    ids = line.deals["opportunity_id"].to_numpy(dtype="int64")
    moves = moves[((moves["field"] == field) & moves["opportunity_id"].isin(ids)).to_numpy(dtype=bool)]
    deal = np.searchsorted(ids, moves["opportunity_id"].to_numpy(dtype="int64"))
    values = moves["from_value"].astype(object)
    times = local_times(moves["at"], line.population.timezone)
    return deal, times, values.where(values.notna(), None).to_numpy(dtype=object)
