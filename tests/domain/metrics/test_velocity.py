from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pandas as pd

from crmcli.domain.metrics.period import WHOLE_HISTORY, Period
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.rate import share
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline
from crmcli.domain.metrics.velocity import velocities

See = Callable[..., tuple[Timeline, Standing]]
STEP = ("2026-02-01", "需求确认")
DEALS: tuple[tuple[Any, ...], ...] = (
    (1, "2026-01-01", [("2026-01-11", "赢单")], {"amount_fen": 1000}),
    (2, "2026-01-01", [("2026-01-31", "赢单")], {"amount_fen": 3000}),
    (3, "2026-01-01", [("2026-01-21", "赢单")], {}),
    (4, "2026-01-01", [("2026-03-01", "输单")], {"amount_fen": 9000}),
    (5, "2026-01-01", [("2026-03-01", "无效")], {"amount_fen": 9000}),
    (6, "2026-01-01", [STEP], {"amount_fen": 7000}),
    (7, "2026-01-01", [("2026-02-01", "初步接触")], {}),
)


def test_all_four_parts_and_what_they_come_to(see: See) -> None:
    (row,), evidence = velocities(*see(*DEALS), WHOLE_HISTORY, 2, home="CNY")
    assert (row.open, row.rate, row.mean_won, row.priced, row.days, row.timed) == (2, share(3, 4), 2000, 2, 20.0, 3)
    assert row.velocity == 150
    assert {key: block.count for (_row, key), block in evidence.blocks.items()} == {
        "open": 2, "win_rate": 4, "won": 3, "velocity": 6,
    }  # fmt: skip


def test_no_number_where_a_part_is_under_the_floor(see: See) -> None:
    (row,), _evidence = velocities(*see(*DEALS), WHOLE_HISTORY, 3, home="CNY")
    assert (row.mean_won, row.days, row.velocity) == (None, 20.0, None)
    (row,), _evidence = velocities(*see(*DEALS), Period(date(2026, 1, 15), date(2026, 4, 1)), 2, home="CNY")
    assert (row.rate, row.mean_won, row.velocity) == (share(2, 3), None, None)


def test_currencies_stand_apart(see: See) -> None:
    seen = see(*DEALS, (8, "2026-01-01", [STEP], {"currency": "USD", "amount_fen": 1}))
    rows, _evidence = velocities(*seen, WHOLE_HISTORY, 2, home="CNY")
    assert [(row.currency, row.open, row.velocity) for row in rows] == [("CNY", 2, 150), ("USD", 1, None)]


def test_only_qualified_deals_and_cycles_where_a_stage_is_named(build: Callable[..., Population]) -> None:
    whole = build(*DEALS, (8, "2026-01-01", [("2026-01-05", "需求确认"), ("2026-01-11", "赢单")], {}))
    line = timeline(replace(whole, stages=replace(whole.stages, qualified="需求确认")))
    stand = standing(line, line.moment(datetime.fromisoformat("2026-12-31T00:00:00+08:00")))
    (row,), _evidence = velocities(line, stand, WHOLE_HISTORY, 1, home="CNY")
    assert (row.open, row.rate, row.days, row.timed) == (1, share(4, 5), 6.0, 1)


def test_closed_deals_are_those_of_who_closed_them(build: Callable[..., Population]) -> None:
    whole = build((1, "2026-01-01", [("2026-01-11", "赢单")], {"owner": "乙", "amount_fen": 5}),
                  (2, "2026-01-01", [STEP], {"owner": "乙"}))  # fmt: skip
    line = timeline(replace(whole, deals=whole.deals.assign(owner_at_close=pd.Series(["甲", None]))))
    stand = standing(line, line.moment(datetime.fromisoformat("2026-12-31T00:00:00+08:00")))
    rows, _evidence = velocities(line, stand, WHOLE_HISTORY, 1, home="CNY", by=("owner",))
    assert [(row.group, row.open, row.rate.numerator) for row in rows] == [(("乙",), 1, 0), (("甲",), 0, 1)]
