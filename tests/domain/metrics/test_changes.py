from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.domain.metrics.both_ends import both_ends
from crmcli.domain.metrics.changes import ChangeRow, changes
from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.population import MOVE_COLUMNS, Population, frame_of

Build = Callable[..., Population]
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
NOW = datetime.fromisoformat("2026-12-31T00:00:00+08:00")
A, B = "初步接触", "需求确认"


def _moved(population: Population, *moves: tuple[int, str, str, str | None]) -> Population:
    keys = ("opportunity_id", "field", "at", "from_value")
    rows = [dict.fromkeys(MOVE_COLUMNS) | dict(zip(keys, move, strict=True)) for move in moves]
    return replace(population, moves=frame_of(rows, MOVE_COLUMNS))


def _rows(population: Population, period: Period = MARCH, **more: Any) -> list[ChangeRow]:
    found = changes(both_ends(population, period, NOW, "CNY"), **more)
    assert (found.unbalanced(), found.not_of_records()) == ((), ())
    return list(found.rows)


def _some(rows: list[ChangeRow], *group: str) -> dict[str, tuple[int, int | None]]:
    return {row.step: (row.n, row.amounts["CNY"]) for row in rows if row.n and row.group == group}


def test_each_deal_is_in_one_main_step(build: Build) -> None:
    population = build(
        (1, "2026-02-01", [("2026-02-01", A), ("2026-03-02", "赢单")], {"amount_fen": 120}),
        (2, "2026-02-01", [("2026-02-01", A), ("2026-03-02", "输单")], {"amount_fen": 20}),
        (3, "2026-02-01", [("2026-02-01", A), ("2026-03-02", "无效")]),
        (4, "2026-03-01", [("2026-03-01", A)], {"amount_fen": 7}),
        (5, "2026-02-01", [("2026-02-01", "输单"), ("2026-03-31T23:00:00+08:00", B)], {"amount_fen": 50}),
        (6, "2026-02-01", [("2026-02-01", A)], {"amount_fen": 90}),
        (7, "2026-02-01", [("2026-02-01", A)], {"amount_fen": 10}),
        (8, "2026-03-05", [("2026-03-05", A), ("2026-03-09", "赢单")], {"amount_fen": 1000}),
        (9, "2026-02-01", [("2026-02-01", "赢单"), ("2026-03-05", A), ("2026-03-09", "输单")], {"amount_fen": 300}),
        (10, "2026-04-01", [("2026-04-01", A)], {"amount_fen": 4}),
    )
    moves = ((1, "amount_fen", "2026-03-01", "100"), (6, "amount_fen", "2026-03-05", "60"),
             (7, "amount_fen", "2026-03-05", "15"), (6, "amount_fen", "2026-05-05", "80"))  # fmt: skip
    assert _some(_rows(_moved(population, *moves))) == {
        "printed": (5, 195), "opening": (5, 195), "new": (2, 1007), "reopened": (2, 350), "amount_up": (1, 20),
        "amount_down": (1, -5), "won": (2, -1100), "lost": (2, -320), "void": (1, None), "closing": (4, 147),
    }  # fmt: skip


def test_what_was_printed_and_what_came_in_late(build: Build) -> None:
    now = build(
        (1, "2026-02-01", [("2026-02-01", A)], {"amount_fen": 120}),
        (2, "2026-02-01", [("2026-02-01", A)], {"amount_fen": 30}),
        (3, "2026-02-01", [("2026-02-01", A), ("2026-02-20", "输单")], {"amount_fen": 40}),
    )
    then = build(
        (1, "2026-02-01", [("2026-02-01", A)], {"amount_fen": 100}),
        (3, "2026-02-01", [("2026-02-01", A)], {"amount_fen": 40}),
        (4, "2026-02-01", [("2026-02-01", A)], {"amount_fen": 8}),
        (5, "2026-02-01", [("2026-02-01", A)], {"amount_fen": 5}),
    )
    gone = {4: "2026-03-09T10:00:00+08:00", 5: "2026-05-09T10:00:00+08:00"}
    assert _some(_rows(replace(now, earlier=then, displaced=gone))) == {
        "printed": (4, 153), "corrected": (4, 5), "opening": (3, 158), "merged": (1, -8), "closing": (2, 150),
    }  # fmt: skip


