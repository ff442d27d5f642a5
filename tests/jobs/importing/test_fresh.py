from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crmcli.commands.import_shown import import_document
from crmcli.importers.plain import PlainRows, plain_rows
from crmcli.jobs.importing import sheets

_SOUND = 0.85  # so many cells are what most rows have
_TABLES = ("customer", "contact", "lead", "opportunity", "alternate", "pair", "source_row")
_HEADERS = {
    "customer": [
        "客户编号",
        "客户名称",
        "联系人",
        "手机",
        "公司电话",
        "省份",
        "城市",
        "详细地址",
        "负责人",
        "创建时间",
        "随便",
    ],
    "contact": ["客户名称", "姓名", "职务", "手机", "微信", "负责人", "创建时间"],
    "lead": ["线索名称", "公司", "手机", "邮箱", "来源", "负责人"],
    "opportunity": [
        "商机编号",
        "商机名称",
        "客户名称",
        "联系人",
        "手机",
        "省份",
        "商机金额",
        "预计成交日期",
        "负责人",
        "创建时间",
        "商机阶段",
        "随便",
    ],
}  # fmt: skip


def _cell(header: str, dice: random.Random, number: int) -> str:
    some = dice.randrange(40)
    texts: dict[str, list[str]] = {
        "客户编号": [f"K{number}", ""],
        "客户名称": [f"第{number}科技有限公司", f"第{some}科技有限公司", f"第 {some} 科技有限公司", "王**"],
        "公司": [f"第{number}科技有限公司", f"第{some}科技有限公司", ""],
        "联系人": ["张三", "李四", "张三/李四", "", f"王五 138{some:08d}"],
        "姓名": ["张三", "李四", ""],
        "线索名称": ["张三", f"李{number}", "赵先生"],
        "手机": [f"138{number:08d}", f"138{some:08d}", "12", ""],
        "公司电话": [f"0512-6{number:07d}", ""],
        "省份": ["江苏", "", "华东"],
        "城市": ["苏州", "", "朝阳"],
        "详细地址": [f"江苏省苏州市昆山市新城路{number}号", f"上海市人民路{number}号", ""],
        "负责人": ["张伟", "李 娜", "王强", ""],
        "创建时间": ["2026-03-04", "2026/3/5", "很久以前", ""],
        "邮箱": [f"a{number}@b.cn", "A", ""],
        "微信": [f"wx{number}", ""],
        "商机编号": [f"S{number}", "", f"S{some}"],
        "商机名称": [f"年框{number}", "", "设备采购"],
        "商机金额": [f"{number}00.5", "", "1万", "USD 5000", "面议", "0"],
        "预计成交日期": ["2026-06-30", "", "2026/9/1"],
        "商机阶段": ["方案报价", "", "赢单", "报价中", "谈着", "初步接触"],
    }
    choices = texts.get(header, ["A", "B", ""])
    return choices[0] if dice.random() < _SOUND else dice.choice(choices)


def _rows(kind: str, count: int, seed: int) -> list[list[str]]:
    dice = random.Random(seed)
    return [_HEADERS[kind], *([_cell(header, dice, number) for header in _HEADERS[kind]] for number in range(count))]


def _everything(desk: Any, run: Any) -> dict[str, Any]:
    sql = "SELECT * FROM {} ORDER BY 1, 2, 3, 4"
    kept = {table: desk.db.rows(sql.format(table)) for table in _TABLES}
    # the number of an event says nothing: deals that are made together may get theirs in any order
    change = "SELECT entity, iif(entity = 'event', 0, record_id), op, before, after, source_row FROM change"
    kept["change"] = desk.db.rows(f"{change} ORDER BY 1, 2, 3, 4, 5, 6")
    keys = "SELECT entity, kind, value, iif(entity = 'event', 0, record_id) FROM record_key"
    kept["keys"] = desk.db.rows(f"{keys} ORDER BY 1, 2, 3, 4")
    events = desk.db.rows("SELECT * FROM event ORDER BY opportunity_id, recorded, at, value, kind")
    kept["event"] = [event | {"id": 0} for event in events]
    shown = import_document(run)
    for sheet in shown["sheets"]:
        sheet["file"] = Path(sheet["file"]).name
    return {**kept, "shown": [shown["sheets"], shown.get("rejected")]}


@pytest.fixture
def desks(new_desk: Callable[[], Any]) -> tuple[Any, Any]:
    return new_desk(), new_desk()


@pytest.mark.parametrize("kind", sorted(_HEADERS))
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 8))])
def test_column_by_column_or_row_by_row_gives_the_same(
    desks: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch, kind: str, seed: int
) -> None:
    found: list[int] = []

    def counted(*args: Any) -> PlainRows:
        rows = plain_rows(*args)
        found.append(len(rows.rows))
        return rows

    monkeypatch.setattr(sheets, "CHUNK", 50)
    results = []
    for desk, chosen in zip(desks, (counted, lambda *args: plain_rows(*args).between(0, 0)), strict=True):
        monkeypatch.setattr(sheets, "plain_rows", chosen)
        first = desk.load(desk.csv("a.csv", *_rows(kind, 120, seed)))
        second = desk.load(desk.csv("b.csv", *_rows(kind, 160, seed + 7)))
        results.append((_everything(desk, first), _everything(desk, second)))
    assert results[0] == results[1]
    assert sum(found) > 20


def test_a_row_that_finds_an_older_record_or_its_old_name_is_taken_row_by_row(desk: Any) -> None:
    headers = ["客户编号", "客户名称", "客户级别"]
    desk.load(desk.csv("a.csv", headers, ["1", "甲公司", "A"]))
    desk.load(desk.csv("b.csv", headers, ["1", "甲科技公司", ""]))
    desk.load(desk.csv("c.csv", ["客户名称", "客户行业"], ["甲公司", "制造"], ["乙公司", "制造"]))
    assert desk.db.values("SELECT name FROM customer ORDER BY id") == ["甲科技公司", "乙公司"]
    assert desk.db.value("SELECT industry FROM customer WHERE id = 1") == "制造"


def test_a_guess_follows_what_it_was_guessed_from(desk: Any) -> None:
    headers = ["客户名称", "公司电话", "详细地址"]
    named, phoned = ["杭州华东机械有限公司", "", ""], ["杭州华东机械有限公司", "", "上海市浦东新区张江路1号"]
    area = "SELECT province || coalesce(city, '') || coalesce(district, '') FROM customer"
    desk.load(desk.csv("a.csv", headers, named, ["滨江机械有限公司", "021-62345678", ""]))
    assert desk.db.values(area) == ["浙江杭州", "上海上海"]
    desk.load(desk.csv("b.csv", headers, phoned))
    assert desk.db.values(area)[0] == "上海上海浦东新区"
    desk.load(desk.csv("c.csv", ["客户名称", "省份"], ["杭州华东机械有限公司", "浙江"]))
    assert desk.db.values("SELECT province FROM customer")[0] == "浙江"
