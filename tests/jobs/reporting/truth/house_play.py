"""A house played forward by a seed: what comes in files, at two moments, and what is brought and taken back."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from crmcli.config import load_settings
from crmcli.jobs.import_files import ImportOptions, import_files
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.setup import make_workspace
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import open_database

from .house import (
    CONFIG,
    CUSTOMERS_SOURCE,
    FIRST,
    LAST,
    LATER,
    POOL,
    SELLERS,
    STAGES,
    TARGETS,
    UNDONE,
    WRONG,
    Contact,
    Contract,
    Customer,
    Deal,
    Decision,
    House,
    Lead,
    Payment,
    Step,
    Told,
)
from .house_work import Work

_CUSTOMERS = ("客户名称", "客户负责人", "公司电话", "客户创建时间", "客户来源")
_LEADS = ("线索编号", "线索名称", "线索负责人", "线索来源", "线索状态", "线索创建时间", "线索处理时间", "线索关闭原因")
_DEALS = ("商机编号", "商机名称", "客户名称", "创建时间", "负责人", "产品", "来源", "竞争对手", "商机金额", "币种")
_STEPS = ("商机编号", "阶段", "变更时间", "丢单原因")
_CONTACTS = ("客户名称", "商机编号", "跟进时间", "跟进人", "跟进内容", "后续时间")
_CONTRACTS = ("合同编号", "合同客户", "合同负责人", "合同币种", "合同状态")
_PAYMENTS = ("回款编号", "合同编号", "回款客户", "回款负责人", "期次", "应收日期", "应收金额", "回款日期", "回款金额",
             "回款币种")  # fmt: skip
_TARGETS = ("目标负责人", "目标团队", "目标周期", "目标金额", "目标单数")
_NAMES = (
    "华东精密机械",
    "苏州恒远电子",
    "宁波海晨塑料",
    "佛山顺达五金",
    "青岛蓝海食品",
    "武汉光谷仪器",
    "成都锦云软件",
    "西安长信材料",
)


class HousePlay:
    """A workspace with a clock that tests move, and the house in it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.dice, self.clock = folder, random.Random(f"house {seed}"), FIRST
        made = make_workspace(folder, "zh", CONFIG)
        self.workspace = Workspace(
            open_database(made.db), load_settings(made.config), lambda: self.clock, "tester", "crmcli", made.config
        )
        self.house = House()
        self._files = 0

    def play(self) -> HousePlay:
        """Return this house after files came in and people did their work."""
        self._customers()
        self._deals(FIRST, 20, date(2026, 2, 1), date(2026, 3, 30))
        self._steps(FIRST, date(2026, 3, 31))
        self._contacts(FIRST, 18, date(2026, 2, 1), date(2026, 3, 31))
        self._leads()
        self._contracts()
        self._payments(FIRST, 12)
        self._bring(FIRST, self._sheet(_TARGETS, TARGETS, lambda row: row))
        self._deals(LATER, 10, date(2026, 4, 1), date(2026, 4, 30))
        self._steps(LATER, date(2026, 4, 30))
        self._contacts(LATER, 14, date(2026, 3, 20), date(2026, 4, 30))
        self._payments(LATER, 8)
        self._bring(LATER)
        work = Work(self.workspace, self.house, self.dice, self._move_clock)
        work.until(WRONG, 22, ("assign", "judge"))
        run = self._wrongly()
        work.until(UNDONE, 6, ("recycle",))
        self.clock = UNDONE
        undo_run(self.workspace, run)
        work.until(LAST - timedelta(hours=1), 20, ("judge", "assign", "claim"))
        self.clock = LAST
        return self

    def _move_clock(self, when: datetime) -> None:
        self.clock = when

    def _chance(self, share: float) -> bool:
        return self.dice.random() < share

    def _day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.dice.randint(0, (last - first).days))

    def _at(self, day: date) -> str:
        """Return a day, or an instant in it."""
        if self._chance(0.3):
            return day.isoformat()
        minutes = self.dice.randint(7 * 60, 20 * 60 - 1)
        return f"{day.isoformat()}T{minutes // 60:02}:{minutes % 60:02}:00+08:00"

    def _maybe(self, share: float, value: Any) -> Any:
        return value if self._chance(share) else None

    def _sheet(self, headers: Sequence[str], rows: Sequence[Any], cells: Callable[[Any], Sequence[Any]]) -> str:
        self._files += 1
        path = self.folder / f"sheet{self._files}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headers, *([cell or "" for cell in cells(row)] for row in rows)])
        return str(path)

    def _bring(self, when: datetime, *more: str) -> str:
        """Import all that is recorded at a moment, and return the run."""
        house, paths = self.house, list(more)
        for headers, told, cells in (
            (_CUSTOMERS, house.customers, lambda one: (one.name, one.owner, one.phone, one.created, CUSTOMERS_SOURCE)),
            (_DEALS, house.deals, lambda one: (one.key, f"商机{one.key}", one.customer, one.created, one.owner,
                                               one.product, one.source, one.competitor, one.amount, one.currency)),
            (_STEPS, [(deal.key, step) for deal in house.deals for step in deal.steps if step.recorded == when],
             lambda one: (one[0], one[1].name, one[1].at, one[1].reason)),
            (_CONTACTS, house.contacts, lambda one: (one.customer, one.deal, one.at, one.by, "谈了谈", one.next_day)),
            (_LEADS, house.leads, _lead_cells),
            (_CONTRACTS, house.contracts, lambda one: (one.key, one.customer, one.owner, one.currency,
                                                       "已作废" if one.void else "执行中")),
            (_PAYMENTS, house.payments, _payment_cells),
        ):  # fmt: skip
            rows = [one for one in told if not isinstance(one, Told) or one.recorded == when]
            if rows:
                paths.append(self._sheet(headers, rows, cells))
        self.clock = when
        done = import_files(self.workspace, paths, ImportOptions())
        assert not done.rejections
        for mark, table, told in (("C", "customer", self.house.customers),
                                        ("O", "opportunity", self.house.deals)):  # fmt: skip
            found = self.workspace.db.rows(f"SELECT id, name FROM {table}")  # noqa: S608 (our own names)
            numbers = {row["name"].removeprefix("商机"): f"{mark}{row['id']}" for row in found}
            for one in told:
                one.number = numbers.get(one.name if isinstance(one, Customer) else one.key, "")
        return str(done.run)

    def _customers(self) -> None:
        for place, name in enumerate(_NAMES):
            owner = self.dice.choice([*SELLERS, "陈静", None, POOL])
            phone = f"0512-6681{place if self._chance(0.6) else 9}345"
            self.house.customers.append(Customer(FIRST, name, owner, phone, self._at(self._day(
                date(2026, 1, 1), date(2026, 3, 30)))))  # fmt: skip

    def _deals(self, when: datetime, count: int, first: date, last: date) -> None:
        dice, ownerless = self.dice, 0.2 if when == FIRST else 0.6
        for _ in range(count):
            number = len(self.house.deals) + 1
            owner = None if self._chance(ownerless) else dice.choice(SELLERS)
            self.house.deals.append(Deal(
                when, f"S{number}", dice.choice(_NAMES), self._at(self._day(first, last)), owner,
                dice.choice(["泵", "阀", None]), dice.choice(["官网", "展会", "展会", None]), self._maybe(0.3, "甲厂"),
                self._maybe(0.85, f"{dice.randint(1, 40) * 100}.00"), "USD" if self._chance(0.15) else "CNY",
            ))  # fmt: skip

    def _steps(self, when: datetime, last: date) -> None:
        """Walk on from where each opportunity is, to the day on which the sheet is brought."""
        for deal in self.house.deals:
            held = deal.steps[-1].name if deal.steps else None
            day = datetime.fromisoformat(deal.steps[-1].at if deal.steps else deal.created).date()
            day += timedelta(days=self.dice.randint(1, 20)) if deal.steps else timedelta()
            while day <= last and held not in ENDING and (deal.steps or self._chance(0.9)):
                rank = STAGES.index(held) + 1 if held in STAGES else 0
                way = self.dice.choices(["on", "won", "lost", "void"], [5, rank, 1.2 * rank, 0.3 * rank])[0]
                held = {"won": "赢单", "lost": "输单", "void": "无效"}.get(way) or STAGES[min(rank, 2)]
                at = self._at(day) if deal.steps else deal.created
                deal.steps.append(Step(when, at, held, self._maybe(0.6, "价格") if held == "输单" else None))
                day += timedelta(days=self.dice.randint(1, 25))

    def _contacts(self, when: datetime, count: int, first: date, last: date) -> None:
        house = self.house
        for _ in range(count):
            deal = self._maybe(0.7, self.dice.choice(house.deals))
            customer = deal.customer if deal else self.dice.choice(_NAMES)
            begun = date.fromisoformat(deal.created[:10]) if deal else first
            day = self._day(max(first, begun + timedelta(days=1)), last) if begun < last else last
            plan = self._day(day + timedelta(days=1), day + timedelta(days=20)).isoformat()
            # on one day one follow-up of a customer is known to the day only: no order is told of two
            taken = any(one.customer == customer and one.at[:10] == day.isoformat() for one in house.contacts)
            if not taken:
                house.contacts.append(Contact(when, self._at(day), self.dice.choice(SELLERS), customer,
                                              deal.key if deal else None, self._maybe(0.6, plan)))  # fmt: skip

    def _leads(self) -> None:
        for number in range(1, 15):
            created = self._maybe(0.85, self._at(self._day(date(2026, 1, 10), date(2026, 3, 20))))
            lead = Lead(FIRST, f"L{number}", self._maybe(0.8, self.dice.choice(SELLERS)),
                        self._maybe(0.8, self.dice.choice(["官网", "展会"])), created)  # fmt: skip
            state = self.dice.choices(["", "qualified", "disqualified"], [4, 1, 1])[0]
            if state:
                at = self._maybe(0.8, self._at(self._day(date(2026, 3, 21), date(2026, 3, 31))))
                reason = self._maybe(0.7, "无需求") if state == "disqualified" else None
                lead.decided.append(Decision(FIRST, at, state, reason))
            self.house.leads.append(lead)

    def _contracts(self) -> None:
        for number in range(1, 6):
            self.house.contracts.append(Contract(
                FIRST, f"H{number}", self.dice.choice(_NAMES), self._maybe(0.6, self.dice.choice(SELLERS)),
                "USD" if self._chance(0.2) else "CNY", void=self._chance(0.15)))  # fmt: skip

    def _payments(self, when: datetime, count: int) -> None:
        for _ in range(count):
            self.house.payments.append(self._payment(when))

    def _payment(self, when: datetime) -> Payment:
        dice, number = self.dice, len(self.house.payments) + 1
        contract = self._maybe(0.85, dice.choice(self.house.contracts))
        due_on, due = self._day(date(2026, 1, 1), date(2026, 7, 20)).isoformat(), dice.randint(1, 30) * 10_000
        last = min(when.date(), date(2026, 6, 20)) + timedelta(days=dice.choice([0, 0, 20]))
        got_on, got = self._day(date(2026, 1, 15), last).isoformat(), dice.randint(1, 30) * 10_000
        way = dice.choices(["due", "got", "both", "refund"], [5, 4, 2, 0.7])[0]
        return Payment(
            when, f"P{number}", contract.key if contract else None,
            contract.customer if contract else dice.choice(_NAMES),
            self._maybe(0.3, dice.choice(SELLERS)), self._maybe(0.5, dice.choice(["首款", "尾款"])),
            self._maybe(0.9, due_on) if way in ("due", "both") else None,
            due if way == "due" else self._maybe(0.9, due) if way == "both" else None,
            self._maybe(0.95, got_on) if way != "due" else None,
            {"due": None, "refund": -got}.get(way, got), self._maybe(0.3, "CNY"),
        )  # fmt: skip

    def _wrongly(self) -> str:
        """Bring a sheet of payments and follow-ups that is taken back."""
        before = (len(self.house.payments), len(self.house.contacts))
        self._payments(WRONG, 4)
        self._contacts(WRONG, 4, date(2026, 4, 20), date(2026, 5, 20))
        run = self._bring(WRONG)
        for told in (*self.house.payments[before[0] :], *self.house.contacts[before[1] :]):
            told.removed = UNDONE
        return run

    def end(self) -> None:
        """Close the database."""
        self.workspace.db.connection.close()


ENDING = ("赢单", "输单", "无效")


def _lead_cells(lead: Lead) -> tuple[Any, ...]:
    first = lead.decided[0] if lead.decided and lead.decided[0].recorded == lead.recorded else None
    status = {"qualified": "已转化", "disqualified": "无效"}.get(first.state if first else "", "跟进中")
    return (lead.key, f"线索{lead.key}", lead.owner, lead.source, status, lead.created, first and first.at,
            first and first.reason)  # fmt: skip


def _payment_cells(one: Payment) -> tuple[Any, ...]:
    def yuan(fen: int | None) -> str | None:
        return None if fen is None else f"{fen / 100:.2f}"

    return (one.key, one.contract, one.customer, one.owner, one.installment, one.due_on, yuan(one.due),
            one.received_on, yuan(one.received), one.currency)  # fmt: skip
