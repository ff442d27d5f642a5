from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from crmcli.domain.metrics.closings import reopened_wins, undated_closings
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.rate import Rate, share, wilson
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline
from crmcli.domain.metrics.winrate import win_rates, win_rates_against, win_rates_from_stage, win_rates_of_cohort

See = Callable[..., tuple[Timeline, Standing]]
FEBRUARY = Period(date(2026, 2, 1), date(2026, 3, 1))
DEALS: tuple[tuple[Any, ...], ...] = (
    (1, "2026-01-01", [("2026-01-01", "需求确认"), ("2026-02-01", "赢单")], {"amount_fen": 300, "owner": "甲"}),
    (2, "2026-01-01", [("2026-01-01", "初步接触"), ("2026-02-28T23:59:59+08:00", "输单")],
     {"amount_fen": 100, "owner": "甲", "competitor": "对手"}),
    (3, "2026-01-01", [("2026-01-01", "初步接触"), ("2026-02-10", "无效")], {"amount_fen": None, "owner": "乙"}),
    # lost in January, reopened, won in February: only the last close counts
    (4, "2026-01-01", [("2026-01-10", "输单"), ("2026-01-20", "方案报价"), ("2026-02-11", "赢单")],
     {"amount_fen": None, "owner": "乙", "competitor": "对手"}),
    # won in February, reopened since: no close at all
    (5, "2026-01-01", [("2026-02-02", "赢单"), ("2026-04-01", "方案报价")], {"amount_fen": 900}),
    # March is not February
    (6, "2026-01-01", [("2026-03-01", "输单")], {"amount_fen": 900}),
    # lost, but nobody knows when
    (7, "2026-01-01", [(None, "输单")], {"amount_fen": 900}),
)  # fmt: skip


def test_a_deal_counts_once_by_its_last_close(see: See) -> None:
    (row,), evidence = win_rates(*see(*DEALS), FEBRUARY, home="CNY")
    assert (row.won, row.lost, row.void, row.no_amount) == (2, 1, 1, 2)
    assert (row.rate, row.rate_with_void) == (share(2, 3), share(2, 4))
    assert row.amounts["CNY"].rate == Rate(300, 400, 2, money=True)
    assert evidence.order.tolist() == [0, 3, 1, 2]
    assert [block.count for block in evidence.blocks.values()] == [2, 1, 1, 3, 4]


def test_a_rate_by_amount_rests_on_the_deals_of_its_currency(see: See) -> None:
    deals = [(number, None, [("2026-02-03", "输单")], {"amount_fen": 5, "currency": code})
             for number, code in enumerate(["CNY", "USD", "USD"], 1)]  # fmt: skip
    (row,), _evidence = win_rates(*see(*deals), FEBRUARY, home="CNY")
    assert {name: amount.rate.n for name, amount in row.amounts.items()} == {"CNY": 1, "USD": 2}


def test_whole_history_counts_undated_closings_too(see: See) -> None:
    line, stand = see(*DEALS)
    (row,), _evidence = win_rates(line, stand, Period(), home="CNY")
    assert (row.won, row.lost, row.void) == (2, 3, 1)
    assert undated_closings(stand).tolist() == [6]
    assert reopened_wins(line, stand, FEBRUARY).tolist() == [4]


def test_a_future_close_is_none(see: See) -> None:
    (row,), _evidence = win_rates(*see(*DEALS, at="2026-02-05"), Period(), home="CNY")
    assert (row.won, row.lost, row.void) == (2, 1, 0)


def test_by_owner(see: See) -> None:
    rows, _evidence = win_rates(*see(*DEALS), FEBRUARY, home="CNY", by=("owner",))
    assert [(row.group, row.won, row.lost, row.void) for row in rows] == [(("乙",), 1, 0, 1), (("甲",), 1, 1, 0)]


def test_from_stage_and_against_competitors(see: See) -> None:
    line, stand = see(*DEALS)
    from_stage = win_rates_from_stage(line, stand, FEBRUARY, home="CNY")
    assert [(row.group[0], row.won, row.lost, row.void) for row in from_stage] == [
        ("初步接触", 2, 1, 1), ("需求确认", 2, 0, 0), ("方案报价", 2, 0, 0), ("商务谈判", 2, 0, 0),
    ]  # fmt: skip
    (against,) = win_rates_against(line, stand, FEBRUARY, home="CNY")
    assert (against.group, against.won, against.lost) == (("对手",), 1, 1)


def test_cohort_shows_the_open_share(see: See) -> None:
    january = Period(date(2026, 1, 1), date(2026, 2, 1))
    (row,), evidence = win_rates_of_cohort(*see(*DEALS), january)
    assert (row.created, row.won, row.lost, row.void, row.open) == (7, 2, 3, 1, 1)
    assert (row.rate, row.open_share) == (share(2, 7), share(1, 7))
    assert [evidence.blocks[0, key].count for key in ("created", "won", "open", "rate")] == [7, 2, 1, 7]


def test_nothing_closed_is_a_row_of_nothing(see: See) -> None:
    (row,), _evidence = win_rates(*see(), Period(), home="CNY")
    assert (row.won, row.rate.value(1)) == (0, None)


def test_under_min_n_there_is_no_rate() -> None:
    assert share(4, 4).value(5) is None
    assert share(4, 5).value(5) == pytest.approx(0.8)


def test_wilson_interval() -> None:
    assert wilson(0, 0) is None
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)


def test_by_owner_is_by_the_owner_when_it_was_closed(build: Callable[..., Population]) -> None:
    whole = build((1, "2026-01-01", [("2026-02-01", "输单")], {"owner": "李娜"}))
    line = timeline(replace(whole, deals=whole.deals.assign(owner_at_close="王芳")))
    seen = line, standing(line, line.moment(datetime.fromisoformat("2026-12-31T00:00:00+08:00")))
    assert [row.group for row in win_rates(*seen, Period(), home="CNY", by=("owner",))[0]] == [("王芳",)]
