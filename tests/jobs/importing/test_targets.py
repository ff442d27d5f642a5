"""Targets: known by whose they are and the period, one row or a month a column, in reports beside crm.toml's."""

from __future__ import annotations

from datetime import date
from typing import Any

from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.reporting.targets import load_targets

HEAD = ("负责人", "团队", "目标周期", "目标金额(万元)", "目标单数")


def test_targets_come_in_once_and_are_undone(desk: Any) -> None:
    rows = (("张伟", "", "2026年第四季度", 300, 12), ("", "华东", "2026/10", 50, ""), ("李娜", "", "某月", 1, ""))
    result = desk.load(desk.csv("targets.csv", HEAD, *rows))
    (sheet,) = result.sheets
    assert (sheet.planned.mapping.kind, sheet.tally.counts["new"], sheet.tally.counts["rejected"]) == ("target", 2, 1)
    shown = [[one[key] for key in ("owner", "team", "period", "amount_fen", "count")] for one in desk.records("target")]
    assert shown == [["张伟", None, "2026Q4", 3_000_000_00, 12], [None, "华东", "2026-10", 500_000_00, None]]
    again = desk.load(desk.csv("again.csv", HEAD, *rows[:2]))
    assert again.sheets[0].tally.counts["same"] == 2
    undo_run(desk.workspace, result.run)
    assert desk.records("target") == []


def test_a_month_a_column_is_a_target_a_month(desk: Any) -> None:
    path = desk.csv("wide.csv", ("销售姓名", "年度", "1月", "2月", "12月"), ("张伟", "2026", "100000", "", "300000"))
    desk.load(path, kind="target")
    found = [(one["owner"], one["period"], one["amount_fen"]) for one in desk.records("target")]
    assert found == [("张伟", "2026-01", 100_000_00), ("张伟", "2026-12", 300_000_00)]


def test_crm_toml_goes_before_a_sheet_and_owners_bring_their_team(desk: Any) -> None:
    desk.load(desk.csv("team.csv", ("销售姓名", "团队"), ("张伟", "华东")))
    desk.load(desk.csv("targets.csv", HEAD, ("张伟", "", "2026Q4", 300, ""), ("全公司", "", "2027", 1, "")))
    first, *_ = load_targets(desk.workspace, "2026-11-01")
    assert (first.owner, first.team, first.start, first.end) == ("张伟", "华东", date(2026, 10, 1), date(2027, 1, 1))
    assert first.where.endswith("2")


def test_the_company_is_neither_an_owner_nor_a_team(desk: Any) -> None:
    desk.load(desk.csv("targets.csv", HEAD, ("全公司", "", "2027", 1, ""), ("", "公司", "2028", 1, "")))
    assert [(one["owner"], one["team"]) for one in desk.records("target")] == [(None, None), (None, None)]
