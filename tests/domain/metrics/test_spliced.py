from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from crmcli.domain.metrics.population import MOVE_COLUMNS, Population, frame_of
from crmcli.domain.metrics.spliced import spliced


def test_some_deals_are_as_the_other_knows_them(build: Callable[..., Population]) -> None:
    one = build((1, "2026-01-01", [("2026-01-01", "初步接触")], {"owner": "甲"}), (2, None, [], {"owner": "甲"}))
    other = build((1, "2026-01-01", [("2026-02-01", "赢单")], {"owner": "乙"}), (3, None, [], {"owner": "乙"}))
    move: dict[str, Any] = dict.fromkeys(MOVE_COLUMNS) | {"opportunity_id": 1, "field": "owner"}
    other = replace(other, moves=frame_of([move], MOVE_COLUMNS))
    one = replace(one, moves=frame_of([], MOVE_COLUMNS))
    assert spliced(one, other, ()) is one
    found = spliced(one, other, {1, 3})
    assert dict(zip(found.deals["opportunity_id"], found.deals["owner"], strict=True)) == {1: "乙", 2: "甲", 3: "乙"}
    assert found.events["stage"].tolist() == ["赢单"]
    assert found.moves is not None
    assert found.moves["opportunity_id"].tolist() == [1]
    assert spliced(one, other, {2}).deals["opportunity_id"].tolist() == [1], "2 is not known there"
