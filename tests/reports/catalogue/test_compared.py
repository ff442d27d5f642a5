from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pandas as pd

from crmcli.domain.metrics.period import WHOLE_HISTORY, Period
from crmcli.domain.metrics.population import DEAL_COLUMNS, EVENT_COLUMNS, Population, Stages
from crmcli.reports.catalogue import funnel
from crmcli.reports.model import Report
from crmcli.reports.options import ReportOptions


def _deals() -> Iterator[tuple[int, str, bool]]:
    """Yield number, begin and whether it went on: 16 of 20 in January, 4 of 20 in February."""
    for month, went_on in ((1, 16), (2, 4)):
        yield from ((month * 100 + at, f"2026-0{month}-05", at < went_on) for at in range(20))


def _report(period: Period) -> Report:
    deals: Any = pd.DataFrame([
        dict.fromkeys(DEAL_COLUMNS) | {"opportunity_id": number, "status": "open", "currency": "CNY",
                                       "created_at": begun, "amount_first_fen": None}
        for number, begun, _on in _deals()
    ])  # fmt: skip
    for column in ("amount_fen", "amount_first_fen"):
        deals[column] = deals[column].astype("Int64")
    events = [
        dict.fromkeys(EVENT_COLUMNS) | {"opportunity_id": number, "seq": rank, "at": begun, "stage": stage,
                                        "kind": "open", "rank": rank, "inferred": False}
        for number, begun, on in _deals() for rank, stage in ((1, "初步接触"), *([(2, "需求确认")] if on else []))
    ]  # fmt: skip
    known = Population(deals, pd.DataFrame(events, columns=list(EVENT_COLUMNS)), Stages(("初步接触", "需求确认")))
    as_of = datetime.fromisoformat("2026-03-10T09:00:00+08:00")
    return funnel.build(known, ReportOptions(as_of=as_of, period=period))


def test_a_stage_that_fell_is_marked_and_said() -> None:
    report = _report(Period(date(2026, 2, 1), date(2026, 3, 1)))
    table = report.table("funnel_compared")
    assert [row[table.index("verdict_key")] for row in table.rows] == ["fell", "too_few"]
    (note,) = [note for note in report.section.notes if note.code == "conversion_fell"]
    assert str(note.text) == (
        "Fewer went on from 初步接触: 20.0% (4/20) against 80.0% (16/20) in the period before, seen equally late. "
        "Chance alone does so in < 0.1% of cases (p)."
    )
    assert (0, "step_rate") in table.links


def test_the_whole_history_has_nothing_before() -> None:
    assert "funnel_compared" not in [table.name for table in _report(WHOLE_HISTORY).tables]
