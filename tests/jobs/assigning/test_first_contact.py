from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from crmcli.jobs.assigning.assign import Assignment, assign_opportunities
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_where

SETTINGS = """
[[owner]]
name = "甲"
manager = "经理"
[[owner]]
name = "乙"
manager = "经理"
[[owner]]
name = "丙"
manager = "经理"
[[owner]]
name = "经理"
[assign]
first_contact_hours = 8
first_contact_moves = 1
holidays = "CN"
[[assign.rule]]
name = "轮流"
to = ["甲", "乙", "丙"]
"""
GIVEN, NEXT_DAY = "2026-06-10T10:00", "2026-06-11T11:00"  # a Wednesday, and 10 working hours later


def on(workspace: Workspace, moment: str) -> Workspace:
    return replace(workspace, clock=lambda: datetime.fromisoformat(f"{moment}:00+08:00"))


@pytest.fixture
def office(desk: Any) -> Workspace:
    """Return a workspace with one deal, given to the first of three."""
    workspace: Workspace = desk.workspace
    assert workspace.config_path is not None
    workspace.config_path.write_text(SETTINGS, encoding="utf-8")
    add_record(workspace, "customer", ["name=客户"])
    add_record(workspace, "opportunity", ["stage=", "name=商机", "customer=C1", "created_at=2026-06-01"])
    assert assign_opportunities(on(workspace, GIVEN)).by_owner == {"甲": 1}
    return workspace


def moved(done: Assignment) -> list[tuple[str | None, str | None, str]]:
    return [(decision.was, decision.owner, decision.rule) for decision in done.decisions]


def test_a_deal_without_contact_goes_to_the_next_and_then_to_the_manager_and_stays(office: Workspace) -> None:
    assert moved(assign_opportunities(on(office, "2026-06-10T17:30"))) == []
    done = assign_opportunities(on(office, NEXT_DAY))
    assert moved(done) == [("甲", "乙", "timeout")]
    assert "甲 did not contact it within 8 working hours" in str(done.decisions[0].reason)
    assert moved(assign_opportunities(on(office, "2026-06-12T09:30"))) == []
    assert moved(assign_opportunities(on(office, "2026-06-15T10:00"))) == [("乙", "经理", "timeout")]
    assert moved(assign_opportunities(on(office, "2026-07-15T10:00"))) == []
    events = [(event["from_value"], event["value"], event["by"]) for event in fetch_where(office.db, "event")]
    assert events == [(None, "甲", "rule:轮流"), ("甲", "乙", "rule:timeout"), ("乙", "经理", "rule:timeout")]


def test_undo_of_a_move_gives_it_back_and_the_clock_with_it(office: Workspace) -> None:
    run = str(assign_opportunities(on(office, NEXT_DAY)).run)
    assert undo_run(office, run).kept == []
    assert fetch_where(office.db, "opportunity")[0]["owner"] == "甲"
    assert moved(assign_opportunities(on(office, NEXT_DAY))) == [("甲", "乙", "timeout")]


@pytest.mark.parametrize(
    ("ref", "at", "stays"),
    [
        ("O1", "2026-06-10T11:00:00+08:00", True),
        ("C1", "2026-06-10T11:00:00+08:00", True),
        ("O1", "2026-06-10", True),
        ("O1", "2026-06-10T09:00:00+08:00", False),
        ("O1", "2026-06-09", False),
    ],
)
def test_a_follow_up_since_keeps_it(office: Workspace, ref: str, at: str, stays: bool) -> None:
    log_activity(on(office, NEXT_DAY), ref, "电话", at=at)
    assert moved(assign_opportunities(on(office, NEXT_DAY))) == ([] if stays else [("甲", "乙", "timeout")])


def test_a_follow_up_on_another_deal_of_the_customer_does_not(office: Workspace) -> None:
    add_record(office, "opportunity", ["stage=", "name=别的", "customer=C1", "owner=丙"])
    log_activity(on(office, NEXT_DAY), "O2", "电话", at="2026-06-10T11:00:00+08:00")
    assert moved(assign_opportunities(on(office, NEXT_DAY))) == [("甲", "乙", "timeout")]


def test_an_edit_is_no_contact_and_a_person_who_gives_it_stops_the_clock(office: Workspace) -> None:
    set_fields(on(office, GIVEN), "opportunity", "O1", ["note=重要"])
    assert moved(assign_opportunities(on(office, NEXT_DAY), dry_run=True)) == [("甲", "乙", "timeout")]
    set_fields(on(office, GIVEN), "opportunity", "O1", ["owner=丙"])
    assert moved(assign_opportunities(on(office, "2026-07-11T11:00"))) == []


def test_leave_and_holidays_stop_the_clock(office: Workspace) -> None:
    assert office.config_path is not None
    away = SETTINGS.replace('name = "甲"', 'name = "甲"\nleave = [["2026-06-10", "2026-06-15"]]', 1)
    office.config_path.write_text(away, encoding="utf-8")
    assert moved(assign_opportunities(on(office, "2026-06-16T16:30"))) == []
    assert moved(assign_opportunities(on(office, "2026-06-16T17:00"))) == [("甲", "乙", "timeout")]


def test_without_the_setting_there_is_no_clock(office: Workspace) -> None:
    assert office.config_path is not None
    office.config_path.write_text(SETTINGS.replace("first_contact_hours = 8", ""), encoding="utf-8")
    assert moved(assign_opportunities(on(office, "2026-12-11T11:00"))) == []
