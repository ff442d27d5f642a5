"""Targets against actuals, each with how much of it is attained and whether it is on its way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from crmcli.domain.metrics.closings import fields_at_close
from crmcli.domain.metrics.due_actions import DueActions, together
from crmcli.domain.metrics.evidence import Block, Evidence
from crmcli.domain.metrics.measures import MEASURES, Better, Measured, Scope
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.population import Goal
from crmcli.domain.metrics.staff import known_keys
from crmcli.domain.metrics.targets import LEVELS, Level, wanted_of
from crmcli.domain.metrics.timeline import Standing, Timeline

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

Light = Literal["green", "yellow", "red", "grey"]
NEARLY = 0.9
"""From so much of what should be there by now on, the light is yellow, under it red."""


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One target: whose, for which days, what was to be and what is; values as in `Measured`.

    `attained` is actual / target, of a figure that should be low target / actual; None where one is unknown or 0.
    `due` is how much of the target should be there by now: the elapsed share of the days of a figure that adds up.
    """

    level: Level
    who: str
    metric: str
    period: str
    span: Period
    better: Better
    target: float
    actual: Measured
    attained: float | None
    due: float
    light: Light
    where: str


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Targets with what is behind their actuals: deals, or planned actions, by (row, "actual"); None without any."""

    rows: tuple[ScoreRow, ...]
    deals: Evidence
    actions: DueActions | None
    of_actions: dict[tuple[int, str], Block]


def scorecard(
    line: Timeline, stand: Standing, today: date, period: Period, *, home: str, min_n: int, by: tuple[str, ...] = ()
) -> Scorecard:
    """Return every target and goal whose days meet `period` (without one: hold `today`), with the records behind.

    `by` keeps those of owners or of teams, in that order of keys; without it they are the company's, teams', owners'.

    Raises:
        UnknownGroupingError: A key of `by` is none of `LEVELS`.
    """
    import numpy as np

    known_keys(by, LEVELS)
    rows: list[ScoreRow] = []
    for goal, level, who in _of_levels(_goals(line), by):
        if not _meets(goal, today, period):
            continue
        now, then = _whose(line, level, who)
        group = ((), ()) if level == "company" else ((level,), (who,))
        actual = MEASURES[goal.metric].of(Scope(line, stand, Period(goal.start, goal.end), now, then, home, *group))
        rows.append(_row(goal, level, who, actual, today, min_n))
    counted = {at: row.actual.actions for at, row in enumerate(rows) if row.actual.actions is not None}
    deals = {at: row.actual.deals for at, row in enumerate(rows) if at not in counted}
    order = np.concatenate([np.empty(0, dtype="int64"), *deals.values()])
    return Scorecard(tuple(rows), Evidence(order, _blocks({at: len(own) for at, own in deals.items()})),
                     together(list(counted.values())) if counted else None,
                     _blocks({at: len(own.due) for at, own in counted.items()}))  # fmt: skip


def _blocks(sizes: Mapping[int, int]) -> dict[tuple[int, str], Block]:
    """Return the blocks of rows that stand one after the other."""
    blocks, first = {}, 0
    for row, count in sizes.items():
        blocks[row, "actual"] = Block(first, count)
        first += count
    return blocks


def left_out(line: Timeline, today: date, period: Period) -> int:
    """Return how many targets and goals there are for other days than those shown."""
    return sum(not _meets(goal, today, period) for goal, _level, _who in _goals(line))


def _goals(line: Timeline) -> Iterable[tuple[Goal, Level, str]]:
    """Return targets as goals of amount and number, then the goals; the company first, then teams, then owners."""
    found: list[tuple[Goal, Level, str]] = []
    for one in wanted_of(line.population.targets):
        where = ", ".join(dict.fromkeys(part.where for part in one.parts))
        for metric, value in (("amount_won", one.amount_fen), ("won", one.count)):
            if value is not None:
                found.append(
                    (Goal(metric, "", "", one.period, one.start, one.end, value, where=where), one.level, one.who)
                )
    for goal in line.population.goals:
        level: Level = "owner" if goal.owner else "team" if goal.team else "company"
        found.append((goal, level, goal.owner or goal.team))
    keys = list(MEASURES)
    return sorted(found, key=lambda one: (LEVELS.index(one[1]), one[2], keys.index(one[0].metric), one[0].start,
                                          one[0].end))  # fmt: skip


def _of_levels(goals: Iterable[tuple[Goal, Level, str]], by: tuple[str, ...]) -> Iterable[tuple[Goal, Level, str]]:
    return sorted((one for one in goals if one[1] in by), key=lambda one: by.index(one[1])) if by else goals


def _meets(goal: Goal, today: date, period: Period) -> bool:
    if period.is_whole_history:
        return goal.start <= today < goal.end
    return (period.end is None or goal.start < period.end) and (period.start is None or period.start < goal.end)


def _whose(line: Timeline, level: Level, who: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return which deals are somebody's now, and which were at their close."""
    import numpy as np

    if level == "company":
        everyone = np.ones(line.size, dtype=bool)
        return everyone, everyone
    now = line.deals[level].astype(object).to_numpy() == who
    then = fields_at_close(line, np.arange(line.size)).get(level)
    return now, now if then is None else then == who


def _row(goal: Goal, level: Level, who: str, actual: Measured, today: date, min_n: int) -> ScoreRow:
    measure = MEASURES[goal.metric]
    better = goal.better or measure.better
    days = (goal.end - goal.start).days
    elapsed = min(1.0, max(0.0, ((today - goal.start).days + 1) / days))
    due = elapsed if measure.adds_up else 1.0
    known = actual.value if measure.adds_up or actual.n >= min_n else None
    attained = _attained(goal.value, known, better)
    return ScoreRow(level, who, goal.metric, goal.period, Period(goal.start, goal.end), better, goal.value, actual,
                    attained, due, _light(goal.value, known, better, due), goal.where)  # fmt: skip


def _attained(target: float, actual: float | None, better: Better) -> float | None:
    top, bottom = (actual, target) if better == "higher" else (target, actual)
    return top / bottom if top is not None and bottom else None


def _light(target: float, actual: float | None, better: Better, due: float) -> Light:
    """Return green where as much is there as should be by now, yellow from `NEARLY` on; of what should be low, less."""
    if actual is None:
        return "grey"
    wanted = target * due
    if better == "higher":
        return "green" if actual >= wanted else "yellow" if actual >= NEARLY * wanted else "red"
    return "green" if actual <= wanted else "yellow" if actual * NEARLY <= wanted else "red"
