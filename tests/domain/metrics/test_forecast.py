from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest

from crmcli.domain.metrics.chances import HISTORY_MIN_N, chances
from crmcli.domain.metrics.forecast import forecast, shown_months
from crmcli.domain.metrics.outlook import outlook
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.population import MOVE_COLUMNS, StageRules, Target, frame_of
from crmcli.domain.metrics.targets import wanted_in, wanted_of
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline

Build = Callable[..., Any]
TODAY = date(2026, 3, 10)
RULES = (StageRules(0.1), StageRules(0.3), StageRules(0.5, category="best_case"), StageRules(0.8, category="commit"))


def deal(number: int, stage: str = "方案报价", **fields: Any) -> tuple[Any, ...]:
    more = {"amount_fen": 1000, "expected_close": "2026-03-20", "probability": 0.5, "probability_source": "stage"}
    return (number, "2026-01-01", [("2026-01-01", stage)], more | fields)


def seen(
    build: Build, *deals: tuple[Any, ...], at: str = "2026-03-10T12:00:00", **more: Any
) -> tuple[Timeline, Standing]:
    population = build(*deals)
    population = replace(population, stages=replace(population.stages, rules=RULES), **more)
    line = timeline(population)
    import numpy as np

    return line, standing(line, np.asarray(np.datetime64(at, "us")))


def test_what_cannot_be_placed_stands_apart_and_in_one_bucket_only(build: Build) -> None:
    found = forecast(
        *seen(
            build,
            deal(1),
            deal(2, probability=None, probability_source=None),
            deal(3, amount_fen=None),
            deal(4, expected_close="2026-03-09"),  # yesterday
            deal(5, expected_close=None, amount_fen=None),
            deal(6, expected_close="2026-03-10"),  # today is not past
        ),
        TODAY, Period(), home="CNY",
    )  # fmt: skip
    (row,) = found.rows
    assert (row.month, row.n, row.amounts, row.weighted) == ("2026-03", 2, {"CNY": 2000}, {"CNY": 1000})
    assert {one.bucket: one.n for one in found.buckets} == {
        "overdue": 1, "no_close_date": 1, "no_amount": 1, "no_probability": 1,
    }  # fmt: skip
    assert found.open == row.n + sum(one.n for one in found.buckets)
    assert next(one.amounts for one in found.buckets if one.bucket == "no_probability") == {"CNY": 1000}


def test_lost_and_void_deals_are_never_in_it_and_won_ones_stand_by_their_close(build: Build) -> None:
    def closed(number: int, end: str, **more: Any) -> tuple[Any, ...]:
        _, created, steps, fields = deal(number, **more)
        return (number, created, [*steps, ("2026-03-05", end)], fields)

    found = forecast(
        *seen(build, deal(1), closed(2, "输单"), closed(3, "无效"), closed(4, "赢单", expected_close="2026-09-01")),
        TODAY, Period(), home="CNY",
    )  # fmt: skip
    (row,) = found.rows
    assert (row.n, row.won, row.amounts_won) == (1, 1, {"CNY": 1000})
    assert {key: sums["CNY"] for key, sums in row.categories.items()} == {
        "commit": 0, "best_case": 1000, "pipeline": 0, "omitted": 0,
    }  # fmt: skip


def test_currencies_are_never_added_and_a_period_is_taken_in_whole_months(build: Build) -> None:
    look = seen(build, deal(1), deal(2, currency="USD"), deal(3, expected_close="2026-05-01"))
    found = forecast(*look, TODAY, Period(date(2026, 3, 10), date(2026, 4, 2)), home="CNY")
    (row,) = found.rows
    assert (row.amounts, row.weighted, found.outside) == ({"CNY": 1000, "USD": 1000}, {"CNY": 500, "USD": 500}, 1)
    assert shown_months(Period(date(2026, 3, 10), date(2026, 4, 2)), TODAY) == Period(
        date(2026, 3, 1), date(2026, 5, 1)
    )


@pytest.mark.parametrize(
    ("others", "expected"), [(HISTORY_MIN_N - 1, (0.5, "stage")), (HISTORY_MIN_N, (0.25, "history"))]
)
def test_history_speaks_from_twenty_closed_deals_on(build: Build, others: int, expected: tuple[float, str]) -> None:
    ends = ["赢单" if at % 4 == 0 else "无效" if at % 4 == 1 else "输单" for at in range(others)]
    closed: list[Any] = [
        (100 + at, "2026-01-01", [("2026-01-01", "方案报价"), ("2026-02-01", end)], {}) for at, end in enumerate(ends)
    ]
    by_hand = deal(2, probability=0.9, probability_source="manual")
    found = chances(*seen(build, deal(1), by_hand, *closed))
    assert (found.value[0], found.source[0]) == expected
    assert (found.value[1], found.source[1]) == (0.9, "manual")


