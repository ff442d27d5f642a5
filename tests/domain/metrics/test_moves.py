from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from crmcli.domain.metrics.moves import amount_at, by_hand_at, value_at
from crmcli.domain.metrics.population import BY_HAND, MOVE_COLUMNS, Population, frame_of
from crmcli.domain.metrics.timeline import Timeline, timeline

MOVES = (
    (2, "amount_fen", "2026-02-01", "100", "300"),
    (2, "amount_fen", "2026-03-01T09:00:00+08:00", "300", None),
    (3, "amount_fen", "2026-02-01", None, "70"),
    (3, "owner", "2026-02-10", "甲", "乙"),
    (9, "owner", "2026-02-10", "丙", "丁"),
)


@pytest.fixture
def line(build: Callable[..., Population]) -> Timeline:
    whole = build((3, None, [], {"amount_fen": 70, "owner": "乙"}), (1, None, [], {"amount_fen": 5}), (2, None, []))
    rows = [dict.fromkeys(MOVE_COLUMNS) | dict(zip(_KEYS, move, strict=True)) for move in MOVES]
    return timeline(replace(whole, moves=frame_of(rows, MOVE_COLUMNS)))


_KEYS = ("opportunity_id", "field", "at", "from_value", "value")


def _moment(line: Timeline, day: str) -> Any:
    return line.moment(datetime.fromisoformat(f"{day}T08:00:00+08:00"))


@pytest.mark.parametrize(
    ("day", "amounts"),
    [("2026-01-31", [5, 100, None]), ("2026-02-01", [5, 300, 70]), ("2026-03-01", [5, 300, 70]),
     ("2026-03-02", [5, None, 70])],
)  # fmt: skip
def test_the_first_later_change_says_what_was_held(line: Timeline, day: str, amounts: list[int | None]) -> None:
    assert value_at(line, "amount_fen", _moment(line, day)).tolist() == amounts
    fen, known = amount_at(line, _moment(line, day))
    assert [int(value) if there else None for value, there in zip(fen, known, strict=True)] == amounts


def test_texts_and_fields_that_are_not_kept(line: Timeline) -> None:
    assert value_at(line, "owner", _moment(line, "2026-02-09")).tolist() == [None, None, "甲"]
    assert value_at(line, "owner", _moment(line, "2026-02-10")).tolist() == [None, None, "乙"]
    with pytest.raises(KeyError):
        value_at(line, "grade", _moment(line, "2026-02-10"))


def test_without_moves_nothing_ever_changed(build: Callable[..., Population]) -> None:
    still = timeline(build((1, None, [], {"amount_fen": 5, "owner": "甲"})))
    assert value_at(still, "owner", _moment(still, "2020-01-01")).tolist() == ["甲"]
    assert amount_at(still, _moment(still, "2020-01-01"))[0].tolist() == [5]


def test_a_probability_set_by_hand_is_that_of_the_moment(line: Timeline) -> None:
    rows = [dict.fromkeys(MOVE_COLUMNS) | {"opportunity_id": 2, "field": BY_HAND, "at": at, "from_value": was}
            for at, was in (("2026-02-01", None), ("2026-03-01", "40"))]  # fmt: skip
    line = replace(line, population=replace(line.population, by_hand=frame_of(rows, MOVE_COLUMNS)))
    found = [by_hand_at(line, np.array([np.nan, 0.9, np.nan]), _moment(line, day)).tolist()[1]
             for day in ("2026-01-31", "2026-02-10", "2026-03-02")]  # fmt: skip
    assert np.nan_to_num(found, nan=-1).tolist() == [-1, 0.4, 0.9]
