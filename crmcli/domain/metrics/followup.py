"""How people follow up: planned actions done in time, the first response, and deals without a next step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crmcli.domain.metrics.contacts import NOBODY, numbers, positions
from crmcli.domain.metrics.due_actions import LATE, MISSED, ON_TIME, DueActions, due_actions
from crmcli.domain.metrics.evidence import Block, Evidence, contiguous
from crmcli.domain.metrics.first_response import Responses, responses
from crmcli.domain.metrics.population import local_times
from crmcli.domain.metrics.rate import Rate, share
from crmcli.domain.metrics.spread import spread
from crmcli.domain.metrics.timeline import OPEN, Standing, Timeline
from crmcli.domain.metrics.whose import grouped, united

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from crmcli.domain.metrics.period import Period


@dataclass(frozen=True, slots=True)
class FollowupRow:
    """One group: planned actions due by how they were done, assignments by whether they were answered, open deals.

    `median_hours` and `p90_hours` are working hours, None under `min_n` answers.
    """

    group: tuple[str, ...]
    on_time: int
    late: int
    missed: int
    answered: int
    unanswered: int
    median_hours: float | None
    p90_hours: float | None
    open: int
    no_next: int

    @property
    def due(self) -> int:
        """Return how many planned actions were due."""
        return self.on_time + self.late + self.missed

    @property
    def on_time_rate(self) -> Rate:
        """Return done by the due day out of all due."""
        return share(self.on_time, self.due)

    @property
    def missed_rate(self) -> Rate:
        """Return not done out of all due."""
        return share(self.missed, self.due)


@dataclass(frozen=True, slots=True)
class Followup:
    """The rows and what is behind them: `due` and `given` are in the order of the `blocks`, `opened` are deals."""

    rows: tuple[FollowupRow, ...]
    due: DueActions
    given: Responses
    blocks: dict[tuple[int, str], Block]
    opened: Evidence


def followup(line: Timeline, stand: Standing, period: Period, min_n: int, by: tuple[str, ...] = ()) -> Followup:
    """Return a row a group of what was due and assigned in `period`, and of the deals open at the standing's time.

    Raises:
        UnknownGroupingError: A key of `by` is not a field of a deal.
    """
    import numpy as np

    due, given = due_actions(line, stand, period), responses(line, stand, period)
    opened = np.flatnonzero(stand.status == OPEN)
    bare = ~_has_next(line, stand)[opened]
    parts = (grouped(line, due.deal, due.owner, by), grouped(line, given.deal, given.owner, by),
             grouped(line, opened, line.deals["owner"].astype(object).to_numpy()[opened], by))  # fmt: skip
    labels, codes = united(parts, by)
    answered = ~np.isnan(given.hours)
    orders = (np.lexsort((due.due, due.state, codes[0])), np.lexsort((given.given, ~answered, codes[1])),
              np.lexsort((opened, ~bare, codes[2])))  # fmt: skip
    keys = (codes[0] * 3 + due.state, codes[1] * 2 + ~answered, codes[2] * 2 + ~bare)
    counts = [np.bincount(key, minlength=len(labels) * width).reshape(-1, width)
              for key, width in zip(keys, (3, 2, 2), strict=True)]  # fmt: skip
    hours = spread(given.hours, codes[1], len(labels))
    rows = tuple(
        FollowupRow(
            group=label, on_time=int(counts[0][at, ON_TIME]), late=int(counts[0][at, LATE]),
            missed=int(counts[0][at, MISSED]), answered=int(counts[1][at, 0]), unanswered=int(counts[1][at, 1]),
            median_hours=hours.quantile(at, 0.5, min_n), p90_hours=hours.quantile(at, 0.9, min_n),
            open=int(counts[2][at].sum()), no_next=int(counts[2][at, 0]),
        )
        for at, label in enumerate(labels)
    )  # fmt: skip
    blocks: dict[tuple[int, str], Block] = {}
    _add(blocks, keys[0][orders[0]], 3, {"due": (0, 1, 2), "on_time": (0,), "late": (1,), "missed": (2,)})
    _add(blocks, keys[1][orders[1]], 2, {"answered": (0,), "unanswered": (1,)})
    deals: dict[tuple[int, str], Block] = {}
    _add(deals, keys[2][orders[2]], 2, {"open": (0, 1), "no_next": (0,)})
    return Followup(rows, due.ordered(orders[0]), given.ordered(orders[1]), blocks,
                    Evidence(opened[orders[2]], deals))  # fmt: skip


def _add(
    blocks: dict[tuple[int, str], Block], keys: NDArray[Any], width: int, figures: dict[str, tuple[int, ...]]
) -> None:
    """Add a block a row and figure; a figure is some neighbouring ones of `width` kinds, `keys` row * width + kind."""
    runs = contiguous(keys)
    for row in {key // width for key in runs}:
        for name, kinds in figures.items():
            own = [run for kind in kinds if (run := runs.get(row * width + kind))]
            if own:
                blocks[row, name] = Block(own[0].first, sum(run.count for run in own))


def _has_next(line: Timeline, stand: Standing) -> NDArray[Any]:
    """Return of each deal whether a next step or an open task is planned for the standing's day or later."""
    import numpy as np

    today = stand.at.astype("datetime64[D]")
    day = today.item()
    plans = line.population.plans
    ids = line.deals["opportunity_id"].tolist()
    ahead = np.fromiter(((plan := plans.get(one)) is not None and plan.day >= day for one in ids), bool, len(ids))
    tasks = line.population.tasks
    if tasks is not None and len(tasks):
        due, done = (local_times(tasks[key], line.population.timezone) for key in ("due", "done_at"))
        deal = positions(line, numbers(tasks["opportunity_id"]))
        ahead[deal[(deal != NOBODY) & (due >= today) & ~(done <= stand.at)]] = True
    return ahead
