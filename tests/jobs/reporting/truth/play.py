"""Opportunities played forward by a seed, into a real workspace, and the list of facts that was told to it.

A fact says what became of an opportunity, when that was, when it was recorded and, where an import was taken back,
until when it stood. Nothing here knows how a report counts.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crmcli.config import load_settings
from crmcli.errors import CrmError
from crmcli.jobs.deal_moves import lose_deal, move_deal, reopen_deal, void_deal, win_deal
from crmcli.jobs.editing import set_fields
from crmcli.jobs.import_files import ImportOptions, import_files
from crmcli.jobs.setup import make_workspace
from crmcli.jobs.undo import undo_run
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import open_database

ZONE = ZoneInfo("Asia/Shanghai")
STAGES = ("初步接触", "需求确认", "方案报价", "商务谈判")
CHANCE = {"初步接触": 10, "需求确认": 30, "方案报价": 50, "商务谈判": 80}
CATEGORY = {"初步接触": "pipeline", "需求确认": "pipeline", "方案报价": "best_case", "商务谈判": "commit"}
ENDS = {"赢单": "won", "输单": "lost", "无效": "void"}
ELSEWHERE = "暂搁置"
UNMAPPED = "老板换人了"
OWNERS = ("张伟", "王芳", "李强", "赵敏")
TEAMS = {"张伟": "华东", "王芳": "华东", "李强": "华南", "赵敏": "华南"}
MIN_N = 3
CONFIG = """
[workspace]
timezone = "Asia/Shanghai"
currency = "CNY"
min_n = 3
[[pipeline]]
key = "standard"
name = "标准"
stages = [
  { name = "初步接触", probability = 10, rot_days = 7, category = "pipeline" },
  { name = "需求确认", probability = 30, rot_days = 14, category = "pipeline" },
  { name = "方案报价", probability = 50, rot_days = 14, category = "best_case" },
  { name = "商务谈判", probability = 80, max_days = 20, category = "commit" },
]
[loss]
required = false
reasons = ["价格", "竞品", "预算", "时机"]
""" + "".join(f'[[owner]]\nname = "{name}"\nteam = "{team}"\n' for name, team in TEAMS.items())
FIRST, LATER, WRONG, UNDONE = (
    datetime.fromisoformat(f"2026-{day}:00+08:00")
    for day in ("03-31T20:00", "04-30T20:00", "05-20T20:00", "05-25T20:00")
)
_DEAL_HEADERS = ("商机编号", "商机名称", "创建时间", "负责人", "产品", "来源", "竞争对手", "商机金额", "币种",
                 "预计成交日期", "阶段", "结束时间", "丢单原因")  # fmt: skip
_HISTORY_HEADERS = ("商机编号", "阶段", "变更时间", "丢单原因")


@dataclass(frozen=True)
class Fact:
    """Something that became so. `at` is a day, an instant or unknown; `removed` is when it was taken back.

    `left` is the stage or end that it was told to come from; None: nobody said.
    """

    at: str | None
    recorded: datetime
    value: str | None
    reason: str | None = None
    inferred: bool = False
    left: str | None = None
    removed: datetime | None = None


@dataclass
class Deal:
    """What was told of one opportunity: what it began with, and what became of it."""

    key: str
    created: str | None
    owner: str | None
    product: str | None
    source: str | None
    competitor: str | None
    amount: str | None
    currency: str
    close: str | None
    stages: list[Fact] = field(default_factory=list)
    owners: list[Fact] = field(default_factory=list)
    amounts: list[Fact] = field(default_factory=list)
    closes: list[Fact] = field(default_factory=list)
    present: tuple[str, str | None, str | None] | None = None  # stage, closed at, loss reason of its row


def moment(at: str) -> datetime:
    """Return an instant, that of a day's beginning."""
    found = datetime.fromisoformat(at)
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


