"""Undo against random work: imports, series, edits, moves, workbooks taken in; last first or in any order."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from crmcli.domain.records import ENTITIES
from crmcli.domain.stage_history import stage_columns
from crmcli.store.copies import integrity
from crmcli.store.database import open_database
from crmcli.store.records import fetch_where
from crmcli.store.search_keys import keys_out_of_step

Dump = Callable[[Path], list[str]]
SHEETS = (
    ("客户名称,手机,行业", ["甲公司,13800138000,机械", "乙公司,,化工", "丙公司,13700137000,"]),
    ("客户名称,手机,行业,客户级别", ["甲公司,13900139000,医疗,A", "丁公司,,,B"]),
    ("商机编号,商机名称,客户名称,阶段,金额,负责人", ["1,一号,甲公司,需求确认,5万,张伟", "2,二号,乙公司,,8万,"]),
    ("商机编号,商机名称,客户名称,阶段,金额,负责人", ["1,一号,甲公司,方案报价,6万,王芳", "3,三号,,赢单,1万,张伟"]),
    ("商机编号,商机名称,客户名称,阶段,丢单原因", ["2,二号,乙公司,领导在看,", "5,五号,甲公司,输单,老板亲戚做"]),
    ("客户名称,联系人,手机", ["甲公司,张三,13600136000", "乙公司,李四,"]),
)
VERSIONS = {
    "0301": ["1,一号,甲公司,初步接触,4万,张伟", "4,四号,丙公司,需求确认,3万,"],
    "0308": ["1,一号,甲公司,需求确认,5万,李娜", "4,四号,丙公司,搁浅,3万,王芳"],
    "0315": ["1,一号,甲公司,输单,5万,李娜", "2,二号,乙公司,方案报价,9万,王芳"],
}
EDITS = {
    "customer": ["industry=零售", "industry=", "level=C", "phones=13500135000", "phones=", "note=看过"],
    "opp": ["amount=7万", "amount=", "owner=赵磊", "expected_close=2026-12-31", "note=急"],
}


class Journey:
    """Random work in one workspace; `by_person` is the model: what a person set last, and in which run."""

    def __init__(self, crm: Any, seed: int) -> None:
        self.crm = crm
        self.dice = random.Random(seed)
        self.day = 0
        self.by_person: dict[tuple[str, str, str], tuple[str, Any]] = {}

    def run(self, *arguments: str) -> str | None:
        """Return the number of the run that a command line made, None where it made none."""
        self.day += 1
        before = self._newest()
        self.crm(*arguments, code=None, now=f"2026-07-{self.day:02}T09:00:00+08:00")
        return self._newest() if self._newest() != before else None

    def _newest(self) -> str | None:
        return next((run["run"] for run in self.crm("runs", "--limit", "1", "--json").json), None)

    def work(self) -> str | None:
        """Return the number of a random run: an import, versions of a sheet, an edit, a move, a workbook taken in."""
        ways = [self._import, self._import, self._series, self._edit, self._move, self._apply]
        return self.dice.choice(ways)()

    def _import(self) -> str | None:
        headers, rows = self.dice.choice(SHEETS)
        chosen = self.dice.sample(rows, self.dice.randint(1, len(rows)))
        name = self.crm.write(f"{self.day}.csv", headers, *chosen)
        mode, source = self.dice.choice(["fill", "overwrite"]), self.dice.choice(["旧CRM", "新CRM"])
        return self.run("import", name, "--on-match", mode, "--source", source)

    def _series(self) -> str | None:
        chosen = self.dice.sample(sorted(VERSIONS), self.dice.randint(1, len(VERSIONS)))
        for day in chosen:
            self.crm.write(f"2026{day}.csv", SHEETS[2][0], *VERSIONS[day])
        source = self.dice.choice(["旧CRM", "周表"])
        return self.run("series", *(f"2026{day}.csv" for day in chosen), "--source", source)

    def _apply(self) -> str | None:
        """Fill in a workbook that some import or series wrote, whether or not that stands, and take it in."""
        books = sorted(path.name for path in self.crm.folder.glob("[cw]o*-R*.xlsx"))
        if not books:
            return None
        name = self.dice.choice(books)
        book = load_workbook(self.crm.folder / name)
        for row in book.worksheets[0].iter_rows(min_row=2):
            if name.startswith("conflicts"):
                row[0].value = self.dice.choice(["采用对方", "保留我方", None])
            elif row[0].value == "stage":
                row[5].value = self.dice.choice(["商务谈判", "需求确认", None])
        book.save(self.crm.folder / name)
        return self.run("apply", name)

    def _edit(self) -> str | None:
        kind = self.dice.choice(sorted(EDITS))
        record, edit = self._any(kind), self.dice.choice(EDITS[kind])
        if record is None:
            return None
        place = (kind, record, edit.partition("=")[0])
        before = self.value(*place)
        run = self.run(kind, "set", record, edit)
        if run and self.value(*place) != before:
            self.by_person[place] = run, self.value(*place)
        return run

    def _move(self) -> str | None:
        deal = self._any("opp")
        ways = [
            ("win", "--force", "--because", "合同已签"),
            ("void",),
            ("lose", "--reason", "价格"),
            ("reopen",),
            ("move", "初步接触"),
        ]
        way, *more = self.dice.choice(ways)
        return self.run("opp", way, deal, *more) if deal else None

    def _any(self, kind: str) -> str | None:
        found: list[str] = [record["id"] for record in self.crm(kind, "list", "--json").json]
        return self.dice.choice(found) if found else None

    def value(self, kind: str, record: str, key: str) -> Any:
        """Return a field's value, None where the record is gone."""
        told = self.crm(kind, "show", record, "--json", code=None)
        return told.json.get(key) if told.exit_code == 0 else None

    def undo_any(self) -> str | None:
        """Take a random run back; what a person set in other runs must be there afterwards."""
        runs = [run["run"] for run in self.crm("runs", "--json").json if run["kind"] != "undo"]
        if not runs:
            return None
        target = self.dice.choice(runs)
        mine = {place: held for place, held in self.by_person.items() if held[0] != target}
        standing = {place: held for place, held in mine.items() if self.value(*place) == held[1]}
        made = self.run("undo", target)
        for place, held in standing.items():
            assert self.value(*place) == held[1], f"undo {target} lost {place} of {held[0]}"
        self.by_person = mine
        return made


