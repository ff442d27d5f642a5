from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crmcli.domain.metrics.population import local_times
from crmcli.domain.metrics.timeline import ABSENT, LOST, OPEN, VOID, WON, Standing, Timeline, status_at

See = Callable[..., tuple[Timeline, Standing]]


def test_days_are_local_midnights_and_instants_come_to_the_workspace() -> None:
    times = local_times(pd.Series(["2026-03-05", "2026-03-04T18:30:00+00:00", None, "2026-03-05T10:00:00+08:00"]),
                        "Asia/Shanghai")  # fmt: skip
    assert [str(time) for time in times] == [
        "2026-03-05T00:00:00.000000", "2026-03-05T02:30:00.000000", "NaT", "2026-03-05T10:00:00.000000",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "status", "highest"),
    [
        ([("2026-01-02", "初步接触")], OPEN, 1),
        ([("2026-01-02", "初步接触"), ("2026-01-03", "商务谈判"), ("2026-01-04", "需求确认")], OPEN, 4),
        ([("2026-01-02", "初步接触"), ("2026-01-03", "赢单")], WON, 5),
        ([("2026-01-02", "初步接触"), ("2026-01-03", "赢单"), ("2026-01-04", "方案报价")], OPEN, 4),
        ([("2026-01-03", "输单")], LOST, 0),
        ([("2026-01-03", "输单", {"from_stage": "方案报价"})], LOST, 3),
        ([("2026-01-03", "无效")], VOID, 0),
        ([("2026-01-03", "老阶段")], OPEN, 0),
        ([("2026-01-02", "初步接触"), ("2027-01-03", "赢单")], OPEN, 1),
        ([("2027-01-03", "赢单")], OPEN, 0),
        ([(None, "方案报价", {"inferred": True})], OPEN, 3),
        ([(None, "商务谈判", {"inferred": True, "until": "2026-01-02"}), ("2026-01-02", "需求确认")], OPEN, 2),
        ([(None, "商务谈判", {"inferred": True, "until": "2027-01-02"}), ("2027-01-02", "需求确认")], OPEN, 4),
    ],
)
def test_status_and_highest_rank(see: See, steps: list[Any], status: int, highest: int) -> None:
    _line, stand = see((1, "2026-01-01", steps))
    assert (stand.status[0], stand.highest[0]) == (status, highest)


@pytest.mark.parametrize(
    ("created", "fields", "status", "highest"),
    [
        ("2026-01-01", {"stage": "方案报价"}, OPEN, 3),
        ("2026-01-01", {"stage": "赢单", "status": "won", "closed_at": "2026-02-01"}, WON, 5),
        ("2026-01-01", {"stage": "输单", "status": "lost", "closed_at": "2027-02-01"}, OPEN, 0),
        ("2026-01-01", {"status": "lost", "closed_at": None}, LOST, 0),
        ("2026-01-01", {"status": "lost", "stage": "需求确认", "closed_at": "2026-02-01"}, LOST, 2),
        ("2027-01-01", {}, ABSENT, 0),
        (None, {}, OPEN, 0),
    ],
)
def test_a_deal_without_events_is_what_its_fields_say(
    see: See, created: str | None, fields: dict[str, Any], status: int, highest: int
) -> None:
    _line, stand = see((1, created, [], fields))
    assert (stand.status[0], stand.highest[0]) == (status, highest)


def test_start_is_creation_else_the_first_dated_event(see: See) -> None:
    line, _stand = see(
        (2, None, [(None, "初步接触"), ("2026-02-03", "需求确认"), ("2026-02-04", "赢单")]),
        (1, "2026-01-05", [("2026-02-03", "初步接触")]),
        (3, None, [(None, "初步接触")]),
    )
    assert [str(day)[:10] for day in line.start] == ["2026-01-05", "2026-02-03", "NaT"]


def test_order_of_input_rows_changes_nothing(build: Callable[..., Any]) -> None:
    from datetime import datetime

    from crmcli.domain.metrics.population import Population
    from crmcli.domain.metrics.timeline import standing, timeline

    whole = build(
        (1, "2026-01-01", [("2026-01-02", "初步接触"), ("2026-01-02", "方案报价"), ("2026-01-05", "输单")]),
        (2, "2026-01-01", [("2026-01-02", "需求确认"), ("2026-01-05", "赢单")]),
    )
    turned = Population(whole.deals[::-1], whole.events[::-1], whole.stages)
    now = datetime.fromisoformat("2026-06-01T00:00:00+08:00")
    one, other = (standing(line, line.moment(now)) for line in (timeline(whole), timeline(turned)))
    assert one.status.tolist() == other.status.tolist() == [LOST, WON]
    assert one.highest.tolist() == other.highest.tolist() == [3, 5]


def test_status_at_agrees_with_the_standing(see: See) -> None:
    line, _stand = see(
        (1, "2026-01-01", [("2026-02-01", "需求确认"), ("2026-03-01", "输单"), ("2026-04-01", "需求确认")]),
        (2, "2026-03-15", []),
    )
    found = {day: status_at(line, np.asarray(np.datetime64(day, "us"))).tolist() for day in
             ("2025-12-31", "2026-02-01", "2026-03-10", "2026-04-01")}  # fmt: skip
    assert found == {
        "2025-12-31": [ABSENT, ABSENT], "2026-02-01": [OPEN, ABSENT], "2026-03-10": [LOST, ABSENT],
        "2026-04-01": [OPEN, OPEN],
    }  # fmt: skip


def test_last_open_stage_is_where_the_end_came_from(see: See) -> None:
    _line, stand = see(
        (1, "2026-01-01", [("2026-01-02", "需求确认"), ("2026-01-05", "输单")]),
        (2, "2026-01-01", [("2026-01-02", "需求确认"), ("2026-01-05", "输单", {"from_stage": "商务谈判"})]),
        (3, "2026-01-01", [("2026-01-05", "输单")]),
        (4, "2026-01-01", [("2026-01-05", "老阶段")]),
    )
    assert stand.open_stage.tolist() == ["需求确认", "商务谈判", None, "老阶段"]


BETWEEN = {"between": True}


READ_OFF = {"inferred": True}


@pytest.mark.parametrize(
    ("created", "steps", "start", "loose"),
    [
        (None, [("2026-03-08", "初步接触", BETWEEN)], "2026-03-08", True),
        (None, [("2026-03-08", "初步接触")], "2026-03-08", False),
        ("2026-03-02", [("2026-03-08", "初步接触", BETWEEN)], "2026-03-02", False),
        (None, [(None, "初步接触", BETWEEN | {"inferred": True}), ("2026-03-08", "方案报价", BETWEEN)], "NaT", False),
        (None, [(None, "初步接触", READ_OFF), ("2027-05-15", "方案报价")], "NaT", False),
        (None, [("2026-03-08", "初步接触"), (None, "输单", READ_OFF)], "2026-03-08", False),
    ],
)
def test_a_start_that_versions_of_a_sheet_or_a_present_row_show(
    see: See, created: str | None, steps: list[Any], start: str, loose: bool
) -> None:
    line, _stand = see((1, created, steps))
    assert str(line.start[0])[:10] == start
    assert line.start_between.tolist() == [loose]