class World:
    """A workspace with a clock that tests move, and the facts of the opportunities in it."""

    def __init__(self, folder: Path, seed: int, count: int = 50, names: Callable[[str], str] = str) -> None:
        self.folder, self.dice, self.seed = folder, random.Random(seed), seed
        self.named, self.clock = names, FIRST
        text = CONFIG
        for name in OWNERS:
            text = text.replace(f'"{name}"', f'"{names(name)}"')
        made = make_workspace(folder, "zh", text)
        self.workspace = Workspace(
            open_database(made.db), load_settings(made.config), lambda: self.clock, "tester", "crmcli", made.config
        )
        self.deals = [self._born(f"S{number}") for number in range(1, count + 1)]
        self._histories()

    def _pick(self, *ways: tuple[float, Any]) -> Any:
        return self.dice.choices([one for _, one in ways], [weight for weight, _ in ways])[0]

    def _day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.dice.randint(0, (last - first).days))

    def _at(self, day: date) -> str:
        """Return a day, or an instant in it."""
        if self.dice.random() < 0.5:
            return day.isoformat()
        minutes = self.dice.randint(8 * 60, 20 * 60 - 1)
        return f"{day.isoformat()}T{minutes // 60:02}:{minutes % 60:02}:00+08:00"

    def _money(self) -> str | None:
        money: str | None = self._pick((1, None), (6, f"{self.dice.randint(1, 400) * 100}.00"), (1, "1234.56"))
        return money

    def _born(self, key: str) -> Deal:
        dice = self.dice
        created = self._at(self._day(date(2026, 1, 5), date(2026, 3, 25))) if dice.random() < 0.8 else None
        close = self._day(date(2026, 3, 1), date(2026, 9, 30)).isoformat() if dice.random() < 0.8 else None
        return Deal(key, created, self._pick((1, None), *((3, one) for one in OWNERS)), dice.choice(["泵", "阀", None]),
                    dice.choice(["官网", "展会", None]), dice.choice(["甲厂", None, None]), self._money(),
                    self._pick((5, "CNY"), (1, "USD")), close)  # fmt: skip

    def _histories(self) -> None:
        """Decide what the two sheets of stages and the one taken back later tell of each opportunity."""
        for deal in self.deals:
            way = self._pick((6, "history"), (1.5, "present"), (0.5, "nothing"))
            if way == "present":
                self._read_off(deal)
            if way == "history" or (way == "present" and deal.present and deal.present[0] in STAGES
                                    and self.dice.random() < 0.2):  # fmt: skip
                self._walk(deal)

    def _read_off(self, deal: Deal) -> None:
        stage = self._pick((5, self.dice.choice(STAGES)), (1, ELSEWHERE), (2, self.dice.choice(list(ENDS))))
        closed = reason = None
        if stage in ENDS:
            closed = self._pick((3, self._day(date(2026, 3, 26), date(2026, 3, 31)).isoformat()), (1, None))
            reason = self._reason(stage)
        deal.present = (stage, closed, reason)
        at = closed if stage in ENDS else deal.created
        deal.stages.append(Fact(at, FIRST, stage, reason, inferred=stage not in ENDS or closed is None))

    def _reason(self, stage: str) -> str | None:
        return self._pick((2, None), (3, "价格"), (2, "竞品"), (1, "预算"), (1, UNMAPPED)) if stage == "输单" else None

    def _walk(self, deal: Deal) -> None:
        """Walk through the stages from the creation, or some day, to the end of April: each step on a later day."""
        day = moment(deal.created).date() if deal.created else self._day(date(2026, 1, 5), date(2026, 3, 20))
        rank, closed = self._pick((5, 1), (1, 2), (0.5, 3)), False
        stage = self._pick((20, STAGES[rank - 1]), (1, ELSEWHERE))
        while day <= date(2026, 5, 8):
            at = self._at(day)
            recorded = LATER if day > FIRST.date() or self.dice.random() < 0.15 else FIRST
            deal.stages.append(Fact(at, recorded, stage, self._reason(stage)))
            if closed and self.dice.random() < 0.7:
                break
            day += timedelta(days=self.dice.randint(1, 25))
            move = "reopen" if closed else self._pick(
                (5, "on"), (1, "skip"), (1, "back"), (1, "won"), (1.2, "lost"), (0.5, "void"),
                (0.15, "aside"))  # fmt: skip
            closed = move in ("won", "lost", "void")
            rank = {"on": min(rank + 1, 4), "skip": min(rank + 2, 4), "back": max(rank - 1, 1)}.get(move, rank)
            ended = {"won": "赢单", "lost": "输单", "void": "无效", "aside": ELSEWHERE}.get(move)
            if not ended and stage == STAGES[rank - 1]:
                continue
            stage = ended or STAGES[rank - 1]

    def write(self, name: str, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
        """Return the path of a csv file."""
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headers, *rows])
        return str(path)

    def play(self, shuffled: bool = False) -> World:
        """Return this world after the files came in and people did what they did."""
        rows = []
        for deal in self.deals:
            owner = self.named(deal.owner) if deal.owner else ""
            stage, closed, reason = deal.present or ("", None, None)
            rows.append((deal.key, f"商机{deal.key}", deal.created or "", owner, deal.product or "", deal.source or "",
                         deal.competitor or "", deal.amount or "", deal.currency, deal.close or "", stage, closed or "",
                         reason or ""))  # fmt: skip
        read_off = {(deal.key, fact) for deal in self.deals for fact in deal.stages[: 1 if deal.present else 0]}
        history = {
            when: [(deal.key, fact.value, fact.at, fact.reason or "") for deal in self.deals for fact in deal.stages
                   if fact.recorded == when and (deal.key, fact) not in read_off]
            for when in (FIRST, LATER)
        }  # fmt: skip
        if shuffled:
            mixed = random.Random(self.seed + 1)
            sheets: list[list[Any]] = [rows, *history.values()]
            for one in sheets:
                mixed.shuffle(one)
        self._import(
            FIRST, self.write("a.csv", _DEAL_HEADERS, rows), self.write("b.csv", _HISTORY_HEADERS, history[FIRST])
        )
        self._import(LATER, self.write("c.csv", _HISTORY_HEADERS, history[LATER]))
        self._live()
        return self

    def load(self, *paths: str) -> None:
        """Import files at the end of the play."""
        self._import(datetime(2026, 6, 30, 17, tzinfo=ZONE), *paths)

    def _import(self, when: datetime, *paths: str) -> str:
        self.clock = when
        done = import_files(self.workspace, paths, ImportOptions())
        assert not done.rejections
        return str(done.run)

    def _live(self) -> None:
        """People at work in May and June, and a sheet that comes in and is taken back."""
        wrong = [deal for deal in self.deals if deal.stages and not deal.present and self.dice.random() < 0.08]
        run, done = "", False
        clock = datetime(2026, 5, 2, 9, tzinfo=ZONE)
        for _ in range(28):
            clock += timedelta(minutes=self.dice.randint(60, 60 * 60))
            if not run and clock > WRONG:
                run = self._wrongly(wrong)
            if run and not done and clock > UNDONE:
                self.clock, done = UNDONE, True
                undo_run(self.workspace, run)
            self.clock = clock
            deal = self.dice.choice([one for one in self.deals if one not in wrong])
            self._act(deal)
        if run and not done:
            self.clock = UNDONE
            undo_run(self.workspace, run)
        self.clock = datetime(2026, 6, 30, 18, tzinfo=ZONE)

    def _wrongly(self, deals: Sequence[Deal]) -> str:
        for deal in deals:  # without reasons: undo leaves one behind on a deal that was lost before (LEFT_OUT)
            day = self._day(date(2026, 4, 30), date(2026, 5, 19))
            stage = self.dice.choice([*STAGES, "赢单", "输单"])
            deal.stages.append(Fact(day.isoformat(), WRONG, stage, removed=UNDONE))
        rows = [(deal.key, deal.stages[-1].value, deal.stages[-1].at, deal.stages[-1].reason or "") for deal in deals]
        return self._import(WRONG, self.write("d.csv", _HISTORY_HEADERS, rows)) if rows else ""

    def _act(self, deal: Deal) -> None:
        """Do one thing to an opportunity; what is refused did not happen."""
        now = self.clock.isoformat(timespec="seconds")
        act = self._pick((4, "move"), (2, "win"), (2, "lose"), (1, "void"), (2, "reopen"), (2, "owner"),
                         (2, "amount"), (2, "close"))  # fmt: skip
        late = (self.clock - timedelta(days=self.dice.randint(1, 9))).date().isoformat()
        at = self._pick((3, None), (1, late)) if act in ("move", "win", "lose", "void", "reopen") else None
        stage, reason = self.dice.choice(STAGES), self._pick((3, "价格"), (1, "时机"), (1, ""))
        owner, money = self.dice.choice(OWNERS), self._money()
        close = self._pick((4, self._day(date(2026, 5, 1), date(2026, 9, 30)).isoformat()), (1, None))
        left = stage_then(deal, at or now)
        try:
            if act == "move":
                move_deal(self.workspace, deal.key, stage, at=at)
            elif act == "win":
                win_deal(self.workspace, deal.key, at=at)
            elif act == "lose":
                lose_deal(self.workspace, deal.key, reason, at=at)
            elif act == "void":
                void_deal(self.workspace, deal.key, at=at)
            elif act == "reopen":
                reopen_deal(self.workspace, deal.key, stage=stage, at=at)
        except CrmError:
            return
        fact = Fact(at or now, self.clock, None)
        ended = {"win": "赢单", "lose": "输单", "void": "无效"}.get(act, stage)
        if act in ("move", "win", "lose", "void", "reopen"):
            why = reason or None if act == "lose" else None
            deal.stages.append(Fact(fact.at, self.clock, ended, why, left=left))
        elif act == "owner":
            set_fields(self.workspace, "opportunity", deal.key, [f"owner={self.named(owner)}"])
            deal.owners.append(Fact(now, self.clock, owner))
        elif act == "amount":
            set_fields(self.workspace, "opportunity", deal.key, [f"amount={money or ''}"])
            deal.amounts.append(Fact(now, self.clock, money))
        else:
            set_fields(self.workspace, "opportunity", deal.key, [f"expected_close={close or ''}"])
            deal.closes.append(Fact(now, self.clock, close))

    def end(self) -> None:
        """Close the database."""
        self.workspace.db.connection.close()


def stage_then(deal: Deal, at: str) -> str | None:
    """Return the stage or end that an opportunity was in, by what had been recorded; what was read off counts too."""
    before = [fact for fact in deal.stages if fact.removed is None and (not fact.at or moment(fact.at) <= moment(at))]
    real = [fact for fact in before if not fact.inferred] if any(not f.inferred for f in deal.stages) else before
    return max(real, key=lambda one: moment(one.at).timestamp() if one.at else 0.0).value if real else None


def yuan(text: str | None) -> Decimal | None:
    """Return an amount."""
    return None if text is None else Decimal(text)
