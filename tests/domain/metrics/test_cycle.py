from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from crmcli.domain.metrics.cycle import cycles, lengths
from crmcli.domain.metrics.period import WHOLE_HISTORY, Period
from crmcli.domain.metrics.population import Population, Working
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline

See = Callable[..., tuple[Timeline, Standing]]
DEALS: tuple[tuple[Any, ...], ...] = (
    (1, "2026-01-01", [("2026-01-11", "赢单")], {"owner": "甲"}),
    (2, "2026-01-01", [("2026-01-21", "赢单")], {"owner": "甲"}),
    (3, "2026-01-01", [("2026-02-10", "赢单")], {"owner": "乙"}),
    (4, "2026-01-01", [("2026-01-05", "输单")], {"owner": "乙"}),
    (5, "2026-01-01", [("2026-01-05", "无效")], {"owner": "乙"}),
    (6, "2026-01-01", [("2026-01-05", "需求确认")], {"owner": "乙"}),
)  # fmt: skip


def test_won_and_lost_stand_apart_and_void_in_neither(see: See) -> None:
    rows, evidence = cycles(*see(*DEALS), WHOLE_HISTORY, 1)
    won, lost = rows
    assert (won.outcome, won.n, won.median, won.p75, won.mean, won.excluded) == ("赢单", 3, 20.0, 30.0, 23.33, 0)
    assert (lost.outcome, lost.n, lost.median, lost.mean) == ("输单", 1, 4.0, 4.0)
    assert evidence.blocks[0, "n"].count == 3
    marks: Any = evidence.marks
    assert marks["days"].tolist() == [40.0, 20.0, 10.0, 4.0]


def test_too_few_have_no_median(see: See) -> None:
    won, lost = cycles(*see(*DEALS), WHOLE_HISTORY, 3)[0]
    assert (won.n, won.median) == (3, 20.0)
    assert (lost.n, lost.median, lost.p75, lost.mean) == (1, None, None, None)


def test_a_deal_counts_in_the_period_of_its_close_by_owner(see: See) -> None:
    january = Period(date(2026, 1, 1), date(2026, 2, 1))
    rows, _evidence = cycles(*see(*DEALS), january, 1, by=("owner",))
    assert [(row.group, row.outcome, row.n) for row in rows] == [(("乙",), "输单", 1), (("甲",), "赢单", 2)]


@pytest.mark.parametrize(
    ("created", "steps", "why"),
    [
        (None, [(None, "赢单")], "undated"),
        ("2026-01-01", [(None, "赢单")], "undated"),
        (None, [("2026-01-02", "初步接触", {"between": True}), ("2026-01-11", "赢单")], "inferred"),
        ("2026-01-01", [("2026-01-11", "赢单", {"between": True})], "inferred"),
        ("2026-01-12", [("2026-01-11", "赢单")], "backwards"),
    ],
)
def test_what_has_no_exact_dates_is_counted_and_left_out(see: See, created: Any, steps: Any, why: str) -> None:
    seen = see((1, "2026-01-01", [("2026-01-11", "赢单")]), (2, created, steps))
    won = cycles(*seen, WHOLE_HISTORY, 1)[0][0]
    assert (won.n, won.median, won.excluded) == (1, 10.0, 1)
    assert lengths(*seen).why.tolist() == [None, why]


def test_a_win_that_was_reopened_counts_by_its_last_close(see: See) -> None:
    steps = [("2026-01-11", "赢单"), ("2026-01-12", "商务谈判"), ("2026-02-10", "赢单")]
    assert cycles(*see((1, "2026-01-01", steps)), WHOLE_HISTORY, 1)[0][0].median == 40.0


def test_from_the_qualified_stage_on(build: Callable[..., Population]) -> None:
    whole = build(
        (1, "2026-01-01", [("2026-01-05", "初步接触"), ("2026-01-11", "需求确认"), ("2026-01-31", "赢单")]),
        (2, "2026-01-01", [("2026-01-05", "初步接触"), ("2026-01-11", "商务谈判"), ("2026-01-21", "赢单")]),
        (3, "2026-01-01", [("2026-01-05", "初步接触"), ("2026-01-31", "输单")]),
        (4, "2026-01-01", [("2026-01-05", "商务谈判", {"from_stage": "方案报价"}), ("2026-01-31", "赢单")]),
        (5, "2026-01-01", [("2026-01-05", "需求确认", {"inferred": True}), ("2026-01-31", "赢单")]),
        (6, "2026-01-01", [("2026-01-31", "赢单", {"from_stage": "初步接触"})]),
    )
    line = timeline(replace(whole, stages=replace(whole.stages, qualified="需求确认")))
    taken = lengths(line, standing(line, line.moment(datetime.fromisoformat("2026-12-31T00:00:00+08:00"))))
    assert taken.days.tolist()[:2] == [20.0, 10.0]
    assert taken.why.tolist() == [None, None, "unqualified", "undated", "inferred", "undated"]


def test_in_working_days(build: Callable[..., Population]) -> None:
    whole = build((1, "2026-09-30", [("2026-10-10", "赢单")]), (2, "2026-11-13", [("2026-11-16", "赢单")]))
    line = timeline(replace(whole, working=Working("CN")))
    stand = standing(line, line.moment(datetime.fromisoformat("2026-12-31T00:00:00+08:00")))
    assert lengths(line, stand, working_days=True).days.tolist() == [3.0, 1.0]
