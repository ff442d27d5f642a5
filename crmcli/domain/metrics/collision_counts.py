"""Collisions of salespeople as a report counts them: what waits for a manager, and how managers decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crmcli.domain.metrics.rate import Rate, share
from crmcli.domain.values.text import fold
from crmcli.i18n import Message


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
    """The collisions of one kind, from `first` on, those that wait before those that are decided.

    `as_suggested` is of the decided ones that had a suggestion, which come first of the decided.
    """

    kind: str
    first: int
    found: int
    waiting: int
    decided: int
    as_suggested: Rate


def in_order(lines: Sequence[CollisionLine]) -> tuple[CollisionLine, ...]:
    """Return collisions by kind, those that wait first, then those decided that had a suggestion."""
    return tuple(sorted(lines, key=lambda line: (line.kind, not line.waits, not line.suggestion)))


def count_kinds(lines: Sequence[CollisionLine]) -> tuple[KindRow, ...]:
    """Return a row for each kind that there is; `lines` are in order."""
    rows = []
    for kind in dict.fromkeys(line.kind for line in lines):
        own = [line for line in lines if line.kind == kind]
        decided = [line for line in own if not line.waits]
        suggested = [line for line in decided if line.suggestion]
        agreed = sum(fold(line.winner or "") == fold(line.suggestion or "") for line in suggested)
        rate = share(agreed, len(suggested))
        rows.append(KindRow(kind, lines.index(own[0]), len(own), len(own) - len(decided), len(decided), rate))
    return tuple(rows)
