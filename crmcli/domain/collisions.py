"""撞单: two salespeople on one customer. Four kinds, each with its evidence; who has it is a manager's word.

a: people of one customer's whom two owners contacted lately; b: open opportunities of one customer and product with
different owners; c: one phone, credit code or WeChat in customers of different owners; d: customers of different owners
that belong to one group, a hint only. What nobody knows (an owner, a product) collides with nothing.

Source: definitions.md, "Public pool and collisions".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from crmcli.domain.records import Record, parse_number, record_number
from crmcli.domain.values.text import fold
from crmcli.i18n import Message, msg

Kind = Literal["a", "b", "c", "d"]
KINDS: tuple[Kind, ...] = ("a", "b", "c", "d")
Fact = tuple[str, str]  # (owner, what of theirs collides)
_DAY = len("2026-03-05")


@dataclass(frozen=True, slots=True)
class Contacted:
    """One owner's follow-ups with a customer: the first ever and the last (days or instants)."""

    customer: int
    owner: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class OpenDeal:
    """An open opportunity that has an owner and a product."""

    id: int
    customer: int
    owner: str
    product: str
    begun: str | None


@dataclass(frozen=True, slots=True)
class Shared:
    """A phone, credit code or WeChat (`what`) that a customer with an owner or one of its contacts has."""

    customer: int
    owner: str
    what: str
    value: str


@dataclass(frozen=True, slots=True)
class Related:
    """Two customers with owners that belong to one group."""

    a: int
    b: int
    owner_a: str
    owner_b: str


@dataclass(frozen=True, slots=True)
class Side:
    """One owner in a collision, with the evidence: `records` of theirs, numbers as people see them.

    `reported` is the first day on which they are known to have had to do with it, `last` that of their last follow-up,
    `protected_until` the last day on which the customer is theirs by the rules; None unknown.
    """

    owner: str
    records: tuple[str, ...]
    reported: str | None = None
    last: str | None = None
    protected_until: str | None = None


@dataclass(frozen=True, slots=True)
class Collision:
    """Owners who collide. `subject` names it for ever; `facts` are what a verdict knows, by owner.

    `suggestion` is the first who came (先到先得), None where that is not known for sure.
    """

    kind: Kind
    subject: str
    customers: tuple[int, ...]
    sides: tuple[Side, ...]
    reason: Message
    facts: frozenset[Fact]

    @property
    def hint_only(self) -> bool:
        """Return whether it is merely worth knowing."""
        return self.kind == "d"

    @property
    def suggestion(self) -> str | None:
        """Return who came first; nobody where a day is unknown or two came on the same one."""
        days = sorted((side.reported[:_DAY], side.owner) for side in self.sides if side.reported)
        clear = len(days) == len(self.sides) and days[0][0] < days[1][0]
        return days[0][1] if clear else None

    def is_news(self, decided: Iterable[Fact], winner: str | None) -> bool:
        """Return whether it says something that a verdict did not know; what the winner does since is no news."""
        return any(fact not in set(decided) for fact in self.facts if fold(fact[0]) != fold(winner or ""))


