from __future__ import annotations

import os
from typing import Any

import pytest

from crmcli.jobs.applying_settings import apply_settings
from crmcli.jobs.deals.moves import lose_deal
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.safety.doctor import as_document, examine


def codes(desk: Any) -> dict[str, list[str]]:
    return {finding.code: list(finding.records) for finding in examine(desk.workspace)}


def test_an_empty_workspace_is_sound(desk: Any) -> None:
    assert examine(desk.workspace) == []


def test_clean_data_has_its_fill_rates_only(desk: Any) -> None:
    add_record(desk.workspace, "customer", ["name=甲", "industry=物流"])
    findings = examine(desk.workspace)
    assert [(finding.code, finding.severity) for finding in findings] == [("fill", "info")]
    assert "Industry 100 %, Level 0 %" in as_document(findings[0])["message"]


def test_what_is_wrong_with_opportunities_is_listed_with_their_numbers(desk: Any) -> None:
    head = ("商机编号", "商机名称", "客户名称", "商机金额", "阶段", "商机创建时间", "成交日期", "丢单原因", "负责人")
    rows = [
        ("S1", "零元", "甲公司", "0", "方案报价", "2026-01-05", "", "", "老王"),
        ("S2", "倒置", "甲公司", "100", "输单", "2026-05-05", "2026-02-01", "太贵了吧", ""),
        ("S3", "没原因", "甲公司", "100", "输单", "2026-01-05", "", "", ""),
        ("S4", "怪阶段", "", "100", "等老板点头", "2026-01-05", "", "", ""),
        ("S5", "空", "甲公司", "", "", "2027-01-05", "", "", ""),
    ]
    desk.load(desk.write("a.csv", head, *rows))
    found = codes(desk)
    assert {code: found.get(code) for code in found if code.startswith("deal")} == {
        "deal.no_customer": ["O4"],
        "deal.no_amount": ["O5"],
        "deal.amount_zero": ["O1"],
        "deal.no_stage": ["O5"],
        "deal.unknown_stage": ["O4"],
        "deal.no_reason": ["O3"],
        "deal.closed_no_date": ["O3"],
        "deal.backwards": ["O2"],
        "deal.from_the_future": ["O5"],
        "deal.strange_reason": ["O2"],
    }
    assert found["gate.missing"] == ["O1"]
    assert found["owner.unknown"] == ["O1"]


def test_a_stage_without_an_event_is_a_finding(desk: Any) -> None:
    add_record(desk.workspace, "opportunity", ["stage=", "name=年框"])
    desk.workspace.db.connection.execute("UPDATE opportunity SET stage = '方案报价'")
    assert codes(desk)["deal.no_event"] == ["O1"]


def test_who_left_and_still_has_deals(desk: Any) -> None:
    add_record(desk.workspace, "owner", ["name=赵磊", "active=否"])
    add_record(desk.workspace, "opportunity", ["stage=", "name=年框", "owner=赵磊"])
    assert "owner.left" in codes(desk)
    lose_deal(desk.workspace, "O1", "价格")
    assert "owner.left" not in codes(desk)


def test_keys_out_of_step_are_grave(desk: Any) -> None:
    add_record(desk.workspace, "customer", ["name=甲"])
    desk.workspace.db.connection.execute("DELETE FROM record_key")
    first = examine(desk.workspace)[0]
    assert (first.code, first.severity, first.records) == ("keys.out_of_step", "error", ("C1",))


def test_of_a_damaged_file_only_the_damage_is_told(desk: Any) -> None:
    add_record(desk.workspace, "customer", ["name=甲"])
    desk.workspace.db.connection.execute("PRAGMA foreign_keys = OFF")
    desk.workspace.db.connection.execute("UPDATE entry SET run_id = 99")
    findings = examine(desk.workspace)
    assert {finding.code for finding in findings} == {"db.damaged"}
    assert "run" in str(findings[0].message)


@pytest.mark.skipif(os.name != "posix", reason="file rights are POSIX's")
def test_a_file_that_others_can_read(desk: Any) -> None:
    desk.workspace.db.path.chmod(0o644)
    assert [(f.code, f.severity) for f in examine(desk.workspace)] == [("db.not_private", "warning")]


def test_merged_customers_do_not_count(desk: Any) -> None:
    for name in ("甲", "乙"):
        add_record(desk.workspace, "customer", [f"name={name}"])
    set_fields(desk.workspace, "customer", "C1", ["level=A"])
    desk.workspace.db.connection.execute("UPDATE customer SET merged_into = 1 WHERE id = 2")
    (fill,) = examine(desk.workspace)
    assert "1 records" in str(fill.message)
    assert "Level 100 %" in str(fill.message)


def test_deals_in_a_stage_of_another_pipeline_are_named_with_the_way_out(desk: Any, settle: Any) -> None:
    settle(desk)
    head = ("商机编号", "商机名称", "客户名称", "销售流程", "阶段", "金额")
    rows = [("B1", "丁单", "丁公司", "大客户", "报价", "3"), ("B2", "戊单", "戊公司", "快销", "报价", "3")]
    desk.load(desk.write("a.csv", head, *rows))
    (found,) = [finding for finding in examine(desk.workspace) if finding.code == "deal.foreign_stage"]
    assert found.records == ("O1",)
    assert "are in 报价, which their pipeline big does not have" in str(found.message)
    config = desk.workspace.config_path
    renamed = config.read_text("utf-8").replace('key = "big"', 'key = "big"\nrenamed = { "报价" = "投标" }')
    apply_settings(settle(desk, renamed))
    assert "deal.foreign_stage" not in codes(desk)
