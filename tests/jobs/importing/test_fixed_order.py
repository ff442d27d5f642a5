"""The same rows, whatever comes first: identical canonical dumps."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest

Table = tuple[str, Sequence[Sequence[object]]]
CUSTOMERS = [
    ("客户编号", "客户名称", "行业", "客户级别", "公司电话", "客户标签", "地址", "网址"),
    ("1", "华东精密机械有限公司", "机械", "A", "021-62345678", "重点", "上海市浦东新区张江路1号", "a.cn"),
    ("1", "华东精密", "机械制造", "", "13800000000", "老客户", "", "b.cn"),
    ("2", "鼎信物流", "物流", "B", "13800000000", "", "江苏省苏州市新城路2号", ""),
    ("", "鼎信 物流", "", "C（非优先）", "", "老客户", "", ""),
    ("3", "景明科技", "", "", "0512-12345678", "", "", "c.cn"),
    ("", "景明科技", "软件", "", "", "重点", "", ""),
    ("", "嘉禾建材", "建材", "", "", "", "", ""),
    ("合计", "", "", "", "", "", "", ""),
]
CONTACTS = [
    ("客户名称", "联系人", "手机", "职务", "负责人"),
    ("华东精密", "张三", "13900000001", "采购", "王芳"),
    ("华东精密机械有限公司", "张三", "13900000002", "采购经理", "李雷"),
    ("鼎信物流", "李四", "13900000003", "", ""),
    ("鼎信物流", "李先生", "13900000003", "总监", "王芳"),
    ("新公司", "王五", "", "", ""),
]
DEALS = [
    ("商机编号", "客户名称", "商机名称", "金额", "阶段", "负责人", "创建时间"),
    ("D1", "华东精密", "年框", "100", "初步接触", "王芳", "2026-01-01"),
    ("D1", "华东精密", "年度框架", "2000", "商务谈判", "", "2026-01-01"),
    ("", "鼎信物流", "试点", "100", "方案报价", "李雷", "2026-02-01"),
    ("", "鼎信物流", "试点", "300", "方案报价", "李雷", "2026-02-01"),
    ("D4", "", "无主", "5", "黄了", "", ""),
]
HISTORY = [
    ("商机编号", "阶段", "变更时间", "变更人"),
    ("D1", "初步接触", "2026-01-02", "王芳"),
    ("D1", "方案报价", "2026-02-02", "王芳"),
    ("D4", "输单", "2026-03-02", ""),
]
TABLES: list[Table] = [("客户.csv", CUSTOMERS), ("联系人.csv", CONTACTS), ("商机.csv", DEALS), ("历史.csv", HISTORY)]


def _whole(desk: Any) -> list[str]:
    desk.load(*[desk.csv(name, *rows) for name, rows in TABLES])
    dump: list[str] = desk.dump()
    return dump


def test_twice_changes_nothing_but_the_run(desk: Any) -> None:
    before = _whole(desk)
    counted = "SELECT (SELECT count(*) FROM change) AS changes, (SELECT count(*) FROM record_key) AS keys"
    rows = desk.db.rows(counted)
    result = desk.load(*[str(desk.folder / name) for name, _ in TABLES])
    assert desk.dump() == before
    assert desk.db.rows(counted) == rows
    changed = {key: sum(s.tally.counts[key] for s in result.sheets) for key in ("new", "updated", "same", "review")}
    assert changed == {"new": 0, "updated": 0, "same": 20, "review": 0}


@pytest.mark.parametrize("seed", range(5))
def test_shuffled_rows(new_desk: Any, seed: int) -> None:
    one, other = new_desk(), new_desk()
    rng = random.Random(seed)
    shuffled = [(name, [rows[0], *rng.sample(rows[1:], len(rows) - 1)]) for name, rows in TABLES]
    other.load(*[other.csv(name, *rows) for name, rows in shuffled])
    assert other.dump() == _whole(one)


@pytest.mark.parametrize("part", [slice(1, 3), slice(3, None), slice(1, 5)])
def test_half_then_whole(new_desk: Any, part: slice) -> None:
    one, other = new_desk(), new_desk()
    other.load(*[other.csv(f"half {name}", rows[0], *rows[part]) for name, rows in TABLES])
    assert _whole(other) == _whole(one)


def test_files_in_any_order_in_one_command(new_desk: Any) -> None:
    one, other = new_desk(), new_desk()
    other.load(*[other.csv(name, *rows) for name, rows in TABLES[::-1]])
    assert other.dump() == _whole(one)


def test_renamed_and_saved_as_something_else(new_desk: Any) -> None:
    one, other = new_desk(), new_desk()
    dump = _whole(one)
    books = [one.book(f"改名{i}.xlsx", 数据=rows) for i, (_, rows) in enumerate(TABLES)]
    result = one.load(*books)
    assert sum(sheet.tally.counts["new"] + sheet.tally.counts["updated"] for sheet in result.sheets) == 0
    other.load(*[other.book(f"{name}.xlsx", 甲=rows) for name, rows in TABLES])
    assert one.dump() == dump == other.dump()


def _two_sources(desk: Any, first: int) -> list[str]:
    phone = "13800000000"
    sheets = [
        [
            ("1", "甲公司", "机械", "A", "021-62345678", "重点", "上海市张江路1号", "a.cn"),
            ("", "乙公司", "", "", phone, "", "", ""),
        ],
        [("9", "甲 公司", "机械制造", "B", phone, "", "", "b.cn"), ("8", "丙公司", "电子", "", phone, "", "", "")],
    ]
    for index in (first, 1 - first):
        desk.load(desk.csv(f"{index}.csv", CUSTOMERS[0], *sheets[index]), source=f"系统{index}")
    dump: list[str] = desk.dump()
    return dump


def test_two_sources_in_either_order(new_desk: Any) -> None:
    one, other = new_desk(), new_desk()
    assert _two_sources(one, 0) == _two_sources(other, 1)
    assert len(one.records("pair")) == 3


def test_two_files_of_one_source_in_either_order(new_desk: Any) -> None:
    one, other = new_desk(), new_desk()
    rows = [(CUSTOMERS[0], row) for row in CUSTOMERS[1:7]]
    for pair in rows:
        one.load(one.csv("x.csv", *pair))
    for pair in reversed(rows[:3] + rows[4:5]):
        other.load(other.csv("x.csv", *pair))
    for pair in rows:
        other.load(other.csv("x.csv", *pair))
    assert other.dump() == one.dump()
