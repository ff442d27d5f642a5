from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def closed(sales: Any) -> Any:
    """Return a workspace in which three deals were closed, two of them in the week before the last day of June."""
    crm = sales.crm
    crm("opp", "move", "O2", "方案报价", "--at", "2026-06-01")
    crm("log", "O2", "报了价", "--at", "2026-06-10T10:00")
    crm("opp", "set", "O2", "owner=李四")
    crm("opp", "lose", "O2", "--reason", "竞品", "--at", "2026-06-23")
    crm("opp", "set", "O1", "product=机床")
    crm("opp", "win", "O1", "--at", "2026-06-28")
    crm("opp", "void", "O3", "--at", "2026-06-29")
    return sales


def test_a_row_tells_how_each_deal_of_the_last_complete_week_went(closed: Any) -> None:
    rows = {row["number"]: row for row in closed.review().rows(0)}
    assert set(rows) == {"O1", "O2"}
    lost = rows["O2"]
    assert (lost["outcome"], lost["loss reason"], lost["amount"], lost["owner"]) == ("输单", "竞品", 8000.5, "李四")
    told = lost["timeline"].split("\n")
    assert told[0].endswith("方案报价 22 days → 输单 2026-06-23")
    assert told[1:] == ["owners: 张三 → 李四", "follow-ups: 1, the last on 2026-06-10"]
    assert rows["O1"]["timeline"].split("\n")[-1] == "nobody followed up"
    others = closed.review("--from", "2026-06-29", "--to", "2026-06-30").rows(0)
    assert [row["number"] for row in others] == ["O3"]


def test_a_review_comes_back_as_conclusions_and_better_reasons(closed: Any) -> None:
    book = closed.review().put("O2", 0, loss_reason="价格", competitor="乙方", review_conclusion="早报价")
    path = book.put("O1", 0, review_conclusion="值得").save()
    done = closed.apply(path)
    assert (done["kind"], done["cells"]["taken"]) == ("review", 4)
    lost = closed.deal("O2")
    assert (lost["loss_reason"], lost["competitor"], lost["conclusion"]) == ("价格", "乙方", "早报价")
    assert closed.deal("O1")["conclusion"] == "值得"
    assert closed.apply(path)["cells"] == {"taken": 0, "same": 4, "conflict": 0, "left_out": 0}


def test_what_cannot_be_is_left_out_and_what_both_said_is_asked(closed: Any) -> None:
    book = closed.review().put("O1", 0, loss_reason="价格", review_conclusion="值得")
    book.put("O2", 0, review_conclusion="早报价", loss_reason="没这个原因")
    done = closed.apply(book.save(), 3)
    assert done["cells"] == {"taken": 0, "same": 0, "conflict": 0, "left_out": 4}
    closed.crm("opp", "set", "O2", "conclusion=晚了")
    done = closed.apply(book.put("O1", 0, loss_reason=None).put("O2", 0, loss_reason="竞品").save(), 3)
    assert done["cells"] == {"taken": 1, "same": 0, "conflict": 1, "left_out": 0}
    assert closed.deal("O2")["conclusion"] == "晚了"
