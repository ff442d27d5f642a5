"""The database -> the next step that stands for each deal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crmcli.domain.reminders.model import Plan, day_of
from crmcli.domain.reminders.plans import standing_plan
from crmcli.store.database import Database
from crmcli.store.reminding import follow_up_plans, plans_made

Row = dict[str, Any]


def standing_plans(db: Database, own: Mapping[int, Row], span: tuple[int, int], now: str) -> dict[int, Plan]:
    """Return deal -> the plan that stands for it as of `now` (ISO), of those that have one.

    `own` are the deals' own rows (`next_at`, `next_action`) by number; follow-ups are looked up of those from the first
    to the last number of `span`.
    """
    followed = follow_up_plans(db, "opportunity", *span, now)
    found = {}
    for number in own.keys() | followed.keys():
        row = own.get(number)
        plan = standing_plan(_own_plan(row) if row else None, follow_up_plan(followed.get(number)))
        if plan:
            found[number] = plan
    ahead = sorted(number for number, plan in found.items() if not plan.made and plan.day.isoformat() >= now[:10])
    made = plans_made(db, ahead, now)
    return found | {number: replace(found[number], made=at) for number, at in made.items()}


def _own_plan(row: Row) -> Plan | None:
    """Return the plan that stands on a deal itself; when it was made only the journal knows."""
    day = day_of(row["next_at"])
    return Plan(day, row["next_action"] or "") if day else None


def follow_up_plan(row: Row | None) -> Plan | None:
    """Return the plan that a follow-up made."""
    day = day_of(row["next_at"]) if row else None
    return Plan(day, row["next_action"] or "", row["made"]) if row and day else None
