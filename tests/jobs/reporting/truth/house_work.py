"""People and rules at work in a house: what they do is told as it is done, what is refused did not happen."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from crmcli.domain.pool import clock_of
from crmcli.errors import CrmError
from crmcli.jobs.assigning.assign import assign_opportunities
from crmcli.jobs.deals.moves import lose_deal, move_deal, reopen_deal, void_deal, win_deal
from crmcli.jobs.deals.verdicts import decide_collision
from crmcli.jobs.leads.decided import disqualify_lead, reopen_lead
from crmcli.jobs.leads.qualify import Wanted, qualify_lead
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.office.tasks import add_task, finish_task
from crmcli.jobs.owners.collisions import collisions
from crmcli.jobs.pool.claim import claim_customer
from crmcli.jobs.pool.recycle import run_pool
from crmcli.jobs.records.editing import set_fields
from crmcli.jobs.safety.snapshots import take_snapshot
from crmcli.jobs.workspace import Workspace

from .house import (
    ENDS,
    LATER,
    POOL,
    SELLERS,
    STAGES,
    Contact,
    Customer,
    Decision,
    Given,
    Held,
    House,
    Step,
    Task,
    Verdict,
)

_ACTS = {"log": 7, "move": 2, "win": 3, "lose": 2, "void": 0.4, "reopen": 0.8, "owner": 2, "assign": 1.2, "task": 3,
         "tick": 3, "qualify": 2, "disqualify": 1, "take_up": 0.7, "recycle": 1.2, "claim": 4, "hand": 1,
         "judge": 1.5, "night": 0.5}  # fmt: skip


class Work:
    """People at work, from a moment on."""

    def __init__(
        self, workspace: Workspace, house: House, dice: random.Random, move_clock: Callable[[datetime], None]
    ) -> None:
        self.workspace, self.house, self.dice, self.move_clock = workspace, house, dice, move_clock

    def until(self, end: datetime, count: int, always: Sequence[str]) -> None:
        """Do so many things, some of them `always`, spread over the time up to a moment."""
        start = max(self.workspace.clock(), LATER + timedelta(hours=12))
        moments = sorted(start + (end - start) * self.dice.random() for _ in range(count))
        acts = [*always, *self.dice.choices(list(_ACTS), list(_ACTS.values()), k=count - len(always))]
        self.dice.shuffle(acts)
        for moment, act in zip(moments, acts, strict=True):
            self.move_clock(moment.replace(microsecond=0))
            try:
                getattr(self, f"_{act}")()
            except CrmError:
                continue

    @property
    def now(self) -> datetime:
        return self.workspace.clock()

    @property
    def text(self) -> str:
        return self.now.isoformat(timespec="seconds")

    def _as(self, who: str) -> Workspace:
        return replace(self.workspace, actor=who)

    def _deal(self, **wanted: bool) -> Any:
        is_open = wanted.get("open")
        found = [one for one in self.house.deals
                 if is_open is None or is_open != bool(one.steps and one.steps[-1].name in ENDS)]  # fmt: skip
        return self.dice.choice(found or self.house.deals)

    def _numbered(self, those: Sequence[Any], number: str) -> Any:
        return next(one for one in those if one.number == number)

    def _customer(self) -> Customer:
        return self.dice.choice(self.house.customers)

    def _ahead(self) -> str:
        return (self.now.date() + timedelta(days=self.dice.randint(0, 25))).isoformat()

    def _log(self) -> None:
        deal = self._deal() if self.dice.random() < 0.7 else None
        customer, who = deal.customer if deal else self._customer().name, self.dice.choice(SELLERS)
        plan = self._ahead() if self.dice.random() < 0.6 else None
        log_activity(self._as(who), deal.key if deal else customer, "谈了谈", next_at=plan)
        self.house.contacts.append(Contact(self.now, self.text, who, customer, deal.key if deal else None, plan))

    def _step(self, name: str, write: Callable[[Any, str, str | None], Any], *, is_open: bool = True) -> None:
        deal = self._deal(open=is_open)
        late = (self.now - timedelta(days=self.dice.randint(1, 6))).date()
        last = date.fromisoformat(deal.steps[-1].at[:10]) if deal.steps else date.fromisoformat(deal.created[:10])
        at = late.isoformat() if self.dice.random() < 0.3 and late > last else None
        reason = self.dice.choice(["价格", "竞品", ""]) if name == "输单" else ""
        write(deal, reason or name, at)
        deal.steps.append(Step(self.now, at or self.text, name, reason or None))

    def _move(self) -> None:
        self._step(self.dice.choice(STAGES), lambda deal, name, at: move_deal(self.workspace, deal.key, name, at=at))

    def _win(self) -> None:
        self._step("赢单", lambda deal, _name, at: win_deal(self.workspace, deal.key, at=at))

    def _lose(self) -> None:
        self._step("输单", lambda deal, why, at: lose_deal(
            self.workspace, deal.key, "" if why == "输单" else why, at=at))  # fmt: skip

    def _void(self) -> None:
        self._step("无效", lambda deal, _name, at: void_deal(self.workspace, deal.key, at=at))

    def _reopen(self) -> None:
        stage = self.dice.choice(STAGES)
        self._step(stage, lambda deal, name, at: reopen_deal(self.workspace, deal.key, stage=name, at=at),
                   is_open=False)  # fmt: skip

    def _owner(self) -> None:
        deal, owner = self._deal(open=True), self.dice.choice(SELLERS)
        has = deal.given[-1].owner if deal.given else deal.owner
        if has != owner and deal not in self.house.deals[: len(SELLERS)]:
            set_fields(self.workspace, "opportunity", deal.key, [f"owner={owner}"])
            deal.given.append(Given(self.now, owner))

    def _assign(self) -> None:
        for one in assign_opportunities(self.workspace).decisions:
            self._numbered(self.house.deals, f"O{one.opportunity}").given.append(Given(self.now, one.owner, one.rule))

    def _task(self) -> None:
        deal = self._deal() if self.dice.random() < 0.7 else None
        customer, owner, due = (
            deal.customer if deal else self._customer().name,
            self.dice.choice(SELLERS),
            self._ahead(),
        )
        add_task(self.workspace, deal.key if deal else customer, "送样品", owner=owner, due=due)
        self.house.tasks.append(Task(self.now, owner, due, customer, deal.key if deal else None))

    def _tick(self) -> None:
        places = [place for place, task in enumerate(self.house.tasks) if not task.done]
        if places:
            place = self.dice.choice(places)
            finish_task(self.workspace, f"T{place + 1}")
            self.house.tasks[place].done = self.now

    def _qualify(self) -> None:
        lead, deal = self.dice.choice(self.house.leads), self._deal(open=True)
        if not (deal.source and deal.owner):  # what is empty would be filled from the lead
            return
        has_deal = self.dice.random() < 0.8
        wanted = Wanted(customer=deal.customer, opportunity=f"商机{deal.key}" if has_deal else "",
                        has_opportunity=has_deal)  # fmt: skip
        done = qualify_lead(self.workspace, lead.key, wanted)
        if has_deal:
            assert done["opportunity"]["id"] == deal.number
        lead.decided.append(Decision(self.now, self.text, "qualified", deal=deal.key if has_deal else None))
        customer = next(one for one in self.house.customers if one.name == deal.customer)
        last = customer.held[-1] if customer.held else None
        if lead.owner and not (last.owner or last.pool if last else customer.owner):
            customer.held.append(Held(self.now, lead.owner, None, None, "qualify"))

    def _disqualify(self) -> None:
        lead, reason = self.dice.choice(self.house.leads), self.dice.choice(["无需求", "重复"])
        disqualify_lead(self.workspace, lead.key, reason)
        lead.decided.append(Decision(self.now, self.text, "disqualified", reason))

    def _take_up(self) -> None:
        lead = self.dice.choice(self.house.leads)
        reopen_lead(self.workspace, lead.key)
        lead.decided.append(Decision(self.now, None, ""))

    def _recycle(self) -> None:
        named = [one for one in self.house.customers if not one.held and one.owner == POOL]
        run = run_pool(self.workspace)
        assert run.named == len(named)
        self._named(named)
        for fallen in run.fallen:
            customer = self._numbered(self.house.customers, fallen.customer)
            customer.held.append(Held(self.now, None, fallen.pool, fallen.owner, "pool", clock_of(fallen.reason) or ""))

    def _named(self, customers: list[Customer]) -> None:
        for one in customers:
            one.held.append(Held(self.now, None, POOL, None, "pool"))

    def _claim(self) -> None:
        customer, who = self._customer(), self.dice.choice(SELLERS)
        done = claim_customer(self._as(who), customer.number, who)
        if not customer.held and customer.owner == POOL:
            self._named([customer])
        customer.held.append(Held(self.now, who, None, None, "claim"))
        for number in done.deals:
            self._numbered(self.house.deals, number).given.append(Given(self.now, who))

    def _hand(self) -> None:
        customer, who = self._customer(), self.dice.choice(SELLERS)
        has = customer.held[-1].owner if customer.held else customer.owner
        if has != who:
            set_fields(self.workspace, "customer", customer.number, [f"owner={who}"])
            customer.held.append(Held(self.now, who, None, has, "set"))

    def _judge(self) -> None:
        found = collisions(self.workspace)
        if found:
            one = self.dice.choice(found).collision
            owner = self.dice.choice(one.sides).owner
            decide_collision(self.workspace, one.subject, owner)
            self.house.verdicts.append(Verdict(self.now, one.kind, one.subject, owner, one.facts, one.suggestion))

    def _night(self) -> None:
        take_snapshot(self.workspace)
