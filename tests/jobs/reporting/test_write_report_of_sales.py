from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crmcli.domain.metrics.period import Period
from crmcli.jobs.reporting.write_report import Asking, make_report
from crmcli.reports.json import document

DEALS = (
    ("商机编号", "商机名称", "客户名称", "负责人", "商机金额", "阶段", "创建时间", "结束时间"),
    *(
        (f"S{n}", f"商机{n}", f"客户{n}", "张伟", f"{n}00", "赢单", "2026-01-01", f"2026-01-{n + 10}")
        for n in range(1, 6)
    ),
    ("S6", "商机6", "客户6", "王芳", "900", "需求确认", "2026-02-01", ""),
)
KEYS = {
    ("cycle", "cycle"): "outcome n median_days p75_days mean_days excluded",
    ("cycle", "trend"): "month n median_days p75_days mean_days excluded",
    ("stage-age", "stage_age"): "stage n median_days p75_days current current_median_days current_max_days over_age "
    "limit_days limit_source deals latest_median_days cumulative_median_days unknown current_unknown",
    ("stage-age", "over_age"): "opportunity external_id name customer owner stage entered days limit_days over_days "
    "limit_source amount currency",
    (
        "stalled",
        "stalled",
    ): "stage open stalled rate rate_numerator rate_denominator amount no_amount protected over_max unknown rot_days",
    ("stalled", "stalled_deals"): "opportunity external_id name customer owner stage stage_days silent_days rot_days "
    "last_contact planned_until reasons reasons_text amount currency",
    ("velocity", "velocity"): "currency open win_rate win_rate_numerator win_rate_denominator mean_won median_days "
    "velocity mean_n cycle_n",
    ("followup", "followup"): "due on_time late missed on_time_rate on_time_rate_numerator on_time_rate_denominator "
    "missed_rate answered unanswered response_median_hours response_p90_hours open no_next no_next_rate",
    ("rep", "rep"): "owner created won lost void win_rate win_rate_numerator win_rate_denominator win_rate_with_void "
    "win_rate_with_void_numerator win_rate_with_void_denominator won_amount target_amount attainment open open_amount "
    "weighted median_days activities target_count attainment_count no_amount",
}


@pytest.fixture
def office(desk: Any) -> Any:
    desk.load(desk.write("deals.csv", *DEALS))
    return desk.workspace


def table(office: Any, report: str, name: str, **asked: Any) -> list[dict[str, Any]]:
    found = document(make_report(office, report, Asking(**asked)))
    assert all(check["ok"] for check in found["checks"])
    one = next(one for one in found["tables"] if one["name"] == name)
    keys = [column["key"] for column in one["columns"]]
    return [dict(zip(keys, row, strict=True)) for row in one["rows"]] or [dict.fromkeys(keys)]


@pytest.mark.parametrize(("report", "name"), KEYS)
def test_the_keys_are_a_contract(office: Any, report: str, name: str) -> None:
    assert " ".join(table(office, report, name)[0]) == KEYS[report, name]


def test_the_figures_of_an_imported_sheet(office: Any) -> None:
    won, lost = table(office, "cycle", "cycle")
    assert (won["n"], won["median_days"], won["p75_days"], won["mean_days"]) == (5, 12.0, 13.0, 12.0)
    assert (lost["n"], lost["median_days"], lost["excluded"]) == (0, None, 0)
    best, other = table(office, "rep", "rep", period=Period(date(2026, 1, 1), date(2026, 2, 1)))
    assert (best["owner"], best["created"], best["won"], best["win_rate"], best["won_amount"]) == (
        "张伟", 5, 5, 1.0, "1500.00",
    )  # fmt: skip
    assert (other["owner"], other["created"], other["open"], other["open_amount"]) == ("王芳", 0, 1, "900.00")
    (whole,) = table(office, "followup", "followup")
    assert (whole["due"], whole["answered"], whole["unanswered"], whole["no_next"]) == (0, 0, 6, 1)
    assert table(office, "velocity", "velocity")[0]["velocity"] is None
