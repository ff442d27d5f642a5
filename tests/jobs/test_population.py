from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from crmcli.jobs.deal_moves import lose_deal, move_deal, win_deal
from crmcli.jobs.editing import add_record, set_fields
from crmcli.jobs.population import load_population
from crmcli.jobs.workspace import Workspace

NOW = "2026-06-30T09:00:00+08:00"


@pytest.fixture
def workspace(desk: Any) -> Workspace:
    given = ["name=年框", "amount=100", "owner=张伟", "expected_close=2026-05-01", "created_at=2026-01-05"]
    add_record(desk.workspace, "opportunity", given)
    found: Workspace = desk.workspace
    return found


def deal(workspace: Workspace, as_of: str, keys: Sequence[str]) -> list[Any]:
    (row,) = load_population(workspace, as_of).deals.to_dict("records")
    return [row[key] for key in keys]


def on(workspace: Workspace, day: str) -> Workspace:
    return replace(workspace, clock=lambda: datetime.fromisoformat(f"{day}T10:00:00+08:00"))


def test_amount_owner_and_close_are_those_of_the_time_asked_for(workspace: Workspace) -> None:
    set_fields(on(workspace, "2026-03-01"), "opportunity", "O1", ["amount=200", "owner=王芳"])
    set_fields(on(workspace, "2026-04-01"), "opportunity", "O1", ["amount=300", "expected_close="])
    keys = ("amount_fen", "amount_first_fen", "owner", "expected_close")
    assert deal(workspace, "2026-02-01T00:00:00+08:00", keys) == [10000, 10000, "张伟", "2026-05-01"]
    assert deal(workspace, "2026-03-15T00:00:00+08:00", keys) == [20000, 10000, "王芳", "2026-05-01"]
    assert deal(workspace, NOW, keys) == [30000, 10000, "王芳", None]


def test_the_probability_is_that_of_the_stage_held_then(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "初步接触", at="2026-02-01")
    move_deal(workspace, "O1", "需求确认", at="2026-04-01")
    keys = ("probability", "probability_source")
    assert deal(workspace, "2026-03-01T00:00:00+08:00", keys) == [0.1, "stage"]
    assert deal(workspace, NOW, keys) == [0.3, "stage"]
    set_fields(workspace, "opportunity", "O1", ["probability=65"])
    assert deal(workspace, NOW, keys) == [0.65, "manual"]


def test_an_owners_team_region_and_manager_stand_beside_the_deal(desk: Any) -> None:
    add_record(desk.workspace, "owner", ["name=Anna Lee", "team=T1", "region=East", "manager=Cara"])
    add_record(desk.workspace, "opportunity", ["name=年框", "owner=ANNA LEE"])
    assert deal(desk.workspace, NOW, ("owner", "team", "region", "manager")) == ["Anna Lee", "T1", "East", "Cara"]


def test_an_end_knows_the_stage_that_was_only_inferred_before_it(desk: Any) -> None:
    head = ("商机编号", "商机名称", "阶段", "结束状态", "成交日期")
    desk.load(desk.write("a.csv", head, ("S1", "年框", "方案报价", "输单", "2026-02-05")))
    add_record(desk.workspace, "opportunity", ["name=二期", "stage=初步接触"])
    lose_deal(desk.workspace, "二期", "价格")
    events = load_population(desk.workspace, "2026-07-01T00:00:00+08:00").events
    ends = events[events["kind"] == "lost"]
    assert ends[["from_stage", "from_rank"]].to_numpy().tolist() == [["方案报价", 3], ["初步接触", 1]]


def test_what_comes_later_is_there_and_changes_nothing_before(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "需求确认")
    win_deal(workspace, "O1", at="2026-08-01")
    events = load_population(workspace, NOW).events
    assert events[["at", "stage", "seq"]].to_numpy().tolist() == [[NOW, "需求确认", 0], ["2026-08-01", "赢单", 1]]


def test_an_empty_workspace_is_an_empty_population(desk: Any) -> None:
    empty = load_population(desk.workspace, NOW)
    assert (len(empty.deals), len(empty.events), empty.stages.won) == (0, 0, "赢单")