def test_deals_of_another_pipeline_have_its_history_and_categories(build: Build) -> None:
    renewals: list[Any] = [
        (100 + at, "2026-01-01", [("2026-01-01", "续签"), ("2026-02-01", "赢单" if at < 15 else "输单")],
         {"pipeline": "renewal"}) for at in range(20)
    ]  # fmt: skip
    line, _stand = seen(build, deal(1, pipeline="standard"), deal(2, "续签", pipeline="renewal"), *renewals)
    shown = replace(line.population.stages, key="standard", name="标准")
    rules = (StageRules(), StageRules(0.9, category="commit"))
    other = replace(shown, key="renewal", name="续约", names=("续约沟通", "续签"), rules=rules)
    line = timeline(replace(line.population, stages=shown, others=(other,)))
    found = chances(line, standing(line, line.moment(datetime(2026, 3, 10, 12, tzinfo=UTC))))
    assert [list(values[:2]) for values in (found.value, found.source, found.category)] == [
        [0.5, 0.75], ["stage", "history"], ["best_case", "commit"],
    ]  # fmt: skip


def test_history_is_of_those_that_ever_reached_the_stage(build: Build) -> None:
    lost_early: list[Any] = [
        (100 + at, "2026-01-01", [("2026-01-01", "初步接触"), ("2026-02-01", "输单")], {}) for at in range(30)
    ]
    won: list[Any] = [
        (200 + at, "2026-01-01", [("2026-01-01", "初步接触"), ("2026-02-01", "赢单")], {}) for at in range(20)
    ]
    found = chances(*seen(build, deal(1), deal(2, "初步接触"), *lost_early, *won))
    assert found.value[:2].tolist() == [1.0, 0.4]  # a win skipped 方案报价 and counts as having reached it


def test_targets_add_up_without_counting_twice(build: Build) -> None:
    span: dict[str, Any] = {"period": "2026-03", "start": date(2026, 3, 1), "end": date(2026, 4, 1)}
    targets = (
        Target("甲", "一队", amount_fen=100, **span), Target("乙", "一队", amount_fen=200, **span),
        Target("", "一队", amount_fen=500, **span), Target("丙", "二队", amount_fen=50, **span),
        Target("丁", "", amount_fen=7, count=2, **span),
    )  # fmt: skip
    wanted = wanted_of(targets)
    assert {(one.level, one.who): one.amount_fen for one in wanted} == {
        ("company", ""): 557, ("team", "一队"): 500, ("team", "二队"): 50,
        ("owner", "甲"): 100, ("owner", "乙"): 200, ("owner", "丙"): 50, ("owner", "丁"): 7,
    }  # fmt: skip
    assert wanted_in(wanted, Period(date(2026, 1, 1), date(2026, 4, 1)), "company", "") is None
    look = seen(build, deal(1, owner="甲", team="一队"), deal(2, owner="戊"), targets=targets)
    found = forecast(*look, TODAY, Period(), home="CNY", by=("owner",))
    assert [(row.group, row.target and row.target.amount_fen) for row in found.rows] == [
        (("戊",), None),
        (("甲",), 100),
    ]
    assert [(row.n, row.amount) for row in found.targets] == [
        (2, 2000), (1, 1000), (0, 0), (0, 0), (0, 0), (0, 0), (1, 1000),
    ]  # fmt: skip


def test_a_target_counts_deals_in_every_currency_and_sums_its_own(build: Build) -> None:
    target = Target("", "", "2026-03", date(2026, 3, 1), date(2026, 4, 1), amount_fen=5000, count=3)
    won = (
        9,
        "2026-01-01",
        [("2026-01-01", "方案报价"), ("2026-03-05", "赢单")],
        {"amount_fen": 700, "currency": "USD"},
    )
    found = forecast(
        *seen(build, deal(1), deal(2, currency="USD"), won, targets=(target,)), TODAY, Period(), home="CNY"
    )
    assert [(row.won, row.amount_won, row.n, row.amount, row.weighted) for row in found.targets] == [
        (1, 0, 2, 1000, 500)
    ]


def test_an_earlier_forecast_knows_the_values_of_then(build: Build) -> None:
    changes = [
        (1, "amount_fen", "2026-03-15", "2026-03-15", "1000", "9000"),
        (1, "expected_close", "2026-03-15", "2026-03-15", "2026-03-20", "2026-06-01"),
    ]
    moves = frame_of([dict(zip(MOVE_COLUMNS, one, strict=True)) for one in changes], MOVE_COLUMNS)
    assert isinstance(moves, pd.DataFrame)
    look = seen(build, deal(1, amount_fen=9000, expected_close="2026-06-01"), moves=moves)
    then = outlook(*look, TODAY)
    assert (str(then.closes[0]), then.amount.tolist(), then.weighted.tolist()) == ("2026-03-20", [1000], [500])
