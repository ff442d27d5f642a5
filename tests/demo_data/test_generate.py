from __future__ import annotations

from datetime import date, datetime

from crmcli.demo_data.generate import generate
from crmcli.demo_data.model import AS_OF, ENDS, Demo


def test_the_same_seed_gives_the_same_cells() -> None:
    assert generate(7) == generate(7)


def test_another_seed_gives_another_world() -> None:
    assert generate(7).firms != generate(8).firms


def test_the_size_is_the_one_promised() -> None:
    demo = generate()
    assert (len(demo.owners), len({owner.team for owner in demo.owners}), len(demo.products)) == (12, 3, 8)
    assert (len(demo.firms), len(demo.deals), len(demo.files)) == (400, 600, 10)


def test_nothing_happens_on_or_after_the_fixed_day() -> None:
    days = [step.at.date() for deal in generate().deals for step in deal.steps]
    assert date(2025, 1, 1) <= min(days)
    assert max(days) < AS_OF


def test_each_deals_steps_follow_one_another() -> None:
    for deal in generate().deals:
        assert [step.from_stage for step in deal.steps] == ["", *[step.stage for step in deal.steps[:-1]]]
        assert [step.at for step in deal.steps] == sorted({step.at for step in deal.steps})


def test_histories_skip_step_back_and_reopen() -> None:
    demo = generate()
    moves = {(step.from_stage, step.stage) for deal in demo.deals if deal.recorded for step in deal.steps}
    assert ("初步接触", "方案报价") in moves
    assert ("方案报价", "需求确认") in moves
    assert any(before in ENDS for before, _ in moves)
    assert {"赢单", "输单", "无效"} <= {after for _, after in moves}


def test_the_mess_is_there() -> None:
    cells = [cell for row in _rows(generate(), "客户表.xlsx") for cell in row]
    texts = [cell for cell in cells if isinstance(cell, str)]
    assert any(isinstance(cell, int) and cell > 10**10 for cell in cells)
    assert any(isinstance(cell, int) and 45_000 < cell < 47_000 for cell in cells)
    assert any(isinstance(cell, date) and not isinstance(cell, datetime) for cell in cells)
    assert any("１" in text for text in texts)
    assert any("、1" in text for text in texts)
    assert any(text.startswith("2026.") for text in texts)
    assert any("****" in str(cell) for row in _rows(generate(), "老客户.csv") for cell in row)
    assert any(str(cell).startswith("约") for row in _rows(generate(), "商机跟进表.xlsx") for cell in row)


def _rows(demo: Demo, name: str) -> list[tuple[object, ...]]:
    return [row.cells for file in demo.files if file.name == name for row in file.tables[0].rows]
