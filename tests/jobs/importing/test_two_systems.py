"""Two systems side by side: `[source.NAME] owns` decides which one's word counts, in every order of arrival."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from crmcli.config import load_settings
from crmcli.domain.settle import Mode
from crmcli.jobs.deals.gates import Passing
from crmcli.jobs.deals.moves import move_deal
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.records.editing import set_fields
from crmcli.store.changes import said_by

DEALS = ("商机编号", "客户名称", "商机名称", "阶段", "商机金额", "预计成交日期", "创建时间", "备注")
HISTORY = ("商机编号", "阶段", "变更时间")
CUSTOMERS = ("客户编号", "客户名称", "行业", "客户级别")


def _own(desk: Any, **owns: list[str]) -> Any:
    config = desk.workspace.config_path
    lines = [f'[source."{name}"]\nowns = {keys!r}\n' for name, keys in owns.items()]
    config.write_text(config.read_text(encoding="utf-8") + "\n" + "\n".join(lines), encoding="utf-8")
    object.__setattr__(desk.workspace, "settings", load_settings(config))
    return desk


@pytest.fixture
def make(new_desk: Any) -> Any:
    """Return a maker of desks on which 旧CRM decides on stage, amount and industry."""
    return lambda: _own(new_desk(), 旧CRM=["stage", "amount", "industry"])


def _deal(stage: str, amount: str, close: str = "2026-09-01", note: str = "") -> tuple[str, ...]:
    return ("1", "甲公司", "年框", stage, amount, close, "2026-01-05", note)


def _of(desk: Any, *keys: str, entity: str = "opportunity") -> list[Any]:
    record = desk.one(entity)
    return [record[key] for key in keys]


def test_every_order_of_two_systems_ends_the_same(make: Any) -> None:
    old = [("旧CRM", (DEALS, _deal("需求确认", "100")))]
    new = [
        ("新CRM", (DEALS, _deal("商务谈判", "2000", note="新"))),
        ("新CRM", (DEALS, _deal("赢单", "3000", note="新"))),
    ]
    dumps = set()
    for order in permutations([*old, *new]):
        if order.index(new[0]) > order.index(new[1]):
            continue  # one system's own files come in their order
        desk = make()
        for days, (source, rows) in enumerate(order):
            desk.rows(*rows, source=source, days=days)
        assert _of(desk, "stage", "status", "amount_fen", "closed_at") == ["需求确认", "open", 10000, None]
        assert [event["value"] for event in desk.records("event")] == ["需求确认"]
        assert desk.alternates() == [
            ("amount_fen", "200000"),
            ("amount_fen", "300000"),
            ("stage", "商务谈判"),
            ("stage", "赢单"),
        ]
        dumps.add("\n".join(desk.dump()))
    assert len(dumps) == 1


def test_the_deciding_systems_weekly_sheet_moves_the_deal(make: Any) -> None:
    desk = make()
    desk.rows(DEALS, _deal("初步接触", "100"), source="旧CRM")
    desk.rows(DEALS, _deal("商务谈判", "900"), source="新CRM", days=1)
    desk.rows(DEALS, _deal("需求确认", "200"), source="旧CRM", days=7)
    desk.rows(DEALS, _deal("输单", "800"), source="新CRM", days=8)
    assert _of(desk, "stage", "status", "amount_fen") == ["需求确认", "open", 20000]
    assert [(event["field"], event["value"]) for event in desk.records("event")] == [
        ("stage", "初步接触"),
        ("amount_fen", "20000"),
        ("stage", "需求确认"),
    ]
    outcome = desk.rows(DEALS, _deal("输单", "800"), source="新CRM", days=9)
    assert outcome.tally.counts["same"] == 1


def test_a_field_that_nobody_decides_moves_with_either(make: Any) -> None:
    desk = make()
    desk.rows(DEALS, _deal("初步接触", "100"), source="旧CRM")
    desk.rows(DEALS, _deal("初步接触", "100", "2026-09-01"), source="新CRM")
    desk.rows(DEALS, _deal("初步接触", "100", "2026-10-01"), source="新CRM", days=1)
    assert _of(desk, "expected_close") == ["2026-10-01"]


def test_what_the_deciding_system_does_not_know_is_filled_and_gives_way(make: Any) -> None:
    desk = make()
    desk.rows(DEALS, _deal("商务谈判", "900"), source="新CRM")
    assert _of(desk, "stage", "amount_fen") == ["商务谈判", 90000]
    desk.rows(DEALS, _deal("方案报价", "950"), source="新CRM", days=1)
    assert _of(desk, "stage", "amount_fen") == ["方案报价", 95000]
    taken = desk.load(desk.csv("旧.csv", DEALS, _deal("初步接触", "")), source="旧CRM", days=2)
    assert _of(desk, "stage", "amount_fen") == ["初步接触", 95000]
    undo_run(desk.at(3), taken.run)
    assert _of(desk, "stage", "amount_fen") == ["方案报价", 95000]
    assert [event["value"] for event in desk.records("event") if event["field"] == "stage"] == ["商务谈判", "方案报价"]


@pytest.mark.parametrize("mode", list(Mode))
def test_no_mode_lets_another_system_change_what_is_decided(make: Any, mode: Mode) -> None:
    desk = make()
    desk.rows(DEALS, _deal("初步接触", "100"), source="旧CRM")
    for days, amount in enumerate(("900", "901")):
        desk.rows(DEALS, _deal("输单", amount), source="新CRM", on_match=mode, days=days)
    assert _of(desk, "stage", "status", "amount_fen") == ["初步接触", "open", 10000]
    desk.rows(DEALS, ("1", "甲公司", "年框", "", "", "", "", ""), source="新CRM", blank_clears=True)
    assert _of(desk, "amount_fen") == [10000]


def test_an_end_that_another_system_says_keeps_its_date_and_reason_beside(make: Any) -> None:
    desk = make()
    desk.rows(DEALS, _deal("初步接触", "100"), source="旧CRM")
    heads = ("商机编号", "客户名称", "商机名称", "阶段", "关闭时间", "丢单原因")
    desk.rows(heads, ("1", "甲公司", "年框", "输单", "2026-06-01", "价格"), source="新CRM")
    assert {("stage", "输单"), ("closed_at", "2026-06-01"), ("loss_reason", "价格")} <= set(desk.alternates())
    assert _of(desk, "status", "loss_reason") == ["open", None]


def test_a_stage_history_of_another_system_makes_no_events(make: Any) -> None:
    first, second = make(), make()
    told = (HISTORY, ("1", "需求确认", "2026-02-01"), ("1", "商务谈判", "2026-03-01"))
    for desk, order in ((first, ("旧CRM", "新CRM")), (second, ("新CRM", "旧CRM"))):
        desk.rows(("商机编号", "客户名称", "商机名称"), ("1", "甲公司", "年框"), source="旧CRM")
        desk.rows(("商机编号", "客户名称", "商机名称"), ("1", "甲公司", "年框"), source="新CRM")
        for source in order:
            if source == "旧CRM":
                desk.rows(HISTORY, ("1", "方案报价", "2026-02-15"), source=source)
            else:
                desk.rows(*told, source=source)
    assert first.dump() == second.dump()
    assert [event["value"] for event in first.records("event")] == ["方案报价"]
    assert first.alternates() == [("stage", "商务谈判"), ("stage", "需求确认")]


def test_a_persons_word_stays_and_the_deciding_system_stands_beside(make: Any) -> None:
    desk = make()
    desk.rows(CUSTOMERS, ("1", "甲公司", "电子", "A"), source="旧CRM")
    set_fields(desk.workspace, "customer", "C1", ["industry=食品"])
    desk.rows(CUSTOMERS, ("1", "甲公司", "机械设备", "A"), source="旧CRM")
    assert _of(desk, "industry", entity="customer") == ["食品"]
    assert desk.alternates() == [("industry", "机械设备")]


def test_a_persons_move_outlives_the_deciding_systems_first_word(make: Any) -> None:
    desk = make()
    desk.rows(DEALS, _deal("初步接触", "100"), source="新CRM")
    move_deal(desk.at(1), "O1", "方案报价", passing=Passing(force=True, because="电话里说定"))
    desk.rows(DEALS, _deal("需求确认", "100"), source="旧CRM", days=2)
    assert _of(desk, "stage") == ["方案报价"]


def test_a_word_that_was_said_before_counts_as_the_deciding_systems(make: Any) -> None:
    words = {"新CRM": ["化工", "精密化工设备"], "旧CRM": ["化工"]}
    orders = {("新CRM", "旧CRM", "新CRM"), ("旧CRM", "新CRM", "新CRM"), ("新CRM", "新CRM", "旧CRM")}
    for order in orders:
        desk = make()
        left = {source: list(said) for source, said in words.items()}
        for source in order:
            desk.rows(CUSTOMERS, ("1", "甲公司", left[source].pop(0), ""), source=source)
        assert _of(desk, "industry", entity="customer") == ["化工"]


def test_the_same_word_again_changes_nothing(make: Any) -> None:
    desk = make()
    desk.rows(CUSTOMERS, ("1", "甲公司", "化工", "A"), source="新CRM")
    counts = [
        desk.rows(CUSTOMERS, ("1", "甲公司", "化工", "A"), source="旧CRM", days=days).tally.counts for days in (1, 2)
    ]
    assert [dict(+count) for count in counts] == [{"updated": 1}, {"same": 1}]


def test_a_mode_for_one_column(desk: Any) -> None:
    desk.rows(CUSTOMERS, ("1", "甲公司", "电子制造", "A级"))
    desk.rows(CUSTOMERS, ("1", "甲公司", "化工", "B"), apart={"行业": Mode.OVERWRITE})
    assert _of(desk, "industry", "level", entity="customer") == ["化工", "A级"]
    desk.rows(CUSTOMERS, ("1", "甲公司", "电子制造业", "B级别"), apart={"industry": Mode.SKIP})
    assert _of(desk, "industry", "level", entity="customer") == ["化工", "B级别"]


def test_a_moving_field_may_be_left_alone(desk: Any) -> None:
    desk.rows(DEALS, _deal("初步接触", "100"))
    desk.rows(DEALS, _deal("方案报价", "200"), apart={"商机金额": Mode.SKIP}, days=1)
    assert _of(desk, "stage", "amount_fen") == ["方案报价", 10000]
    desk.rows(DEALS, _deal("方案报价", "200"), days=2)
    assert _of(desk, "amount_fen") == [20000]


def test_who_says_a_value_is_told_by_the_journal(make: Any) -> None:
    desk = make()
    desk.rows(CUSTOMERS, ("1", "甲公司", "化工", "A"), source="新CRM")
    assert said_by(desk.db, "customer", 1, "industry", "化工") == {"新CRM"}
    taken = desk.load(desk.csv("旧.csv", CUSTOMERS, ("1", "甲公司", "化工", "A")), source="旧CRM", days=1)
    assert said_by(desk.db, "customer", 1, "industry", "化工") == {"新CRM", "旧CRM"}
    assert said_by(desk.db, "customer", 1, "industry", "食品") == set()
    undo_run(desk.at(2), taken.run)
    assert said_by(desk.db, "customer", 1, "industry", "化工") == {"新CRM"}
    set_fields(desk.workspace, "customer", "C1", ["industry=食品"])
    assert said_by(desk.db, "customer", 1, "industry", "食品") == {""}
