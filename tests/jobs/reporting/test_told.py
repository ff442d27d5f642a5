from __future__ import annotations

from datetime import date
from typing import Any

from crmcli.domain.metrics.period import Period
from crmcli.jobs.reporting.write_report import Asking, make_report
from crmcli.reports.json import document


def test_the_review_tells_how_a_deal_went_and_what_was_concluded(desk: Any) -> None:
    head = ("商机编号", "商机名称", "阶段", "金额", "结束时间", "丢单原因", "竞争对手", "创建时间")
    desk.load(desk.write("a.csv", head, ("S1", "年框", "输单", "100", "2026-03-05", "价格", "对手", "2026-01-05")))
    last_week = make_report(desk.workspace, "review")
    assert document(last_week)["tables"][0]["rows"] == []
    made = make_report(desk.workspace, "review", Asking(period=Period(date(2026, 3, 1), date(2026, 4, 1))))
    tables = {table["name"]: table for table in document(made)["tables"]}
    (row,) = tables["review"]["rows"]
    keys = [column["key"] for column in tables["review"]["columns"]]
    told = dict(zip(keys, row, strict=True))
    assert (told["opportunity"], told["reason"], told["competitor"], told["days"]) == ("O1", "价格", "对手", 59)
    assert "2026-03-05" in told["course"]
    assert {name for name in tables if name.startswith("by_")} == {"by_reason", "by_stage", "by_competitor"}
