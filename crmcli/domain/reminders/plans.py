"""Planned next steps: which one counts, whether it was done, and how long it protects a deal from being stalled."""

from __future__ import annotations

from datetime import date, timedelta

from crmcli.domain.reminders.model import Plan, day_of


def standing_plan(own: Plan | None, followed: Plan | None) -> Plan | None:
    """Return the plan that counts of a deal: its `own`, or that of its last follow-up with one, where that is later.

    Later means: made after the day of the deal's own plan. Where both are one, the follow-up tells when it was made.
    """
    if own is None or followed is None:
        return own or followed
    if own.day == followed.day:
        return Plan(own.day, own.action or followed.action, own.made or followed.made)
    made = day_of(followed.made)
    return followed if made is not None and made > own.day else own


def is_done(plan: Plan, last_contact: str | None) -> bool:
    """Return whether a plan was carried out: a contact on its day or later, other than the one that made it.

    >>> from datetime import date
    >>> plan = Plan(date(2026, 3, 5), made="2026-03-01T10:00:00+08:00")
    >>> is_done(plan, "2026-03-04T09:00:00+08:00"), is_done(plan, "2026-03-05T09:00:00+08:00")
    (False, True)
    """
    day = day_of(last_contact)
    return day is not None and day >= plan.day and last_contact != plan.made


def protects(plan: Plan | None, today: date, max_days: int) -> bool:
    """Return whether a plan keeps a silent deal from being stalled: until its day, and `max_days` from its making.

    Of a plan whose making nobody knows, only one that is due within `max_days` does.

    >>> from datetime import date
    >>> far = Plan(date(2026, 12, 31), made="2026-03-01")
    >>> protects(far, date(2026, 3, 31), 30), protects(far, date(2026, 4, 1), 30)
    (True, False)
    """
    if plan is None or plan.day < today:
        return False
    made = day_of(plan.made)
    if made is None:
        return plan.day <= today + timedelta(days=max_days)
    return today <= made + timedelta(days=max_days)