def _check_sound(path: Path) -> None:
    """Assert that references, keys, and the states that stage events leave deals in hold together."""
    with open_database(path) as db:
        assert integrity(db) == []
        assert [off for entity in ENTITIES for off in keys_out_of_step(db, entity)] == []
        events = fetch_where(db, "event", "field = 'stage'")
        for deal in fetch_where(db, "opportunity"):
            own = [event for event in events if event["opportunity_id"] == deal["id"]]
            state = stage_columns(own, "9999") or {"stage": None, "status": "open", "closed_at": None}
            assert {key: deal[key] for key in state} == state, deal["id"]


def _last_first(crm: Any, dump: Dump, seed: int) -> list[str]:
    """Return the runs that undo, last first, did not take back wholly."""
    journey = Journey(crm, seed)
    states, made = [dump(crm.db)], []
    for _ in range(6):
        run = journey.work()
        if run:
            made.append(run)
            states.append(dump(crm.db))
            _check_sound(crm.db)
    wrong = []
    for run, before in zip(reversed(made), reversed(states[:-1]), strict=True):
        if crm("undo", run, "--json").json["kept"] or dump(crm.db) != before:
            wrong.append(run)
        _check_sound(crm.db)
    return wrong


def _any_order(crm: Any, dump: Dump, seed: int) -> list[str]:
    """Return the undoings that, undone again, did not leave what was there before."""
    wrong = []
    journey = Journey(crm, seed)
    for _ in range(10):
        if journey.dice.random() < 0.6:
            journey.work()
            continue
        before = dump(crm.db)
        made = journey.undo_any()
        again = made if made and journey.dice.random() < 0.5 else None
        if again and (crm("undo", again, "--json").json["kept"] or dump(crm.db) != before):
            wrong.append(again)
        _check_sound(crm.db)
    return wrong


@pytest.mark.parametrize("seed", range(6))
def test_runs_undone_last_first_leave_each_state_as_it_was(crm: Any, dump: Dump, seed: int) -> None:
    assert _last_first(crm, dump, seed) == []


@pytest.mark.parametrize("seed", range(6))
def test_runs_undone_in_any_order_never_lose_what_a_person_set(crm: Any, dump: Dump, seed: int) -> None:
    assert _any_order(crm, dump, seed) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 200))
def test_many_journeys_can_be_taken_back(crm: Any, dump: Dump, seed: int) -> None:
    journey = _last_first if seed % 2 else _any_order
    assert journey(crm, dump, seed) == []
