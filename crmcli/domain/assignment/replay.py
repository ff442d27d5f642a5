"""What other rules would have decided: the past, batch by batch, with the loads and absences of each day."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from crmcli.domain.assignment.engine import assign
from crmcli.domain.assignment.first_contact import hours_worked
from crmcli.domain.assignment.model import Cursor, Deal, Decision, Late, Loads, Owner, Rule, Switches
from crmcli.domain.values.text import fold

DAY_END = "T24"  # after every instant of a day
_FOREVER = "9999"


@dataclass(frozen=True, slots=True)
class Span:
    """Who had a deal from when until when (local instants, `end` not included).

    A customer's own owner is a span of deal 0; `created_at` tells which of a customer's deals is its newest.
    """

    deal: int
    owner: str
    start: str = ""
    end: str = _FOREVER
    customer: int | None = None
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class PastDeal:
    """A deal to decide again: as it was at `at`, the instant of its first decision, and when it was closed.

    `contacts` are the instants (or days) of all follow-ups with it, whoever had it.
    """

    deal: Deal
    at: str
    closed: str = _FOREVER
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fate:
    """What would have become of a deal: its last decision before time moved it, when, and its `moves` (when, what)."""

    at: str
    decision: Decision
    moves: tuple[tuple[str, Decision], ...] = ()

    @property
    def had(self) -> list[tuple[str, str]]:
        """Return who would have had it, and since when, the first one first."""
        held = [(self.at, self.decision), *self.moves]
        return [(at, decision.owner) for at, decision in held if decision.owner]


@dataclass(slots=True)
class _World:
    """Who has what as the replay goes on."""

    spans: list[Span]
    given: Counter[tuple[str, str]]
    by_customer: dict[int, list[Span]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for span in self.spans:
            self._place(span)

    def take(self, span: Span) -> None:
        self.spans.append(span)
        self.given[span.owner, span.start[:10]] += 1
        self._place(span)

    def give_up(self, deal: int, at: str) -> None:
        """End what somebody has of a deal."""
        for number, span in enumerate(self.spans):
            if span.deal == deal:
                ended = self.spans[number] = replace(span, end=min(span.end, at))
                of_customer = self.by_customer.get(span.customer or 0, [])
                of_customer[:] = [ended if one is span else one for one in of_customer]

    def _place(self, span: Span) -> None:
        if span.customer is not None:
            self.by_customer[span.customer].append(span)

    def loads(self, at: str) -> Loads:
        self.spans = [span for span in self.spans if span.end > at]
        today, month = Counter[str](), Counter[str]()
        for (owner, day), number in self.given.items():
            today[owner] += number * (day == at[:10])
            month[owner] += number * (day[:7] == at[:7])
        return Loads(Counter(s.owner for s in self.spans if s.deal and s.start <= at), today, month)

    def customer_owner(self, customer: int | None, at: str, active: frozenset[str]) -> str | None:
        """Return the owner of a customer: its own before its newest deal's, one who is active before others."""
        held = [span for span in self.by_customer.get(customer or 0, ()) if span.start <= at < span.end]
        if customer is None or not held:
            return None
        return max(held, key=lambda span: (span.owner in active, not span.deal, span.created_at, span.deal)).owner


def replay(
    deals: Iterable[PastDeal],
    *,
    held: Iterable[Span],
    given: Mapping[tuple[str, str], int],
    instants: Sequence[str],
    rules: Sequence[Rule],
    owners: Sequence[Owner],
    switches: Switches,
    cursor: Cursor,
) -> list[Fate]:
    """Return what would have become of each deal, in the order of the deals.

    `held` is who had other deals and customers meanwhile, `given` (owner, day) -> deals given before, `instants` are
    when assignment runs, ascending. What falls to a pool is decided again at the next; so are loads and absences. Who
    does not contact a deal in time loses it, as far as the follow-ups that there were tell.
    """
    world = _World(list(held), Counter(given))
    active = frozenset(owner.name for owner in owners if owner.active)
    entering = deque(sorted(deals, key=lambda past: (past.at, past.deal.id)))
    waiting: list[PastDeal] = []
    decided: dict[int, Fate] = {}
    known, people = {past.deal.id: past for past in entering}, {owner.name: owner for owner in owners}
    for instant in instants:
        while entering and entering[0].at <= instant:
            waiting.append(entering.popleft())
        waiting = [past for past in waiting if past.closed > instant or past.deal.id not in decided]
        overdue = _overdue(known, decided, instant, people, switches)
        outcome = assign(
            [*(_as_of(past.deal, world, instant, active) for past in waiting), *overdue],
            rules=rules,
            owners=owners,
            switches=replace(switches, reassign=False),
            loads=world.loads(instant),
            cursor=cursor,
            today=date.fromisoformat(instant[:10]),
        )
        cursor = outcome.cursor
        found = {decision.opportunity: decision for decision in outcome.decisions}
        for past in waiting:
            decided[past.deal.id] = Fate(instant, found[past.deal.id])
            _take(world, past, found[past.deal.id], instant)
        for decision in (found[deal.id] for deal in overdue):
            if decision.owner and decision.owner != decision.was:
                number, fate = decision.opportunity, decided[decision.opportunity]
                decided[number] = replace(fate, moves=(*fate.moves, (instant, decision)))
                world.give_up(number, instant)
                _take(world, known[number], decision, instant)
        waiting = [past for past in waiting if found[past.deal.id].owner is None]
    return [decided[number] for number in sorted(decided)]


def _as_of(deal: Deal, world: _World, instant: str, active: frozenset[str]) -> Deal:
    return replace(deal, customer_owner=world.customer_owner(deal.customer, instant, active))


def _overdue(
    known: Mapping[int, PastDeal],
    decided: Mapping[int, Fate],
    now: str,
    people: Mapping[str, Owner],
    switches: Switches,
) -> list[Deal]:
    """Return the open deals whose owners did not contact them in time, as rules see them."""
    if switches.first_contact_hours is None:
        return []
    held = [(known[number], fate) for number, fate in decided.items() if fate.had and known[number].closed > now]
    late = [(past.deal, _late(past, fate, now, people, switches)) for past, fate in held]
    return [replace(deal, owner=why.had[-1], late=why) for deal, why in late if why]


def _late(past: PastDeal, fate: Fate, now: str, people: Mapping[str, Owner], switches: Switches) -> Late | None:
    """Return that who has a deal did not contact it in time; None where they did, may yet, or are the manager."""
    limit, names = switches.first_contact_hours, tuple(name for _, name in fate.had)
    since, owner = fate.had[-1][0], people.get(names[-1])
    managers = {fold(people[name].manager) for name in names[:-1] if name in people}
    if limit is None or owner is None or fold(owner.name) in managers or not (_is_time(since) and _is_time(now)):
        return None
    if any(since[: len(at)] <= at <= now for at in past.contacts):
        return None
    start, end = (datetime.fromisoformat(text).replace(tzinfo=None) for text in (since, now))
    worked = hours_worked(owner, start, end, switches, most=limit)
    return Late(names, len(names) - 1) if worked >= limit else None


def _is_time(text: str) -> bool:
    """Return whether an instant is one by a clock: the end of a period (24:00) comes after all of them."""
    return not text.endswith(DAY_END)


def _take(world: _World, past: PastDeal, decision: Decision, instant: str) -> None:
    if decision.owner is not None:
        deal = past.deal
        world.take(Span(deal.id, decision.owner, instant, past.closed, deal.customer, deal.created_at or ""))
