"""What assignment is decided from and what a decision says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict

from crmcli.domain.conditions import Condition
from crmcli.domain.intake import MONEY, area_to_add
from crmcli.domain.records import Record
from crmcli.domain.values.text import fold
from crmcli.i18n import Message

PUBLIC_POOL = "公海"
STICKY, FALLBACK, TIMEOUT = "sticky", "fallback", "timeout"
STRATEGIES = ("fixed", "round_robin", "weighted", "least_load")
ON_FULL = ("next_member", "next_rule", "fallback")


class Round(TypedDict):
    """Where a rule's turns stand: owner -> turns that are owed, and the weights they were counted by."""

    owed: dict[str, float]
    weights: dict[str, float]


# rule name -> its round; JSON-able, kept by the caller between runs
Cursor = dict[str, Round]


@dataclass(frozen=True, slots=True)
class Owner:
    """A salesperson. `provinces` empty: anywhere; a limit None: no limit; `leave` are ranges, both days included.

    `work_days` are week days (0 is Monday), empty where nothing is said; `deputy` acts while this owner is away.
    """

    name: str
    team: str = ""
    region: str = ""
    provinces: tuple[str, ...] = ()
    manager: str = ""
    weight: float = 1
    max_open: int | None = None
    max_per_day: int | None = None
    max_per_month: int | None = None
    leave: tuple[tuple[date, date], ...] = ()
    work_days: tuple[int, ...] = ()
    active: bool = True
    deputy: str = ""


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a rule gives to: `names` in their order, else everybody that every given group names."""

    names: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    manager: tuple[str, ...] = ()

    def members(self, owners: Sequence[Owner]) -> list[Owner]:
        """Return the owners that are meant; a group keeps the order of `owners`, a name nobody has is left out."""
        if self.names:
            known = {fold(owner.name): owner for owner in reversed(owners)}
            found = [known.get(fold(name)) for name in self.names]
            return list(dict.fromkeys(owner for owner in found if owner))
        return [owner for owner in owners if all(self._in(key, owner) for key in ("team", "region", "manager"))]

    def _in(self, key: str, owner: Owner) -> bool:
        wanted = getattr(self, key)
        return not wanted or fold(getattr(owner, key)) in {fold(name) for name in wanted}


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the rule list. `only_new`: only deals that never had an owner; `min_age_days`: none younger."""

    name: str
    when: Condition
    to: Whom
    strategy: str = "round_robin"
    on_full: str = "next_member"
    only_new: bool = False
    min_age_days: int = 0


@dataclass(frozen=True, slots=True)
class Switches:
    """What holds for every rule. `fallback` is an owner's name or else a pool's; `holidays` names a calendar.

    Who does not contact a deal within `first_contact_hours` of `work_hours` loses it, at most `first_contact_moves`
    times to the next member and then to the manager; None: no such clock.
    """

    sticky: bool = True
    reassign: bool = False
    catch_up: int = 0
    fallback: str = PUBLIC_POOL
    holidays: str = ""
    first_contact_hours: int | None = None
    first_contact_moves: int = 2
    work_hours: tuple[str, str] = ("09:00", "18:00")


@dataclass(frozen=True, slots=True)
class Late:
    """A deal that nobody contacted in time: those who `had` it, oldest first, and how often it was moved on already."""

    had: tuple[str, ...]
    moves: int = 0


@dataclass(frozen=True, slots=True)
class Deal:
    """An open opportunity to decide on. `fields` are what `deal_fields` returns.

    `customer` is the number of its customer's cluster, `customer_owner` the owner that cluster has at present; `late`
    is there where its owner did not contact it in time; `together` is how many open deals go where it goes, itself
    included.
    """

    id: int
    fields: Mapping[str, Any]
    customer: int | None = None
    customer_owner: str | None = None
    owner: str | None = None
    created_at: str | None = None
    had_owner: bool = False
    late: Late | None = None
    together: int = 1


@dataclass(frozen=True, slots=True)
class Loads:
    """How many deals each owner has open, and was given today and this month, before this run."""

    open: Mapping[str, int] = field(default_factory=dict)
    today: Mapping[str, int] = field(default_factory=dict)
    this_month: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skip:
    """An owner who did not get a deal, or a rule that did not decide it, and why; `full`: for want of room."""

    name: str
    why: Message
    full: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Who gets a deal: an owner, or a pool where `owner` is None; `was` is the owner it had.

    `rule` is a rule's name, "sticky", "fallback", or "timeout" where the owner before did not contact it in time.
    `candidates` are those among whom the rule chose; `skipped` the owners and `passed` the rules that were passed
    over; `deputy_for` the absent owner whom `owner` stands in for (代管).
    """

    opportunity: int
    owner: str | None
    pool: str | None
    rule: str
    reason: Message
    candidates: tuple[str, ...] = ()
    skipped: tuple[Skip, ...] = ()
    passed: tuple[Skip, ...] = ()
    deputy_for: str | None = None
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The decisions in the order they were taken, the cursor after them, and how many each owner got."""

    decisions: tuple[Decision, ...]
    cursor: Cursor
    by_owner: dict[str, int]
    notes: tuple[Message, ...] = ()


def deal_fields(opportunity: Record, customer: Record | None = None) -> dict[str, Any]:
    """Return what rules ask about: the stored opportunity's fields, and the customer's where it says nothing.

    Money comes as Decimal yuan, the customer's name under `customer`. Where the customer's province is not known, its
    address or else the area codes of its landlines (and its name) tell it.

    >>> deal_fields({"amount_fen": 150, "source": None}, {"source": "展会", "name": "甲公司"})["source"]
    '展会'
    """
    seat = customer | area_to_add(customer) if customer else {}
    fields = {key: value for key, value in seat.items() if value not in (None, "", [])}
    name = fields.pop("name", None)
    fields |= {key: value for key, value in opportunity.items() if value not in (None, "", [])}
    if name is not None:
        fields["customer"] = name
        fields.setdefault("name", name)
    for key, column in MONEY.items():
        if (fen := fields.pop(column, None)) is not None:
            fields[key] = Decimal(fen) / 100
    return fields
