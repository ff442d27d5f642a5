"""The database -> the deals, tasks, customers and leads that reminders are made from, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from crmcli.domain.reminders.model import HUMAN_ORIGINS, Deal, Party, Plan, Rules, Task, day_of
from crmcli.domain.values.text import fold
from crmcli.jobs.owners.staff import Staff
from crmcli.jobs.reminders.plans import follow_up_plan, standing_plans
from crmcli.store.database import Database
from crmcli.store.reminding import (
    customers_with_role,
    due_tasks,
    follow_up_plans,
    open_deal_pages,
    owned_customer_pages,
    planned_leads,
    roles_in_use,
)

Row = dict[str, Any]


def read_deals(db: Database, now: str, rules: Rules, staff: Staff) -> Iterator[Deal]:
    """Yield the open deals that are in no pool, by number, as of `now` (ISO)."""
    deciding = _customers_with_role(db, rules)
    for rows in open_deal_pages(db, now, HUMAN_ORIGINS):
        own = {row["id"]: row for row in rows}
        plans = standing_plans(db, own, (rows[0]["id"], rows[-1]["id"]), now)
        for row in rows:
            if _is_pooled(row, staff):
                continue
            yield _deal(row, plans.get(row["id"]), has_role=row["customer_id"] in deciding)


def _customers_with_role(db: Database, rules: Rules) -> set[int]:
    wanted = {fold(role) for role in rules.roles}
    stored = [role for role in roles_in_use(db) if fold(role) in wanted] if wanted else []
    return customers_with_role(db, stored) if stored else set()


def _deal(row: Row, plan: Plan | None, *, has_role: bool) -> Deal:
    return Deal(
        id=row["id"],
        name=row["name"] or "",
        customer=row["customer"] or "",
        owner=row["owner"] or None,
        pipeline=row["pipeline"],
        stage=row["stage"],
        created_at=row["created_at"],
        entered=row["entered"],
        last_contact=_later(row["own_contact"], row["customer_contact"]),
        plan=plan,
        expected_close=day_of(row["expected_close"]),
        has_role=has_role,
    )


def _later(one: str | None, other: str | None) -> str | None:
    return max(one or "", other or "") or None


def _today(now: str) -> date:
    return date.fromisoformat(now[:10])


def _is_pooled(row: Row, staff: Staff) -> bool:
    """Return whether a sheet wrote a pool's name where the owner belongs: it is in that pool, and nobody's."""
    return bool(row["owner"]) and staff.person(row["owner"]) is None


def read_tasks(db: Database, now: str, rules: Rules, staff: Staff) -> Iterator[Task]:
    """Yield the open tasks that are due, overdue or soon due, by number."""
    until = _today(now) + timedelta(days=rules.ahead_days)
    for row in due_tasks(db, until.isoformat()):
        due = date.fromisoformat(row["due"][:10])
        yield Task(row["id"], row["title"] or "", row["customer"] or "", staff.person(row["owner"]), due)


def read_parties(db: Database, now: str, rules: Rules, staff: Staff) -> Iterator[Party]:
    """Yield the customers that are in no pool and of which anything can be due, then leads, as of `now` (ISO)."""
    for rows in owned_customer_pages(db, now, HUMAN_ORIGINS, only_planned=rules.silent_days is None):
        plans = follow_up_plans(db, "customer", rows[0]["id"], rows[-1]["id"], now)
        for row in rows:
            if _is_pooled(row, staff):
                continue
            contact = _later(row["own_contact"], row["deal_contact"])
            plan, name = follow_up_plan(plans.get(row["id"])), row["name"] or ""
            yield Party("customer", row["id"], name, name, row["owner"] or None, row["created_at"], contact, plan)
    for row in planned_leads(db, now, HUMAN_ORIGINS):
        firm, contact = row["company"] or "", row["contact"]
        owner = staff.person(row["owner"])
        yield Party("lead", row["id"], row["name"] or "", firm, owner, None, contact, follow_up_plan(row))
