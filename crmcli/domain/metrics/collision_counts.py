"""Collisions of salespeople as a report counts them: what waits for a manager, and how managers decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from crmcli.domain.metrics.population import MISSING
from crmcli.domain.metrics.rate import Rate, share
from crmcli.domain.metrics.staff import OF_PEOPLE, Staff, known_keys, label_order
from crmcli.domain.values.text import fold
from crmcli.i18n import Message

GROUPS = (*OF_PEOPLE, "month")
"""What collisions can be broken down by."""


@dataclass(frozen=True, slots=True)
class CollisionLine:
    """A collision at the as-of time. `waits`: nobody decided, or something came up since.

    `suggestion` is who came first, `winner` the owner whom the last verdict named, each None where there is none.
    """

    kind: str
    key: str
    customers: str
    owners: tuple[str, ...]
    reason: Message
    suggestion: str | None
    winner: str | None
    decided_on: str | None
    waits: bool


@dataclass(frozen=True, slots=True)
class KindRow:
    """The collisions of one kind (and `group`), from `first` on, those that wait before those that are decided.

    `as_suggested` is of the decided ones that had a suggestion, which come first of the decided.
    """

    kind: str
    first: int
    found: int
    waiting: int
    decided: int
    as_suggested: Rate
    group: tuple[str, ...] = ()


Grouped = tuple[tuple[str, ...], CollisionLine]
"""A group that a collision counts for, and the collision."""


def in_order(lines: Iterable[CollisionLine], by: tuple[str, ...] = (), staff: Staff | None = None) -> list[Grouped]:
    """Return collisions by kind and group, those that wait first, then those decided that had a suggestion.

    A collision counts once for each group that its owners are in; a month is that of the verdict.

    Raises:
        UnknownGroupingError: A key of `by` is none of `GROUPS`.
    """
    known_keys(by, GROUPS)
    told = [(label, line) for line in lines for label in _labels(line, by, staff or Staff(()))]
    return sorted(told, key=lambda one: (one[1].kind, label_order(one[0]), not one[1].waits, not one[1].suggestion))


def _labels(line: CollisionLine, by: tuple[str, ...], staff: Staff) -> list[tuple[str, ...]]:
    month = (line.decided_on or MISSING)[: len("2026-03")]
    owners = line.owners or ("",)
    return list(dict.fromkeys(
        tuple(month if key == "month" else staff.told(key, owner) for key in by) for owner in owners
    ))  # fmt: skip


def count_kinds(lines: Sequence[Grouped]) -> tuple[KindRow, ...]:
    """Return a row for each kind and group that there is; `lines` are in order."""
    rows, first = [], 0
    for (kind, label), together in groupby(lines, key=lambda one: (one[1].kind, one[0])):
        own = [line for _label, line in together]
        decided = [line for line in own if not line.waits]
        suggested = [line for line in decided if line.suggestion]
        agreed = sum(fold(line.winner or "") == fold(line.suggestion or "") for line in suggested)
        rate = share(agreed, len(suggested))
        rows.append(KindRow(kind, first, len(own), len(own) - len(decided), len(decided), rate, label))
        first += len(own)
    return tuple(rows)
