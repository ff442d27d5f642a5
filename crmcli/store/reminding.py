"""Reading for reminders: open deals, tasks and customers with their clocks, set-wise and page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from crmcli.store.database import Database

Row = dict[str, Any]
_PAGE = 20_000  # deals or customers at a time
# the last human follow-up of a deal: its own, or one with its customer that names no deal
_DEALS = """
SELECT o.id, o.name, o.customer_id, c.name AS customer, o.owner, o.pipeline, o.stage, o.created_at, o.expected_close,
       o.next_at, o.next_action,
       (SELECT max(e.at) FROM event e WHERE e.opportunity_id = o.id AND e.field = 'stage' AND e.value = o.stage
          AND e.inferred = 0 AND e.not_before IS NULL AND e.not_after IS NULL AND e.at <= :now) AS entered,
       (SELECT max(a.at) FROM activity a WHERE a.opportunity_id = o.id AND a.at <= :now AND a.origin IN ({origins}))
          AS own_contact,
       (SELECT max(a.at) FROM activity a WHERE a.customer_id = o.customer_id AND a.opportunity_id IS NULL
          AND a.at <= :now AND a.origin IN ({origins})) AS customer_contact
FROM opportunity o LEFT JOIN customer c ON c.id = o.customer_id
WHERE o.id > :after AND o.status = 'open' AND (o.created_at IS NULL OR o.created_at <= :now)
  AND (coalesce(o.owner, '') <> '' OR o.pool IS NULL)
ORDER BY o.id LIMIT :page
"""
# SQLite gives the other columns of the row that has the maximum
_DEAL_PLANS = """
SELECT opportunity_id AS id, max(at) AS made, next_at, next_action FROM activity
WHERE opportunity_id BETWEEN :first AND :last AND next_at IS NOT NULL AND at <= :now GROUP BY opportunity_id
"""
_CUSTOMER_PLANS = """
SELECT customer_id AS id, max(at) AS made, next_at, next_action FROM activity
WHERE customer_id BETWEEN :first AND :last AND opportunity_id IS NULL AND next_at IS NOT NULL AND at <= :now
GROUP BY customer_id
"""
_CUSTOMERS = """
SELECT c.id, c.name, c.owner, c.created_at,
       (SELECT max(a.at) FROM activity a WHERE a.customer_id = c.id AND a.at <= :now AND a.origin IN ({origins}))
          AS own_contact,
       (SELECT max(a.at) FROM opportunity o JOIN activity a ON a.opportunity_id = o.id
          WHERE o.customer_id = c.id AND a.at <= :now AND a.origin IN ({origins})) AS deal_contact
FROM customer c
WHERE c.id > :after AND c.merged_into IS NULL AND (coalesce(c.owner, '') <> '' OR c.pool IS NULL){and_planned}
ORDER BY c.id LIMIT :page
"""
_AND_PLANNED = """
AND c.id IN (SELECT customer_id FROM activity WHERE opportunity_id IS NULL AND next_at IS NOT NULL)"""
# what a stage asked for is no longer due where its deal is closed
_TASKS = """
SELECT t.id, t.title, t.owner, t.due, coalesce(c.name, d.name) AS customer
FROM task t
LEFT JOIN opportunity o ON o.id = t.opportunity_id
LEFT JOIN customer c ON c.id = t.customer_id
LEFT JOIN customer d ON d.id = o.customer_id
WHERE t.done_at IS NULL AND t.due IS NOT NULL AND substr(t.due, 1, 10) <= ?
  AND NOT (coalesce(t.origin, '') LIKE 'stage:%' AND coalesce(o.status, 'open') <> 'open') ORDER BY t.id
"""
# leads that nobody decided on, with the newest of their follow-ups that has a next step
_LEADS = """
SELECT l.id, coalesce(l.name, l.company) AS name, l.company, l.owner, max(a.at) AS made, a.next_at, a.next_action,
       (SELECT max(b.at) FROM activity b WHERE b.lead_id = l.id AND b.at <= :now AND b.origin IN ({origins})) AS contact