def test_between_owners_and_months_and_with_a_closing_period(build: Build) -> None:
    population = _moved(
        build(
            (1, "2026-02-01", [("2026-02-01", A)], {"amount_fen": 90, "owner": "乙", "expected_close": "2026-06-02"}),
            (2, "2026-02-01", [("2026-02-01", A), ("2026-03-04", "赢单")], {"amount_fen": 7, "owner": "乙"}),
            (3, "2026-02-01", [("2026-02-01", A)], {"amount_fen": 5, "owner": "甲", "expected_close": "2026-05-02"}),
        ),
        (1, "owner", "2026-03-05", "甲"), (2, "owner", "2026-03-03", "甲"), (1, "amount_fen", "2026-03-09", "60"),
        (1, "expected_close", "2026-03-05", "2026-05-20"), (3, "expected_close", "2026-03-05", "2026-06-20"),
    )  # fmt: skip
    by_owner = _rows(population, by=("owner",))
    assert _some(by_owner, "甲") == {"printed": (3, 72), "opening": (3, 72), "moved_out": (2, -67), "closing": (1, 5)}
    assert _some(by_owner, "乙") == {"moved_in": (2, 67), "amount_up": (1, 30), "won": (1, -7), "closing": (1, 90)}
    may = Period(date(2026, 5, 1), date(2026, 6, 1))
    assert _some(_rows(population, closing=may)) == {
        "printed": (1, 60), "opening": (1, 60), "closing_in": (1, 5), "closing_out": (1, -60), "closing": (1, 5),
    }  # fmt: skip
    months = _rows(population, by=("month",))
    assert _some(months, "2026-05")["moved_out"] == (1, -60)
    assert {row.group for row in months} == {("2026-05",), ("2026-06",), ("未填",)}


def test_teams_are_those_of_the_owners_then(build: Build) -> None:
    population = _moved(
        build((1, "2026-02-01", [], {"amount_fen": 9, "owner": "乙", "team": "二队"}),
              (2, "2026-02-01", [], {"amount_fen": 5, "owner": "甲", "team": "一队"})),
        (1, "owner", "2026-03-05", "甲"),
    )  # fmt: skip
    assert _some(_rows(population, by=("team",)), "一队")["moved_out"] == (1, -9)


_STAGES = (A, B, "样品", "赢单", "输单", "无效")
_DAY = st.integers(0, 80).map(lambda n: (date(2026, 2, 1) + timedelta(days=n)).isoformat())
_DEAL = st.tuples(
    st.none() | _DAY, st.lists(st.tuples(_DAY, st.sampled_from(_STAGES)), max_size=4),
    st.none() | st.integers(0, 99), st.sampled_from("甲乙"),
    st.lists(st.tuples(st.sampled_from(["amount_fen", "owner"]), _DAY, st.integers(0, 99)), max_size=3),
)  # fmt: skip


def _population(build: Build, told: list[Any]) -> Population:
    moves: list[tuple[int, str, str, str | None]] = []
    deals = []
    for number, (created, steps, amount, owner, moved) in enumerate(told, 1):
        deals.append((number, created, sorted(steps), {"amount_fen": amount, "owner": owner}))
        moves += [(number, field, at, str(value) if field == "amount_fen" else "甲乙"[value % 2])
                  for field, at, value in sorted(moved, key=lambda one: one[1])]  # fmt: skip
    return _moved(build(*deals), *moves)


_MAKE: list[Build] = []


@pytest.fixture(autouse=True)
def _keep(build: Build) -> None:
    _MAKE[:] = [build]


@settings(max_examples=12, deadline=None)
@given(st.lists(_DEAL, min_size=1, max_size=5), st.lists(_DEAL, max_size=4), st.sampled_from([(), ("owner",)]))
def test_random_histories_balance_and_a_period_is_the_sum_of_its_parts(
    told: list[Any], printed: list[Any], by: tuple[str, ...]
) -> None:
    now = _population(_MAKE[0], told)
    days = [date(2026, 2, 20), date(2026, 3, 10), date(2026, 4, 1)]
    first, second, whole = (_rows(now, Period(days[a], days[b]), by=by) for a, b in ((0, 1), (1, 2), (0, 2)))

    def level(rows: list[ChangeRow], step: str) -> dict[tuple[str, ...], int]:
        return {row.group: row.sums["CNY"] for row in rows if row.step == step and row.sums["CNY"]}

    assert level(first, "opening") == level(whole, "opening")
    assert level(first, "closing") == level(second, "opening")
    assert level(second, "closing") == level(whole, "closing")
    known_then = replace(now, earlier=_population(_MAKE[0], printed), displaced={1: "2026-03-01T10:00:00+08:00"})
    _rows(known_then, Period(days[0], days[2]), by=by)  # printed + corrected = opening, whatever was known then
