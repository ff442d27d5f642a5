from __future__ import annotations

from typing import Any

import pytest

from crmcli.domain.pipeline import DEFAULT_PIPELINE
from crmcli.jobs.deals.stages import open_deals, present_deals, record_events, stage_event
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.records.editing import add_record
from crmcli.store.journal import open_run
from crmcli.store.records import fetch_where

HEAD = ("商机编号", "商机名称", "阶段", "赢率", "商机创建时间", "丢单原因")


def probability(desk: Any) -> tuple[float | None, str | None]:
    deal = desk.one("opportunity")
    return deal["probability"], deal["probability_source"]


@pytest.mark.parametrize(
    ("stage", "rate", "expected"),
    [
        ("方案报价", "", (50, "stage")),
        ("Prospecting", "", (10, "stage")),
        ("方案报价", "65%", (65, "manual")),
        ("等老板点头", "", (None, None)),
        ("", "", (None, None)),
        ("赢单", "", (None, None)),
    ],
)
def test_an_import_copies_the_stages_probability(
    desk: Any, stage: str, rate: str, expected: tuple[float | None, str | None]
) -> None:
    desk.load(desk.write("a.csv", HEAD, ("S1", "年框", stage, rate, "2026-01-05", "")))
    assert probability(desk) == expected


def test_a_later_sheet_moves_the_deal_and_its_probability(desk: Any) -> None:
    for stage in ("初步接触", "商务谈判"):
        desk.load(desk.write("a.csv", HEAD[:3], ("S1", "年框", stage)))
    assert (desk.one("opportunity")["stage"], probability(desk)) == ("商务谈判", (80, "stage"))


def test_a_stage_history_decides_the_probability(desk: Any) -> None:
    desk.load(desk.write("a.csv", HEAD[:3], ("S1", "年框", "商务谈判")))
    desk.load(desk.write("b.csv", ("商机编号", "新阶段", "变更时间"), ("S1", "需求确认", "2026-02-05")))
    assert (desk.one("opportunity")["stage"], probability(desk)) == ("需求确认", (30, "stage"))


def test_settings_changed_later_do_not_rewrite_what_was_entered(desk: Any) -> None:
    add_record(desk.workspace, "opportunity", ["name=年框", "stage=初步接触"])
    assert fetch_where(desk.workspace.db, "event")[0]["probability"] == 10
    with open_run(desk.workspace.db, desk.workspace.start("move")) as run:
        other = DEFAULT_PIPELINE.place("赢单")
        record_events(run, [stage_event(1, other, "2026-07-01", run.started)])
    assert probability(desk) == (10, "stage")


def test_undo_gives_the_state_back(desk: Any) -> None:
    desk.load(desk.write("a.csv", HEAD[:3], ("S1", "年框", "初步接触")))
    before = desk.one("opportunity")
    second = desk.load(desk.write("a.csv", HEAD[:3], ("S1", "年框", "商务谈判")))
    assert desk.one("opportunity") != before
    assert undo_run(desk.workspace, second.run).kept == []
    assert desk.one("opportunity") == before


def test_what_is_due_counts_where_deals_are_read(desk: Any) -> None:
    add_record(desk.workspace, "opportunity", ["name=年框"])
    with open_run(desk.workspace.db, desk.workspace.start("move")) as run:
        record_events(run, [stage_event(1, DEFAULT_PIPELINE.place("赢单"), "2026-08-01", run.started)])
    stored = fetch_where(desk.workspace.db, "opportunity")
    assert [deal["status"] for deal in stored] == ["open"]
    assert [deal["status"] for deal in present_deals(desk.workspace.db, stored, "2026-08-01T00:00:00+08:00")] == ["won"]
    assert [len(open_deals(desk.workspace.db, now)) for now in ("2026-07-31", "2026-08-01")] == [1, 0]
