"""Pools, leads and collisions, by brute force."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from .house import COLLISION_DAYS, NONE, TEAMS, Customer, Decision, Held, House, Lead, known
from .house_seen import Row, SeenDeal, day_of, days_between, deals_seen, grouped, moment, summed, yuan
from .seen import Asked, rate


@dataclass(frozen=True)
class Stay:
    """A customer's time in the pool: how it came, how it left, and whether the claimer won something with it since."""

    entered: Held
    left: Held | None
    won: bool


def _held(customer: Customer, asked: Asked) -> list[Held]:
    return [one for one in known(customer.held, asked) if one.recorded <= asked.at]


def stays(house: House, asked: Asked) -> list[Stay]:
    """Return all stays up to the moment."""
    deals = deals_seen(house, asked)
    found = []
    for customer in known(house.customers, asked):
        held = _held(customer, asked)
        for place, one in enumerate(held):
            if one.pool:
                left = held[place + 1] if place + 1 < len(held) else None
                found.append(Stay(one, left, bool(left) and any(_won_since(deal, customer, left) for deal in deals)))
    return found


def _won_since(deal: SeenDeal, customer: Customer, left: Held | None) -> bool:
    if left is None or deal.deal.customer != customer.name or deal.status != "won" or not deal.last:
        return False
    at = deal.last.at
    since = day_of(at) >= left.recorded.date() if len(at) == len("2026-03-05") else moment(at) >= left.recorded
    return since and deal.owner_at_close == left.owner


def pool(house: House, asked: Asked) -> tuple[Row, dict[str, Row], Counter[str]]:
    """Return the row of the one pool, the rows by owner, and how many came in by why."""

    def within(one: Held | None) -> bool:
        return one is not None and asked.covers(one.recorded.isoformat())

    def before(one: Held | None) -> bool:
        return one is not None and asked.start is not None and one.recorded.date() < asked.start

    def after(one: Held) -> bool:
        return asked.end is not None and one.recorded.date() >= asked.end

    them = [one for one in stays(house, asked) if not before(one.left) and not after(one.entered)]
    entered = [one for one in them if within(one.entered)]
    left = [one for one in them if within(one.left)]
    claimed = [one for one in left if one.left and one.left.how == "claim"]
    row = {"stays": len(them), "before": len(them) - len(entered), "entered": len(entered), "left": len(left),
           "there": len(them) - len(left), "claimed": len(claimed), **_won(claimed)} if them else {}  # fmt: skip
    owners = {}
    for name in {one.entered.was for one in entered} | {one.left.owner for one in claimed if one.left}:
        if name:
            got = [one for one in claimed if one.left and one.left.owner == name]
            owners[name] = {"lost": sum(one.entered.was == name for one in entered), "claimed": len(got), **_won(got)}
    return row, owners, Counter(one.entered.why or one.entered.how for one in entered)


def _won(claimed: list[Stay]) -> Row:
    won = sum(one.won for one in claimed)
    return {"rate": rate(won, len(claimed)), "rate_numerator": won, "rate_denominator": len(claimed)}


@dataclass(frozen=True)
class SeenLead:
    """A lead at a moment; its decision is the last one that was known, unless it was of later."""

    lead: Lead
    decision: Decision | None

    @property
    def state(self) -> str:
        return self.decision.state if self.decision else "open"

    @property
    def days(self) -> float | None:
        at = self.decision.at if self.decision else None
        return days_between(self.lead.created, at) if at and self.lead.created else None


def leads_seen(house: House, asked: Asked) -> list[SeenLead]:
    """Return the leads that had come in; a lead holds its last decision only, earlier ones are not told of."""
    found = []
    for lead in known(house.leads, asked):
        if lead.created is None or moment(lead.created) <= asked.at:
            told = known(lead.decided, asked)
            last = told[-1] if told and told[-1].state else None
            holds = last is not None and (last.at is None or moment(last.at) <= asked.at)
            found.append(SeenLead(lead, last if holds else None))
    return found


