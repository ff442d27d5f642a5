from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from crmcli.domain.metrics.period import trailing_weeks
from crmcli.domain.metrics.population import MOVE_COLUMNS, frame_of
from crmcli.domain.metrics.timeline import Standing, Timeline
from crmcli.domain.metrics.weekly_counts import weekly_counts

See = Callable[..., tuple[Timeline, Standing]]


def test_counts_week_by_week(see: See) -> None:
    line, stand = see(
        (1, "2026-02-23", [("2026-02-23", "初步接触"), ("2026-03-03", "赢单")], {"amount_fen": 100}),
        (2, "2026-03-02", [("2026-03-02", "初步接触"), ("2026-03-08T22:00:00+08:00", "输单")], {"amount_fen": 50}),
        (3, "2026-03-04", [("2026-03-04", "初步接触"), ("2026-03-09", "无效")]),
    )
    rows, evidence, still_open = weekly_counts(line, stand, trailing_weeks(date(2026, 3, 9), 2), home="CNY")
    assert [row.counts for row in rows] == [
        {"created": 1, "won": 0, "lost": 0, "void": 0, "open": 1},
        {"created": 2, "won": 1, "lost": 1, "void": 0, "open": 1},
    ]
    assert rows[1].amounts["won"] == {"CNY": 100}
    assert rows[1].amounts["open"] == {"CNY": None}
    assert (still_open.deals.tolist(), still_open.rows.tolist()) == ([0, 2], [0, 1])
    marks: Any = evidence.marks
    assert len(evidence.order) == len(marks["figure"]) == 5


def test_every_figure_has_a_sum_in_every_currency(see: See) -> None:
    line, stand = see(
        (1, "2026-02-23", [("2026-02-23", "初步接触")], {"amount_fen": 100, "currency": "USD"}),
        (2, "2026-03-02", [("2026-03-02", "初步接触")], {"amount_fen": 50}),
    )
    rows, _evidence, _open = weekly_counts(line, stand, trailing_weeks(date(2026, 3, 9), 2), home="CNY")
    assert rows[0].amounts["created"] == {"CNY": 0, "USD": 100}
    assert rows[1].amounts["created"] == {"CNY": 50, "USD": 0}
    assert rows[1].amounts["open"] == {"CNY": 50, "USD": 100}
    assert {tuple(sums) for row in rows for sums in row.amounts.values()} == {("CNY", "USD")}


def test_what_was_open_has_the_amounts_of_each_weeks_end(see: See) -> None:
    line, stand = see(
        (1, "2026-02-23", [("2026-02-23", "初步接触")], {"amount_fen": 900}),
        (2, "2026-02-23", [("2026-02-23", "初步接触")], {"amount_fen": 7}),
    )
    moves = [(1, "amount_fen", "2026-03-02", "100", "500"), (1, "amount_fen", "2026-03-08", "500", None),
             (1, "amount_fen", "2026-03-10", None, "900")]  # fmt: skip
    keys = ("opportunity_id", "field", "at", "from_value", "value")
    rows = [dict.fromkeys(MOVE_COLUMNS) | dict(zip(keys, move, strict=True)) for move in moves]
    line = replace(line, population=replace(line.population, moves=frame_of(rows, MOVE_COLUMNS)))
    found, _evidence, still_open = weekly_counts(line, stand, trailing_weeks(date(2026, 3, 16), 3), home="CNY")
    assert [row.amounts["open"] for row in found] == [{"CNY": 107}, {"CNY": 7}, {"CNY": 907}]
    worth = np.asarray(still_open.worth)
    assert np.nan_to_num(worth, nan=-1).tolist() == [100, 7, -1, 7, 900, 7]
