"""A made-up sales company at work, day after day, by the jobs that people and cron use: all by a seed and a clock.

What it did is told to an `Eye`, which the tests check it with.
"""

from __future__ import annotations

import csv
import json
import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from crmcli.config import load_settings
from crmcli.jobs.assigning.assign import assign_opportunities
from crmcli.jobs.assigning.grading import grade_opportunities
from crmcli.jobs.deals.moves import lose_deal, move_deal, reopen_deal, void_deal, win_deal
from crmcli.jobs.handover.handing_over import hand_over
from crmcli.jobs.import_files import ImportOptions, import_files
from crmcli.jobs.leads.decided import disqualify_lead
from crmcli.jobs.leads.qualify import Wanted, qualify_lead
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.pool.claim import ClaimRefused, claim_customer
from crmcli.jobs.pool.recycle import run_pool
from crmcli.jobs.records.editing import set_fields
from crmcli.jobs.setup import make_workspace
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import open_database

_ZONE = ZoneInfo("Asia/Shanghai")
STAGES = ("初步接触", "需求确认", "方案报价", "商务谈判")
SOURCES = ("官网", "展会", "转介绍", "电话")
LOSSES = ("价格", "竞品", "预算", "时机", "失联")
CITIES = ("上海", "苏州", "杭州", "广州", "深圳", "北京", "成都", "")
_TRADES = ("精密机械", "电子科技", "新材料", "医疗器械", "仓储物流", "自动化设备")
_BRANDS = "云海星河天地山川日月华瑞金德鑫宏博远泰康安信达隆"
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
_UNTOUCHED = """
SELECT id, owner FROM opportunity WHERE status = 'open' AND owner IS NOT NULL
AND id NOT IN (SELECT opportunity_id FROM activity WHERE opportunity_id IS NOT NULL)
"""
DIRECTOR = "欧阳明"


@dataclass(frozen=True)
class Scale:
    """How large a company is simulated, and for how long; `days_at` are days by what part of it is over."""

    people: int
    first: date
    days: int
    leads: int

    def days_at(self, *thirtieths: int) -> list[int]:
        return [self.days * part // 30 for part in thirtieths]


@dataclass
class Seller:
    """One [[owner]] of crm.toml, as it is written there."""

    name: str
    team: str
    weight: int = 1
    manager: str = DIRECTOR
    deputy: str = ""
    provinces: list[str] = field(default_factory=list)
    leave: list[tuple[date, date]] = field(default_factory=list)
    work_days: list[str] = field(default_factory=list)
    limits: dict[str, int] = field(default_factory=dict)
    active: bool = True


class Eye:
    """Who watches: around each transfer, after each move of a stage, and at each day's end; this one sleeps."""

    def begins(self, company: Company) -> None: ...
    def before(self) -> None: ...
    def after(self, kind: str, result: Any) -> None: ...
    def moved(self, deal: int, stage: str) -> None: ...
    def ends_day(self) -> None: ...


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value.isoformat() if isinstance(value, date) else value, ensure_ascii=False)


def _table(name: str, values: dict[str, Any]) -> str:
    return "\n".join([name, *(f"{key} = {_toml(one)}" for key, one in values.items() if one not in ("", []))])


def _sellers(scale: Scale, dice: random.Random) -> list[Seller]:
    teams = ("大客户", "华东", "华南", "其他")
    names = [f"{_SURNAMES[number]}{'伟芳强敏静磊洋艳勇杰'[number % 10]}" for number in range(scale.people)]
    made = [Seller(name, teams[number % len(teams)]) for number, name in enumerate(names)]
    for number, seller in enumerate(made):
        seller.weight = dice.choice([1, 1, 2, 3])
        if seller.team == "大客户":  # always there, without limits
            continue
        mates = [one for one in made if one.team == seller.team]
        seller.manager = mates[0].name if mates[0] is not seller else DIRECTOR
        seller.deputy = mates[(mates.index(seller) + 1) % len(mates)].name if len(mates) > 1 else ""
        if seller.team == "华东" and number % 3 == 0:
            seller.provinces = ["上海", "江苏"]
        if dice.random() < 0.3:
            seller.work_days = ["mon", "tue", "wed", "thu", "fri"]
        limits = {"max_open": (12, 40), "max_per_day": (2, 4), "max_per_month": (10, 40)}
        seller.limits = {key: dice.randint(*span) for key, span in limits.items() if dice.random() < 0.6}
        for _ in range(dice.randint(0, 2)):
            start = scale.first + timedelta(days=dice.randrange(scale.days))
            seller.leave.append((start, start + timedelta(days=dice.randint(0, 9))))
    return [*made, Seller(DIRECTOR, "管理", weight=0, manager="")]


