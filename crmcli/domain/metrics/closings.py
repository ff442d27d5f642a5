"""Deals by their last close: each counts once, if it is still so closed at the time, on the day of that close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.population import AT_CLOSE
from crmcli.domain.metrics.timeline import LOST, OPEN, WON, Standing, Timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmcli.domain.metrics.period import Period


def fields_at_close(line: Timeline, picked: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return by key the fields that closed deals are grouped by as they were at the close, aligned with `picked`."""
    columns = {key: f"{key}_at_close" for key in AT_CLOSE if f"{key}_at_close" in line.deals}
    return {key: line.deals[column].astype(object).to_numpy()[picked] for key, column in columns.items()}


def closed_in(stand: Standing, period: Period) -> NDArray[Any]:
    """Return the positions of the deals whose last close lies in `period` and still holds."""
    import numpy as np

    return np.flatnonzero((stand.status > OPEN) & period.covers(stand.closed))


def closed_between(line: Timeline, stand: Standing) -> NDArray[Any]:
    """Return for each deal whether its last close only lies between two versions of a sheet."""
    import numpy as np

    last = stand.last
    between: NDArray[Any] = (stand.status > OPEN) & (last >= 0) & np.r_[line.between, False][last]
    return between


def undated_closings(stand: Standing) -> NDArray[Any]:
    """Return the positions of closed deals of which nobody knows when; they count in the whole history only."""
    import numpy as np

    return np.flatnonzero((stand.status > OPEN) & np.isnat(stand.closed))


def reopened_losses(line: Timeline, stand: Standing, period: Period) -> NDArray[Any]:
    """Return the positions of the deals that were lost in `period` and are open, won or void by now."""
    import numpy as np

    events = np.flatnonzero(stand.used & (line.kind == LOST))
    events = events[period.covers(line.at[events])]
    deals = np.unique(line.deal[events])
    reopened: NDArray[Any] = deals[stand.status[deals] != LOST]
    return reopened


def reopened_wins(line: Timeline, stand: Standing, period: Period) -> NDArray[Any]:
    """Return the positions of the deals that were won in `period` and are open, lost or void by now."""
    import numpy as np

    events = np.flatnonzero(stand.used & (line.kind == WON))
    events = events[period.covers(line.at[events])]
    deals = np.unique(line.deal[events])
    reopened: NDArray[Any] = deals[stand.status[deals] != WON]
    return reopened
