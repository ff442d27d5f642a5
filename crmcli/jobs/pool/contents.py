"""What lies in the public pools: since when, why, and who had it before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from crmcli.config.parts import public_pools
from crmcli.domain.records import Record, record_number
from crmcli.domain.values.phone import mask_phone
from crmcli.jobs.owners.holding import reason_of
from crmcli.jobs.pool.naming import named_as_owner
from crmcli.jobs.workspace import Workspace
from crmcli.store.clocks import followed_up
from crmcli.store.database import Database
from crmcli.store.records import chunks, fetch, fetch_where

_DAY = len("2026-03-05")


def pooled(workspace: Workspace, pool: str = "", limit: int | None = None) -> list[dict[str, Any]]:
    """Return the customers in the pools, or in one, those that fell in last first; phones are masked.

    Keys: customer, name, pool, since, reason, previous_owners (last first), level, province, city, industry, phones,
    last_activity. `since` and `reason` are None where a file said that it is there. One whose owner was written as a
    pool's name is in that pool already, before `pool run` puts it there.
    """
    where = "merged_into IS NULL AND pool IS NOT NULL AND coalesce(owner, '') = '' AND (pool = ? OR ? = '')"
    customers = fetch_where(workspace.db, "customer", where, (pool, pool)) + _waiting(workspace, pool)
    history = holdings_of(workspace.db, [customer["id"] for customer in customers])
    last = followed_up(workspace.db, workspace.now())
    found = [_shown(one, history.get(one["id"], []), last.get(one["id"])) for one in customers]
    found.sort(key=lambda one: one["since"] or "", reverse=True)
    return found[:limit]


def _waiting(workspace: Workspace, pool: str) -> list[Record]:
    """Return the customers whose owner is a pool's name, with that pool."""
    named = dict(named_as_owner(workspace.db, public_pools(workspace.settings)))
    wanted = [number for number, name in named.items() if pool in ("", name)]
    return [one | {"pool": named[one["id"]]} for one in fetch(workspace.db, "customer", wanted).values()]


def pooled_deals(workspace: Workspace, pool: str = "", limit: int | None = None) -> list[dict[str, Any]]:
    """Return the open deals that nobody has and that are in the pools, or in one, the newest first.

    Keys: opportunity, customer_id, name, pool, stage.
    """
    where = "status = 'open' AND pool IS NOT NULL AND coalesce(owner, '') = '' AND (pool = ? OR ? = '')"
    deals = fetch_where(workspace.db, "opportunity", where, (pool, pool))
    deals.sort(key=lambda deal: -int(deal["id"]))
    return [
        {
            "opportunity": record_number("opportunity", deal["id"]),
            "customer_id": record_number("customer", deal["customer_id"]) if deal["customer_id"] else None,
            **{key: deal[key] for key in ("name", "pool", "stage")},
        }
        for deal in deals[:limit]
    ]


def holdings_of(db: Database, customers: Sequence[int]) -> dict[int, list[Record]]:
    """Return customer -> who had it, oldest first."""
    rows: list[Record] = []
    for part in chunks(customers):
        rows += fetch_where(db, "holding", f"customer_id IN ({','.join('?' * len(part))})", part)
    rows.sort(key=lambda row: (row["customer_id"], row["at"], row["id"]))
    return {number: list(group) for number, group in groupby(rows, key=lambda row: int(row["customer_id"]))}


def fell_in(holdings: Sequence[Record], pool: str | None) -> Record | None:
    """Return the last change by which a customer came into the pool it is in, None where nobody noted it."""
    return next((row for row in reversed(holdings) if row["pool"] == pool and not row["owner"]), None)


def previous_owners(holdings: Sequence[Record]) -> list[str]:
    """Return who had a customer, the last one first, each once."""
    names = [row["from_owner"] for row in reversed(holdings)]
    return list(dict.fromkeys(name for name in names if name))


def _shown(customer: Record, holdings: Sequence[Record], last: str | None) -> dict[str, Any]:
    fell = fell_in(holdings, customer["pool"])
    reason = reason_of(fell) if fell else None
    return {
        "customer": record_number("customer", customer["id"]),
        "name": customer["name"],
        "pool": customer["pool"],
        "since": fell["at"] if fell else None,
        "reason": str(reason) if reason else None,
        "previous_owners": previous_owners(holdings),
        **{key: customer[key] for key in ("level", "province", "city", "industry")},
        "phones": [mask_phone(phone) for phone in customer["phones"]],
        "last_activity": last[:_DAY] if last else None,
    }
