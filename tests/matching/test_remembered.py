from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crmcli.matching.find import find_duplicates
from crmcli.matching.model import DEFAULT
from crmcli.matching.records import MatchBatch
from crmcli.matching.remembered import Comparing, Remembered, print_of

BRANDS = ["鼎信", "鼎新", "华东精密", "恒远", "Best Buy"]
PLACES = ["", "上海", "北京", "江苏昆山"]
TRADES = ["", "贸易", "机械设备", "科技"]
FORMS = ["有限公司", "集团有限公司", ""]
PHONES = ["", "+8613800138000", "+8613900139000", "+862155556666"]
NAMES = st.builds("".join, st.tuples(*(st.sampled_from(part) for part in (PLACES, BRANDS, TRADES, FORMS))))
RECORDS = st.dictionaries(st.integers(1, 40), st.tuples(NAMES, st.sampled_from(PHONES)), max_size=14)


def _batch(records: dict[int, tuple[str, str]]) -> MatchBatch:
    return MatchBatch(
        ids=[str(number) for number in records],
        names=[name for name, _ in records.values()],
        phones=[phone for _, phone in records.values()],
    )


def _found(records: dict[int, tuple[str, str]], engine: Any = None) -> Any:
    return find_duplicates(_batch(records), engine=engine) if engine else find_duplicates(_batch(records))


@settings(max_examples=30, deadline=None)
@given(st.lists(RECORDS, min_size=2, max_size=4))
def test_whatever_came_went_or_changed_the_result_is_that_from_scratch(stages: list[Any]) -> None:
    engine = Comparing()
    for records in stages:
        assert _found(records, engine) == _found(records)


def test_a_block_that_grows_crowded_is_parted_as_from_scratch() -> None:
    crowd = {number: (f"{PLACES[number % 4]}恒远{TRADES[number % 3]}有限公司{number}厂", "") for number in range(1, 75)}
    engine = Comparing()
    for size in (58, 62, 74):
        some = {number: crowd[number] for number in range(1, size + 1)}
        assert _found(some, engine) == _found(some)


def test_only_pairs_with_a_new_or_changed_side_are_scored() -> None:
    old = {number: (f"{place}鼎信贸易有限公司", "") for number, place in enumerate(PLACES, 1)}
    first = Comparing()
    _found(old, first)
    assert (first.fresh, first.scored) == (4, 6)
    again = Comparing(first.left)
    _found(old, again)
    assert (again.fresh, again.scored) == (0, 0)
    more = Comparing(first.left)
    _found(old | {9: ("鼎信贸易", "")}, more)
    assert (more.fresh, more.scored) == (1, 4)
    changed = Comparing(first.left)
    _found(old | {2: ("上海鼎信贸易有限公司", PHONES[1])}, changed)
    assert (changed.fresh, changed.scored) == (1, 3)


def test_another_model_scores_everything_again() -> None:
    old = {1: ("鼎信贸易有限公司", ""), 2: ("鼎信贸易", "")}
    first = Comparing()
    _found(old, first)
    again = Comparing(first.left)
    find_duplicates(_batch(old), replace(DEFAULT, review_score=10.0), engine=again)
    assert (again.fresh, again.scored) == (2, 1)


def test_what_is_remembered_outlasts_the_process() -> None:
    old = {number: (f"{place}鼎信贸易有限公司", PHONES[1]) for number, place in enumerate(PLACES, 1)}
    first = Comparing()
    found = _found(old, first)
    assert first.left is not None
    again = Comparing(Remembered.from_bytes(first.left.model, first.left.to_bytes()))
    assert _found(old, again) == found
    assert (again.fresh, again.scored) == (0, 0)


def test_two_models_are_one_where_they_score_alike() -> None:
    turned = replace(DEFAULT, levels=dict(reversed(list(DEFAULT.levels.items()))))
    assert print_of(turned) == print_of(DEFAULT)
    assert print_of(replace(DEFAULT, auto_score=99.0)) != print_of(DEFAULT)


def test_numbers_too_large_to_remember_are_compared_anew() -> None:
    records = {1: ("鼎信贸易", ""), 2**31: ("鼎信贸易", "")}
    engine = Comparing()
    assert _found(records, engine) == _found(records)
    assert engine.left is None
