from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.domain.metrics.both_ends import both_ends
from crmcli.domain.metrics.flow import FIGURES, FlowRow, flow
from crmcli.domain.metrics.period import WHOLE_HISTORY, Period
from crmcli.domain.metrics.population import Population

Build = Callable[..., Population]
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
NOW = datetime.fromisoformat("2026-12-31T00:00:00+08:00")
A, B, C = "初步接触", "需求确认", "方案报价"


def _rows(population: Population, period: Period = MARCH, as_of: datetime = NOW) -> dict[str, FlowRow]:
    found, evidence = flow(both_ends(population, period, as_of, "CNY"))
    assert [row.balance for row in found] == [0] * len(found)
    for at, row in enumerate(found):
        for key in set(FIGURES) - {"corrected"}:
            block = evidence.blocks.get((at, key))
            assert row.counts[key] == (block.count if block else 0)
    return {row.stage: row for row in found}


def _some(row: FlowRow) -> dict[str, int]:
    return {key: count for key, count in row.counts.items() if count}


def test_every_step_of_the_period_counts(build: Build) -> None:
    rows = _rows(build(
        (1, "2026-02-01", [("2026-02-01", A), ("2026-03-02", B), ("2026-03-05", A), ("2026-03-09", B)],
         {"amount_fen": 500}),
        (2, "2026-03-03", [("2026-03-03", A), ("2026-03-08", "输单")]),
        (3, "2026-02-01", [("2026-02-01", B), ("2026-02-05", "输单"), ("2026-03-31T23:00:00+08:00", C)]),
        (4, "2026-02-01", [("2026-02-01", C), ("2026-03-04", "赢单"), ("2026-04-04", C)], {"amount_fen": 70}),
        (5, "2026-02-01", [("2026-02-01", C), ("2026-03-04", "无效")]),
    ))  # fmt: skip
    assert _some(rows[A]) == {"opening": 1, "in_back": 1, "in_new": 1, "out_forward": 2, "out_lost": 1}
    assert _some(rows[B]) == {"in_forward": 2, "out_back": 1, "closing": 1}
    assert _some(rows[C]) == {"opening": 2, "in_reopened": 1, "out_won": 1, "out_void": 1, "closing": 1}
    assert (rows[A].opening, rows[C].opening, rows[C].closing) == ({"CNY": 500}, {"CNY": 70}, {"CNY": None})


def test_what_begins_without_a_stage(build: Build) -> None:
    rows = _rows(build(
        (1, "2026-03-03", []),
        (2, "2026-03-03", [("2026-03-05", A)]),
        (3, "2026-03-03", [("2026-03-03T15:00:00+08:00", A)]),
        (4, "2026-03-03", [("2026-03-03", "赢单")]),
        (5, "2026-02-03", []),
        (6, None, []),
    ))  # fmt: skip
    assert _some(rows["未填"]) == {"opening": 2, "in_new": 3, "out_forward": 1, "out_won": 1, "closing": 3}
    assert _some(rows[A]) == {"in_forward": 1, "in_new": 1, "closing": 2}


def test_a_stage_that_no_pipeline_knows(build: Build) -> None:
    rows = _rows(build((1, "2026-02-03", [("2026-02-03", B), ("2026-03-03", "样品"), ("2026-03-04", A)])))
    assert list(rows)[4:] == ["样品", "未填"][:1]
    assert _some(rows["样品"]) == {"in_forward": 1, "out_forward": 1}
    assert _some(rows[B]) == {"opening": 1, "out_forward": 1}


def test_the_whole_history_begins_with_nothing(build: Build) -> None:
    rows = _rows(build((1, None, [(None, A, {"inferred": True})]), (2, "2026-02-03", [("2026-02-03", A)])),
                 WHOLE_HISTORY)  # fmt: skip
    assert _some(rows[A]) == {"in_new": 2, "closing": 2}


def test_an_inferred_stage_gives_way_to_the_first_real_one(build: Build) -> None:
    first = ("2026-02-03", B, {"inferred": True, "until": "2026-03-03"})
    rows = _rows(build((1, "2026-02-03", [first, ("2026-03-03", A), ("2026-03-04", B)])))
    assert _some(rows[A]) == {"in_back": 1, "out_forward": 1}
    assert _some(rows[B]) == {"opening": 1, "out_back": 1, "in_forward": 1, "closing": 1}


def test_removed_deals_and_those_of_other_pipelines(build: Build) -> None:
    gone = (1, "2026-02-03", [("2026-02-03", A)], {"amount_fen": 90})
    stays = (2, "2026-02-03", [("2026-02-03", A)])
    came = (3, "2026-02-03", [("2026-02-03", A), ("2026-03-07", B)])
    now = replace(build(stays, came), earlier=build(gone, stays))
    rows = _rows(replace(now, displaced={1: "2026-03-09T10:00:00+08:00", 3: "2026-03-09T10:00:00+08:00"}))
    assert _some(rows[A]) == {"opening": 2, "corrected": -1, "closing": 1}
    assert _some(rows[B]) == {"corrected": 1, "closing": 1}
    assert rows[A].opening == {"CNY": 90}
    later = _rows(replace(now, displaced={1: "2026-05-09T10:00:00+08:00"}))
    assert _some(later[A]) == {"opening": 2, "out_forward": 1, "closing": 1}


@pytest.mark.parametrize("by", [("owner",), ("owner", "product")])
def test_by_groups_adds_up_to_the_whole(build: Build, by: tuple[str, ...]) -> None:
    people = build(*(
        (n, "2026-02-01", [("2026-02-01", A), ("2026-03-02", (B, "输单")[n % 2])],
         {"owner": "甲乙丙"[n % 3], "product": "xy"[n % 2], "amount_fen": n})
        for n in range(1, 9)
    ))  # fmt: skip
    ends = both_ends(people, MARCH, NOW, "CNY")
    whole, parts = flow(ends)[0], flow(ends, by)[0]
    for stage in (A, B):
        for key in FIGURES:
            wanted = next(row.counts[key] for row in whole if row.stage == stage)
            assert sum(row.counts[key] for row in parts if row.stage == stage) == wanted
    assert all(len(row.group) == len(by) and row.balance == 0 for row in parts)


_STAGES = (A, B, C, "商务谈判", "样品", "赢单", "输单", "无效")
_DAYS = st.integers(0, 60).map(lambda n: (date(2026, 2, 1) + timedelta(days=n)).isoformat())
_HISTORY = st.tuples(st.none() | _DAYS, st.lists(st.tuples(st.none() | _DAYS, st.sampled_from(_STAGES)), max_size=5))


@settings(max_examples=40, deadline=None)
@given(st.lists(_HISTORY, min_size=1, max_size=6), st.integers(0, 40), st.integers(0, 40))
def test_random_histories_balance(histories: list[Any], start: int, length: int) -> None:
    first = date(2026, 2, 1) + timedelta(days=start)
    deals = [(n, created, sorted(steps, key=lambda step: step[0] or "")) for n, (created, steps) in
             enumerate(histories, 1)]  # fmt: skip
    for period in (Period(first, first + timedelta(days=length)), WHOLE_HISTORY):
        assert all(row.balance == 0 for row in _rows(_MAKE[0](*deals), period).values())


_MAKE: list[Build] = []


@pytest.fixture(autouse=True)
def _keep(build: Build) -> None:
    _MAKE[:] = [build]
