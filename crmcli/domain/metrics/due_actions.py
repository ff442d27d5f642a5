"""Planned actions by the day they were due, and whether somebody did them: follow-ups' next steps, and tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.contacts import NOBODY, Contacts, contacts, first_from, numbers, positions
from crmcli.domain.metrics.gaps import filled, only
from crmcli.domain.metrics.population import local_times

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from crmcli.domain.metrics.period import Period
    from crmcli.domain.metrics.timeline import Standing, Timeline

ON_TIME, LATE, MISSED = range(3)
STATES = ("on_time", "late", "missed")
STEP, TASK = "step", "task"


@dataclass(frozen=True, slots=True)
class DueActions:
    """Planned actions; all arrays align.

    Attributes:
        kind: STEP (of a follow-up) or TASK; `row` is its place in the population's activities or tasks.
        deal: The position of its deal, `NOBODY` without one.
        owner: Who planned it or is to do it, else the deal's owner; None nobody.
        due: The day; done: the time, NaT not done.
        state: ON_TIME, LATE or MISSED.
    """

    kind: NDArray[Any]
    row: NDArray[Any]
    deal: NDArray[Any]
    owner: NDArray[Any]
    due: NDArray[Any]
    done: NDArray[Any]
    state: NDArray[Any]

    def ordered(self, order: NDArray[Any] | slice) -> DueActions:
        """Return the same in another order, or some of them."""
        return DueActions(
            self.kind[order],
            self.row[order],
            self.deal[order],
            self.owner[order],
            self.due[order],
            self.done[order],
            self.state[order],
        )

    def places(self, kind: str) -> NDArray[Any]:
        """Return where those of a kind stand in the population, -1 for the others."""
        import numpy as np

        return np.where(self.kind == kind, self.row, -1).astype("int64")


def together(parts: Sequence[DueActions]) -> DueActions:
    """Return the actions of all parts, one part after the other; at least one part."""
    import numpy as np

    names = [one.name for one in fields(DueActions)]
    return DueActions(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def due_actions(line: Timeline, stand: Standing, period: Period) -> DueActions:
    """Return the planned actions that were due in `period` and by the standing's day."""
    import numpy as np

    steps, tasks = _steps(line, contacts(line, stand.at)), _tasks(line)
    kind, row, deal, owner, due, done = (np.concatenate(pair) for pair in zip(steps, tasks, strict=True))
    done = np.where(done <= stand.at, done, np.datetime64("NaT", "us"))
    kept = ~np.isnat(due) & period.covers(due) & (due <= stand.at)
    kind, row, deal, owner, due, done = (values[kept] for values in (kind, row, deal, owner, due, done))
    late = done.astype("datetime64[D]") > due.astype("datetime64[D]")
    state = np.where(np.isnat(done), MISSED, np.where(late, LATE, ON_TIME))
    return DueActions(kind, row, deal, owner, due.astype("datetime64[D]"), done, state)


def _steps(line: Timeline, found: Contacts) -> tuple[NDArray[Any], ...]:
    """Return the next steps of follow-ups; one is done by the first human contact after the follow-up that made it."""
    import numpy as np

    activities = line.population.activities
    if activities is None:
        return _nothing()
    due = local_times(activities["next_at"], line.population.timezone)
    row = np.flatnonzero(~np.isnat(due))
    due = due[row].astype("datetime64[D]").astype("datetime64[us]")
    made = local_times(activities["at"], line.population.timezone)[row]
    place = np.full(len(activities), -1, dtype="int64")
    place[found.row] = np.arange(len(found.row))
    since = np.searchsorted(found.when, np.where(np.isnat(made), due, made))
    begin = np.where(place[row] >= 0, place[row] + 1, since)
    deal = positions(line, numbers(activities["opportunity_id"])[row])
    customer = numbers(activities["customer_id"])[row]
    first = first_from(line, found, begin, deal, customer)
    done = np.r_[found.when, np.datetime64("NaT", "us")][first]
    owner = filled(_texts(activities["by"])[row], _owners(line, deal))
    return np.full(len(row), STEP, dtype=object), row, deal, owner, due, done


def _tasks(line: Timeline) -> tuple[NDArray[Any], ...]:
    import numpy as np

    tasks = line.population.tasks
    if tasks is None:
        return _nothing()
    due = local_times(tasks["due"], line.population.timezone).astype("datetime64[D]").astype("datetime64[us]")
    deal = positions(line, numbers(tasks["opportunity_id"]))
    owner = filled(_texts(tasks["owner"]), _owners(line, deal))
    done = local_times(tasks["done_at"], line.population.timezone)
    return np.full(len(tasks), TASK, dtype=object), np.arange(len(tasks)), deal, owner, due, done


def _nothing() -> tuple[NDArray[Any], ...]:
    import numpy as np

    whole, text, time = (np.empty(0, dtype=kind) for kind in ("int64", object, "datetime64[us]"))
    return text, whole, whole, text, time, time


def _texts(values: pd.Series[Any]) -> NDArray[Any]:
    return only((values.notna() & (values != "")).to_numpy(dtype=bool), values.astype(object).to_numpy())


def _owners(line: Timeline, deal: NDArray[Any]) -> NDArray[Any]:
    """Return the owners of deals by position; None where there is no deal."""
    import numpy as np

    owners = np.r_[_texts(line.deals["owner"]), np.array([None], dtype=object)]
    found: NDArray[Any] = owners[np.where(deal == NOBODY, -1, deal)]
    return found
