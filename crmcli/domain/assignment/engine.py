"""The rule engine: ordered rules, the first match decides, every decision with its reasons.

Source: definitions.md, "Assignment rules".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from crmcli.domain.assignment.availability import Capacity, Territories, why_absent
from crmcli.domain.assignment.model import (
    FALLBACK,
    PUBLIC_POOL,
    STICKY,
    TIMEOUT,
    Cursor,
    Deal,
    Decision,
    Late,
    Loads,
    Outcome,
    Owner,
    Rule,
    Skip,
    Switches,
)
from crmcli.domain.assignment.turns import going_on, take_turn
from crmcli.domain.calendar import day_in
from crmcli.domain.values.text import fold
from crmcli.i18n import Message, msg


def assign(
    deals: Iterable[Deal],
    *,
    rules: Sequence[Rule],
    owners: Sequence[Owner],
    switches: Switches,
    loads: Loads,
    cursor: Cursor,
    today: date,
) -> Outcome:
    """Return who gets each deal, by creation and number, those first that nobody contacted in time.

    Other deals that have an owner are decided only on `reassign`. The same deals, rules, owners, loads, cursor and day
    always give the same outcome. `cursor` is not changed: the one after the run is in the outcome. A customer's later
    deals in one run stay with who got the first.
    """
    run = _Run(rules, owners, switches, Capacity(loads), cursor, today)
    waiting = [deal for deal in deals if switches.reassign or not deal.owner or deal.late]
    waiting.sort(key=lambda deal: (deal.late is None, deal.created_at is None, deal.created_at or "", deal.id))
    decisions = tuple(run.decide(deal) for deal in waiting)
    note = day_in(switches.holidays, today).note
    by_owner = Counter(decision.owner for decision in decisions if decision.owner)
    return Outcome(decisions, run.cursor, dict(sorted(by_owner.items())), (note,) if note else ())


@dataclass(slots=True)
class _Trail:
    """What was tried for one deal so far."""

    candidates: tuple[str, ...] = ()
    skipped: list[Skip] = field(default_factory=list)
    passed: list[Skip] = field(default_factory=list)

    def decision(self, deal: Deal, owner: str | None, rule: str, reason: Message) -> Decision:
        skipped, passed = tuple(self.skipped), tuple(self.passed)
        return Decision(deal.id, owner, None, rule, reason, self.candidates, skipped, passed, was=deal.owner)


class _Run:
    """One run's memory: loads and cursors as they grow, and who holds each customer."""

    def __init__(
        self,
        rules: Sequence[Rule],
        owners: Sequence[Owner],
        switches: Switches,
        capacity: Capacity,
        cursor: Cursor,
        today: date,
    ) -> None:
        self.rules, self.switches, self.capacity, self.today = rules, switches, capacity, today
        self.cursor = dict(cursor)
        self._by_name = {fold(owner.name): owner for owner in reversed(owners)}
        self._members = {rule.name: rule.to.members(owners) for rule in rules}
        self._absent = {owner.name: why_absent(owner, today, switches) for owner in owners}
        self._territories = Territories(owners)
        self._holders: dict[int, str] = {}

    def decide(self, deal: Deal) -> Decision:
        if deal.owner:
            self.capacity.release(deal.owner, deal.together)
        trail = _Trail()
        if deal.late:
            decision = self._move_on(deal, deal.late, trail)
        else:
            decision = self._sticky(deal, trail) or self._by_rules(deal, trail) or self._fall_back(deal, trail)
        if decision.owner and decision.owner == deal.owner:
            self.capacity.hold(decision.owner, deal.together)
        elif decision.owner:
            self.capacity.give(decision.owner, deal.together)
        if decision.owner and deal.customer is not None:
            self._holders.setdefault(deal.customer, decision.deputy_for or decision.owner)
        return decision

    def _sticky(self, deal: Deal, trail: _Trail) -> Decision | None:
        held = self._holders.get(deal.customer) if deal.customer is not None else None
        name = held or deal.customer_owner
        if not self.switches.sticky or not name:
            return None
        owner = self._by_name.get(fold(name))
        if owner is None:
            trail.skipped.append(Skip(name, msg("has the customer, but is not on the list of owners")))
            return None
        skip = self._shut_out(owner, deal)
        if skip is None:
            return trail.decision(deal, owner.name, STICKY, msg("{owner} has the customer", owner=owner.name))
        trail.skipped.append(skip)
        return self._by_deputy(deal, owner, trail)

    def _by_deputy(self, deal: Deal, owner: Owner, trail: _Trail) -> Decision | None:
        deputy = self._by_name.get(fold(owner.deputy)) if owner.deputy else None
        if deputy is None or not owner.active or self._absent[owner.name] is None:
            return None
        if skip := self._shut_out(deputy, deal):
            trail.skipped.append(skip)
            return None
        reason = msg("stands in (代管) for {owner}, who has the customer", owner=owner.name)
        return replace(trail.decision(deal, deputy.name, STICKY, reason), deputy_for=owner.name)

    def _move_on(self, deal: Deal, late: Late, trail: _Trail) -> Decision:
        """Give a deal that nobody contacted in time to the next member, or at last to the manager."""
        hours = self.switches.first_contact_hours
        if late.moves < self.switches.first_contact_moves:
            next_one = self._by_rules(deal, trail)
            if next_one:
                why = msg(
                    "{owner} did not contact it within {hours} working hours; {reason}",
                    owner=late.had[-1], hours=hours, reason=next_one.reason,
                )  # fmt: skip
                return replace(next_one, rule=TIMEOUT, reason=why)
        manager = self._manager(deal, late, trail)
        if manager:
            why = msg(
                "{names} did not contact it within {hours} working hours: it goes to the manager",
                names=late.had, hours=hours,
            )  # fmt: skip
            return trail.decision(deal, manager, TIMEOUT, why)
        why = msg(
            "{owner} did not contact it within {hours} working hours, but there is nobody to give it to",
            owner=late.had[-1], hours=hours,
        )  # fmt: skip
        return trail.decision(deal, late.had[-1], TIMEOUT, why)

    def _manager(self, deal: Deal, late: Late, trail: _Trail) -> str | None:
        """Return the nearest manager above who had it last, who did not have it and can take it."""
        below, had = self._by_name.get(fold(late.had[-1])), {fold(name) for name in late.had}
        while below and below.manager and fold(below.manager) not in had:
            above = self._by_name.get(fold(below.manager))
            if above is None:
                return below.manager
            skip = self._shut_out(above, deal)
            if skip is None:
                return above.name
            trail.skipped.append(skip)
            had.add(fold(above.name))
            below = above
        return None

    def _by_rules(self, deal: Deal, trail: _Trail) -> Decision | None:
        for rule in self.rules:
            if why := self._why_passed(rule, deal):
                trail.passed.append(Skip(rule.name, why))
                continue
            owner = self._choose(rule, deal, trail)
            if owner:
                return trail.decision(deal, owner.name, rule.name, _reason(rule, owner))
            trail.passed.append(Skip(rule.name, msg("nobody of it can be given more")))
            if rule.on_full != "next_rule":
                return None
        return None

    def _why_passed(self, rule: Rule, deal: Deal) -> Message | None:
        if rule.only_new and (deal.had_owner or deal.owner) and not deal.late:
            return msg("it had an owner before")
        if rule.min_age_days:
            if not deal.created_at:
                return msg("its creation date is unknown")
            age_days = (self.today - date.fromisoformat(deal.created_at[:10])).days
            if age_days < rule.min_age_days:
                return msg("{age} days old, not {days}", age=age_days, days=rule.min_age_days)
        return rule.when.miss(deal.fields)

    def _choose(self, rule: Rule, deal: Deal, trail: _Trail) -> Owner | None:
        """Return the member whose turn it is; None where nobody is there, or who it is is full and that ends it."""
        present, absent = [], []
        for owner in self._members[rule.name]:
            why = self._absent[owner.name] or self._why_unfit(rule, owner, deal)
            full = why is None and rule.on_full == "next_member"
            if full:
                why = self.capacity.why_full(owner, deal.together)
            if why is None:
                present.append(owner)
                continue
            trail.skipped.append(Skip(owner.name, why, full))
            if owner.active and self._absent[owner.name] and self._why_unfit(rule, owner, deal) is None:
                absent.append(owner)
        trail.candidates = tuple(owner.name for owner in present)
        chosen = self._in_turn(rule, present, absent) if present else None
        if chosen and (why := self.capacity.why_full(chosen, deal.together)):
            trail.skipped.append(Skip(chosen.name, why, full=True))
            return None
        return chosen

    def _why_unfit(self, rule: Rule, owner: Owner, deal: Deal) -> Message | None:
        if owner.weight <= 0:
            return msg("has weight 0")
        if deal.late and owner.name in deal.late.had:
            return msg("had it and did not contact it in time")
        return None if rule.to.names else self._territories.why_not(owner, deal.fields)

    def _in_turn(self, rule: Rule, present: Sequence[Owner], absent: Sequence[Owner]) -> Owner:
        if rule.strategy == "fixed":
            return present[0]
        if rule.strategy == "least_load":
            return min(present, key=lambda owner: (self.capacity.load(owner), owner.name))
        here, away = ([(owner.name, _weight(rule, owner)) for owner in some] for some in (present, absent))
        weights = {owner.name: _weight(rule, owner) for owner in self._members[rule.name] if _takes_turns(owner)}
        kept = going_on(self.cursor.get(rule.name), weights)
        name, turns = take_turn(kept, here, away, self.switches.catch_up)
        self.cursor[rule.name] = {"owed": {**kept, **turns}, "weights": weights}
        return next(owner for owner in present if owner.name == name)

    def _fall_back(self, deal: Deal, trail: _Trail) -> Decision:
        present = self._by_name.get(fold(deal.owner)) if deal.owner else None
        if present and present.active:
            reason = msg("stays with {owner}: no rule gives it to anybody else", owner=present.name)
            return trail.decision(deal, present.name, FALLBACK, reason)
        named = self._by_name.get(fold(self.switches.fallback))
        if named is None:
            return self._to_pool(deal, self.switches.fallback, trail)
        if skip := self._shut_out(named, deal):
            trail.skipped.append(skip)
            return self._to_pool(deal, PUBLIC_POOL, trail)
        return trail.decision(deal, named.name, FALLBACK, msg("no rule gives it to anybody"))

    def _to_pool(self, deal: Deal, pool: str, trail: _Trail) -> Decision:
        return replace(trail.decision(deal, None, FALLBACK, _unplaced(trail, deal.together)), pool=pool)

    def _shut_out(self, owner: Owner, deal: Deal) -> Skip | None:
        """Return why an owner cannot take a deal now, None where they can."""
        if why := self._absent[owner.name]:
            return Skip(owner.name, why)
        full = self.capacity.why_full(owner, deal.together)
        return Skip(owner.name, full, full=True) if full else None


def _unplaced(trail: _Trail, together: int) -> Message:
    """Return why a deal goes to a pool, with those who had no room for it."""
    full = list(dict.fromkeys(skip.name for skip in trail.skipped if skip.full))
    if not full:
        return msg("no rule gives it to anybody")
    if together == 1:
        return msg("no rule gives it to anybody: no room with {names}", names=full)
    return msg(
        "no rule gives it to anybody: no room with {names} for {n} open opportunities together", names=full, n=together
    )


def _weight(rule: Rule, owner: Owner) -> float:
    return owner.weight if rule.strategy == "weighted" else 1


def _takes_turns(owner: Owner) -> bool:
    return owner.active and owner.weight > 0


def _reason(rule: Rule, owner: Owner) -> Message:
    sentences = {
        "fixed": msg("rule {rule} names {owner}", rule=rule.name, owner=owner.name),
        "round_robin": msg("rule {rule}: it is {owner}'s turn", rule=rule.name, owner=owner.name),
        "weighted": msg("rule {rule}: it is {owner}'s turn by weight", rule=rule.name, owner=owner.name),
        "least_load": msg("rule {rule}: {owner} has the least to do", rule=rule.name, owner=owner.name),
    }
    return sentences[rule.strategy]
