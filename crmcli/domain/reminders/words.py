"""What kinds, levels and days of reminders are called; JSON keeps the keys."""

from __future__ import annotations

from crmcli.domain.reminders.model import (
    ACTION,
    KEY_DATE,
    NO_DECISION_MAKER,
    NO_NEXT_STEP,
    OVERDUE_CLOSE,
    POOL,
    SILENT,
    STALLED,
    TASK,
)
from crmcli.i18n import Message, msg

KIND_WORDS = {
    ACTION: msg("next step due"),
    TASK: msg("task due"),
    KEY_DATE: msg("coming day"),
    OVERDUE_CLOSE: msg("close date passed"),
    STALLED: msg("stalled"),
    NO_NEXT_STEP: msg("no next step"),
    NO_DECISION_MAKER: msg("no decision maker"),
    SILENT: msg("silent customer"),
    POOL: msg("soon in the pool"),
}
LEVEL_WORDS = {"owner": msg("owner"), "manager": msg("manager"), "risk": msg("risk list")}
NOBODY = msg("without an owner")


def when(days: int) -> Message:
    """Return how long something is overdue in words; below 0 it is still to come.

    >>> str(when(3)), str(when(0)), str(when(-2))
    ('3 days overdue', 'today', 'in 2 days')
    """
    if days == 0:
        return msg("today")
    return msg("{n} days overdue", n=days) if days > 0 else msg("in {n} days", n=-days)


def silence(last_contact: str | None, days: int | None, most: int | None) -> Message:
    """Return how long nobody was in contact, in words; before any contact that is said."""
    if last_contact is None:
        return msg("nobody was in contact in {n} days, {most} allowed", n=days, most=most)
    return msg("no contact for {n} days, {most} allowed", n=days, most=most)


def stands_in(name: str) -> str:
    """Return how a deputy is told of, among those who hear of what an absent owner has."""
    return str(msg("{name} (stands in, 代管)", name=name))
