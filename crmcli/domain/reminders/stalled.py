"""Deals that stand still, by two clocks: days without human contact, and days in the present stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from crmcli.domain.reminders.model import Deal, Rules, day_of
from crmcli.domain.reminders.plans import protects
from crmcli.domain.reminders.words import silence
from crmcli.i18n import Message, msg


@dataclass(frozen=True, slots=True)
class Stall:
    """A deal that stands still. `since` is the first day it did; `silent_days` and `stage_days` are None if unknown.

    `by_silence`: silence is why, and no plan excuses it; else it is only in its stage for too long.
    """

    since: date
    silent_days: int | None
    stage_days: int | None
    reasons: tuple[Message, ...]
    by_silence: bool = True


def stall_of(deal: Deal, today: date, rules: Rules) -> Stall | None:
    """Return why a deal counts as stalled, None where it does not.

    Silence counts from the last human contact, before any from the day the deal was made. Reaching the stage's
    `rot_days` stalls it unless a plan protects it; reaching `max_days` in the stage does so whatever is planned.

    Source: definitions.md, "Stalled".
    """
    clock = rules.clock(deal.pipeline, deal.stage)
    if clock is None:
        return None
    quiet_from, entered = day_of(deal.last_contact or deal.created_at or deal.entered), day_of(deal.entered)
    silent = (today - quiet_from).days if quiet_from else None
    aged = (today - entered).days if entered else None
    begun: list[date] = []
    reasons: list[Message] = []
    over = _beyond(silent, clock.rot_days)
    if over is not None and not protects(deal.plan, today, rules.max_plan_days):
        begun.append(today - timedelta(days=over))
        reasons += [silence(deal.last_contact, silent, clock.rot_days), *_plan(deal, today)]
    by_silence = bool(reasons)
    over = _beyond(aged, clock.max_days)
    if over is not None:
        begun.append(today - timedelta(days=over))
        reasons.append(msg("{n} days in {stage}, {most} allowed", n=aged, stage=deal.stage, most=clock.max_days))
    elif reasons and aged is not None:
        reasons.append(msg("{n} days in {stage}", n=aged, stage=deal.stage))
    return Stall(min(begun), silent, aged, tuple(reasons), by_silence) if begun else None


def _beyond(days: int | None, allowed: int | None) -> int | None:
    """Return how many days a clock has run beyond what is allowed, None where it has not or is not known."""
    return None if days is None or allowed is None or days < allowed else days - allowed


def _plan(deal: Deal, today: date) -> list[Message]:
    """Return what to say of a plan that is ahead and protects no longer."""
    if deal.plan is None or deal.plan.day < today:
        return []
    return [msg("the plan for {day} is too far ahead to excuse it", day=deal.plan.day.isoformat())]
