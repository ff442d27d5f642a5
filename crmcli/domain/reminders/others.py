"""What is to be told of tasks and of customers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from crmcli.domain.reminders.deals import planned
from crmcli.domain.reminders.model import (
    ACTION,
    KEY_DATE,
    SILENT,
    TASK,
    Customer,
    Finding,
    Rules,
    Task,
    day_of,
)
from crmcli.domain.reminders.plans import is_done
from crmcli.i18n import Message, msg


def task_findings(task: Task, today: date, rules: Rules) -> Iterator[Finding]:
    """Yield that an open task is due or overdue, or that its day comes."""
    if task.due <= today + timedelta(days=rules.ahead_days):
        kind = TASK if task.due <= today else KEY_DATE
        words = msg("task: {title}", title=task.title)
        yield Finding(kind, "task", task.id, task.title, task.customer, task.owner, task.due, words)


def customer_findings(customer: Customer, today: date, rules: Rules) -> Iterator[Finding]:
    """Yield what is to be told of a customer that somebody has; without any date it is not called silent."""
    plan = customer.plan
    if plan and plan.day <= today and not is_done(plan, customer.last_contact):
        yield _finding(customer, ACTION, plan.day, planned(plan))
    quiet_from = day_of(customer.last_contact or customer.created_at)
    if rules.silent_days is None or quiet_from is None or not customer.owner:
        return
    silent = (today - quiet_from).days
    if silent >= rules.silent_days:
        words = _silence(customer, silent, rules.silent_days)
        yield _finding(customer, SILENT, quiet_from + timedelta(days=rules.silent_days), words)


def _silence(customer: Customer, silent: int, allowed: int) -> Message:
    if customer.last_contact is None:
        return msg("nobody was in contact in {n} days, {most} allowed", n=silent, most=allowed)
    return msg("no contact for {n} days, {most} allowed", n=silent, most=allowed)


def _finding(customer: Customer, kind: str, due: date, why: Message) -> Finding:
    return Finding(kind, "customer", customer.id, customer.name, customer.name, customer.owner, due, why)
