from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest

from crmcli.domain.metrics.population import DEAL_COLUMNS, EVENT_COLUMNS, Population, Stages, Target
from crmcli.reports.catalogue import weekly
from crmcli.reports.model import Report
from crmcli.reports.options import ReportOptions

STAGES = Stages(("初步接触", "需求确认"))
# number, begun, yuan, what became of it
DEALS: tuple[tuple[int, str, int, tuple[tuple[str, str, str], ...]], ...] = (
    (1, "2026-02-02", 1000, (("2026-03-03", "赢单", "won"),)),
    (2, "2026-02-03", 300, (("2026-03-04", "输单", "lost"),)),
    (3, "2026-02-04", 5000, ()),
    (4, "2026-03-05", 700, ()),
)


def _report(targets: tuple[Target, ...] = ()) -> Report:
    deals, events = [], []
    for number, begun, yuan, steps in DEALS:
        deals.append(dict.fromkeys(DEAL_COLUMNS) | {
            "opportunity_id": number, "name": f"商机{number}", "owner": "张伟", "status": "open", "currency": "CNY",
            "created_at": begun, "amount_fen": yuan * 100, "amount_first_fen": yuan * 100,
            "expected_close": "2026-03-20", "probability": 0.5,
        })  # fmt: skip
        for seq, (at, stage, kind) in enumerate(((begun, "初步接触", "open"), *steps)):
            events.append(dict.fromkeys(EVENT_COLUMNS) | {
                "opportunity_id": number, "seq": seq, "at": at, "stage": stage, "kind": kind, "inferred": False,
                "rank": 1 if kind == "open" else None, "reason": "价格" if kind == "lost" else None,
            })  # fmt: skip
    frame: Any = pd.DataFrame(deals)
    for column in ("amount_fen", "amount_first_fen"):
        frame[column] = frame[column].astype("Int64")
    population = Population(frame, pd.DataFrame(events, columns=list(EVENT_COLUMNS)), STAGES, targets=targets)
    as_of = datetime.fromisoformat("2026-03-10T09:00:00+08:00")
    return weekly.build(population, ReportOptions(as_of=as_of, min_n=1))


@pytest.fixture(scope="module")
def report() -> Report:
    """Return the report on the week of 2 to 8 March."""
    return _report()


def test_what_changed_is_said_by_size(report: Report) -> None:
    assert str(report.summary[0]) == (
        "The open amount went from 6,300 to 5,700 (-600): Won -1,000 (1), New +700 (1), Lost -300 (1)."
    )


def test_what_was_closed_beside_the_week_before(report: Report) -> None:
    assert str(report.summary[1]) == "1 won, worth 1,000 (the week before: 0, worth 0)."
    assert str(report.summary[2]) == "1 lost (the week before: 0), most often for: 价格 (1)."


def test_the_waterfall_begins_with_the_opening(report: Report) -> None:
    table = report.table("changes")
    keys = [row[table.index("key")] for row in table.rows]
    assert (keys[0], keys[-1], "printed" in keys) == ("opening", "closing", False)


def test_targets_of_the_present_days_are_spoken_of() -> None:
    march, april = (
        Target("", "", f"2026-0{month}", date(2026, month, 1), date(2026, month + 1, 1), 10_000_00, None, "crm.toml")
        for month in (3, 4)
    )
    told = [str(one) for one in _report((march, april)).summary if "target" in str(one)]
    words = "1,000 of the target of 10,000 are won (10%)"
    more = "the weighted open amount covers 32% of the 9,000 that are missing."
    assert told == [f"2026-03: {words}; {more}"]
    reached = _report((replace(march, amount_fen=500_00),)).summary
    assert "2026-03: the target of 500 is reached (200%)." in [str(one) for one in reached]