def leads(house: House, asked: Asked, by: str) -> tuple[dict[str, Row], dict[str, Row]]:
    """Return the rows by group, and the reasons."""
    them = [one for one in leads_seen(house, asked) if asked.covers(one.lead.created)]
    won = {one.deal.key: one for one in deals_seen(house, asked) if one.status == "won"}
    origins: dict[str, SeenLead] = {}
    for one in sorted(them, key=lambda one: (one.decision.at if one.decision else None) or ""):
        if one.decision and one.decision.deal:
            origins.setdefault(one.decision.deal, one)

    def label(one: SeenLead) -> str:
        if by == "month":
            return (one.lead.created or "")[:7] or NONE
        return getattr(one.lead, by) or NONE

    rows = {}
    for name, own in grouped(them, label).items():
        n = Counter(one.state for one in own)
        waits = [one.days for one in own if one.state == "qualified" and one.days is not None]
        mine = [won[key] for key, origin in origins.items() if key in won and origin in own]
        rows[name] = {
            "leads": len(own), "qualified": n["qualified"], "disqualified": n["disqualified"], "open": n["open"],
            "rate": rate(n["qualified"], len(own)), "rate_numerator": n["qualified"],
            "decided_rate": rate(n["qualified"], len(own) - n["open"]),
            "decided_rate_denominator": len(own) - n["open"], "median_days": median(waits) if waits else None,
            "timed": len(waits), "won": len(mine), "amount_won": yuan(summed(mine)),
            "amount_won_usd": yuan(summed(mine, "USD")),
        }  # fmt: skip
    ended = Counter((one.decision.reason if one.decision else None) or NONE
                    for one in them if one.state == "disqualified")  # fmt: skip
    shares = {name: {"n": n, "share": rate(n, sum(ended.values()))} for name, n in ended.items()}
    return rows, shares


Found = tuple[str, frozenset[tuple[str, str]]]


def _collide(house: House, asked: Asked) -> dict[str, Found]:
    """Return key -> (kind, owner with what of theirs collides)."""
    numbers = {one.name: one.number for one in house.customers}
    found: dict[str, Found] = {}
    since = asked.at.date() - timedelta(days=COLLISION_DAYS)
    told = [one for one in known(house.contacts, asked) if moment(one.at) <= asked.at]
    for name, own in grouped(told, lambda one: one.customer).items():
        last = {who: max((one.at for one in of), key=moment) for who, of in grouped(own, lambda one: one.by).items()}
        facts = frozenset((who, at) for who, at in last.items() if day_of(at) >= since)
        if len(facts) > 1:
            found[f"a:{numbers[name]}"] = ("a", facts)
    deals = [one for one in deals_seen(house, asked) if one.status == "open" and one.owner() and one.deal.product]
    for place, rivals in grouped(deals, lambda one: f"{numbers[one.deal.customer]}:{one.deal.product}").items():
        facts = frozenset((str(one.owner()), one.deal.number) for one in rivals)
        if len({owner for owner, _ in facts}) > 1:
            found[f"b:{place}"] = ("b", facts)
    owned = [(one, owner) for one in known(house.customers, asked) if (owner := owner_of(one, asked)) in TEAMS]
    for same in grouped(owned, lambda one: one[0].phone).values():
        if len({owner for _, owner in same}) > 1:
            facts = frozenset((str(owner), numbers[one.name]) for one, owner in same)
            found[f"c:{'+'.join(sorted(numbers[one.name] for one, _ in same))}"] = ("c", facts)
    return found


def owner_of(customer: Customer, asked: Asked) -> str | None:
    """Return whose a customer is, or was: the first that took it later took it from them."""
    told = known(customer.held, asked)
    held, later = _held(customer, asked), [one for one in told if one.recorded > asked.at]
    return later[0].was if later else held[-1].owner if held else customer.owner


def collisions(house: House, asked: Asked) -> dict[str, Row]:
    """Return the rows by kind: those that collide, and those that were decided and collide no more."""
    verdicts = {one.key: one for one in known(house.verdicts, asked) if one.recorded <= asked.at}
    found = _collide(house, asked)
    rows: dict[str, Row] = {}
    for key in {*found, *verdicts}:
        verdict, (kind, facts) = verdicts.get(key), found.get(key, (key[0], frozenset()))
        news = {fact for fact in facts if not verdict or (fact not in verdict.facts and fact[0] != verdict.owner)}
        row = rows.setdefault(kind, {"found": 0, "waiting": 0, "decided": 0})
        row["found"] += 1
        row["waiting" if news else "decided"] += 1
    return rows
