from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from crmcli.domain.metrics.period import Period
from crmcli.domain.metrics.population import Population
from crmcli.i18n import set_language
from crmcli.reports.catalogue.every import REPORTS, UnknownReportError, report_kind
from crmcli.reports.json import document
from crmcli.reports.options import ReportOptions

KEYS = {
    "funnel": ["stage", "reached", "entered", "skipped", "regressed", "lost_here", "void_here", "open_here",
               "step_rate", "cumulative_rate", "decided_rate", "amount", "amount_first"],
    "loss": ["reason", "n", "amount", "share", "cumulative_share"],
    "winrate": ["won", "lost", "void", "rate", "rate_with_void"],
    "pipeline": ["stage", "n", "amount", "weighted"],
    "flow": ["stage", "opening", "in_new", "in_reopened", "in_forward", "in_back", "out_forward", "out_back", "out_won",
             "out_lost", "out_void", "corrected", "closing", "balance", "amount_opening", "amount_closing"],
    "changes": ["key", "step", "n", "amount", "no_amount"],
    "forecast": ["month", "n", "amount", "weighted", "won", "amount_won", "commit", "best_case", "pipeline", "omitted",
                 "target", "gap", "coverage", "coverage_weighted"],
    "forecast-accuracy": ["month", "forecast", "actual", "error", "error_share", "slipped_n", "slipped"],
    "scorecard": ["whose", "metric", "period", "target", "actual", "attained", "n", "light"],
    "baseline": ["figure", "before", "before_n", "after", "after_n", "change", "low", "high", "chance", "verdict"],
    "quality": ["rule", "n", "message"],
    "review": ["opportunity", "owner", "outcome", "reason", "stage", "competitor", "days", "course", "conclusion"],
    "cycle": ["outcome", "n", "median_days", "p75_days", "mean_days", "excluded"],
    "stage-age": ["stage", "n", "median_days", "p75_days", "current", "over_age", "limit_days", "limit_source"],
    "stalled": ["stage", "open", "stalled", "rate", "amount", "protected", "over_max", "rot_days"],
    "velocity": ["currency", "open", "win_rate", "mean_won", "median_days", "velocity"],
    "followup": ["due", "on_time", "late", "missed", "on_time_rate", "missed_rate", "response_median_hours", "no_next"],
    "rep": ["owner", "created", "won", "lost", "void", "win_rate", "won_amount", "target_amount", "attainment", "open"],
    "receivables": ["currency", "due", "settled", "outstanding", "rate", "received", "allocated", "unallocated"],
    "leads": ["source", "leads", "qualified", "disqualified", "open", "rate", "decided_rate", "won", "amount_won"],
    "assignment": ["owner", "weight", "days", "n", "expected", "difference", "amount", "rate"],
    "pool": ["pool", "stays", "before", "entered", "left", "there", "claimed", "rate"],
    "collisions": ["kind", "found", "waiting", "decided", "as_suggested"],
    "weekly": ["week", "created", "won", "lost", "void", "open"],
}  # fmt: skip


def _by_key(table: dict[str, Any]) -> list[dict[str, Any]]:
    keys = [column["key"] for column in table["columns"]]
    return [dict(zip(keys, row, strict=True)) for row in table["rows"]]


@pytest.mark.parametrize("name", [kind.name for kind in REPORTS])
def test_every_report_has_the_contract_s_shape_and_keys(
    name: str, population: Population, options: ReportOptions
) -> None:
    result = document(report_kind(name).build(population, options))
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert [result["report"], result["as_of"], result["config_hash"]] == [name, "2026-03-10T09:00:00+08:00", "c0ffee"]
    main = result["tables"][0]
    assert set(KEYS[name]) <= {column["key"] for column in main["columns"]}
    assert {column["type"] for column in main["columns"]} <= {"text", "int", "money", "rate", "date", "days"}
    assert all(check["ok"] for check in result["checks"])
    for table in result["tables"]:
        assert all(len(row) == len(table["columns"]) for row in [*table["rows"], *filter(None, [table["total"]])])


def test_money_is_text_counts_are_whole_and_rates_are_shares(population: Population, options: ReportOptions) -> None:
    rows = _by_key(document(report_kind("funnel").build(population, options))["tables"][0])
    assert [row["stage"] for row in rows] == ["初步接触", "需求确认", "方案报价", "商务谈判", "赢单"]
    assert [row["reached"] for row in rows] == [8, 4, 4, 3, 2]
    assert rows[0]["amount"] == "33000.00"
    assert (rows[0]["step_rate"], rows[0]["step_rate_numerator"], rows[0]["step_rate_denominator"]) == (4 / 6, 4, 6)
    assert rows[4]["step_rate"] is None


def test_a_rate_over_too_few_is_null_and_its_counts_stay(population: Population, options: ReportOptions) -> None:
    (row,) = _by_key(document(report_kind("winrate").build(population, replace(options, min_n=6)))["tables"][0])
    assert (row["won"], row["lost"], row["void"]) == (2, 3, 1)
    assert (row["rate"], row["rate_numerator"], row["rate_denominator"]) == (None, 2, 5)
    assert row["rate_with_void"] == 2 / 6


