"""What was planned for which day about each deal, and when it was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.contacts import NOBODY, positions
from crmcli.domain.metrics.population import local_times
from crmcli.domain.metrics.timeline import Timeline

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Planned:
    """Planned actions; arrays align: position of the deal, local day due, local time when done (NaT: not done)."""

    deal: NDArray[Any]
    due: NDArray[Any]
    done: NDArray[Any]


def planned_actions(line: Timeline, moment: NDArray[Any]) -> Planned:
    """Return what follow-ups announced and tasks asked for about deals, as far as done by the local time `moment`.

    An announced action is done by the next human follow-up of the same deal.
    """
    import numpy as np

    parts = [_announced(line, moment), _tasks(line, moment)]
    return Planned(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("deal", "due", "done")))


def _announced(line: Timeline, moment: NDArray[Any]) -> Planned:
    import numpy as np

    activities = line.population.activities
    if activities is None or activities.empty:
        return _nothing()
    zone = line.population.timezone
    at = local_times(activities["at"], zone)
    deal = positions(line, _numbers(activities["opportunity_id"]))
    human = activities["human"].astype(bool).to_numpy() & (at <= moment) & (deal != NOBODY)
    row = np.flatnonzero(human)
    row = row[np.lexsort((row, at[row], deal[row]))]
    due = local_times(activities["next_at"], zone)[row].astype("datetime64[D]")
    following = np.r_[at[row][1:], np.datetime64("NaT", "us")][: len(row)]
    same = np.r_[deal[row][1:] == deal[row][:-1], False][: len(row)]
    done = np.where(same, following, np.datetime64("NaT", "us"))
    planned = ~np.isnat(due)
    return Planned(deal[row][planned], due[planned], done[planned])


def _tasks(line: Timeline, moment: NDArray[Any]) -> Planned:
    import numpy as np

    tasks = line.population.tasks
    if tasks is None or tasks.empty:
        return _nothing()
    zone = line.population.timezone
    deal = positions(line, _numbers(tasks["opportunity_id"]))
    due = local_times(tasks["due"], zone).astype("datetime64[D]")
    done = local_times(tasks["done_at"], zone)
    there = (deal != NOBODY) & ~np.isnat(due)
    return Planned(deal[there], due[there], np.where(done <= moment, done, np.datetime64("NaT", "us"))[there])


def _nothing() -> Planned:
    import numpy as np

    return Planned(np.empty(0, dtype="int64"), np.empty(0, dtype="datetime64[D]"), np.empty(0, dtype="datetime64[us]"))


def _numbers(values: Any) -> NDArray[Any]:
    import pandas as pd

    numbers: NDArray[Any] = pd.to_numeric(values).fillna(NOBODY).to_numpy(dtype="int64")
    return numbers
