"""What reminders are made from, and what one says.

Days are local dates. A plan is the next step that somebody set for a deal or a customer.
Source: definitions.md, "Stalled" and "Audit, snapshots, reminders, cron".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from crmcli.i18n import Message

Level = Literal["owner", "manager", "risk"]
LEVELS: tuple[Level, ...] = ("owner", "manager", "risk")
# what people wrote, said or chatted: imports, merges, bulk edits and rule runs are none of it
HUMAN_ORIGINS = ("human", "import", "messages")

ACTION, TASK, KEY_DATE, OVERDUE_CLOSE = "action", "task", "key_date", "overdue_close"
STALLED, NO_NEXT_STEP, NO_DECISION_MAKER = "stalled", "no_next_step", "no_decision_maker"
SILENT, POOL = "silent", "pool"
# in the order in which people are told of one deal
KINDS = (ACTION, TASK, KEY_DATE, OVERDUE_CLOSE, STALLED, NO_NEXT_STEP, NO_DECISION_MAKER, SILENT, POOL)


@dataclass(frozen=True, slots=True)
class StageClock:
    """What a stage allows. `rank` counts from 1; `rot_days` of silence, `max_days` in it; None: no limit."""

    rank: int
    rot_days: int | None = None
    max_days: int | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """What crm.toml asks to be reminded of: its `[remind]`, and the stages by (pipeline key, stage name).

    `stages` has every stage under the key "" too, for deals that name no pipeline.
    """

    max_plan_days: int = 30
    levels: tuple[int, int, int] = (3, 5, 7)
    ahead_days: int = 3
    silent_days: int | None = None
    roles: tuple[str, ...] = ()
    stages: Mapping[tuple[str, str], StageClock] = field(default_factory=dict)

    def clock(self, pipeline: str | None, stage: str | None) -> StageClock | None:
        """Return what a deal's stage allows, None where no pipeline knows the stage."""
        return self.stages.get((pipeline or "", stage or "")) or self.stages.get(("", stage or ""))


@dataclass(frozen=True, slots=True)
class Plan:
    """A next step for `day`. `made` is when it was set (an ISO instant or day), None unknown."""

    day: date
    action: str = ""
    made: str | None = None


@dataclass(frozen=True, slots=True)
class Deal:
    """An open deal. `last_contact` is the last human activity, `entered` when it came into its stage (ISO texts).

    Both are None where nobody knows. `has_role` tells whether its customer has a contact with one of the roles asked
    for.
    """

    id: int
    name: str
    customer: str
    owner: str | None
    pipeline: str | None = None
    stage: str | None = None
    created_at: str | None = None
    entered: str | None = None
    last_contact: str | None = None
    plan: Plan | None = None
    expected_close: date | None = None
    has_role: bool = True


@dataclass(frozen=True, slots=True)
class Task:
    """An open task that is due on a day; `customer` is the customer's name, "" where it is about none."""

    id: int
    title: str
    customer: str
    owner: str | None
    due: date


@dataclass(frozen=True, slots=True)
class Party:
    """A customer that somebody has, or an open lead (`entity`); `customer` is the firm's name.

    `last_contact` is the last human activity with it, with a customer also that about one of its deals.
    """

    entity: Literal["customer", "lead"]
    id: int
    name: str
    customer: str
    owner: str | None
    created_at: str | None = None
    last_contact: str | None = None
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody should know: `due` is the day it was or will be due, `why` says it in words."""

    kind: str
    entity: str
    id: int
    name: str
    customer: str
    owner: str | None
    due: date
    why: Message


@dataclass(frozen=True, slots=True)
class Reminder:
    """A finding with who is to hear of it. `days` counts days overdue: 0 is due today, below 0 still to come.

    `recipients` are names, the owner first; `known` is whether anybody knows the owner. `deputy` is who of them stands
    in (代管) for the owner, who is on leave; None where nobody does.
    """

    finding: Finding
    days: int
    level: Level
    recipients: tuple[str, ...]
    known: bool = True
    deputy: str | None = None


def day_of(text: str | None) -> date | None:
    """Return the local day of an ISO instant or day, None of nothing.

    >>> day_of("2026-03-05T23:10:00+08:00")
    datetime.date(2026, 3, 5)
    """
    return date.fromisoformat(text[:10]) if text else None
