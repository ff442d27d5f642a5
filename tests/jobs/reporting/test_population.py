from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from crmcli.domain.metrics.timeline import LOST, OPEN, WON, standing, timeline
from crmcli.jobs.deals.gates import Passing
from crmcli.jobs.deals.moves import lose_deal, move_deal, win_deal
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.reporting.population import load_population
from crmcli.jobs.workspace import Workspace

SIGNED = Passing(force=True, because="合同已签")

NOW = "2026-06-30T09:00:00+08:00"


@pytest.fixture
def workspace(desk: Any) -> Workspace:
    given = ["name=年框", "amount=100", "owner=张伟", "expected_close=2026-05-01", "created_at=2026-01-05"]
    add_record(desk.workspace, "opportunity", ["stage=", *given])
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


def test_a_probability_and_a_next_step_that_were_set_later_are_not_there_yet(workspace: Workspace) -> None:
    set_fields(on(workspace, "2026-03-01"), "opportunity", "O1", ["probability=65", "next_at=2026-03-20"])
    set_fields(on(workspace, "2026-04-01"), "opportunity", "O1", ["probability=80"])
    keys = ("probability", "probability_source", "next_at")
    assert deal(workspace, "2026-03-15T00:00:00+08:00", keys) == [0.65, "manual", "2026-03-20"]
    assert deal(workspace, NOW, keys) == [0.8, "manual", "2026-03-20"]
    percent, *rest = deal(workspace, "2026-02-01T00:00:00+08:00", keys)
    assert (pd.isna(percent), rest) == (True, [None, None])


def test_the_first_amount_is_not_one_that_came_later_than_the_time_asked_for(desk: Any) -> None:
    add_record(desk.workspace, "opportunity", ["name=年框", "created_at=2026-01-05", "stage="])
    set_fields(on(desk.workspace, "2026-04-01"), "opportunity", "O1", ["amount=300"])
    keys = ("amount_fen", "amount_first_fen")
    first, later = (deal(desk.workspace, day, keys) for day in ("2026-03-01T00:00:00+08:00", NOW))
    assert ([bool(pd.isna(value)) for value in first], later) == ([True, True], [30000, 30000])


def test_the_probability_is_that_of_the_stage_held_then(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "初步接触", at="2026-02-01")
    move_deal(workspace, "O1", "需求确认", at="2026-04-01")
    keys = ("probability", "probability_source")
    assert deal(workspace, "2026-03-01T00:00:00+08:00", keys) == [0.1, "stage"]
    assert deal(workspace, NOW, keys) == [0.3, "stage"]
    set_fields(workspace, "opportunity", "O1", ["probability=65"])
    assert deal(workspace, NOW, keys) == [0.65, "manual"]


@pytest.mark.parametrize("at", ["2026-03-05", None])
def test_a_closed_deal_keeps_the_owner_it_was_closed_by(workspace: Workspace, at: str | None) -> None:
    add_record(workspace, "owner", ["name=张伟", "team=一组"])
    set_fields(on(workspace, "2026-02-01"), "opportunity", "O1", ["owner=王芳"])
    set_fields(on(workspace, "2026-03-05"), "opportunity", "O1", ["owner=张伟"])
    lose_deal(on(workspace, "2026-03-20"), "O1", "价格", at=at)
    set_fields(on(workspace, "2026-04-01"), "opportunity", "O1", ["owner=李娜"])
    assert deal(workspace, NOW, ("owner", "owner_at_close", "team_at_close")) == ["李娜", "张伟", "一组"]
    assert deal(workspace, "2026-03-01T00:00:00+08:00", ("owner", "owner_at_close")) == ["王芳", "王芳"]


def test_an_owners_team_region_and_manager_stand_beside_the_deal(desk: Any) -> None:
    add_record(desk.workspace, "owner", ["name=Anna Lee", "team=T1", "region=East", "manager=Cara"])
    add_record(desk.workspace, "opportunity", ["stage=", "name=年框", "owner=ANNA LEE"])
    assert deal(desk.workspace, NOW, ("owner", "team", "region", "manager")) == ["Anna Lee", "T1", "East", "Cara"]


def test_an_end_knows_the_stage_that_was_only_inferred_before_it(desk: Any) -> None:
    head = ("商机编号", "商机名称", "阶段", "结束状态", "成交日期")
    desk.load(desk.write("a.csv", head, ("S1", "年框", "方案报价", "输单", "2026-02-05")))
    add_record(desk.workspace, "opportunity", ["name=二期", "stage=初步接触"])
    lose_deal(desk.workspace, "二期", "价格")
    events = load_population(desk.workspace, "2026-07-01T00:00:00+08:00").events
    ends = events[events["kind"] == LOST]
    assert ends[["from_stage", "from_rank"]].to_numpy().tolist() == [["方案报价", 3], ["初步接触", 1]]


