"""Customers for whom a sheet names a pool where the owner belongs."""

from __future__ import annotations

from collections.abc import Collection

from crmcli.domain.pool import PublicPool
from crmcli.domain.values.text import fold
from crmcli.i18n import msg
from crmcli.jobs.owners.holding import Handing, hold_all
from crmcli.store.database import Database
from crmcli.store.journal import Run
from crmcli.store.records import fetch, fetch_columns

_OWNED = "owner IS NOT NULL AND merged_into IS NULL"


def put_named(run: Run, pools: tuple[PublicPool, ...], among: Collection[int] | None = None) -> int:
    """Put customers whose owner is a pool's name into that pool, of all or of some, and return how many."""
    named = named_as_owner(run.db, pools, among)
    customers = fetch(run.db, "customer", [number for number, _ in named])
    handings = []
    for number, pool in named:
        words = msg("{pool} was written as its owner", pool=pool)
        handings.append(Handing(customers[number], None, pool, f"rule:{pool}", "pool", words))
    hold_all(run, handings)
    return len(named)


def named_as_owner(
    db: Database, pools: tuple[PublicPool, ...], among: Collection[int] | None = None
) -> list[tuple[int, str]]:
    """Return (customer, pool) of those whose owner, as a sheet says, is a pool: they are nobody's."""
    names = {fold(pool.name): pool.name for pool in pools}
    where = _OWNED if among is None else f"{_OWNED} AND id IN ({', '.join(str(number) for number in sorted(among))})"
    owned = fetch_columns(db, "customer", ["owner"], where)
    return [(row["id"], names[fold(row["owner"])]) for row in owned if fold(row["owner"]) in names]
