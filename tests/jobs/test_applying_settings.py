from __future__ import annotations

from typing import Any

import pytest

from crmcli.jobs.applying_settings import apply_settings
from crmcli.jobs.deals.moves import move_deal
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.records.showing import show_record
from crmcli.jobs.reporting.population import load_population
from crmcli.jobs.workspace import Workspace

_STAGES = '[[pipeline]]\nkey = "k"\nstages = [{}]\n'


def _settings(*stages: str, renamed: str = "") -> str:
    named = ", ".join(f'{{ name = "{name}", probability = {odds} }}' for name, odds in (s.split() for s in stages))
    return _STAGES.format(named) + (f"renamed = {{ {renamed} }}\n" if renamed else "")


@pytest.fixture
def workspace(desk: Any, settle: Any) -> Workspace:
    found: Workspace = settle(desk, _settings("接触 10", "报价 40", "议价 60", "签约 80"))
    for number, last in enumerate(("接触", "报价", "议价", "签约"), 1):
        add_record(found, "opportunity", ["stage=", f"name=单{number}", "created_at=2026-06-01"])
        for stage in ("接触", "报价", "议价", "签约")[: ("接触", "报价", "议价", "签约").index(last) + 1]:
            move_deal(found, f"O{number}", stage)
    return found


def _stage(workspace: Workspace, ref: str) -> tuple[Any, Any]:
    shown = show_record(workspace, "opportunity", ref)
    return shown["stage"], shown["probability"]


def _events(workspace: Workspace) -> list[tuple[Any, ...]]:
    sql = "SELECT opportunity_id, at, value, from_value, rank FROM event WHERE field = 'stage' ORDER BY id"
    return [tuple(row.values()) for row in workspace.db.rows(sql)]


def _ranks(workspace: Workspace) -> list[list[int]]:
    events = load_population(workspace, workspace.now()).events
    return [[int(rank) for rank in group["rank"]] for _, group in events.groupby("opportunity_id")]


def test_a_renamed_stage_is_the_present_one_and_history_keeps_its_name(
    desk: Any, settle: Any, workspace: Workspace
) -> None:
    before, ranks = _events(workspace), _ranks(workspace)
    changed = settle(desk, _settings("接触 10", "方案 40", "议价 60", "签约 80", renamed='"报价" = "方案"'))
    tried = apply_settings(changed, dry_run=True)
    assert (tried.run, tried.renamed) == (None, [{"pipeline": "k", "from": "报价", "to": "方案", "deals": 1}])
    assert _stage(changed, "O2")[0] == "报价"
    done = apply_settings(changed)
    assert done.renamed == tried.renamed
    assert _stage(changed, "O2") == ("方案", 40)
    assert (_events(changed), _ranks(changed)) == (before, ranks)
    assert apply_settings(changed).renamed == []
    undo_run(changed, str(done.run))
    assert _stage(changed, "O2") == ("报价", 40)


@pytest.mark.usefixtures("workspace")
def test_merged_stages_are_one_and_no_rank_is_lost(desk: Any, settle: Any) -> None:
    merged = '"报价" = "商谈", "议价" = "商谈"'
    changed = settle(desk, _settings("接触 10", "商谈 50", "签约 80", renamed=merged))
    assert [one["deals"] for one in apply_settings(changed).renamed] == [1, 1]
    assert _ranks(changed) == [[1], [1, 2], [1, 2], [1, 2, 3]]
    assert [_stage(changed, ref)[0] for ref in ("O2", "O3", "O4")] == ["商谈", "商谈", "签约"]
    moved = move_deal(changed, "O2", "签约")
    assert (moved["stage"], _ranks(changed)[1]) == ("签约", [1, 2, 3])


@pytest.mark.usefixtures("workspace")
def test_a_stage_in_between_shifts_no_history(desk: Any, settle: Any) -> None:
    changed = settle(desk, _settings("接触 10", "拜访 20", "报价 40", "议价 60", "签约 80"))
    assert _ranks(changed) == [[1], [1, 3], [1, 3, 4], [1, 3, 4, 5]]


@pytest.mark.usefixtures("workspace")
def test_a_stage_that_is_gone_without_a_new_name_is_told(desk: Any, settle: Any) -> None:
    changed = settle(desk, _settings("接触 10", "议价 60", "签约 80"))
    assert apply_settings(changed).unknown == [{"pipeline": "k", "stage": "报价", "deals": 1}]
    assert "报价" in set(load_population(changed, changed.now()).events["stage"])


@pytest.mark.usefixtures("workspace")
def test_a_text_that_is_a_stage_now_is_placed(desk: Any, settle: Any) -> None:
    sheet = desk.write("a.csv", ["商机编号", "商机名称", "阶段"], ["X1", "外来", "老板审批"])
    desk.load(sheet)
    changed = settle(desk, _settings("接触 10", "报价 40", "议价 60", "老板审批 70", "签约 80"))
    done = apply_settings(changed)
    assert done.placed == [{"from": "老板审批", "to": "老板审批", "deals": 1}]
    assert _stage(changed, "X1") == ("老板审批", 70)


def test_probabilities_are_recalculated_only_when_asked_and_not_those_set_by_hand(
    desk: Any, settle: Any, workspace: Workspace
) -> None:
    set_fields(workspace, "opportunity", "O3", ["probability=33"])
    changed = settle(desk, _settings("接触 10", "报价 45", "议价 65", "签约 80"))
    assert apply_settings(changed).probabilities == []
    assert _stage(changed, "O2") == ("报价", 40)
    done = apply_settings(changed, probabilities=True)
    assert done.probabilities == [{"pipeline": "k", "stage": "报价", "probability": 45, "deals": 1}]
    assert [_stage(changed, ref)[1] for ref in ("O2", "O3")] == [45, 33]
    assert list(load_population(changed, changed.now()).deals["probability"])[1] == 0.45
    undo_run(changed, str(done.run))
    assert _stage(changed, "O2") == ("报价", 40)


@pytest.mark.usefixtures("workspace")
def test_deals_without_a_pipeline_get_one_when_there_are_several(desk: Any, settle: Any) -> None:
    two = _settings("接触 10", "报价 40", "议价 60", "签约 80") + _STAGES.replace('"k"', '"b"').format(
        '{ name = "招标" }'
    )
    changed = settle(desk, two)
    assert apply_settings(changed).pipelines == [{"pipeline": "k", "deals": 4}]
    assert show_record(changed, "opportunity", "O1")["pipeline"] == "k"


def test_the_same_history_again_is_known_under_its_old_name(desk: Any, settle: Any, workspace: Workspace) -> None:
    desk.load(desk.write("d.csv", ["商机编号", "商机名称"], ["X1", "外来"]))
    history = desk.write("h.csv", ["商机编号", "阶段", "变更时间"], ["X1", "报价", "2026-03-01"])
    desk.load(history)
    before = _events(workspace)
    changed = settle(desk, _settings("接触 10", "方案 40", "议价 60", "签约 80", renamed='"报价" = "方案"'))
    apply_settings(changed)
    desk.load(history)
    assert _events(changed) == before
    assert _stage(changed, "X1")[0] == "方案"