@pytest.mark.parametrize("end", ["输单", "赢单"])
@pytest.mark.parametrize("closed", ["", "2026-02-10"])
def test_an_end_read_off_the_deal_gives_way_to_its_history_also_before_it(desk: Any, end: str, closed: str) -> None:
    desk.load(desk.write("a.csv", ("商机编号", "商机名称", "阶段", "结束时间"), ("D8", "年框", end, closed)))
    desk.load(desk.write("b.csv", ("商机编号", "阶段", "变更时间"), ("D8", "初步接触", "2026-01-09"),
                         ("D8", "需求确认", "2026-01-19"), ("D8", end, "2026-02-25")))  # fmt: skip
    population = load_population(desk.workspace, NOW)
    line = timeline(population)
    found = {
        day: standing(line, line.moment(datetime.fromisoformat(f"{day}T23:59:59+08:00")))
        for day in ("2026-01-10", "2026-02-20", "2026-02-25")
    }
    shown = [(int(stand.status[0]), stand.open_stage[0]) for stand in found.values()]
    assert shown == [(OPEN, "初步接触"), (OPEN, "需求确认"), (LOST if end == "输单" else WON, "需求确认")]
    assert population.events["at"].dt.date.astype(str).tolist() == ["2026-01-09", "2026-01-19", "2026-02-25"]


def test_a_present_stage_is_unknown_before_the_history_that_led_to_it(desk: Any) -> None:
    desk.load(
        desk.write("a.csv", ("商机编号", "商机名称", "阶段", "创建时间"), ("S1", "年框", "方案报价", "2026-01-05"))
    )
    desk.load(desk.write("b.csv", ("商机编号", "阶段", "变更时间"), ("S1", "方案报价", "2026-02-25")))
    population = load_population(desk.workspace, NOW)
    line = timeline(population)
    stand = standing(line, line.moment(datetime.fromisoformat("2026-02-01T00:00:00+08:00")))
    assert (stand.status.tolist(), stand.open_stage.tolist()) == ([OPEN], [None])
    assert deal(desk.workspace, "2026-02-01T00:00:00+08:00", ("probability",)) == [None]


def test_a_present_stage_counts_until_the_deal_is_moved(desk: Any) -> None:
    desk.load(desk.write("a.csv", ("商机编号", "商机名称", "阶段", "金额"), ("S1", "年框", "初步接触", "900")))
    move_deal(on(desk.workspace, "2026-07-10"), "年框", "需求确认")
    for day, stage, probability in (("2026-07-05", "初步接触", 0.1), ("2026-07-11", "需求确认", 0.3)):
        population = load_population(desk.workspace, f"{day}T00:00:00+08:00")
        line = timeline(population)
        stand = standing(line, line.moment(datetime.fromisoformat(f"{day}T00:00:00+08:00")))
        assert (stand.open_stage[0], population.deals["probability"][0]) == (stage, probability)


def test_what_comes_later_is_there_and_changes_nothing_before(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "需求确认")
    win_deal(workspace, "O1", at="2026-08-01", passing=SIGNED)
    events = load_population(workspace, NOW).events
    assert events["at"].astype(str).tolist() == ["2026-06-30 09:00:00", "2026-08-01 00:00:00"]
    assert events[["stage", "seq"]].to_numpy().tolist() == [["需求确认", 0], ["赢单", 1]]


def test_an_empty_workspace_is_an_empty_population(desk: Any) -> None:
    empty = load_population(desk.workspace, NOW)
    assert (len(empty.deals), len(empty.events), empty.stages.won) == (0, 0, "赢单")


def test_what_the_settings_say_of_stages_comes_along(workspace: Workspace) -> None:
    stages = load_population(workspace, NOW).stages
    assert [(rules.probability, rules.rot_days, rules.max_days, rules.category) for rules in stages.rules] == [
        (0.1, 7, None, "pipeline"),
        (0.3, 14, None, "pipeline"),
        (0.5, 14, None, "best_case"),
        (0.8, 10, None, "commit"),
    ]
    assert stages.qualified_rank == 0
    first = workspace.settings.pipeline[0].model_copy(update={"qualified_stage": "方案报价"})
    named = replace(workspace, settings=workspace.settings.model_copy(update={"pipeline": (first,)}))
    assert load_population(named, NOW).stages.qualified_rank == 3
