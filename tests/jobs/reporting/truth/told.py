"""What is told of opportunities: facts, each with the time at which it was so and that at which it was recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from .setting import PIPELINES, STANDARD, ZONE

FIRST, LATER, WRONG, UNDONE = (
    datetime.fromisoformat(f"2026-{day}:00+08:00")
    for day in ("03-31T20:00", "04-30T20:00", "05-20T20:00", "05-25T20:00")
)


@dataclass(frozen=True)
class Fact:
    """Something that became so. `at` is a day, an instant or unknown; `removed` is when it was taken back.

    `left` is the stage or end that it was told to come from; None: nobody said.
    """

    at: str | None
    recorded: datetime
    value: str | None
    reason: str | None = None
    inferred: bool = False
    left: str | None = None
    removed: datetime | None = None


@dataclass(frozen=True)
class Contact:
    """A follow-up by a person: when it was, when that was recorded, and the day of the next step that it names."""

    at: str
    recorded: datetime
    by: str
    next_day: str | None = None
    noted: bool = False  # with `crmcli log`, which puts the next step on the opportunity too
    removed: None = None


@dataclass
class Deal:
    """What was told of one opportunity: what it began with, and what became of it.

    `recorded` is when its own row came in, `removed` when that was taken back.
    """

    key: str
    created: str | None
    owner: str | None
    product: str | None
    source: str | None
    competitor: str | None
    amount: str | None
    currency: str
    close: str | None
    stages: list[Fact] = field(default_factory=list)
    owners: list[Fact] = field(default_factory=list)
    amounts: list[Fact] = field(default_factory=list)
    closes: list[Fact] = field(default_factory=list)
    chances: list[Fact] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    pipeline: str = STANDARD
    recorded: datetime = FIRST
    removed: datetime | None = None
    present: tuple[str, str | None, str | None] | None = None  # stage, closed at, loss reason of its row

    @property
    def ladder(self) -> tuple[str, ...]:
        """Return the stages of its sales process, in order."""
        return PIPELINES[self.pipeline]


def moment(at: str) -> datetime:
    """Return an instant, that of a day's beginning."""
    found = datetime.fromisoformat(at)
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


def stage_then(deal: Deal, at: str) -> str | None:
    """Return the stage or end that an opportunity was in, by what had been recorded; what was read off counts too."""
    before = [fact for fact in deal.stages if fact.removed is None and (not fact.at or moment(fact.at) <= moment(at))]
    real = [fact for fact in before if not fact.inferred] if any(not f.inferred for f in deal.stages) else before
    return max(real, key=lambda one: moment(one.at).timestamp() if one.at else 0.0).value if real else None


def yuan(text: str | None) -> Decimal | None:
    """Return an amount."""
    return None if text is None else Decimal(text)
