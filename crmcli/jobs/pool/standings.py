"""How every customer that somebody has stands to the public pools today."""

from __future__ import annotations

from datetime import date
from typing import Any

from crmcli.config.parts import public_pools
from crmcli.domain.pool import Held, PublicPool, Recycling, Standing
from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.values.text import fold
from crmcli.jobs.pool.bonds import bonds_of_customers
from crmcli.jobs.workspace import Workspace
from crmcli.store import clocks
from crmcli.store.records import fetch_columns

_HELD = ("owner", "level", "locked_until")
_WHERE = "merged_into IS NULL AND coalesce(owner, '') <> ''"
_DAY = len("2026-03-05")


def today_of(workspace: Workspace) -> date:
    """Return the workspace's present day."""
    return date.fromisoformat(workspace.now()[:_DAY])


def standings(workspace: Workspace) -> list[Standing]:
    """Return how the customers with an owner stand to the pools, by number."""
    pools = public_pools(workspace.settings)
    recycling = Recycling(pools, today_of(workspace))
    return [recycling.standing(held) for held in _held(workspace, pools)]


def _held(workspace: Workspace, pools: tuple[PublicPool, ...]) -> list[Held]:
    db, now = workspace.db, workspace.now()
    asked = {either[0].key for pool in pools for either in pool.when.tests}
    columns = dict.fromkeys([*_HELD, *sorted(asked & ENTITIES["customer"].columns.keys())])
    days = {
        "received": clocks.received(db),
        "followed_up": clocks.followed_up(db, now),
        "undated_follow_up": clocks.undated_follow_ups(db),
        "undated_began": clocks.undated_deals(db),
        "undated_won": clocks.undated_wins(db),
    }
    deals = clocks.deals_of_customers(db, now)
    bonds = bonds_of_customers(workspace)
    names = {fold(pool.name) for pool in pools}
    return [
        _of(
            customer,
            deals.get(customer["id"], {}),
            {key: known.get(customer["id"]) for key, known in days.items()} | bonds.get(customer["id"], {}),
        )
        for customer in fetch_columns(db, "customer", list(columns), _WHERE)
        if fold(customer["owner"]) not in names
    ]


def _of(customer: Record, deals: Record, more: dict[str, Any]) -> Held:
    return Held(
        customer["id"],
        customer["owner"],
        customer["level"],
        customer,
        locked_until=customer["locked_until"],
        open_deals=deals.get("open_deals", 0),
        won_deals=deals.get("won_deals", 0),
        began=deals.get("began"),
        won=deals.get("won"),
        **more,
    )
