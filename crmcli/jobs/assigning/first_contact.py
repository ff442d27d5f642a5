"""Deals that a rule gave to somebody who has not contacted them in time.

Source: definitions.md, "Assignment rules", 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from crmcli.domain.assignment.first_contact import hours_worked
from crmcli.domain.assignment.model import TIMEOUT, Late, Switches
from crmcli.domain.records import Record
from crmcli.domain.values.text import fold
from crmcli.jobs.owners.staff import Staff
from crmcli.store.database import Database

# the decisions on deals that are a rule's to this day and that nobody contacted since the last of them
_UNTOUCHED = """
WITH latest AS (SELECT opportunity_id, max(id) AS id FROM assignment GROUP BY opportunity_id),
waiting AS (
    SELECT o.id FROM opportunity o
    JOIN latest ON latest.opportunity_id = o.id
    JOIN assignment g ON g.id = latest.id
    WHERE o.status = 'open' AND o.owner_by = 'rule' AND g.owner = o.owner
    AND NOT EXISTS (
        SELECT 1 FROM activity a
        WHERE (a.opportunity_id = o.id AND {since})
    ) AND NOT EXISTS (
        SELECT 1 FROM activity a
        WHERE (a.customer_id = o.customer_id AND a.opportunity_id IS NULL AND {since})
    )
)
SELECT g.opportunity_id, g.owner, g.rule, g.decided_at FROM assignment g
WHERE g.opportunity_id IN (SELECT id FROM waiting) AND g.decided_at <= :now ORDER BY g.opportunity_id, g.id
"""
# what is known to the day only may have been after the decision of that day
_SINCE = "a.at >= CASE WHEN length(a.at) = 10 THEN substr(g.decided_at, 1, 10) ELSE g.decided_at END AND a.at <= :now"


def late_deals(
    db: Database, opened: Iterable[Record], staff: Staff, switches: Switches, now: str, zone: ZoneInfo
) -> dict[int, Late]:
    """Return deal -> who had it, for those of the `opened` deals that their owner did not contact in time.

    A follow-up on the deal, or on its customer as such, is a contact, whoever made it. A deal that has reached the
    manager of who had it before stays there.
    """
    limit = switches.first_contact_hours
    if limit is None:
        return {}
    rows = db.rows(_UNTOUCHED.format(since=_SINCE), {"now": now})
    wanted = {deal["id"] for deal in opened}
    worked: dict[tuple[str, str], float] = {}
    found = {}
    for number, had in _had(rows).items():
        owner, since = had[-1]["owner"], had[-1]["decided_at"]
        if number not in wanted or _is_the_managers([one["owner"] for one in had], staff):
            continue
        if (owner, since) not in worked:
            start, end = (datetime.fromisoformat(text).astimezone(zone).replace(tzinfo=None) for text in (since, now))
            worked[owner, since] = hours_worked(staff.called(owner), start, end, switches, most=limit)
        if worked[owner, since] >= limit:
            found[number] = Late(tuple(staff.named(one["owner"]) for one in had), len(had) - 1)
    return found


def _had(rows: Iterable[Record]) -> dict[int, list[Record]]:
    """Return deal -> its decisions since the last that was not because of time."""
    found: dict[int, list[Record]] = {}
    for row in rows:
        if row["rule"] != TIMEOUT:
            found[row["opportunity_id"]] = []
        found.setdefault(row["opportunity_id"], []).append(row)
    return found


def _is_the_managers(names: list[str], staff: Staff) -> bool:
    """Return whether who has a deal is the manager of one who had it before."""
    return any(fold(staff.called(name).manager) == fold(names[-1]) for name in names[:-1])
