"""Since when customers are with their owners, and when people last did something for them: read set-wise."""

from __future__ import annotations

from typing import Any

from crmcli.domain.runs import IMPORT
from crmcli.store.database import Database

_OWNED = "c.merged_into IS NULL AND coalesce(c.owner, '') <> ''"
# a follow-up is about its customer, its contact's and its deal's
ABOUT = """
SELECT id, customer_id AS customer FROM activity WHERE customer_id IS NOT NULL
UNION SELECT a.id, o.customer_id FROM activity a JOIN opportunity o ON o.id = a.opportunity_id
UNION SELECT a.id, p.customer_id FROM activity a JOIN contact p ON p.id = a.contact_id
"""
# what people did, themselves or as a file tells of it; what a rule notes is no follow-up
PEOPLE = "a.origin IN ('human', 'import', 'messages')"
_FOLLOWED_UP = f"""
SELECT customer, max(at) AS day FROM (
SELECT a.customer_id AS customer, a.at FROM activity a WHERE {PEOPLE} AND a.at <= :now
UNION ALL SELECT o.customer_id, a.at FROM activity a JOIN opportunity o ON o.id = a.opportunity_id
WHERE {PEOPLE} AND a.at <= :now
UNION ALL SELECT p.customer_id, a.at FROM activity a JOIN contact p ON p.id = a.contact_id
WHERE {PEOPLE} AND a.at <= :now
) WHERE customer IS NOT NULL GROUP BY customer
"""  # noqa: S608 (our own texts)
_UNDATED_FOLLOW_UP = f"""
SELECT about.customer, max(run.started) AS day FROM ({ABOUT}) about JOIN activity a ON a.id = about.id
JOIN change made ON made.entity = 'activity' AND made.record_id = a.id AND made.op = 'create'
JOIN run ON run.id = made.run_id
WHERE {PEOPLE} AND a.at IS NULL AND about.customer IS NOT NULL GROUP BY about.customer
"""  # noqa: S608 (our own texts)
# of several times that a record was made (undone and brought back) the first counts
_MADE = """
SELECT c.id AS customer, min(run.started) AS day FROM customer c
JOIN change made ON made.entity = 'customer' AND made.record_id = c.id AND made.op = 'create'
JOIN run ON run.id = made.run_id GROUP BY c.id
"""
_HANDED = f"""
SELECT c.id AS customer, max(h.at) AS day FROM customer c
JOIN holding h ON h.customer_id = c.id AND h.owner = c.owner AND coalesce(h.from_owner, '') <> h.owner
WHERE {_OWNED} GROUP BY c.id
"""  # noqa: S608 (our own texts)
# an import says it of many: a new owner in a file is a handover like any other; the same owner again is none
_HANDED_BY_FILE = f"""
SELECT c.id AS customer, max(run.started) AS day FROM change u JOIN run ON run.id = u.run_id
JOIN customer c ON c.id = u.record_id AND {_OWNED}
WHERE u.entity = 'customer' AND u.op = 'update' AND run.status = 'done'
AND run.kind IN ({", ".join(f"'{kind}'" for kind in sorted(IMPORT))})
AND instr(u.after, '"owner"') AND json_extract(u.after, '$.owner') = c.owner
AND json_extract(u.before, '$.owner') IS NOT json_extract(u.after, '$.owner') GROUP BY c.id
"""  # noqa: S608 (our own texts)
_DEALS = """
SELECT customer_id AS customer, sum(status = 'open') AS open_deals, sum(status = 'won') AS won_deals,
       max(CASE WHEN status <> 'void' AND created_at <= :now THEN created_at END) AS began,
       max(CASE WHEN status = 'won' AND closed_at <= :now THEN closed_at END) AS won
FROM opportunity WHERE customer_id IS NOT NULL GROUP BY customer_id
"""
_UNDATED_BEGAN = """
SELECT o.customer_id AS customer, max(run.started) AS day FROM opportunity o
JOIN change made ON made.entity = 'opportunity' AND made.record_id = o.id AND made.op = 'create'
JOIN run ON run.id = made.run_id
WHERE o.customer_id IS NOT NULL AND o.created_at IS NULL AND o.status <> 'void' GROUP BY o.customer_id
"""
_UNDATED_WON = """
SELECT o.customer_id AS customer, max(e.recorded) AS day FROM opportunity o
JOIN event e ON e.opportunity_id = o.id AND e.field = 'stage' AND e.kind = 'won'
WHERE o.customer_id IS NOT NULL AND o.status = 'won' AND o.closed_at IS NULL GROUP BY o.customer_id
"""

Days = dict[int, str]  # customer -> a day or an instant


def followed_up(db: Database, now: str) -> Days:
    """Return when people last followed customers up, on themselves, their contacts and their deals, until `now`."""
    return _days(db, _FOLLOWED_UP, {"now": now})


def undated_follow_ups(db: Database) -> Days:
    """Return when the last follow-up without a date of its own became known."""
    return _days(db, _UNDATED_FOLLOW_UP)


def received(db: Database) -> Days:
    """Return when owners got their customers: handed over, assigned, claimed, at the earliest made here."""
    handed = (_days(db, _HANDED), _days(db, _HANDED_BY_FILE))
    made = _days(db, _MADE)
    return {number: max(day, *(days.get(number, "") for days in handed)) for number, day in made.items()} | {
        number: day for days in handed for number, day in days.items() if number not in made
    }


def deals_of_customers(db: Database, now: str) -> dict[int, dict[str, Any]]:
    """Return customer -> open_deals, won_deals (numbers), began and won (the last, None where there is none)."""
    return {row["customer"]: row for row in db.rows(_DEALS, {"now": now})}


def undated_deals(db: Database) -> Days:
    """Return when the last opportunity without a date of creation became known."""
    return _days(db, _UNDATED_BEGAN)


def undated_wins(db: Database) -> Days:
    """Return when the last win without a date became known."""
    return _days(db, _UNDATED_WON)


def _days(db: Database, sql: str, values: dict[str, Any] | None = None) -> Days:
    return {row["customer"]: row["day"] for row in db.rows(sql, values or {})}
