from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pandas as pd

from crmcli.domain.metrics.pipeline_now import entered_between, pipeline
from crmcli.domain.metrics.population import Population
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline

See = Callable[..., tuple[Timeline, Standing]]
DEALS: tuple[tuple[Any, ...], ...] = (
    (1, "2026-01-01", [("2026-03-01", "需求确认")],
     {"amount_fen": 1000, "probability": 0.3, "expected_close": "2026-03-10"}),
    (2, "2026-01-01", [("2026-02-19", "需求确认")], {"amount_fen": 500, "expected_close": "2026-03-11"}),
    (3, "2026-01-01", [("2026-02-01", "需求确认", {"inferred": True})], {"probability": 0.5}),
    (4, "2026-01-01", [("2026-03-01", "老阶段")], {"amount_fen": 10, "probability": 1.0}),
    (5, "2026-01-01", []),
    (6, "2026-01-01", [("2026-03-01", "赢单")], {"amount_fen": 7777}),
)  # fmt: skip


def test_open_deals_by_present_stage(see: See) -> None:
    rows, evidence = pipeline(*see(*DEALS, at="2026-03-11"), home="CNY")
    assert [row.stage for row in rows] == ["初步接触", "需求确认", "方案报价", "商务谈判", "老阶段", "未填"]
    assert [row.n for row in rows] == [0, 3, 0, 0, 1, 1]
    confirmed = rows[1]
    assert (confirmed.amounts, confirmed.no_amount) == ({"CNY": 1500}, 1)
    assert (confirmed.weighted, confirmed.no_probability) == ({"CNY": 300}, 1)
    assert (confirmed.median_age, confirmed.aged) == (15.0, 2)
    assert (confirmed.overdue, confirmed.no_close_date, confirmed.no_next) == (1, 1, None)
    assert rows[5].amounts == {"CNY": None}
    assert rows[0].amounts == {"CNY": 0}
    assert evidence.blocks[1, "n"].count == 3


def test_a_missing_probability_is_neither_nothing_nor_everything(see: See) -> None:
    rows, _evidence = pipeline(*see((1, "2026-01-01", [], {"amount_fen": 5})), home="CNY")
    assert (rows[-1].weighted, rows[-1].no_probability) == ({"CNY": None}, 1)


def test_deals_without_a_next_step(build: Callable[..., Population]) -> None:
    whole = build((1, "2026-01-01", []), (2, "2026-01-01", []), (3, "2026-01-01", []))
    deals = whole.deals.assign(next_at=pd.Series(["2026-03-11", "2026-03-10", None]))
    line = timeline(Population(deals, whole.events, whole.stages))
    stand = standing(line, line.moment(datetime.fromisoformat("2026-03-11T09:00:00+08:00")))
    assert pipeline(line, stand, home="CNY")[0][-1].no_next == 2


def test_by_owner_only_filled_groups(see: See) -> None:
    line, stand = see((1, "2026-01-01", [], {"owner": "甲"}), (2, "2026-01-01", [], {"owner": "乙"}))
    rows, _evidence = pipeline(line, stand, home="CNY", by=("owner",))
    assert [(row.group, row.stage, row.n) for row in rows] == [(("乙",), "未填", 1), (("甲",), "未填", 1)]


def test_the_median_age_knows_only_days_that_are_known(see: See) -> None:
    loose: tuple[Any, ...] = (7, "2026-01-01", [("2026-01-02", "需求确认", {"between": True})], {})
    seen = see(*DEALS, loose, at="2026-03-11")
    rows, _evidence = pipeline(*seen, home="CNY")
    assert (rows[1].n, rows[1].median_age, rows[1].aged) == (4, 15.0, 2)
    assert entered_between(*seen).tolist() == [6]


def test_a_stage_told_again_was_entered_when_it_was_told_first(see: See) -> None:
    told = [("2026-03-01", "初步接触"), ("2026-03-08", "初步接触")]
    line, stand = see((1, "2026-03-01", told, {}), at="2026-03-11")
    assert pipeline(line, stand, home="CNY")[0][0].median_age == 10.0
