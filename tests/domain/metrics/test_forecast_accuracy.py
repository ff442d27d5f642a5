from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from crmcli.domain.metrics.forecast_accuracy import accuracy, whole_months
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.population import MOVE_COLUMNS, StageRules, frame_of
from crmcli.domain.metrics.timeline import standing, timeline

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
RULES = (StageRules(0.1), StageRules(0.3), StageRules(0.5), StageRules(0.8))


def deal(number: int, *steps: tuple[str, str], **fields: Any) -> tuple[Any, ...]:
    more = {"amount_fen": 1000, "expected_close": "2026-03-20", "owner": "甲", "probability": 0.5}
    more |= {"probability_source": "stage"}
    return (number, "2026-01-01", [("2026-01-01", "方案报价"), *steps], more | fields)


def test_a_month_is_measured_by_what_was_known_when_it_began(build: Callable[..., Any]) -> None:
    changes = [
        (3, "amount_fen", "2026-03-05", "2026-03-05", "400", "1000"),
        (4, "expected_close", "2026-03-31", "2026-03-31", "2026-03-20", "2026-05-01"),
        (5, "owner", "2026-03-02", "2026-03-02", "甲", "乙"),
    ]
    moves = frame_of([dict(zip(MOVE_COLUMNS, one, strict=True)) for one in changes], MOVE_COLUMNS)
    population = build(
        deal(1, ("2026-03-01", "赢单")),  # won on the first day: not yet when the month began
        deal(2, ("2026-03-15", "输单")),
        deal(3, ("2026-03-10", "赢单")),  # worth 400 when the month began
        deal(4, expected_close="2026-05-01"),  # slipped
        deal(5, ("2026-03-25", "赢单"), owner="乙", expected_close="2026-04-30"),  # not expected in March
        deal(6, ("2026-02-27", "赢单")),  # won before
        deal(7, ("2026-03-09", "赢单"), currency="USD"),
    )
    stages = replace(population.stages, rules=RULES)
    line = timeline(replace(population, stages=stages, moves=moves))
    latest = standing(line, np.asarray(np.datetime64("2026-06-01", "us")))
    found = accuracy(line, latest, (MARCH,), home="CNY")
    (row,) = found.months
    assert (row.n, row.amount, row.forecast, row.actual_n, row.actual) == (4, 3400, 1700, 3, 3000)
    assert (row.slipped_n, row.slipped, row.lost_n, row.unforeseen_n, row.unforeseen) == (1, 1000, 1, 1, 1000)
    assert [found.evidence.blocks[0, key].count for key in ("n", "actual_n", "slipped_n")] == [4, 3, 1]
    weeks = {week.day.isoformat(): (week.won_before, week.forecast) for week in found.weeks}
    # the win of the 1st counts, the rest is halved; the 15th's loss has happened on the 16th
    assert weeks["2026-03-02"] == (1000, 1000 + 500 + 200 + 500)
    assert weeks["2026-03-16"] == (2000, 2000 + 500)
    assert list(weeks) == ["2026-03-01", "2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]
    owners = {one.group[0]: one for one in found.owners}
    assert (owners["甲"].forecast, owners["甲"].actual, owners["甲"].bias) == (1700, 2000, -0.15)
    assert (owners["乙"].forecast, owners["乙"].actual, owners["乙"].wape) == (0, 1000, 1.0)
    assert sum(one.error for one in found.owners) == row.error


def test_only_months_that_are_over_are_measured() -> None:
    assert len(whole_months(Period(), date(2026, 3, 10))) == 12
    assert whole_months(MARCH, date(2026, 3, 31)) == ()
    assert whole_months(MARCH, date(2026, 4, 1)) == (MARCH,)
