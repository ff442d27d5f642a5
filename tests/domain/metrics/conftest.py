from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from crmcli.domain.metrics.population import DEAL_COLUMNS, EVENT_COLUMNS, Population, Stages
from crmcli.domain.metrics.timeline import Standing, Timeline, standing, timeline

STAGES = Stages(("初步接触", "需求确认", "方案报价", "商务谈判"))
ENDS = {"赢单": "won", "输单": "lost", "无效": "void"}
Seen = tuple[Timeline, Standing]


def _event(deal: int, seq: int, at: str | None, stage: str, **more: Any) -> dict[str, Any]:
    rank = STAGES.names.index(stage) + 1 if stage in STAGES.names else 5 if stage == "赢单" else None
    kind = ENDS.get(stage) or ("open" if rank else "unknown")
    row: dict[str, Any] = dict.fromkeys(EVENT_COLUMNS, None) | {
        "opportunity_id": deal,
        "seq": seq,
        "at": at,
        "stage": stage,
    }
    row |= {"rank": rank, "kind": kind, "inferred": False}
    row |= more
    if row["from_stage"] in STAGES.names:
        row["from_rank"] = STAGES.names.index(row["from_stage"]) + 1
    return row


def _deal(identity: int, created: str | None, **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(DEAL_COLUMNS)
    row |= {"opportunity_id": identity, "name": f"商机{identity}", "status": "open", "currency": "CNY",
            "created_at": created, "amount_first_fen": None}  # fmt: skip
    return row | more


@pytest.fixture
def build() -> Callable[..., Population]:
    """Return a maker of populations out of (id, created, [(at, stage[, more])], fields) tuples."""

    def make(*deals: tuple[Any, ...]) -> Population:
        rows, events = [], []
        for identity, created, steps, *fields in deals:
            rows.append(_deal(identity, created, **(fields[0] if fields else {})))
            events += [
                _event(identity, seq, step[0], step[1], **(step[2] if len(step) > 2 else {}))
                for seq, step in enumerate(steps)
            ]
        frame = pd.DataFrame(rows, columns=[*DEAL_COLUMNS, "amount_first_fen"])
        for column in ("amount_fen", "amount_first_fen"):
            frame[column] = frame[column].astype("Int64")
        return Population(frame, pd.DataFrame(events, columns=list(EVENT_COLUMNS)), STAGES)

    return make


@pytest.fixture
def see(build: Callable[..., Population]) -> Callable[..., Seen]:
    """Return a maker of timelines standing at a local time of Shanghai (default: the end of 2026)."""

    def look(*deals: tuple[Any, ...], at: str = "2026-12-31") -> Seen:
        line = timeline(build(*deals))
        return line, standing(line, line.moment(datetime.fromisoformat(f"{at}T00:00:00+08:00")))

    return look
