"""What other rules would have decided: the past, batch by batch, with the loads and absences of each day."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from crmcli.domain.assignment.engine import assign
from crmcli.domain.assignment.model import Cursor, Deal, Decision, Loads, Owner, Rule, Switches

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
    """A deal to decide again: as it was at `at`, the instant of its first decision, and when it was closed."""

    deal: Deal
    at: str
    closed: str = _FOREVER


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
) -> list[tuple[str, Decision]]:
    """Return (instant, last decision) of each deal, in the order of the deals.

    `held` is who had other deals and customers meanwhile, `given` (owner, day) -> deals given before, `instants` are
    when assignment runs, ascending. What falls to a pool is decided again at the next; so are loads and absences.
    """
    world = _World(list(held), Counter(given))
    active = frozenset(owner.name for owner in owners if owner.active)
    entering = deque(sorted(deals, key=lambda past: (past.at, past.deal.id)))
    waiting: list[PastDeal] = []
    decided: dict[int, tuple[str, Decision]] = {}
    for instant in instants:
        while entering and entering[0].at <= instant:
            waiting.append(entering.popleft())
        waiting = [past for past in waiting if past.closed > instant or past.deal.id not in decided]
        outcome = assign(
            [_as_of(past.deal, world, instant, active) for past in waiting],
            rules=rules,
            owners=owners,
            switches=replace(switches, reassign=False),
            loads=world.loads(instant),
            cursor=cursor,
            today=date.fromisoformat(instant[:10]),
        )
        cursor = outcome.cursor
        found = {decision.opportunity: decision for decision in outcome.decisions}
        decided |= {number: (instant, decision) for number, decision in found.items()}
        for past in waiting:
            _take(world, past, found[past.deal.id], instant)
        waiting = [past for past in waiting if found[past.deal.id].owner is None]
    return [decided[number] for number in sorted(decided)]


def _as_of(deal: Deal, world: _World, instant: str, active: frozenset[str]) -> Deal:
    return replace(deal, customer_owner=world.customer_owner(deal.customer, instant, active))


def _take(world: _World, past: PastDeal, decision: Decision, instant: str) -> None:
    if decision.owner is not None:
        deal = past.deal
        world.take(Span(deal.id, decision.owner, instant, past.closed, deal.customer, deal.created_at or ""))
