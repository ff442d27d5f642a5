"""Reminders as JSON gives them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from crmcli.domain.records import record_number
from crmcli.domain.reminders.model import LEVELS, Reminder
from crmcli.jobs.reminders.collect import Reminders
from crmcli.jobs.reminders.notifying import Sent


def document(reminders: Reminders, sent: Sequence[Sent] = (), *, is_known: bool = True) -> dict[str, Any]:
    """Return the reminders and what was sent of them; under `by_owner` "" counts what is nobody's.

    `is_known`: they tell what was known at their time; otherwise the records are those of the present.
    """
    items = reminders.items
    return {
        "as_of": reminders.as_of.isoformat(),
        "items": [_item(item) for item in items],
        "by_owner": dict(Counter(item.finding.owner or "" for item in items)),
        "by_level": {level: sum(item.level == level for item in items) for level in LEVELS},
        "sent": [_sent(one) for one in sent],
        "as_known_then": is_known,
    }


def _sent(one: Sent) -> dict[str, Any]:
    why = None if one.why is None else str(one.why)
    return {"address": one.label, "level": one.level, "items": one.items, "ok": one.why is None, "why": why}


def _item(item: Reminder) -> dict[str, Any]:
    found = item.finding
    return {
        "kind": found.kind,
        "id": record_number(found.entity, found.id),
        "name": found.name,
        "customer": found.customer or None,
        "owner": found.owner,
        "due": found.due.isoformat(),
        "days": item.days,
        "why": str(found.why),
        "level": item.level,
        "recipients": list(item.recipients),
        "deputy": item.deputy,
    }