def as_decided(verdict: Record) -> Collision | None:
    """Return the collision that a verdict was about, as it was then; None where the verdict does not hold enough."""
    evidence, numbers = verdict["evidence"], [parse_number(record) for record in verdict["records"]]
    kind = next((one for one in KINDS if verdict["subject"].startswith(f"{one}:")), None)
    if kind is None:
        return None
    sides = tuple(
        Side(side["owner"], tuple(side["records"]), side["reported"], side["last_activity"], side["protected_until"])
        for side in evidence.get("sides", ())
    )
    facts = frozenset((fact[0], fact[1]) for fact in evidence.get("facts", ()))
    customers = tuple(number[1] for number in numbers if number)
    return Collision(kind, verdict["subject"], customers, sides, msg("decided; it collides no more"), facts)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What sides are weighed by: (customer, folded owner) -> day; protection by customer."""

    reported: Mapping[tuple[int, str], str]
    last: Mapping[tuple[int, str], str]
    protected_until: Mapping[int, str]


def contacted_by_several(contacts: Sequence[Contacted], since: str) -> Iterator[Collision]:
    """Yield kind a: customers whom several owners contacted on `since` (ISO) or later."""
    by_customer: dict[int, list[Contacted]] = defaultdict(list)
    for one in contacts:
        if one.last >= since:
            by_customer[one.customer].append(one)
    for number, found in sorted(by_customer.items()):
        if len({fold(one.owner) for one in found}) > 1:
            shown = record_number("customer", number)
            sides = [Side(one.owner, (shown,)) for one in _by_owner(found)]
            words = msg("{owners} all contacted it since {day}", owners=_names(sides), day=since[:_DAY])
            facts = frozenset((one.owner, one.last) for one in found)
            yield Collision("a", f"a:{shown}", (number,), tuple(sides), words, facts)


def same_product(deals: Sequence[OpenDeal]) -> Iterator[Collision]:
    """Yield kind b: open opportunities of one customer and product that different owners have."""
    groups: dict[tuple[int, str], list[OpenDeal]] = defaultdict(list)
    for deal in deals:
        groups[deal.customer, fold(deal.product)].append(deal)
    for (number, product), found in sorted(groups.items()):
        if len({fold(deal.owner) for deal in found}) > 1:
            owned = [(deal.owner, record_number("opportunity", deal.id)) for deal in sorted(found, key=lambda d: d.id)]
            subject = f"b:{record_number('customer', number)}:{product.replace(' ', '')}"
            words = msg("{number} open opportunities for {product}", number=len(found), product=found[0].product)
            yield Collision("b", subject, (number,), _sides(owned), words, frozenset(owned))


def same_values(values: Sequence[Shared]) -> Iterator[Collision]:
    """Yield kind c: customers of different owners that share a phone, a credit code or a WeChat.

    All that the same customers share is one collision.
    """
    holders: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for one in values:
        holders[one.what, one.value][one.customer] = one.owner
    shared: dict[frozenset[int], set[str]] = defaultdict(set)
    owners: dict[int, str] = {}
    for (what, _), held in holders.items():
        if len({fold(owner) for owner in held.values()}) > 1:
            shared[frozenset(held)].add(what)
            owners |= held
    for numbers, whats in sorted(shared.items(), key=lambda item: sorted(item[0])):
        told = [_WHAT[what] for what in _WHAT if what in whats]
        yield _of_customers("c", {n: owners[n] for n in sorted(numbers)}, msg("the same {values}", values=told))


def of_one_group(pairs: Sequence[Related]) -> Iterator[Collision]:
    """Yield kind d: customers of different owners that belong to one group."""
    for pair in sorted(pairs, key=lambda pair: (pair.a, pair.b)):
        if fold(pair.owner_a) != fold(pair.owner_b):
            owners = {pair.a: pair.owner_a, pair.b: pair.owner_b}
            yield _of_customers("d", owners, msg("they belong to one group"))


_WHAT = {"phone": msg("phone"), "credit_code": msg("credit code"), "wechat": msg("WeChat")}


def with_evidence(collision: Collision, evidence: Evidence) -> Collision:
    """Return a collision whose sides say when each came, when they were last active and how long they are protected."""
    return replace(collision, sides=tuple(_weighed(side, collision.customers, evidence) for side in collision.sides))


def _weighed(side: Side, customers: Sequence[int], evidence: Evidence) -> Side:
    owner = fold(side.owner)
    own = [number for number in customers if record_number("customer", number) in side.records] or customers
    reported = [evidence.reported[number, owner] for number in own if (number, owner) in evidence.reported]
    last = [evidence.last[number, owner] for number in own if (number, owner) in evidence.last]
    until = [evidence.protected_until[number] for number in own if number in evidence.protected_until]
    return replace(
        side,
        reported=min(reported)[:_DAY] if reported else None,
        last=max(last)[:_DAY] if last else None,
        protected_until=max(until) if until else None,
    )


def _of_customers(kind: Kind, owners: Mapping[int, str], words: Message) -> Collision:
    owned = [(owner, record_number("customer", number)) for number, owner in owners.items()]
    subject = f"{kind}:{'+'.join(number for _, number in owned)}"
    return Collision(kind, subject, tuple(owners), _sides(owned), words, frozenset(owned))


def _sides(owned: Sequence[Fact]) -> tuple[Side, ...]:
    found: dict[str, tuple[str, list[str]]] = {}
    for owner, record in owned:
        found.setdefault(fold(owner), (owner, []))[1].append(record)
    return tuple(Side(owner, tuple(records)) for owner, records in found.values())


def _by_owner(found: Sequence[Contacted]) -> list[Contacted]:
    return list({fold(one.owner): one for one in sorted(found, key=lambda one: (one.first, one.owner))}.values())


def _names(sides: Sequence[Side]) -> list[str]:
    return [side.owner for side in sides]
