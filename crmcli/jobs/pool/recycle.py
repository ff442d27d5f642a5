"""The nightly run of the public pools: customers whose clock ran out fall in, their open deals by the pool's choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from crmcli.config.parts import public_pools
from crmcli.domain.pipeline import place_among
from crmcli.domain.pool import Standing
from crmcli.domain.records import Record, record_number
from crmcli.i18n import Message, msg
from crmcli.jobs.deals.owner import Giving, give_deals
from crmcli.jobs.deals.stages import record_events, stage_event
from crmcli.jobs.owners.holding import Handing, hold_all
from crmcli.jobs.pool.contacts import let_go
from crmcli.jobs.pool.naming import put_named
from crmcli.jobs.pool.standings import standings
from crmcli.jobs.vocabulary import pipelines
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run, open_run
from crmcli.store.records import chunks, fetch, fetch_where


@dataclass(frozen=True, slots=True)
class Fallen:
    """A customer that fell into a pool, and what its open `deals` did: keep, move or close; None where it had none."""

    customer: str
    name: str
    owner: str
    pool: str
    reason: Message
    open_deals: str | None = None
    deals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PoolRun:
    """What a run of the pools did; `run` is None for a dry run. `protected` counts why others stay.

    `named` is how many it put in because a sheet names the pool as their owner.
    """

    run: str | None
    looked_at: int
    fallen: list[Fallen]
    undated: int
    named: int = 0
    by_owner: dict[str, int] = field(default_factory=dict)
    protected: dict[str, int] = field(default_factory=dict)


def run_pool(workspace: Workspace, *, dry_run: bool = False) -> PoolRun:
    """Return what fell into the pools: every customer whose clock ran out, in one run that can be taken back."""
    with open_run(workspace.db, workspace.start("pool", dry_run=dry_run)) as run:
        named = put_named(run, public_pools(workspace.settings))
        found = standings(workspace)
        falling = [one for one in found if one.falls and one.pool]
        fallen = _let_fall(workspace, run, falling)
        result = PoolRun(
            run.shown_id,
            len(found),
            fallen,
            undated=sum(one.state == "undated" for one in found),
            named=named,
            by_owner=dict(sorted(Counter(one.owner for one in falling).items())),
            protected=dict(sorted(Counter(one.code for one in found if one.state == "protected").items())),
        )
        run.counts.update({"considered": len(found), "fallen": len(fallen) + named})
    return result


def _let_fall(workspace: Workspace, run: Run, falling: Sequence[Standing]) -> list[Fallen]:
    customers = fetch(run.db, "customer", [one.customer for one in falling])
    deals = _open_deals(run, list(customers))
    choice = {pool.name: pool.open_deals for pool in public_pools(workspace.settings)}
    hold_all(run, [_handing(one, customers[one.customer]) for one in falling])
    let_go(run, {one.customer: one.owner for one in falling})
    moved = [(one, deal) for one in falling for deal in deals[one.customer] if choice[one.pool or ""] == "move"]
    give_deals(run, [Giving(deal, None, one.pool, f"rule:{one.pool}", "rule") for one, deal in moved])
    closed = [(one, deal) for one in falling for deal in deals[one.customer] if choice[one.pool or ""] == "close"]
    _close(workspace, run, closed)
    return [_fallen(one, customers[one.customer], deals[one.customer], choice) for one in falling]


def _handing(one: Standing, customer: Record) -> Handing:
    return Handing(customer, None, one.pool, f"rule:{one.pool}", "pool", one.reason)


def _open_deals(run: Run, customers: Sequence[int]) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = {number: [] for number in customers}
    for part in chunks(customers):
        marks = ",".join("?" * len(part))
        for deal in fetch_where(run.db, "opportunity", f"status = 'open' AND customer_id IN ({marks})", part):
            found[deal["customer_id"]].append(deal)
    return found


def _close(workspace: Workspace, run: Run, deals: Sequence[tuple[Standing, Record]]) -> None:
    """Close deals as void: their customer went to a pool."""
    processes = pipelines(workspace)
    events = []
    for one, deal in deals:
        pipeline = place_among(processes, deal["stage"] or "")[0]
        note = str(msg("the customer fell into {pool}", pool=one.pool))
        more = {"from_value": deal["stage"], "by": f"rule:{one.pool}", "note": note}
        events.append(stage_event(deal["id"], pipeline.place(pipeline.void), run.started, run.started, **more))
    record_events(run, events)


def _fallen(one: Standing, customer: Record, deals: Sequence[Record], choice: dict[str, str]) -> Fallen:
    return Fallen(
        record_number("customer", one.customer),
        customer["name"] or "",
        one.owner,
        one.pool or "",
        one.reason,
        choice[one.pool or ""] if deals else None,
        tuple(record_number("opportunity", deal["id"]) for deal in deals),
    )