def test_period_and_unplaced(population: Population, options: ReportOptions) -> None:
    january = replace(options, period=Period(date(2026, 1, 1), date(2026, 2, 1)))
    result = document(report_kind("funnel").build(population, january))
    assert (result["from"], result["to"]) == ("2026-01-01", "2026-02-01")
    assert [table["name"] for table in result["tables"]][:2] == ["funnel", "unplaced"]
    assert [(row["stage"], row["n"]) for row in _by_key(result["tables"][1])] == [("终止阶段未知", 1)]


def test_empty_reason_is_a_row_and_unmapped_texts_are_listed(population: Population, options: ReportOptions) -> None:
    tables = {table["name"]: table for table in document(report_kind("loss").build(population, options))["tables"]}
    assert [(row["reason"], row["n"], row["amount"]) for row in _by_key(tables["loss"])] == [
        ("价格", 1, None), ("价格太贵", 1, "5000.00"), ("未填", 1, "4000.00"),
    ]  # fmt: skip
    assert [row["reason"] for row in _by_key(tables["unmapped"])] == ["价格太贵"]
    assert tables["loss"]["total"][1] == 3


def test_winrate_by_owner_has_a_row_each_and_its_total_apart(population: Population, options: ReportOptions) -> None:
    main = document(report_kind("winrate").build(population, replace(options, by=("owner",))))["tables"][0]
    assert [(row["owner"], row["won"], row["lost"], row["void"]) for row in _by_key(main)] == [
        ("张伟", 2, 0, 0), ("王芳", 0, 3, 0), ("未填", 0, 0, 1),
    ]  # fmt: skip
    assert main["total"][1:4] == [2, 3, 1]


def test_weekly_is_the_last_complete_week(population: Population, options: ReportOptions) -> None:
    result = document(report_kind("weekly").build(population, options))
    assert (result["from"], result["to"]) == ("2026-03-02", "2026-03-09")
    last, before = _by_key(result["tables"][0])[-1], _by_key(result["tables"][0])[-2]
    assert (last["created"], last["won"], last["lost"], last["void"], last["open"]) == (2, 2, 2, 0, 2)
    assert (before["created"], before["won"], before["lost"], before["void"], before["open"]) == (0, 0, 1, 1, 4)
    headlines = {line["key"]: (line["value"], line["previous"]) for line in result["headlines"]}
    assert headlines["won"] == (2, 0)
    assert headlines["amount_won"] == ("3000.00", "0.00")
    names = [table["name"] for table in result["tables"]]
    assert {"funnel_13w", "funnel_12m", "winrate_13w", "winrate_12m", "loss_week", "loss_12m", "pipeline"} <= set(names)


def test_the_same_twice(population: Population, options: ReportOptions) -> None:
    turned = replace(population, deals=population.deals[::-1], events=population.events[::-1])
    for kind in REPORTS:
        assert document(kind.build(population, options)) == document(kind.build(turned, options))


def test_an_unknown_report_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownReportError, match="funny"):
        report_kind("funny")


def _without_words(found: dict[str, Any]) -> dict[str, Any]:
    """Return a document's codes and figures: no titles, labels, sentences and words beside codes."""
    worded = [[one["key"].endswith("_text") for one in table["columns"]] for table in found["tables"]]
    return {key: found[key] for key in ("report", "arguments", "min_n", "config_hash")} | {
        "headlines": [(one["key"], one["value"], one["previous"]) for one in found["headlines"]],
        "checks": [(one["name"], one["ok"]) for one in found["checks"]],
        "notes": [(one["code"], one["table"]) for one in found["notes"]],
        "tables": [
            (table["name"], [one["key"] for one in table["columns"]], [
                [cell for cell, words in zip(row, told, strict=True) if not words]
                for row in [*table["rows"], table["total"]] if row
            ]) for table, told in zip(found["tables"], worded, strict=True)
        ],
    }  # fmt: skip


def test_programs_read_the_same_in_every_language(population: Population, options: ReportOptions) -> None:
    asked = replace(options, event=date(2026, 2, 1))
    reports = [kind.build(population, asked) for kind in REPORTS]
    english = [document(report) for report in reports]
    set_language("zh")
    chinese = [document(report) for report in reports]
    assert [_without_words(one) for one in chinese] == [_without_words(one) for one in english]
    assert any(one["title"] != other["title"] for one, other in zip(chinese, english, strict=True))


def test_what_the_program_words_has_a_code_and_the_words_beside_it(
    population: Population, options: ReportOptions
) -> None:
    found = document(report_kind("baseline").build(population, replace(options, event=date(2026, 2, 1))))
    spans = next(table for table in found["tables"] if table["name"] == "spans")
    assert [(row["span"], row["span_text"]) for row in _by_key(spans)] == [
        ("before", "Before the day"), ("after", "From the day on"),
    ]  # fmt: skip
