from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from crmcli.jobs.deals.moves import win_deal
from crmcli.jobs.leads.decided import disqualify_lead
from crmcli.jobs.leads.qualify import Wanted, qualify_lead
from crmcli.jobs.reporting.lead_population import load_leads
from crmcli.jobs.reporting.write_report import Asking, make_report, save_report
from crmcli.reports.model import Report


@pytest.fixture
def workspace(desk: Any) -> Any:
    rows = [("线索名称", "线索公司", "线索来源", "线索状态", "线索创建时间")]
    rows += [(f"韩{i}", f"{name}公司", "展会", "跟进中", f"2026-06-{i:02}") for i, name in enumerate("甲乙丙丁戊己", 1)]
    rows += [("李雷", "庚公司", "官网", "已转化", "2026-06-07"), ("李四", "辛公司", "官网", "看看再说", "2026-06-08")]
    desk.load(desk.write("线索.csv", *rows))
    qualify_lead(desk.workspace, "L1", Wanted(amount="5万", opportunity="年框"))
    qualify_lead(desk.workspace, "L2", Wanted(has_opportunity=False))
    disqualify_lead(desk.workspace, "L3", "无需求")
    return desk.workspace


def test_leads_are_seen_as_they_were(workspace: Any) -> None:
    states = [lead.state for lead in load_leads(workspace, workspace.now())]
    assert states == ["qualified", "qualified", "disqualified", "open", "open", "open", "qualified", "open"]
    before = load_leads(workspace, "2026-06-03T12:00:00+08:00")
    assert [(lead.id, lead.state, lead.deal) for lead in before] == [
        (1, "open", None),
        (2, "open", None),
        (3, "open", None),
    ]


def _report(workspace: Any, **asked: Any) -> Report:
    return make_report(workspace, "leads", Asking(**asked))


def test_the_report_counts_by_source_and_what_was_won(workspace: Any, tmp_path: Any) -> None:
    win = datetime.fromisoformat("2026-07-01T09:00:00+08:00")
    later = replace(workspace, clock=lambda: win)
    workspace.db.connection.execute("UPDATE opportunity SET expected_close = '2026-07-01', product = 'x'")
    win_deal(later, "O1")
    report = _report(later)
    rows = {row[0]: row for row in report.tables[0].rows}
    assert rows["展会"][1:5] == (6, 2, 1, 3)
    assert rows["官网"][1:5] == (2, 1, 0, 1)
    won = report.tables[0].index("won")
    assert [str(cell) for cell in rows["展会"][won:]] == ["1", "50000.00"]
    assert rows["展会"][report.tables[0].index("median_days")] == 28.5
    assert report.section.checks[0].ok
    save_report(report, tmp_path / "线索.xlsx", "xlsx")
    assert (tmp_path / "线索.xlsx").stat().st_size > 5000


def test_by_owner_nobody_is_a_group_of_its_own(workspace: Any) -> None:
    assert [row[0] for row in _report(workspace, by=("owner",)).tables[0].rows] == ["未填"]
