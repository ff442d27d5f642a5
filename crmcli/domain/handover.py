"""What somebody who leaves hands over, and to whom: shared out evenly, a customer's records together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crmcli.i18n import Message

KINDS = ("customer", "opportunity", "contact", "lead", "task", "plan")
Place = tuple[str, int]  # kind and number of a record


@dataclass(frozen=True, slots=True)
class Unit:
    """Records that go to one person together, named by the first of them: a customer with all that is its own.

    `fen` is the sum of its open deals, by which equal shares are made fair. `guest` is a customer that is somebody
    else's, of whom only deals, contacts or tasks are the leaver's.
    """

    place: Place
    fen: int = 0
    guest: bool = False

    @property
    def kind(self) -> tuple[str, bool]:
        """Return what it counts as where everybody gets as many."""
        return self.place[0], self.guest


@dataclass(frozen=True, slots=True)
class Heir:
    """Who gets a unit: an owner, or a pool or nobody where `owner` is None; `why` in words.

    `by` is the rule that decided ("rule:NAME"), "" where a person did.
    """

    owner: str | None
    pool: str | None = None
    why: Message | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One record that is handed over, as the workbook and scripts see it; days are ISO texts, None unknown.

    `kind` is one of `KINDS`; a plan is a follow-up's next action. `fen` is a deal's amount, of a customer that of its
    open deals, `deals` their number. `is_open` tells whether a deal counts among the open ones.
    """

    kind: str
    id: str
    name: str
    heir: Heir
    customer: str | None = None
    stage: str | None = None
    currency: str | None = None
    fen: int | None = None
    deals: int | None = None
    last_contact: str | None = None
    next_step: str | None = None
    next_at: str | None = None
    is_open: bool = True


def open_fen(items: Iterable[Item], home: str) -> Counter[str]:
    """Return the amounts of the open deals by currency, `home` where a deal names none; an unknown amount adds none."""
    sums: Counter[str] = Counter()
    for item in items:
        if item.kind == "opportunity" and item.is_open:
            sums[item.currency or home] += item.fen or 0
    return sums


def share_out(units: Iterable[Unit], receivers: Sequence[str]) -> dict[Place, str]:
    """Return unit -> receiver: as many of each kind to each as can be, the larger ones in turn.

    >>> units = [Unit(("customer", number), fen) for number, fen in ((1, 500), (2, 0), (3, 400), (4, 10))]
    >>> share_out(units, ["王芳", "李伟"])
    {('customer', 1): '王芳', ('customer', 3): '李伟', ('customer', 4): '李伟', ('customer', 2): '王芳'}
    """
    given: dict[Place, str] = {}
    number: Counter[tuple[tuple[str, bool], str]] = Counter()
    amount: Counter[str] = Counter()
    for unit in sorted(units, key=lambda unit: (unit.kind, -unit.fen, unit.place[1])):
        kind = unit.kind
        receiver = min(receivers, key=lambda who: (number[kind, who], amount[who], receivers.index(who)))
        number[kind, receiver] += 1
        amount[receiver] += unit.fen
        given[unit.place] = receiver
    return given


@dataclass(frozen=True, slots=True)
class Share:
    """How much somebody got, or a pool, or nobody ("" ): records by kind, and open amounts in fen by currency."""

    counts: Mapping[str, int]
    fen: Mapping[str, int]


def shares(items: Iterable[Item], home: str) -> dict[str, Share]:
    """Return who got what, by owner's or pool's name, "" for nobody; of the amounts those of the open deals."""
    given: dict[str, list[Item]] = {}
    for item in items:
        given.setdefault(item.heir.owner or item.heir.pool or "", []).append(item)
    ordered = sorted(given.items(), key=lambda pair: (pair[0] == "", pair[0]))
    return {who: Share(Counter(item.kind for item in own), open_fen(own, home)) for who, own in ordered}
