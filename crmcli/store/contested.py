"""What salespeople may collide in, read set-wise: who contacted whom, open deals, shared phones, codes and WeChats."""

from __future__ import annotations

from typing import Any

from crmcli.store.clocks import ABOUT, PEOPLE
from crmcli.store.database import Database

_CONTACTED = f"""
SELECT about.customer, a.by AS owner, min(a.at) AS first, max(a.at) AS last
FROM ({ABOUT}) about JOIN activity a ON a.id = about.id
WHERE {PEOPLE} AND a.at <= ? AND coalesce(a.by, '') <> '' AND about.customer IS NOT NULL
GROUP BY about.customer, a.by ORDER BY about.customer, a.by
"""  # noqa: S608 (our own texts)
_OPEN = """
SELECT id, customer_id AS customer, owner, product, created_at AS begun FROM opportunity
WHERE status = 'open' AND customer_id IS NOT NULL AND coalesce(owner, '') <> '' AND coalesce(product, '') <> ''
ORDER BY id
"""
_BEGUN = """
SELECT customer_id AS customer, owner, min(created_at) AS first FROM opportunity
WHERE customer_id IS NOT NULL AND coalesce(owner, '') <> '' AND created_at <= ? GROUP BY customer_id, owner
"""
# since when owners have customers; of one that never changed hands, since it was made
_HAD = """
SELECT customer_id AS customer, owner, min(at) AS first FROM holding WHERE coalesce(owner, '') <> '' GROUP BY 1, 2
UNION ALL SELECT customer_id, from_owner, min(c.created_at) FROM holding h JOIN customer c ON c.id = h.customer_id
WHERE coalesce(from_owner, '') <> '' AND h.id = (SELECT min(id) FROM holding WHERE customer_id = h.customer_id)
GROUP BY 1, 2
UNION ALL SELECT id, owner, created_at FROM customer
WHERE coalesce(owner, '') <> '' AND merged_into IS NULL AND id NOT IN (SELECT customer_id FROM holding)
"""
# whose customers are at a time: of one that changed hands since, whose it was then
_OWNERS = """
SELECT c.id, CASE WHEN later.customer_id IS NULL THEN c.owner ELSE later.from_owner END AS owner, c.wechat
FROM customer c LEFT JOIN (
    SELECT customer_id, from_owner, min(id) FROM holding WHERE at > :now GROUP BY customer_id
) later ON later.customer_id = c.id WHERE c.merged_into IS NULL
"""
_OWNED = "coalesce(c.owner, '') <> ''"
_VALUES = f"""
SELECT c.id AS customer, c.owner, CASE k.kind WHEN 'credit' THEN 'credit_code' ELSE 'phone' END AS what, k.value
FROM record_key k JOIN owned c ON c.id = k.record_id AND {_OWNED}
WHERE k.entity = 'customer' AND k.kind IN ('mobile', 'landline', 'credit')
UNION SELECT c.id, c.owner, CASE k.kind WHEN 'wechat' THEN 'wechat' ELSE 'phone' END, k.value
FROM record_key k JOIN contact p ON p.id = k.record_id AND p.merged_into IS NULL
JOIN owned c ON c.id = p.customer_id AND {_OWNED}
WHERE k.entity = 'contact' AND k.kind IN ('mobile', 'landline', 'wechat')
UNION SELECT c.id, c.owner, 'wechat', c.wechat FROM owned c WHERE {_OWNED} AND coalesce(c.wechat, '') <> ''
"""  # noqa: S608 (our own texts)
_SHARED = f"""
WITH owned AS ({_OWNERS}), held AS ({_VALUES})
SELECT customer, owner, what, value FROM held
WHERE (what, value) IN (SELECT what, value FROM held GROUP BY 1, 2 HAVING count(DISTINCT owner) > 1)
ORDER BY what, value, customer
"""  # noqa: S608 (our own texts)


def contacts_by_owner(db: Database, now: str) -> list[dict[str, Any]]:
    """Return customer, owner (as `by` was written), first and last of everybody's follow-ups until `now`."""
    return db.rows(_CONTACTED, (now,))


def open_with_product(db: Database) -> list[dict[str, Any]]:
    """Return id, customer, owner, product and begun of the open opportunities that have them all (begun may lack)."""
    return db.rows(_OPEN)


def first_days(db: Database, now: str) -> list[dict[str, Any]]:
    """Return customer, owner and the day (None unknown) on which an owner had a customer or began a deal with it."""
    return db.rows(_HAD) + db.rows(_BEGUN, (now,))


def shared_values(db: Database, now: str) -> list[dict[str, Any]]:
    """Return customer, owner, what (phone, credit_code, wechat) and value where customers of several owners have it.

    Owners are those of `now`.
    """
    return db.rows(_SHARED, {"now": now})


def owners_at(db: Database, now: str) -> dict[int, str]:
    """Return customer -> owner at `now` of all that had one."""
    return {row["id"]: row["owner"] for row in db.rows(_OWNERS, {"now": now}) if row["owner"]}


def is_past(db: Database, now: str) -> bool:
    """Return whether anything was recorded after `now`."""
    return bool(db.value("SELECT EXISTS (SELECT 1 FROM run WHERE started > ?)", (now,)))


def relations(db: Database) -> list[dict[str, Any]]:
    """Return a and b of the customers that belong together and are not the same."""
    return db.rows("SELECT a_id AS a, b_id AS b FROM relation ORDER BY a_id, b_id")
