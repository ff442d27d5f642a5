from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from crmcli.config import load_settings
from crmcli.domain.metrics.rate import Rate
from crmcli.jobs.assigning.assign import assign_opportunities
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.reporting.givings import load_givings
from crmcli.jobs.reporting.write_report import make_report, save_report
from crmcli.jobs.workspace import Workspace

SETTINGS = '[[owner]]\nname = "张伟"\nweight = 2\n[[owner]]\nname = "王芳"\n[[assign.rule]]\nname = "轮流"\nto = "*"\n'


@pytest.fixture
def office(desk: Any) -> Workspace:
    """Return a workspace where a rule gave four deals and a person one."""
    first: Workspace = desk.workspace
    assert first.config_path is not None
    first.config_path.write_text(SETTINGS, encoding="utf-8")
    settings = load_settings(first.config_path)
    workspace = Workspace(first.db, settings, first.clock, "tester", "crmcli", first.config_path)
    for number in range(1, 6):
        add_record(workspace, "opportunity", [f"name=商机{number}", f"amount={number}00"])
    set_fields(workspace, "opportunity", "O5", ["owner=王芳"])
    assign_opportunities(workspace)
    return workspace


def test_no_share_is_expected_of_whom_no_rule_can_choose(office: Workspace) -> None:
    assert office.config_path is not None
    text = SETTINGS.replace('to = "*"', 'to = ["张伟", "王芳"]') + '[[owner]]\nname = "陈静"\n'
    office.config_path.write_text(text, encoding="utf-8")
    office = replace(office, settings=load_settings(office.config_path))
    assert load_givings(office, office.now()).members == frozenset({"张伟", "王芳"})
    rows = make_report(office, "assignment").tables[0].rows
    assert [row[0] for row in rows] == ["张伟", "王芳"]


def test_what_rules_gave_and_what_people_gave_apart(office: Workspace) -> None:
    found = load_givings(office, office.now())
    assert [(one.opportunity_id, one.owner) for one in found.given] == [
        (1, "张伟"),
        (2, "王芳"),
        (3, "张伟"),
        (4, "王芳"),
    ]
    assert load_givings(office, "2026-01-01").given == ()


def test_the_report_sets_what_each_got_against_the_share(office: Workspace, tmp_path: Path) -> None:
    report = make_report(office, "assignment")
    table = report.tables[0]
    keys = [column.key for column in table.columns]
    rows = [dict(zip(keys, row, strict=True)) for row in table.rows]
    assert [(row["owner"], row["n"], row["expected"], row["difference"]) for row in rows] == [
        ("张伟", 2, 2.7, -0.7),
        ("王芳", 2, 1.3, 0.7),
    ]
    assert [str(row["amount"]) for row in rows] == ["400.00", "600.00"]
    assert rows[0]["rate"] == Rate(0, 0, 0)
    assert report.section.records[0].count == 4
    save_report(report, tmp_path / "f.xlsx", "xlsx")
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    words = {str(row[0]) for sheet in book for row in sheet.iter_rows(values_only=True)}
    assert {"Days present", "Expected", "Later win rate"} <= words
