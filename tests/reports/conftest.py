from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from crmcli.domain.metrics.population import DEAL_COLUMNS, EVENT_COLUMNS, Population, Stages
from crmcli.reports.options import ReportOptions

STAGES = Stages(("初步接触", "需求确认", "方案报价", "商务谈判"))
KINDS = {"赢单": "won", "输单": "lost", "无效": "void"}
HOSTILE = '=HYPERLINK("http://example.invalid","点我")'

# id, begun, owner, amount in fen, [(at, stage, reason)]
DEALS: tuple[tuple[int, str, str | None, int | None, list[tuple[str, str, str | None]]], ...] = (
    (1, "2026-01-05", "张伟", 1000_00, [("2026-01-05", "初步接触", None), ("2026-03-03", "赢单", None)]),
    (2, "2026-01-06", "张伟", 2000_00, [("2026-01-06", "需求确认", None), ("2026-03-04", "赢单", None)]),
    (3, "2026-01-07", "王芳", None, [("2026-01-07", "方案报价", None), ("2026-03-05", "输单", "价格")]),
    (4, "2026-01-08", "王芳", 4000_00, [("2026-03-05", "输单", None)]),
    (5, "2026-01-09", "王芳", 5000_00, [("2026-01-09", "初步接触", None), ("2026-02-25", "输单", "价格太贵")]),
    (6, "2026-01-12", None, 6000_00, [("2026-01-12", "商务谈判", None), ("2026-02-26", "无效", None)]),
    (7, "2026-03-02", "张伟", 7000_00, [("2026-03-02", "初步接触", None)]),
    (8, "2026-03-03", "王芳", 8000_00, [("2026-03-03", "样品测试", None)]),
)  # fmt: skip


def _deal(identity: int, begun: str, owner: str | None, amount: int | None) -> dict[str, Any]:
    return dict.fromkeys(DEAL_COLUMNS) | {
        "opportunity_id": identity, "external_id": f"SJ-{identity}", "name": HOSTILE if identity == 1 else "产线改造",
        "customer": "上海鼎信物流有限公司", "owner": owner, "currency": "CNY", "amount_fen": amount, "status": "open",
        "created_at": begun, "probability": 0.5, "expected_close": "2026-03-01", "amount_first_fen": amount,
    }  # fmt: skip


def _events(identity: int, steps: list[tuple[str, str, str | None]]) -> list[dict[str, Any]]:
    ranks = {name: rank for rank, name in enumerate((*STAGES.names, "赢单"), 1)}
    return [
        dict.fromkeys(EVENT_COLUMNS) | {
            "opportunity_id": identity, "at": at, "stage": stage, "rank": ranks.get(stage), "reason": reason,
            "kind": KINDS.get(stage) or ("open" if stage in STAGES.names else "unknown"), "inferred": False, "seq": seq,
        }
        for seq, (at, stage, reason) in enumerate(steps)
    ]  # fmt: skip


@pytest.fixture(scope="session")
def population() -> Population:
    """Return eight deals of which every figure is known by hand."""
    deals = pd.DataFrame([_deal(*deal[:4]) for deal in DEALS])
    for column in ("amount_fen", "amount_first_fen"):
        deals[column] = deals[column].astype("Int64")
    events = [event for deal in DEALS for event in _events(deal[0], deal[4])]
    return Population(
        deals, pd.DataFrame(events, columns=list(EVENT_COLUMNS)), STAGES,
        sources=lambda ids: {identity: ("商机表.xlsx", "Sheet1", identity + 1) for identity in ids},
    )  # fmt: skip


@pytest.fixture
def options() -> ReportOptions:
    """Return the options of a Tuesday morning, the week of 2 to 8 March being the last complete one."""
    return ReportOptions(
        as_of=datetime.fromisoformat("2026-03-10T09:00:00+08:00"), company="示例公司", config_hash="c0ffee",
        loss_reasons=("价格", "竞品"), min_n=3,
    )  # fmt: skip
