from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

HEAD = "商机编号,商机名称,客户名称,金额,创建时间,阶段\n"


def deal(crm: Any) -> dict[str, Any]:
    found: dict[str, Any] = crm("opp", "show", "O1", "--json").json
    return found


@pytest.fixture
def moved(crm: Any, tmp_path: Path) -> Any:
    """A deal imported (R1), given a date (R2), moved (R3) and won (R4)."""
    sheet = tmp_path / "o.csv"
    sheet.write_text(HEAD + "D9,项目9,客户9公司,40000,2026-01-10,初步接触\n", encoding="utf-8")
    crm("import", str(sheet))
    crm("opp", "set", "D9", "expected_close=2026-12-31")
    crm("opp", "move", "D9", "方案报价")
    crm("opp", "win", "D9", "--force", "--because", "合同已签")
    return crm


def test_a_move_taken_back_under_a_win_leaves_the_win(moved: Any) -> None:
    moved("undo", "R3")
    assert (deal(moved)["stage"], deal(moved)["status"]) == ("赢单", "won")


@pytest.mark.parametrize("order", [("R3", "R4"), ("R4", "R3"), ("R3", "R2", "R4")])
def test_moves_taken_back_in_any_order_leave_what_the_file_said(moved: Any, order: tuple[str, ...]) -> None:
    for run in order:
        moved("undo", run)
    left = deal(moved)
    assert (left["stage"], left["status"], left["closed_at"]) == ("初步接触", "open", None)
    assert left["probability"] == 10


def test_an_undo_taken_back_brings_the_move_again(moved: Any) -> None:
    moved("undo", "R4")
    moved("undo", "R5")
    assert (deal(moved)["stage"], deal(moved)["status"]) == ("赢单", "won")
