from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from crmcli.domain.metrics.passage import dates_between, passage
from crmcli.domain.metrics.timeline import Standing, Timeline

See = Callable[..., tuple[Timeline, Standing]]
BETWEEN = {"between": True}


def test_what_lay_between_two_versions_of_a_sheet_is_unknown_and_not_skipped(see: See) -> None:
    way: list[Any] = [
        ("2026-03-08", "需求确认", BETWEEN),
        ("2026-03-15", "商务谈判", {**BETWEEN, "from_stage": "需求确认"}),
    ]
    seen = see((1, None, way))
    assert passage(*seen).entered.tolist() == [[False, True, False, True]]
    assert passage(*seen).unclear.tolist() == [[True, False, True, False]]
    exact = see((1, None, [(at, stage) for at, stage, _ in way]))
    assert passage(*exact).unclear.tolist() == [[False] * 4]


def test_a_win_between_two_versions_leaves_open_what_came_before(see: See) -> None:
    seen = see((1, "2026-01-05", [("2026-01-05", "初步接触"),
                                  ("2026-03-08", "赢单", {**BETWEEN, "from_stage": "初步接触"})]))  # fmt: skip
    assert passage(*seen).unclear.tolist() == [[False, True, True, True]]


def test_dates_between_are_counted_of_the_deals_asked_for(see: See) -> None:
    seen = see((1, None, [("2026-03-08", "需求确认", BETWEEN), ("2027-03-08", "方案报价", BETWEEN)]),
               (2, None, [("2026-03-08", "需求确认", BETWEEN), ("2026-03-15", "赢单")]))  # fmt: skip
    assert [dates_between(*seen, np.array(picked, dtype=int)) for picked in ([0], [1], [0, 1], [])] == [1, 1, 2, 0]


def test_what_lay_before_an_end_that_was_only_read_off_is_unknown(see: See) -> None:
    seen = see((1, None, [("2026-05-12", "方案报价", {"from_stage": "输单"})]))
    assert passage(*seen).unclear.tolist() == [[True, True, False, True]]
