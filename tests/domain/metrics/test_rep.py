from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest

from crmcli.domain.metrics.period import WHOLE_HISTORY, Period
from crmcli.domain.metrics.population import ACTIVITY_COLUMNS, Population, Target, frame_of
from crmcli.domain.metrics.rate import share
from crmcli.domain.metrics.rep import Quota, Rep, performance, quota
from crmcli.domain.metrics.targets import wanted_of
from crmcli.domain.metrics.timeline import standing, timeline

FIRST = Period(date(2026, 1, 1), date(2026, 4, 1))
DEALS: tuple[tuple[Any, ...], ...] = (
    (1, "2026-01-01", [("2026-01-11", "赢单")], {"owner": "乙", "amount_fen": 1000}),
    (2, "2026-01-01", [("2026-01-31", "赢单")], {"owner": "甲"}),
    (3, "2026-01-01", [("2026-02-21", "输单")], {"owner": "甲", "amount_fen": 50}),
    (4, "2025-12-01", [("2026-03-01", "无效")], {"owner": "甲", "amount_fen": 50}),
    (5, "2026-01-01", [("2026-05-01", "赢单")], {"owner": "甲", "amount_fen": 9000}),
    (6, "2026-01-01", [("2026-02-01", "需求确认")], {"owner": "乙", "amount_fen": 300, "probability": 0.5}),
    (7, "2026-05-01", [], {"owner": "丙"}),
)
Made = Callable[..., Rep]


def one(owner: str, period: str, span: Period, amount: int | None = None, team: str = "") -> Target:
    assert span.start is not None
    assert span.end is not None
    return Target(owner, team, period, span.start, span.end, amount, 2)


@pytest.fixture
def made(build: Callable[..., Population]) -> Made:
    def make(period: Period = FIRST, min_n: int = 1, by: tuple[str, ...] = ("owner",), **more: Any) -> Rep:
        whole = build(*DEALS)
        owners = pd.Series(["甲", "甲", "甲", "甲", "甲", None, None], dtype=object)
        keys = ("activity_id", "at", "human", "by", "opportunity_id")
        told = ((1, "2026-01-02", 1, "甲", 1), (2, "2026-01-03", 0, "甲", 1), (3, "2026-04-01", 1, "甲", 1),
                (4, "2026-03-31T23:00:00+08:00", 1, "丁", None), (5, None, 1, "丁", None))  # fmt: skip
        rows = [dict.fromkeys(ACTIVITY_COLUMNS) | dict(zip(keys, row, strict=True)) for row in told]
        line = timeline(replace(
            whole, deals=whole.deals.assign(owner_at_close=owners), activities=frame_of(rows, ACTIVITY_COLUMNS), **more,
        ))  # fmt: skip
        stand = standing(line, line.moment(datetime.fromisoformat("2026-06-01T00:00:00+08:00")))
        return performance(line, stand, period, min_n, home="CNY", by=by)

    return make


def test_closed_deals_are_of_who_closed_them_and_the_best_comes_first(made: Made) -> None:
    found = made()
    assert [row.group for row in found.rows] == [("甲",), ("丁",), ("丙",), ("乙",)]
    best, acts, _idle, other = found.rows
    assert (best.created, best.won, best.lost, best.void, best.rate) == (3, 2, 1, 1, share(2, 3))
    assert (best.rate_with_void, best.won_amounts, best.no_amount) == (share(2, 4), {"CNY": 1000}, 1)
    assert (best.median_days, best.open, best.activities) == (20.0, 0, 1)
    assert (other.created, other.won, other.open, other.open_amounts, other.weighted) == (
        2, 0, 1, {"CNY": 300}, {"CNY": 150},
    )  # fmt: skip
    assert (acts.activities, acts.created) == (1, 0)


def test_an_amount_that_nobody_knows_is_none(made: Made) -> None:
    idle = next(row for row in made(WHOLE_HISTORY).rows if row.group == ("丙",))
    assert (idle.group, idle.open, idle.open_amounts, idle.weighted) == (("丙",), 1, {"CNY": None}, {"CNY": None})


def test_every_figure_has_its_records(made: Made) -> None:
    found = made()
    rates = {(row, key): block for (row, key), block in found.deals.blocks.items() if key.startswith("win_rate")}
    for (row, key), block in rates.items():
        assert block.count == getattr(found.rows[row], key.removeprefix("win_")).denominator
    marks: Any = found.deals.marks
    for (row, key), block in found.deals.blocks.items() - rates.items():
        assert block.count == getattr(found.rows[row], key)
        own = marks["figure"][block.first : block.first + block.count]
        assert set(own.tolist()) <= {key}
    assert found.blocks[0, "activities"].count == 1
    assert found.activities.tolist() == [0, 3]


def test_too_few_wins_have_no_median_and_no_group_is_everybody(made: Made) -> None:
    (whole,) = made(min_n=3, by=()).rows
    assert (whole.group, whole.created, whole.won, whole.open, whole.activities, whole.median_days) == (
        (), 5, 2, 2, 2, None,
    )  # fmt: skip


def test_the_target_is_that_of_the_days_or_of_shorter_ones_that_fill_them(made: Made) -> None:
    months = [Period(date(2026, month, 1), date(2026, month + 1, 1)) for month in (1, 2, 3)]
    targets = (
        one("甲", "2026Q1", FIRST, 4000),
        *(one("乙", f"2026-0{at}", span, 10) for at, span in enumerate(months, 1)),
    )
    rows = {row.group[0]: row.quota for row in made(targets=targets).rows}
    assert rows == {"甲": Quota(4000, 2), "乙": Quota(30, 6), "丙": Quota(), "丁": Quota()}
    wanted = wanted_of(targets[:3])
    assert quota(wanted, FIRST, ("owner",), ("乙",)) == Quota()
    assert quota(wanted, FIRST, (), ()) == Quota(4000, 2)
    assert quota(wanted, WHOLE_HISTORY, ("owner",), ("甲",)) == Quota()
    assert quota(wanted, FIRST, ("product",), ("甲",)) == Quota()
