from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.assignment.turns import take_turn

Credits = dict[str, float]


def take(turns: int, members: list[tuple[str, float]], credits_before: Credits | None = None) -> tuple[str, Credits]:
    order, kept = "", credits_before or {}
    for _ in range(turns):
        name, kept = take_turn(kept, members)
        order += name
    return order, kept


def test_equal_weights_go_round() -> None:
    assert take(7, [("a", 1), ("b", 1), ("c", 1)])[0] == "abcabca"


def test_weights_are_spread_and_not_bunched() -> None:
    assert take(6, [("a", 2), ("b", 1)])[0] == "abaaba"
    assert take(4, [("a", 0.5), ("b", 0.5)])[0] == "abab"


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.integers(0, 60))
def test_a_round_gives_everybody_their_weight_and_nobody_is_ever_a_whole_turn_off(
    weights: list[int], turns: int
) -> None:
    members = [(chr(97 + i), float(weight)) for i, weight in enumerate(weights)]
    got: Counter[str] = Counter()
    kept: Credits = {}
    for n in range(1, turns + 1):
        name, kept = take_turn(kept, members)
        got[name] += 1
        assert all(abs(got[who] - n * weight / sum(weights)) < 1 for who, weight in members)
        assert abs(sum(kept.values())) < 1e-9
    if turns % sum(weights) == 0:
        assert all(got[who] == turns * weight / sum(weights) for who, weight in members)


@given(st.integers(0, 20), st.integers(0, 20))
def test_a_saved_cursor_goes_on_where_it_stood(first: int, second: int) -> None:
    members = [("a", 3.0), ("b", 2.0), ("c", 0.7)]
    before, kept = take(first, members)
    after, _ = take(second, members, json.loads(json.dumps(kept)))
    assert before + after == take(first + second, members)[0]


@pytest.mark.parametrize(("catch_up", "expected"), [(0, "abab"), (1, "bbab"), (2, "bbbb")])
def test_absence_is_owed_back_only_as_far_as_configured(catch_up: int, expected: str) -> None:
    kept: Credits = {}
    for _ in range(10):
        _, kept = take_turn(kept, [("a", 1)], [("b", 1)], catch_up)
    order = ""
    for _ in range(4):
        name, kept = take_turn(kept, [("a", 1), ("b", 1)])
        order += name
    assert sorted(order) == sorted(expected)


@given(st.lists(st.floats(0.05, 20), min_size=1, max_size=9), st.integers(1, 120))
def test_any_weights_are_kept_to_within_a_turn_at_every_moment(weights: list[float], turns: int) -> None:
    members = [(chr(97 + i), weight) for i, weight in enumerate(weights)]
    got: Counter[str] = Counter()
    kept: Credits = {}
    for n in range(1, turns + 1):
        name, kept = take_turn(json.loads(json.dumps(kept)), members)
        got[name] += 1
        assert all(abs(got[who] - n * weight / sum(weights)) < 1 for who, weight in members)


def test_what_the_absent_are_owed_does_not_disturb_those_who_are_here() -> None:
    _, kept = take(1, [("a", 1), ("b", 1), ("c", 1), ("d", 1)])
    assert take(4, [("c", 1), ("d", 1)], kept)[0] == "cdcd"
