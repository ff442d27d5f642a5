"""Opportunities played forward by a seed, into a real workspace, and the list of facts that was told to it.

A fact says what became of an opportunity, when that was, when it was recorded and, where an import was taken back,
until when it stood. Nothing here knows how a report counts.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from crmcli.config import load_settings
from crmcli.errors import CrmError
from crmcli.jobs.deals.moves import lose_deal, move_deal, reopen_deal, void_deal, win_deal
from crmcli.jobs.import_files import ImportOptions, import_files
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.records.editing import set_fields
from crmcli.jobs.setup import make_workspace
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import open_database

from .setting import CONFIG, ELSEWHERE, ENDS, OWNERS, RENEWAL, STANDARD, UNMAPPED, ZONE
from .talk import CONTACT_HEADERS, contact_rows, taken_back, talk
from .told import FIRST, LATER, UNDONE, WRONG, Deal, Fact, moment, stage_then

_DEAL_HEADERS = ("商机编号", "商机名称", "创建时间", "负责人", "产品", "来源", "竞争对手", "商机金额", "币种",
                 "预计成交日期", "阶段", "结束时间", "丢单原因", "销售流程")  # fmt: skip
_HISTORY_HEADERS = ("商机编号", "阶段", "变更时间", "丢单原因")


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
        self.more = random.Random(f"more {seed}")  # what came to the play later leaves the rest as it was
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
        deal = Deal(key, created, self._pick((1, None), *((3, one) for one in OWNERS)), dice.choice(["泵", "阀", None]),
                    dice.choice(["官网", "展会", None]), dice.choice(["甲厂", None, None]), self._money(),
                    self._pick((5, "CNY"), (1, "USD")), close)  # fmt: skip
        deal.pipeline = self.more.choices([STANDARD, RENEWAL], [4, 1])[0]
        deal.recorded = self.more.choices([FIRST, LATER], [9, 1])[0]
        return deal

    def _histories(self) -> None:
        """Decide what the two sheets of stages and the one taken back later tell of each opportunity."""
        for deal in self.deals:
            way = self._pick((6, "history"), (1.5, "present"), (0.5, "nothing"))
            if way == "present":
                self._read_off(deal)
            if way == "history" or (way == "present" and deal.present and deal.present[0] in deal.ladder
                                    and self.dice.random() < 0.2):  # fmt: skip
                self._walk(deal)

    def _read_off(self, deal: Deal) -> None:
        stage = self._pick((5, self.dice.choice(deal.ladder)), (1, ELSEWHERE), (2, self.dice.choice(list(ENDS))))
        closed = reason = None
        if stage in ENDS:
            closed = self._pick((3, self._day(date(2026, 3, 26), date(2026, 3, 31)).isoformat()), (1, None))
            reason = self._reason(stage)
        deal.present = (stage, closed, reason)
        at = closed if stage in ENDS else deal.created
        deal.stages.append(Fact(at, deal.recorded, stage, reason, inferred=stage not in ENDS or closed is None))

    def _reason(self, stage: str) -> str | None:
        return self._pick((2, None), (3, "价格"), (2, "竞品"), (1, "预算"), (1, UNMAPPED)) if stage == "输单" else None

    def _walk(self, deal: Deal) -> None:
        """Walk through the stages from the creation, or some day, to the end of April: each step on a later day."""
        ladder = deal.ladder
        day = moment(deal.created).date() if deal.created else self._day(date(2026, 1, 5), date(2026, 3, 20))
        rank, closed = self._pick((5, 1), (1, 2), (0.5, 3)), False
        stage = self._pick((20, ladder[rank - 1]), (1, ELSEWHERE))
        while day <= date(2026, 5, 8):
            at = self._at(day)
            recorded = LATER if day > FIRST.date() or self.dice.random() < 0.15 else deal.recorded
            deal.stages.append(Fact(at, recorded, stage, self._reason(stage)))
            if closed and self.dice.random() < 0.7:
                break
            day += timedelta(days=self.dice.randint(1, 25))
            move = "reopen" if closed else self._pick(
                (5, "on"), (1, "skip"), (1, "back"), (1, "won"), (1.2, "lost"), (0.5, "void"),
                (0.15, "aside"))  # fmt: skip
            closed = move in ("won", "lost", "void")
            rank += {"on": 1, "skip": 2, "back": -1}.get(move, 0)
            rank = max(1, min(rank, len(ladder)))
            ended = {"won": "赢单", "lost": "输单", "void": "无效", "aside": ELSEWHERE}.get(move)
            if not ended and stage == ladder[rank - 1]:
                continue
            stage = ended or ladder[rank - 1]

    def write(self, name: str, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
        """Return the path of a csv file."""
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headers, *rows])
        return str(path)

    def play(self, shuffled: bool = False) -> World:
        """Return this world after the files came in and people did what they did."""
        rows, late = (
            [self._row(deal) for deal in self.deals if deal.recorded == when] for when in (FIRST, LATER)
        )  # fmt: skip
        read_off = {(deal.key, fact) for deal in self.deals for fact in deal.stages[: 1 if deal.present else 0]}
        history = {
            when: [(deal.key, fact.value, fact.at, fact.reason or "") for deal in self.deals for fact in deal.stages
                   if fact.recorded == when and (deal.key, fact) not in read_off]
            for when in (FIRST, LATER)
        }  # fmt: skip
        talks = contact_rows(self.more, self.deals, self.named)
        if shuffled:
            mixed = random.Random(self.seed + 1)
            sheets: list[list[Any]] = [rows, late, *history.values()]
            for one in sheets:
                mixed.shuffle(one)
        self._import(
            FIRST, self.write("a.csv", _DEAL_HEADERS, rows), self.write("b.csv", _HISTORY_HEADERS, history[FIRST])
        )
        paths = [self.write("late.csv", _DEAL_HEADERS, late)] if late else []
        paths += [self.write("talks.csv", CONTACT_HEADERS, talks)] if talks else []
        self._import(LATER, *paths, self.write("c.csv", _HISTORY_HEADERS, history[LATER]))
        self._live()
        return self

    def _row(self, deal: Deal) -> tuple[str, ...]:
        """Return an opportunity's row in a sheet."""
        owner = self.named(deal.owner) if deal.owner else None
        own = (deal.key, f"商机{deal.key}", deal.created, owner, deal.product, deal.source, deal.competitor,
               deal.amount, deal.currency, deal.close, *(deal.present or ("", None, None)), deal.pipeline)  # fmt: skip
        return tuple(value or "" for value in own)

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
            there = [one for one in self.deals if one not in wrong and not one.removed]
            self._act(self.dice.choice(there))
            for _ in range(2):
                self.clock += timedelta(minutes=1)
                talk(self.workspace, self.more, self.more.choice(there), self.clock)
        if run and not done:
            self.clock = UNDONE
            undo_run(self.workspace, run)
        self.clock = datetime(2026, 6, 30, 18, tzinfo=ZONE)

    def _wrongly(self, deals: Sequence[Deal]) -> str:
        for deal in deals:  # without reasons (LEFT_OUT)
            day = self._day(date(2026, 4, 30), date(2026, 5, 19))
            stage = self.dice.choice([*deal.ladder, "赢单", "输单"])
            deal.stages.append(Fact(day.isoformat(), WRONG, stage, removed=UNDONE))
        rows = [(deal.key, deal.stages[-1].value, deal.stages[-1].at, deal.stages[-1].reason or "") for deal in deals]
        paths = [self.write("d.csv", _HISTORY_HEADERS, rows)] if rows else []
        born = taken_back(self.more)
        self.deals += born
        paths += [self.write("w.csv", _DEAL_HEADERS, [self._row(deal) for deal in born])] if born else []
        return self._import(WRONG, *paths) if paths else ""

    def _act(self, deal: Deal) -> None:
        """Do one thing to an opportunity; what is refused did not happen."""
        now = self.clock.isoformat(timespec="seconds")
        act = self._pick((4, "move"), (2, "win"), (2, "lose"), (1, "void"), (2, "reopen"), (2, "owner"),
                         (2, "amount"), (2, "close"))  # fmt: skip
        late = (self.clock - timedelta(days=self.dice.randint(1, 9))).date().isoformat()
        at = self._pick((3, None), (1, late)) if act in ("move", "win", "lose", "void", "reopen") else None
        stage, reason = self.dice.choice(deal.ladder), self._pick((3, "价格"), (1, "时机"), (1, ""))
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
