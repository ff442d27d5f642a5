"""What is to be told of an open deal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from crmcli.domain.reminders.model import (
    ACTION,
    KEY_DATE,
    NO_DECISION_MAKER,
    NO_NEXT_STEP,
    OVERDUE_CLOSE,
    STALLED,
    Deal,
    Finding,
    Plan,
    Rules,
    day_of,
)
from crmcli.domain.reminders.plans import is_done
from crmcli.domain.reminders.stalled import stall_of
from crmcli.i18n import Message, msg


def deal_findings(deal: Deal, today: date, rules: Rules) -> Iterator[Finding]:
    """Yield what is to be told of an open deal today, by kind in the order of `KINDS`."""
    open_plan = deal.plan if deal.plan and not is_done(deal.plan, deal.last_contact) else None
    if open_plan and open_plan.day <= today:
        yield _finding(deal, ACTION, open_plan.day, planned(open_plan))
    yield from _close(deal, today, rules)
    if stall := stall_of(deal, today, rules):
        yield _finding(deal, STALLED, stall.since, msg("stalled: {reasons}", reasons=stall.reasons))
    if open_plan is None:
        yield _finding(deal, NO_NEXT_STEP, _last_touched(deal, today), _no_step(deal.plan))
    clock = rules.clock(deal.pipeline, deal.stage)
    if rules.roles and not deal.has_role and clock and clock.rank > 1:
        since = min(today, day_of(deal.entered) or today)
        words = msg("in {stage} without a contact who is {roles}", stage=deal.stage, roles=rules.roles)
        yield _finding(deal, NO_DECISION_MAKER, since, words)


def planned(plan: Plan) -> Message:
    """Return a plan in words."""
    return msg("next step: {action}", action=plan.action) if plan.action else msg("a next step without words")


def _close(deal: Deal, today: date, rules: Rules) -> Iterator[Finding]:
    day = deal.expected_close
    if day is None or day > today + timedelta(days=rules.ahead_days):
        return
    if day >= today:
        yield _finding(deal, KEY_DATE, day, msg("expected to close on {day}", day=day.isoformat()))
    else:
        words = msg("was expected to close on {day}, is in {stage}", day=day.isoformat(), stage=deal.stage or "—")
        yield _finding(deal, OVERDUE_CLOSE, day, words)


def _no_step(done: Plan | None) -> Message:
    if done is None:
        return msg("no next step is planned")
    return msg("the step of {day} is done, no other is planned", day=done.day.isoformat())


def _last_touched(deal: Deal, today: date) -> date:
    """Return the day since which a deal stands without a plan: the last that anything is known of."""
    known = [day for text in (deal.last_contact, deal.entered, deal.created_at) if (day := day_of(text))]
    return min(today, max(known, default=today))


def _finding(deal: Deal, kind: str, due: date, why: Message) -> Finding:
    return Finding(kind, "opportunity", deal.id, deal.name, deal.customer, deal.owner, due, why)
