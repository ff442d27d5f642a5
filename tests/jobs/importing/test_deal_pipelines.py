from __future__ import annotations

from typing import Any

DEALS = [
    ["商机编号", "商机名称", "客户名称", "客户级别", "销售流程", "阶段", "金额"],
    ["A1", "甲单", "甲公司", "B", "大客户", "签约", "3"],
    ["A2", "乙单", "乙公司", "A", "", "签约", "500万"],
    ["A3", "丙单", "丙公司", "B", "", "签约", "3"],
]


def _placed(desk: Any, where: str = "1") -> list[tuple[Any, ...]]:
    sql = f"SELECT o.name, o.pipeline, e.rank FROM event e JOIN opportunity o ON o.id = e.opportunity_id WHERE {where}"  # noqa: S608
    return [tuple(row.values()) for row in desk.workspace.db.rows(f"{sql} AND e.field = 'stage' ORDER BY e.id")]


def test_a_stage_is_placed_in_the_pipeline_that_is_named_or_that_takes_the_deal(desk: Any, settle: Any) -> None:
    settle(desk)
    sheet = desk.csv("d.csv", *DEALS)
    desk.load(sheet)
    assert _placed(desk) == [("甲单", "big", 4), ("乙单", "big", 4), ("丙单", "fast", 3)]
    (again,) = desk.load(sheet).sheets
    assert again.tally.counts["same"] == 3
    assert len(_placed(desk)) == 3


def test_history_goes_into_the_deals_own_pipeline(desk: Any, settle: Any) -> None:
    settle(desk)
    desk.load(desk.csv("d.csv", *DEALS))
    rows = [["A1", "接触", "2026-03-01"], ["A1", "签约", "2026-04-01"], ["A3", "签约", "2026-04-01"]]
    desk.load(desk.csv("h.csv", ["商机编号", "阶段", "变更时间"], *rows))
    assert _placed(desk, "e.inferred = 0") == [("甲单", "big", 1), ("甲单", "big", 4), ("丙单", "fast", 3)]


def test_a_known_deal_stays_in_its_pipeline_when_its_stage_moves(desk: Any, settle: Any) -> None:
    settle(desk)
    desk.load(desk.csv("d.csv", *DEALS))
    moved = [[*row[:5], "接触", row[6]] for row in DEALS[1:]]
    desk.load(desk.csv("d2.csv", DEALS[0], *moved))
    assert _placed(desk, "e.inferred = 0") == [("甲单", "big", 1), ("乙单", "big", 1), ("丙单", "fast", 1)]


def test_one_pipeline_is_not_written_down(desk: Any) -> None:
    desk.load(desk.csv("d.csv", *DEALS))
    assert {key for _, key, _ in _placed(desk)} <= {"大客户", None}


def test_a_stage_that_only_another_pipeline_has_is_listed(desk: Any, settle: Any) -> None:
    settle(desk)
    rows = [["B1", "丁单", "丁公司", "B", "大客户", "报价", "3"], ["B2", "戊单", "戊公司", "B", "快销", "报价", "3"]]
    first, again = (desk.load(desk.csv(name, DEALS[0], *rows)).sheets[0].tally for name in ("d.csv", "d2.csv"))
    for tally in (first, again):
        assert [(listed.code, listed.value) for listed in tally.listed] == [("stage.foreign", "报价")]
        assert "not of big" in str(tally.listed[0].message)
    assert again.counts["same"] == 2
