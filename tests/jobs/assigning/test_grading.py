from __future__ import annotations

from typing import Any

import pytest

from crmcli.config import load_settings
from crmcli.jobs.assigning.grading import explain_grade, grade_opportunities
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_where

RULES = """
[grade]
A = 60
B = 30
[[grade.rule]]
name = "大单"
when = { amount = ">= 200000" }
points = 40
[[grade.rule]]
when = { industry = "制造" }
points = 30
[[grade.rule]]
when = { province = "江苏" }
points = 5
"""


def with_rules(workspace: Workspace, text: str) -> Workspace:
    assert workspace.config_path is not None
    workspace.config_path.write_text(text, encoding="utf-8")
    settings = load_settings(workspace.config_path)
    return Workspace(workspace.db, settings, workspace.clock, "tester", "crmcli", workspace.config_path)


@pytest.fixture
def office(desk: Any) -> Workspace:
    """Return a workspace with three deals: of 70 points, of 40 and of 5."""
    workspace = with_rules(desk.workspace, RULES)
    add_record(workspace, "customer", ["name=甲", "industry=制造"])
    add_record(workspace, "customer", ["name=乙", "phones=0512-62345678"])
    add_record(workspace, "opportunity", ["stage=", "name=一", "customer=C1", "amount=300000"])
    add_record(workspace, "opportunity", ["stage=", "name=二", "amount=200000"])
    add_record(workspace, "opportunity", ["stage=", "name=三", "customer=C2", "amount=1"])
    return workspace


def grades(workspace: Workspace) -> list[str | None]:
    return [deal["grade"] for deal in fetch_where(workspace.db, "opportunity")]


def test_grades_reasons_and_history(office: Workspace) -> None:
    tried = grade_opportunities(office, dry_run=True)
    assert (tried.run, grades(office)) == (None, [None, None, None])
    done = grade_opportunities(office)
    assert (len(done.deals), done.changed, done.by_grade) == (3, 3, {"A": 1, "B": 1, "C": 1})
    assert grades(office) == ["A", "B", "C"]
    first, _, third = done.deals
    assert [(rule.name, rule.points) for rule in first.by_points.given] == [("大单", 40), ("industry 制造", 30)]
    assert [rule.name for rule in third.by_points.given] == ["province 江苏"]
    events = [event for event in fetch_where(office.db, "event") if event["opportunity_id"] == 1]
    assert [(e["field"], e["from_value"], e["value"], e["reason"]) for e in events] == [
        ("grade", None, "A", "大单 +40; industry 制造 +30; = 70")
    ]
    again = grade_opportunities(office)
    assert (again.changed, len(fetch_where(office.db, "event"))) == (0, 3)


def test_a_changed_deal_is_graded_anew_and_undo_gives_the_old_grade_back(office: Workspace) -> None:
    grade_opportunities(office)
    set_fields(office, "opportunity", "O1", ["amount=100"])
    done = grade_opportunities(office)
    assert [(deal.opportunity, deal.was, deal.grade) for deal in done.deals if deal.changes] == [(1, "A", "B")]
    assert undo_run(office, str(done.run)).kept == []
    assert grades(office) == ["A", "B", "C"]
    assert grade_opportunities(office).changed == 1


def test_a_grade_that_a_person_set_stays_unless_told_otherwise(office: Workspace) -> None:
    grade_opportunities(office)
    set_fields(office, "opportunity", "O3", ["grade=A"])
    done = grade_opportunities(office)
    assert (done.changed, [deal.opportunity for deal in done.deals if deal.kept]) == (0, [3])
    assert grade_opportunities(office, regrade=True).changed == 1
    assert grades(office) == ["A", "B", "C"]
    set_fields(office, "opportunity", "O3", ["grade=B"])
    set_fields(office, "opportunity", "O3", ["grade=C"])
    assert [deal.opportunity for deal in grade_opportunities(office).deals if deal.kept] == [3]


def test_an_imported_grade_stays(desk: Any) -> None:
    desk.load(desk.write("deals.csv", ("商机名称", "客户名称", "商机等级"), ("一", "甲", "A"), ("二", "乙", "")))
    done = grade_opportunities(with_rules(desk.workspace, RULES))
    assert [(deal.grade, deal.kept) for deal in done.deals] == [("A", True), ("C", False)]


def test_without_rules_nothing_changes_and_it_is_said(office: Workspace) -> None:
    set_fields(office, "opportunity", "O3", ["grade=A"])
    done = grade_opportunities(with_rules(office, ""))
    assert (done.deals, done.by_grade, len(done.notes)) == ((), {}, 1)
    assert grades(office) == [None, None, "A"]


def test_closed_deals_are_left_alone(office: Workspace) -> None:
    office.db.connection.execute("UPDATE opportunity SET status = 'won' WHERE id = 1")
    assert [deal.opportunity for deal in grade_opportunities(office).deals] == [2, 3]


def test_why_a_deal_has_its_grade(office: Workspace) -> None:
    grade_opportunities(office)
    set_fields(office, "opportunity", "O2", ["grade=A"])
    told = explain_grade(office, "O2")
    assert (told["grade"], told["by_points"], told["points"]) == ("A", "B", 40)
    assert told["reasons"] == [{"rule": "大单", "points": 40}]
    assert [missed["why"] for missed in told["missed"]] == [
        "Industry is unknown, not 制造",
        "Province is unknown, not 江苏",
    ]
    assert [(one["from"], one["value"], one["by"]) for one in told["history"]] == [
        (None, "B", "rule:grade"),
        ("B", "A", "tester"),
    ]
    assert "40 points make it B (A from 60, B from 30)" in told["sentences"]
