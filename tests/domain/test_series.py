from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.series import Happening, latest, told

V1, V2, V3, V4 = VERSIONS = ("2026-03-01", "2026-03-08", "2026-03-15", "2026-03-22")


def _told(sightings: dict[str, dict[str, Any]], began: str | None = None) -> list[Happening]:
    return told(sightings, VERSIONS, began).happenings


def _stages(sightings: dict[str, dict[str, Any]], began: str | None = None) -> list[tuple[Any, ...]]:
    return [(h.from_value, h.value, h.not_before, h.at, h.not_after) for h in _told(sightings, began)]


def _at(*stages: str | None) -> dict[str, dict[str, Any]]:
    return {day: {"stage": stage} for day, stage in zip(VERSIONS, stages, strict=False) if stage}


def test_the_first_version_shows_a_stage_entered_at_or_before_it() -> None:
    (only,) = _told(_at("初步接触", "初步接触"))
    assert (only.at, only.not_before, only.not_after, only.inferred) == (None, None, V1, True)
    (only,) = _told(_at("初步接触"), began="2026-01-05")
    assert (only.at, only.not_after, only.inferred) == ("2026-01-05", V1, True)


def test_a_change_lies_between_the_last_version_without_it_and_the_first_with_it() -> None:
    assert _stages(_at("初步接触", "初步接触", "方案报价"))[1:] == [("初步接触", "方案报价", V2, V3, None)]


def test_a_version_that_a_deal_is_not_in_widens_the_time() -> None:
    assert _stages(_at("初步接触", None, None, "方案报价"))[1:] == [("初步接触", "方案报价", V1, V4, None)]


def test_a_row_that_comes_new_was_entered_since_the_version_before_or_its_beginning() -> None:
    assert _stages(_at(None, None, "方案报价")) == [(None, "方案报价", V2, V3, None)]
    assert _stages(_at(None, None, "方案报价"), began="2026-03-10") == [(None, "方案报价", "2026-03-10", V3, None)]
    assert _stages(_at(None, None, "方案报价"), began="2026-04-01") == [(None, "方案报价", V2, V3, None)]


def test_times_in_the_row_narrow_it() -> None:
    seen = _at("初步接触", "需求确认", "方案报价")
    seen[V2]["entered_at"], seen[V3]["updated_at"] = "2026-03-04", "2026-03-12T10:00:00+08:00"
    assert _stages(seen)[1:] == [
        ("初步接触", "需求确认", None, "2026-03-04", None),
        ("需求确认", "方案报价", V2, "2026-03-12T10:00:00+08:00", None),
    ]
    seen[V2]["entered_at"], seen[V3]["updated_at"] = "2026-02-04", "2026-03-20"
    assert [(h.not_before, h.at) for h in _told(seen)[1:]] == [(V1, V2), (V2, V3)]


def test_an_end_lies_between_unless_the_sheet_says_when() -> None:
    seen: dict[str, dict[str, Any]] = {V1: {"stage": "方案报价"}, V2: {"stage": "商务谈判", "end": "输单"}}
    assert _stages(seen)[1:] == [("方案报价", "商务谈判", V1, V2, None), ("商务谈判", "输单", V1, V2, None)]
    seen[V3] = {"stage": "商务谈判", "end": "输单", "closed_at": "2026-03-04", "reason": "价格"}
    assert _stages(seen)[1:] == [
        ("方案报价", "商务谈判", V1, "2026-03-04", None), ("商务谈判", "输单", None, "2026-03-04", None)
    ]  # fmt: skip
    assert _told(seen)[-1].reason == "价格"


def test_an_end_of_the_first_version_has_no_time_unless_it_is_said() -> None:
    assert _stages({V1: {"end": "赢单"}}, began="2026-01-05") == [(None, "赢单", None, None, V1)]
    assert _stages({V1: {"end": "赢单", "closed_at": "2026-02-03"}}) == [(None, "赢单", None, "2026-02-03", None)]


@pytest.mark.parametrize("closed", ["2026-03-02", "2026-03-29"])
def test_a_closing_day_that_the_versions_contradict_is_a_doubt(closed: str) -> None:
    seen = _at("初步接触", "方案报价", "方案报价") | {V4: {"end": "输单", "closed_at": closed}}
    found = told(seen, VERSIONS, None)
    if closed < V4:  # the quote may have been earlier, but then the deal still stood open twice
        assert found.happenings[-1].at == closed
        assert (found.happenings[1].not_before, found.happenings[1].at) == (V1, closed)
    else:
        assert found.doubts == [(V4, closed)]
        assert (found.happenings[-1].not_before, found.happenings[-1].at) == (V3, V4)


def test_a_closing_before_a_stage_that_was_left_is_a_doubt() -> None:
    seen = _at("初步接触", "初步接触", "方案报价") | {V4: {"end": "输单", "closed_at": "2026-03-02"}}
    assert told(seen, VERSIONS, None).doubts == [(V4, "2026-03-02")]


def test_a_lost_deal_that_comes_back_is_reopened() -> None:
    seen: dict[str, dict[str, Any]] = {
        V1: {"stage": "方案报价"},
        V2: {"stage": "方案报价", "end": "输单"},
        V3: {"stage": "方案报价"},
    }
    assert [(h.from_value, h.value) for h in _told(seen)] == [
        (None, "方案报价"), ("方案报价", "输单"), ("输单", "方案报价")
    ]  # fmt: skip


def test_values_change_between_the_versions_that_say_them() -> None:
    seen: dict[str, dict[str, Any]] = {
        V1: {"owner": "张伟"}, V2: {"owner": "张伟", "amount_fen": 100}, V3: {"amount_fen": 100},
        V4: {"owner": "王芳", "amount_fen": 90},
    }  # fmt: skip
    assert [(h.field, h.from_value, h.value, h.not_before, h.at) for h in _told(seen)] == [
        ("amount_fen", None, 100, V1, V2), ("amount_fen", 100, 90, V3, V4), ("owner", "张伟", "王芳", V2, V4)
    ]  # fmt: skip


def test_what_was_said_last() -> None:
    seen: dict[str, dict[str, Any]] = {V1: {"owner": "张伟", "amount_fen": 1}, V2: {"owner": None, "amount_fen": 2}}
    assert (latest(seen, "owner"), latest(seen, "amount_fen"), latest(seen, "stage")) == ("张伟", 2, None)


@given(st.lists(st.sampled_from(["初步接触", "需求确认", "方案报价", None]), min_size=1, max_size=len(VERSIONS)))
def test_every_change_is_told_once_and_lies_between_the_versions_that_show_it(stages: list[str | None]) -> None:
    sightings = {day: {"stage": stage} for day, stage in zip(VERSIONS, stages, strict=False) if stage}
    if not sightings:
        return
    shown = list(sightings.items())
    changes = [(a, b) for a, b in pairwise(shown) if a[1] != b[1]]
    first, *later = _told(sightings)
    assert (first.value, first.seen) == (shown[0][1]["stage"], shown[0][0])
    assert [(h.not_before, h.at, h.from_value, h.value) for h in later] == [
        (before, after, old["stage"], new["stage"]) for (before, old), (after, new) in changes
    ]
