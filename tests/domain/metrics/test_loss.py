from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from crmcli.domain.metrics.loss import cross, losses, reopened
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.rate import share
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline

See = Callable[..., tuple[Timeline, Standing]]
FEBRUARY = Period(date(2026, 2, 1), date(2026, 3, 1))
DEALS: tuple[tuple[Any, ...], ...] = (
    (1, "2026-01-01", [("2026-01-01", "需求确认"), ("2026-02-01", "输单", {"reason": "价格"})],
     {"amount_fen": 100, "owner": "甲"}),
    (2, "2026-01-01", [("2026-01-01", "方案报价"), ("2026-02-02", "输单")],
     {"amount_fen": 900, "owner": "乙", "loss_reason": "竞品", "competitor": "对手"}),
    (3, "2026-01-01", [("2026-02-03", "输单")], {"owner": "甲"}),
    (4, "2026-01-01", [("2026-02-03", "输单")], {"amount_fen": 100}),
    # lost in February, reopened: apart
    (5, "2026-01-01", [("2026-02-04", "输单", {"reason": "预算"}), ("2026-02-20", "需求确认")]),
    # the reason is that of the last loss, the month too
    (6, "2026-01-01", [("2026-01-04", "输单", {"reason": "预算"}), ("2026-01-20", "需求确认"),
                       ("2026-02-21", "输单", {"reason": "价格"})], {"loss_reason": "预算", "owner": "甲"}),
    (7, "2026-01-01", [("2026-01-15", "输单", {"reason": "价格"})]),
    (8, "2026-01-01", [("2026-02-15", "无效", {"reason": "测试"})]),
)  # fmt: skip


def test_pareto_with_the_empty_reason_inside_the_whole(see: See) -> None:
    rows, evidence = losses(*see(*DEALS), FEBRUARY, home="CNY")
    assert [(row.reason, row.n, row.amounts["CNY"], row.no_amount) for row in rows] == [
        ("价格", 2, 100, 1), ("未填", 2, 100, 1), ("竞品", 1, 900, 0),
    ]  # fmt: skip
    assert [row.share for row in rows] == [share(2, 5), share(2, 5), share(1, 5)]
    assert [row.cumulative for row in rows] == [share(2, 5), share(4, 5), share(5, 5)]
    assert [row.previous for row in rows] == [1, 0, 0]
    assert evidence.order.tolist() == [0, 5, 2, 3, 1]


def test_sorted_by_amount(see: See) -> None:
    rows, _evidence = losses(*see(*DEALS), FEBRUARY, home="CNY", sort="amount")
    assert [row.reason for row in rows] == ["竞品", "价格", "未填"]


def test_all_unknown_amounts_are_no_zero(see: See) -> None:
    rows, _evidence = losses(*see((1, "2026-01-01", [("2026-02-03", "输单")])), Period(), home="CNY")
    assert rows[0].amounts == {"CNY": None}
    assert rows[0].previous is None


def test_by_owner_shares_are_of_the_owners_losses(see: See) -> None:
    rows, _evidence = losses(*see(*DEALS), FEBRUARY, home="CNY", by=("owner",))
    assert [(row.group[0], row.reason, row.share) for row in rows] == [
        ("乙", "竞品", share(1, 1)), ("甲", "价格", share(2, 3)), ("甲", "未填", share(1, 3)),
        ("未填", "未填", share(1, 1)),
    ]  # fmt: skip


def test_reopened_losses_stand_apart(see: See) -> None:
    assert reopened(*see(*DEALS), FEBRUARY).order.tolist() == [4]


def test_cross_tables(see: See) -> None:
    line, stand = see(*DEALS)
    table = cross(line, stand, FEBRUARY, "stage", ("价格", "未填", "竞品"))
    assert table.names == ("需求确认", "方案报价", "终止阶段未知")
    assert [(row.reason, row.counts) for row in table.rows] == [
        ("价格", (2, 0, 0)), ("未填", (0, 0, 2)), ("竞品", (0, 1, 0)),
    ]  # fmt: skip
    owners = cross(line, stand, FEBRUARY, "owner", ("价格", "未填", "竞品"))
    assert owners.names == ("乙", "甲", "未填")


def test_nothing_lost(see: See) -> None:
    line, stand = see()
    assert losses(line, stand, Period(), home="CNY")[0] == ()
    assert cross(line, stand, Period(), "month", ()).rows == ()


def test_by_owner_is_by_the_owner_when_it_was_closed(build: Callable[..., Population]) -> None:
    whole = build((1, "2026-01-01", [("2026-02-01", "输单")], {"owner": "李娜"}))
    line = timeline(replace(whole, deals=whole.deals.assign(owner_at_close="王芳")))
    seen = line, standing(line, line.moment(datetime.fromisoformat("2026-12-31T00:00:00+08:00")))
    assert [row.group for row in losses(*seen, Period(), home="CNY", by=("owner",))[0]] == [("王芳",)]


def test_the_reason_of_another_loss_says_nothing_of_the_last(see: See) -> None:
    steps = [("2026-02-01", "输单", {"reason": "价格"}), ("2026-03-01", "初步接触"), ("2026-03-20", "输单")]
    line, stand = see((1, "2026-01-01", steps, {"loss_reason": "价格"}), (2, "2026-01-01", [("2026-03-02", "输单")],
                                                                        {"loss_reason": "竞品"}))  # fmt: skip
    rows, _evidence = losses(line, stand, Period(), home="CNY")
    assert sorted((row.reason, row.n) for row in rows) == [("未填", 1), ("竞品", 1)]