FROM lead l JOIN activity a ON a.lead_id = l.id AND a.next_at IS NOT NULL AND a.at <= :now
WHERE coalesce(l.status, '') NOT IN ('qualified', 'disqualified') GROUP BY l.id ORDER BY l.id
"""
# when a deal was made counts where its next step was never changed
_PLANS_MADE = """
SELECT g.record_id AS id, max(r.started) AS made FROM change g JOIN run r ON r.id = g.run_id
WHERE g.entity = 'opportunity' AND g.record_id IN ({marks}) AND r.started <= ? AND (g.op = 'create'
  OR (g.op = 'update' AND instr(g.after, '"next_at"')
      AND json_extract(g.after, '$.next_at') IS NOT json_extract(g.before, '$.next_at')))
GROUP BY g.record_id
"""
_MANY = 500


def open_deal_pages(db: Database, now: str, origins: Sequence[str]) -> Iterator[list[Row]]:
    """Yield the open deals that are in no pool, by number, with the times of their last contacts (ISO; None never)."""
    sql = _DEALS.format(origins=_quoted(origins))
    yield from _pages(db, sql, now)


def owned_customer_pages(
    db: Database, now: str, origins: Sequence[str], *, only_planned: bool = False
) -> Iterator[list[Row]]:
    """Yield the customers that are in no pool, by number, with the times of their last contacts (ISO; None never).

    `only_planned`: those of which a follow-up that names no deal has a next step.
    """
    sql = _CUSTOMERS.format(origins=_quoted(origins), and_planned=_AND_PLANNED if only_planned else "")
    yield from _pages(db, sql, now)


def _pages(db: Database, sql: str, now: str) -> Iterator[list[Row]]:
    after = 0
    while rows := db.rows(sql, {"now": now, "after": after, "page": _PAGE}):
        yield rows
        after = rows[-1]["id"]


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def follow_up_plans(db: Database, entity: str, first: int, last: int, now: str) -> dict[int, Row]:
    """Return id -> the newest follow-up with a next step of the deals or customers from number `first` to `last`.

    A row has `made`, `next_at` and `next_action`; a customer's are those that name no deal.
    """
    sql = _DEAL_PLANS if entity == "opportunity" else _CUSTOMER_PLANS
    return {row["id"]: row for row in db.rows(sql, {"first": first, "last": last, "now": now})}


def own_plans(db: Database) -> dict[int, Row]:
    """Return deal -> the next step that stands on itself (`next_at`, `next_action`), of those that have one."""
    rows = db.rows("SELECT id, next_at, next_action FROM opportunity WHERE next_at IS NOT NULL ORDER BY id")
    return {row["id"]: row for row in rows}


def plans_made(db: Database, deals: Sequence[int], now: str) -> dict[int, str]:
    """Return deal -> when its next step was last set (ISO), of those of which the journal knows."""
    found: dict[int, str] = {}
    for start in range(0, len(deals), _MANY):
        part = deals[start : start + _MANY]
        rows = db.rows(_PLANS_MADE.format(marks=",".join("?" * len(part))), (*part, now))
        found.update({row["id"]: row["made"] for row in rows})
    return found


def planned_leads(db: Database, now: str, origins: Sequence[str]) -> list[Row]:
    """Return the open leads with a next step, by number: `made`, `next_at`, `next_action`, the last `contact`."""
    return db.rows(_LEADS.format(origins=_quoted(origins)), {"now": now})


def due_tasks(db: Database, until: str) -> list[Row]:
    """Return the open tasks that are due on a day or before, by number, each with its customer's name.

    Those that a stage asked for go with their deal: there are none of a closed one.
    """
    return db.rows(_TASKS, (until,))


def customers_with_role(db: Database, roles: Sequence[str]) -> set[int]:
    """Return the customers that have a contact with one of these roles (as they are stored)."""
    marks = ",".join("?" * len(roles))
    sql = f"SELECT DISTINCT customer_id FROM contact WHERE merged_into IS NULL AND role IN ({marks})"  # noqa: S608 (marks)
    return {number for number in db.values(sql, roles) if number is not None}


def roles_in_use(db: Database) -> list[str]:
    """Return the roles that contacts have."""
    return db.values("SELECT DISTINCT role FROM contact WHERE role IS NOT NULL AND merged_into IS NULL ORDER BY 1")
