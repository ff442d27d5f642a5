"""Where other systems mislead: what they count wrongly is counted rightly here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from crmcli.jobs.records.editing import set_fields
from crmcli.jobs.reporting.write_report import make_report

from .ask import Row, tables
from .play import World
from .seen import Asked
from .setting import ZONE

HEADERS = ("商机编号", "商机名称", "创建时间", "商机金额", "预计成交日期", "阶段")
STEPS = ("商机编号", "阶段", "变更时间", "丢单原因")
WHOLE = Asked(datetime(2026, 6, 30, 18, tzinfo=ZONE))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return a world of three opportunities: one lost late, one that stepped back, one of unknown probability."""
    made = World(tmp_path_factory.mktemp("traps") / "world", 0, count=0)
    deals = [("A", "甲", "2026-01-05", "100", "", ""), ("B", "乙", "2026-01-05", "200", "", ""),
             ("C", "丙", "2026-01-05", "400", "2026-07-05", "暂搁置")]  # fmt: skip
    steps = [
        ("A", "初步接触", "2026-01-05", ""), ("A", "方案报价", "2026-02-01", ""), ("A", "输单", "2026-03-10", ""),
        ("B", "初步接触", "2026-01-05", ""), ("B", "需求确认", "2026-01-20", ""), ("B", "初步接触", "2026-02-01", ""),
    ]  # fmt: skip
    made.load(made.write("a.csv", HEADERS, deals), made.write("b.csv", STEPS, steps))
    yield made
    made.end()


def _by(rows: list[Row], key: str) -> dict[Any, Row]:
    return {row[key]: row for row in rows}


def test_a_lost_deal_stays_in_the_stages_it_reached(world: World) -> None:
    rows = _by(tables(world, "funnel", WHOLE)["funnel"], "stage")
    assert [(row["reached"], row.get("lost_here")) for row in rows.values()] == [
        (3, 0), (2, 0), (1, 1), (0, 0), (0, None)
    ]  # fmt: skip


def test_a_missing_probability_is_neither_all_nor_nothing(world: World) -> None:
    row = _by(tables(world, "pipeline", WHOLE)["pipeline"], "stage")["暂搁置"]
    assert (row["n"], row["amount"], row["no_probability"], row["weighted"] or "0.00") == (1, "400.00", 1, "0.00")
    found = tables(world, "forecast", WHOLE)
    buckets = {row["bucket"]: row["n"] for row in found["forecast_buckets"]}
    assert (buckets["no_probability"], sum(row["n"] for row in found["forecast"])) == (1, 0)


def test_a_loss_counts_in_its_month_and_not_in_that_of_the_last_edit(world: World) -> None:
    world.clock = datetime(2026, 6, 30, 17, 30, tzinfo=ZONE)
    set_fields(world.workspace, "opportunity", "A", ["amount=150"])
    march, june = (replace(WHOLE, start=date(2026, month, 1), end=date(2026, month + 1, 1)) for month in (3, 6))
    assert [sum(row["n"] for row in tables(world, "loss", when)["loss"]) for when in (march, june)] == [1, 0]


def test_a_step_back_is_no_conversion(world: World) -> None:
    rows = _by(tables(world, "flow", replace(WHOLE, start=date(2026, 2, 1), end=date(2026, 2, 2)))["flow"], "stage")
    assert (rows["需求确认"]["out_back"], rows["需求确认"]["out_forward"]) == (1, 0)
    funnel = _by(tables(world, "funnel", WHOLE)["funnel"], "stage")
    assert (funnel["需求确认"]["regressed"], funnel["需求确认"]["reached"]) == (1, 2)


def test_an_empty_reason_is_a_row_of_the_whole(world: World) -> None:
    (row,) = tables(world, "loss", WHOLE)["loss"]
    assert (row["reason"], row["n"]) == ("未填", 1)


def test_a_young_cohort_is_flagged(world: World) -> None:
    world.clock = WHOLE.at
    notes = make_report(world.workspace, "funnel").section.notes
    assert "immature_cohort" in {note.code for note in notes}
