"""What is to be told of tasks, customers and leads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from crmcli.domain.pool import Standing
from crmcli.domain.reminders.deals import planned
from crmcli.domain.reminders.model import (
    ACTION,
    KEY_DATE,
    POOL,
    SILENT,
    TASK,
    Finding,
    Party,
    Rules,
    Task,
    day_of,
)
from crmcli.domain.reminders.plans import is_done
from crmcli.domain.reminders.words import silence
from crmcli.i18n import Message, msg


def task_findings(task: Task, today: date, rules: Rules) -> Iterator[Finding]:
    """Yield that an open task is due or overdue, or that its day comes."""
    if task.due <= today + timedelta(days=rules.ahead_days):
        kind = TASK if task.due <= today else KEY_DATE
        words = msg("task: {title}", title=task.title)
        yield Finding(kind, "task", task.id, task.title, task.customer, task.owner, task.due, words)


def party_findings(party: Party, today: date, rules: Rules) -> Iterator[Finding]:
    """Yield what is to be told of a customer or lead; only a customer is silent, and none without any date."""
    plan = party.plan
    if plan and plan.day <= today and not is_done(plan, party.last_contact):
        yield _finding(party, ACTION, plan.day, planned(plan))
    quiet_from = day_of(party.last_contact or party.created_at)
    if party.entity != "customer" or rules.silent_days is None or quiet_from is None or not party.owner:
        return
    silent = (today - quiet_from).days
    if silent >= rules.silent_days:
        words = silence(party.last_contact, silent, rules.silent_days)
        yield _finding(party, SILENT, quiet_from + timedelta(days=rules.silent_days), words)


def pool_findings(standing: Standing, name: str, notice_days: int) -> Iterator[Finding]:
    """Yield that a customer falls into a pool within the pool's notice; `standing` is how it stands to that pool."""
    left, day = standing.remaining_days, standing.falls_on
    if left is not None and day is not None and left <= notice_days:
        args = {"pool": standing.pool, "day": day.isoformat(), "reason": standing.reason}
        words = msg("falls into {pool} on {day}: {reason}", **args)
        yield Finding(POOL, "customer", standing.customer, name, name, standing.owner, day, words)


def _finding(party: Party, kind: str, due: date, why: Message) -> Finding:
    return Finding(kind, party.entity, party.id, party.name, party.customer, party.owner, due, why)
