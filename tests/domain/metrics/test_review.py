from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from crmcli.domain.metrics.grouping import UnknownGroupingError
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.review import closed_deals, lessons
from crmcli.domain.metrics.timeline import Standing, Timeline

See = Callable[..., tuple[Timeline, Standing]]
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
DEALS: tuple[tuple[Any, ...], ...] = (
    (1, "2026-01-01", [("2026-01-01", "方案报价"), ("2026-03-02", "赢单")], {"amount_fen": 100}),
    (2, "2026-01-01", [("2026-01-01", "方案报价"), ("2026-03-03", "输单", {"reason": "价格"})],
     {"amount_fen": 500, "competitor": "对手"}),
    (3, "2026-01-01", [("2026-01-01", "初步接触"), ("2026-03-04", "输单")], {"amount_fen": 900}),
    (4, "2026-01-01", [("2026-01-01", "初步接触"), ("2026-03-04", "无效")], {}),
    # lost in March, open again since; lost in February
    (5, "2026-01-01", [("2026-03-05", "输单"), ("2026-03-20", "方案报价")], {}),
    (6, "2026-01-01", [("2026-02-05", "输单")], {}),
    (7, "2026-01-01", [(None, "方案报价"), ("2026-03-31T23:00:00+08:00", "输单", {"reason": "价格"})],
     {"amount_fen": 1}),
)  # fmt: skip


def test_closed_deals_come_won_before_lost_before_void_the_dearest_first(see: See) -> None:
    closed = closed_deals(*see(*DEALS), MARCH)
    assert (closed.picked + 1).tolist() == [1, 3, 2, 7, 4]
    assert closed.reason.tolist() == [None, "未填", "价格", "价格", None]
    assert closed.stage.tolist() == ["方案报价", "初步接触", "方案报价", "方案报价", "初步接触"]
    assert closed.days.tolist() == [60, 62, 61, 89, 62]


def test_what_they_have_in_common(see: See) -> None:
    line, stand = see(*DEALS)
    closed = closed_deals(line, stand, MARCH)
    rows, evidence = lessons(line, closed, ("reason",), home="CNY", min_n=1)
    assert [(row.group, row.n, row.lost, row.amounts["CNY"], row.days) for row in rows] == [
        (("价格",), 2, 2, 501, 75), (("未填",), 1, 1, 900, 62),
    ]  # fmt: skip
    assert [block.count for (_row, key), block in evidence.blocks.items() if key in ("n", "lost")] == [2, 2, 1, 1]
    rows, _ = lessons(line, closed, ("stage",), home="CNY", min_n=2)
    assert [(row.group, row.n, row.won, row.lost, row.void, row.days) for row in rows] == [
        (("初步接触",), 2, 0, 1, 1, 62), (("方案报价",), 3, 1, 2, 0, 61),
    ][::-1]  # fmt: skip
    (row,), _ = lessons(line, closed, ("competitor",), home="CNY", min_n=5)
    assert (row.group, row.n, row.days) == (("对手",), 1, None)
    with pytest.raises(UnknownGroupingError):
        lessons(line, closed, ("weather",), home="CNY", min_n=5)