class Company:
    """A company in a workspace of its own; `clock` is its time, `now` a workspace at it."""

    def __init__(self, folder: Path, scale: Scale, seed: int, eye: Eye) -> None:
        self.scale, self.dice, self.eye = scale, random.Random(seed), eye
        self.sellers = _sellers(scale, self.dice)
        self.phase, self.day = 0, scale.first
        self.clock = datetime.combine(self.day, time(8), _ZONE)
        self.folder, self.did = folder, dict[str, int]()
        made = make_workspace(folder, "zh", self.settings_text())
        self.path = made.config
        self.db = open_database(made.db)
        self.db.connection.execute("PRAGMA synchronous = OFF")
        self.settings = load_settings(self.path)
        eye.begins(self)

    @property
    def rules(self) -> dict[str, Any]:
        """Return the rules of the time, as they are written: `assign`, `pool` and `grade`."""
        return tomllib.loads(self._written())

    def _written(self) -> str:
        return (Path(__file__).parent / f"rules-{self.phase + 1}.toml").read_text(encoding="utf-8")

    def settings_text(self) -> str:
        people = [{**vars(one), "limits": "", **one.limits} for one in self.sellers]
        return "\n\n".join([self._written(), *(_table("[[owner]]", one) for one in people)]) + "\n"

    def new_settings(self, phase: int) -> None:
        self.phase = phase
        self.path.write_text(self.settings_text(), encoding="utf-8")
        self.settings = load_settings(self.path)

    def now(self, actor: str = "cron") -> Workspace:
        """Return the workspace a little later than what was done last."""
        self.clock += timedelta(seconds=20)
        instant = self.clock
        return Workspace(self.db, self.settings, lambda: instant, actor, "crmcli", self.path)

    def there(self) -> list[str]:
        return [one.name for one in self.sellers if one.active and one.name != DIRECTOR]

    def count(self, what: str) -> None:
        self.did[what] = self.did.get(what, 0) + 1

    def live(self) -> None:
        for number in range(self.scale.days):
            self.day = self.scale.first + timedelta(days=number)
            self.clock = datetime.combine(self.day, time(8), _ZONE)
            self._one_day(number)
            self.eye.ends_day()

    def _one_day(self, number: int) -> None:
        turning, quits = self.scale.days_at(10, 20), self.scale.days_at(12, 24)
        if number in turning:
            self.new_settings(self.phase + 1)
        self._leads_come(number)
        works = chinese_calendar.is_workday(self.day)
        if works:
            self._qualify()
        self._assign(reassign=number == turning[1] + 2)
        if works:
            self._work()
        if number % 7 == 3:
            grade_opportunities(self.now())
        if number in quits:
            self._quit(by_rules=number == quits[1])
        self.eye.before()
        self.eye.after("pool", run_pool(self.now()))

    def _leads_come(self, number: int) -> None:
        total, days = self.scale.leads, self.scale.days
        numbers = range(total * number // days, total * (number + 1) // days)
        path = self.folder / "leads.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = [("线索名称", "线索公司", "线索电话", "线索来源", "线索负责人"), *map(self._lead, numbers)]
            csv.writer(file).writerows(rows)
        import_files(self.now("前台"), [str(path)], ImportOptions())

    def _lead(self, number: int) -> tuple[str, ...]:
        company = number if number < 10 or self.dice.random() > 0.15 else self.dice.randrange(number)
        city = CITIES[company % len(CITIES)]
        brand = "".join(_BRANDS[company // 24**place % 24] for place in range(3))
        name = f"{city}{brand}{_TRADES[company % len(_TRADES)]}有限公司"
        owner = self.dice.choice(self.there()) if self.dice.random() < 0.1 else ""
        return (
            f"林{_BRANDS[number % 24]}{_BRANDS[number // 24 % 24]}",
            name,
            f"139{number:08d}",
            self.dice.choice(SOURCES),
            owner,
        )

    def _qualify(self) -> None:
        waiting = self.db.rows("SELECT id, status FROM lead WHERE decided_at IS NULL ORDER BY id")
        for lead in waiting:
            ref, chance = f"L{lead['id']}", self.dice.random()
            if chance < 0.2:
                log_activity(self.now("前台"), ref, "联系过")
            elif chance < 0.5:
                disqualify_lead(self.now("前台"), ref, self.dice.choice(["无需求", "无预算", "联系不上"]))
                self.count("disqualified")
            elif chance < 0.9:
                amount = self.dice.choice(["3万", "8万", "20万", "60万", ""])
                owner = self.dice.choice(self.there()) if self.dice.random() < 0.1 else ""
                qualify_lead(self.now("前台"), ref, Wanted(amount=amount, owner=owner))
                self.count("qualified")

    def _assign(self, *, reassign: bool) -> None:
        if self.dice.random() < 0.1:
            self.eye.before()
            self.eye.after("rehearsal", assign_opportunities(self.now(), reassign=reassign, dry_run=True))
        self.eye.before()
        self.eye.after("assign", assign_opportunities(self.now(), reassign=reassign))

    def _work(self) -> None:
        self._contact()
        deals = self.db.rows("SELECT * FROM opportunity WHERE status = 'open' AND owner IS NOT NULL ORDER BY id")
        for deal in self.dice.sample(deals, min(len(deals), 3 * self.scale.people)):
            chance, ref = self.dice.random(), f"O{deal['id']}"
            if chance < 0.35:
                log_activity(
                    self.now(deal["owner"]), ref, "打过电话", next_at=(self.day + timedelta(days=5)).isoformat()
                )
                self.count("follow-ups")
            elif chance < 0.75:
                self._move(deal, ref)
            elif chance < 0.80:
                set_fields(self.now("主管"), "opportunity", ref, [f"owner={self.dice.choice(self.there())}"])
                self.count("manual owners")
            elif deal["customer_id"]:
                self._take_customer(deal)
        for deal in self.db.rows("SELECT id, owner FROM opportunity WHERE status IN ('lost', 'void') ORDER BY id"):
            if self.dice.random() < 0.002 and deal["owner"] in self.there():  # a leaver's deals are not taken up again
                self.eye.moved(deal["id"], reopen_deal(self.now("主管"), f"O{deal['id']}")["stage"])
                self.count("reopened")
        self._claim()

    def _contact(self) -> None:
        large = {one.name for one in self.sellers if one.team == "大客户"}
        for deal in self.db.rows(_UNTOUCHED):
            if deal["owner"] in large or self.dice.random() < 0.5:
                log_activity(self.now(deal["owner"]), f"O{deal['id']}", "第一次联系")
                self.count("first contacts")

    def _take_customer(self, deal: dict[str, Any]) -> None:
        ref = f"C{deal['customer_id']}"
        held = self.db.value("SELECT coalesce(owner, pool) FROM customer WHERE id = ?", (deal["customer_id"],))
        if not held or self.dice.random() < 0.1:
            set_fields(self.now(deal["owner"]), "customer", ref, [f"owner={deal['owner']}"])
            self.count("customers taken")

    def _move(self, deal: dict[str, Any], ref: str) -> None:
        at, who, chance = self.now, deal["owner"], self.dice.random()
        place = STAGES.index(deal["stage"])
        if chance < 0.2:
            lose_deal(at(who), ref, self.dice.choice(LOSSES), note="没谈成")
            after = "输单"
        elif chance < 0.23:
            void_deal(at(who), ref)
            after = "无效"
        elif chance < 0.28:
            after = move_deal(at(who), ref, STAGES[max(0, place - 1)])["stage"] if place else ""
        else:
            wanted = {"amount": "5万", "expected_close": "2026-12-31", "product": "标准版"}
            columns = {"amount": "amount_fen"}
            lacks = [f"{key}={value}" for key, value in wanted.items() if deal[columns.get(key, key)] is None]
            if lacks:
                set_fields(at(who), "opportunity", ref, lacks)
            step = min(place + self.dice.choice([1, 1, 2]), len(STAGES))
            after = (win_deal(at(who), ref) if step == len(STAGES) else move_deal(at(who), ref, STAGES[step]))["stage"]
        if after:
            self.eye.moved(deal["id"], after)
            self.count({"赢单": "won", "输单": "lost", "无效": "void"}.get(after, "moves"))

    def _claim(self) -> None:
        pooled = self.db.values("SELECT id FROM customer WHERE owner IS NULL AND pool IS NOT NULL ORDER BY id")
        for number in self.dice.sample(pooled, min(len(pooled), 1 + self.scale.people // 2)):
            try:
                claim_customer(self.now(self.dice.choice(self.there())), f"C{number}")
                self.count("claimed")
            except ClaimRefused:
                self.count("claims refused")

    def _quit(self, *, by_rules: bool) -> None:
        team = [one for one in self.sellers if one.active and one.team in ("华东", "其他")]
        leaver = self.dice.choice(team)
        others = sorted({*self.there()} - {leaver.name})
        self.eye.before()
        done = hand_over(self.now("主管"), leaver.name, ["rules"] if by_rules else self.dice.sample(others, 2))
        leaver.active = False
        self.new_settings(self.phase)
        self.eye.after("handover", done)
        self.count("handovers")


@pytest.fixture(scope="session")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Company]]:
    """Return what gives a company that has lived, by its scale and seed; each lives once, unless an eye watches."""
    lived: dict[tuple[Scale, int], Company] = {}
    watched: list[Company] = []

    def company(scale: Scale, seed: int, eye: Eye | None = None) -> Company:
        if eye is None and (scale, seed) in lived:
            return lived[scale, seed]
        made = Company(tmp_path_factory.mktemp("company") / "desk", scale, seed, eye or Eye())
        made.live()
        lived.update({} if eye else {(scale, seed): made})
        watched.append(made)
        return made

    yield company
    for one in watched:
        one.db.connection.close()


@pytest.fixture(scope="session")
def half_year() -> Scale:
    return Scale(20, date(2026, 1, 5), 26 * 7, 5000)


@pytest.fixture(scope="session")
def three_weeks() -> Scale:  # a week of holidays with its make-up working days lies in them
    return Scale(6, date(2026, 2, 9), 21, 120)
