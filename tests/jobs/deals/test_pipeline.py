from __future__ import annotations

from typing import Any

import pytest

from crmcli.jobs.deals.gates import MoveRefused
from crmcli.jobs.deals.moves import move_deal
from crmcli.jobs.deals.pipeline import UnknownPipeline
from crmcli.jobs.records.editing import BadValue, add_record, set_fields
from crmcli.jobs.records.showing import show_record
from crmcli.jobs.reporting.population import load_population
from crmcli.jobs.vocabulary import pipelines
from crmcli.jobs.workspace import Workspace


@pytest.fixture
def workspace(desk: Any, settle: Any) -> Workspace:
    found: Workspace = settle(desk)
    add_record(found, "customer", ["name=甲公司", "level=A"])
    add_record(found, "opportunity", ["stage=", "name=小单", "amount=5"])
    add_record(found, "opportunity", ["stage=", "name=大单", "amount=500万", "customer=甲公司"])
    return found


def _stages(workspace: Workspace, ref: str) -> list[tuple[Any, ...]]:
    number = int(ref[1:])
    sql = "SELECT value, rank, probability FROM event WHERE field = 'stage' AND opportunity_id = ? ORDER BY id"
    return [tuple(row.values()) for row in workspace.db.rows(sql, (number,))]


def test_a_condition_chooses_the_pipeline_of_a_new_deal_and_the_first_is_the_default(workspace: Workspace) -> None:
    assert [show_record(workspace, "opportunity", ref)["pipeline"] for ref in ("O1", "O2")] == ["fast", "big"]
    made = add_record(workspace, "opportunity", ["stage=", "name=指定", "amount=5", "pipeline=大客户"])
    assert made["pipeline"] == "big"
    with pytest.raises(UnknownPipeline, match="快销"):
        add_record(workspace, "opportunity", ["stage=", "name=错", "pipeline=没有"])


def test_stages_of_equal_names_are_each_in_their_own_pipeline(workspace: Workspace) -> None:
    move_deal(workspace, "O2", "签约")
    move_deal(workspace, "O1", "接触")
    assert _stages(workspace, "O2") == [("签约", 4, 60)]
    assert _stages(workspace, "O1") == [("接触", 1, 10)]


def test_a_stage_of_another_pipeline_needs_to_be_asked_for(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "接触")
    with pytest.raises(MoveRefused, match="no stage 招标") as refused:
        move_deal(workspace, "O1", "招标")
    assert "--pipeline big" in str(refused.value.hint)
    moved = move_deal(workspace, "O1", "招标", pipeline="大客户")
    assert (moved["pipeline"], moved["stage"]) == ("big", "招标")


def test_a_changed_pipeline_takes_the_stage_along_or_is_refused(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "接触")
    assert set_fields(workspace, "opportunity", "O1", ["pipeline=big"])["probability"] == 5
    assert _stages(workspace, "O1") == [("接触", 1, 10), ("接触", 1, 5)]
    move_deal(workspace, "O1", "招标")
    with pytest.raises(BadValue, match="has no stage 招标"):
        set_fields(workspace, "opportunity", "O1", ["pipeline=fast"])
    assert show_record(workspace, "opportunity", "O1")["pipeline"] == "big"


def test_reports_may_look_at_one_pipeline(workspace: Workspace) -> None:
    move_deal(workspace, "O1", "接触")
    move_deal(workspace, "O2", "签约")
    fast, big = pipelines(workspace)
    for pipeline, names, rank in ((fast, ["小单"], 1), (big, ["大单"], 4)):
        seen = load_population(workspace, workspace.now(), pipeline)
        assert (list(seen.deals["name"]), list(seen.events["rank"])) == (names, [rank])
    assert load_population(workspace, workspace.now()).stages.names == ("接触", "报价", "签约")
