"""Taking an opportunity out of a public pool, alone or with its customer: the limits are those of customers."""

from __future__ import annotations

from datetime import date

from crmcli.config.parts import public_pools
from crmcli.domain.pool import PublicPool
from crmcli.domain.pool_claims import Claim
from crmcli.domain.records import Record, parse_number, record_number
from crmcli.domain.values.text import fold
from crmcli.i18n import msg
from crmcli.jobs.deals.owner import Giving, give_deals
from crmcli.jobs.owners.staff import everybody
from crmcli.jobs.pool.claim import (
    Claimed,
    ClaimRefused,
    claim_customer,
    claimed_from,
    claimer_named,
    claims,
    owned,
    refuse_where_against,
)
from crmcli.jobs.pool.standings import today_of
from crmcli.jobs.records.refs import NotFound, find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import Database
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch, fetch_where

_DAY = len("2026-03-05")


def claim(workspace: Workspace, ref: str, who: str = "", *, pool: str = "", dry_run: bool = False) -> Claimed:
    """Return what `who` has claimed: a customer with its deals, or a deal, with its customer where that is there too.

    Raises:
        ClaimRefused: it is in no pool or in another one, or the pool's limits are against it.
        CrmError: the reference finds nothing or several.
    """
    number = _deal_number(workspace, ref)
    if number is None:
        return claim_customer(workspace, ref, who, pool=pool, dry_run=dry_run)
    deal = fetch(workspace.db, "opportunity", [number])[number]
    held_in = _pool_of(workspace, deal, _shown(deal), pool)
    home = _home(workspace.db, deal)
    if home and fold(_named_pool(workspace, home)) == fold(held_in.name):
        return claim_customer(workspace, record_number("customer", home["id"]), who, pool=pool, dry_run=dry_run)
    with open_run(workspace.db, workspace.start("claim", dry_run=dry_run)) as run:
        return _claim_alone(workspace, run, number, who, pool)


def _deal_number(workspace: Workspace, ref: str) -> int | None:
    """Return the deal that is meant, None where it is a customer."""
    typed = parse_number(ref.strip().upper())
    if typed and typed[0] == "opportunity":
        return find_record(workspace.db, ref, ("opportunity",))[1]
    try:
        find_record(workspace.db, ref, ("customer",))
    except NotFound:
        return find_record(workspace.db, ref, ("opportunity",))[1]
    return None


def _claim_alone(workspace: Workspace, run: Run, number: int, who: str, wanted: str) -> Claimed:
    deal = fetch(run.db, "opportunity", [number])[number]
    shown = _shown(deal)
    held_in = _pool_of(workspace, deal, shown, wanted)
    claimer = claimer_named(workspace, who or workspace.actor, shown)
    home = _home(run.db, deal)
    _refuse_of_others(workspace, home, claimer.name, shown)
    today, fell, before = today_of(workspace), *_fell(run.db, deal)
    told = Claim(
        claimer.name,
        today,
        claimer.team,
        fell_on=fell,
        last_owner=before,
        claimed_today=claims(run.db, held_in.name, claimer.name, today),
        owned=owned(run.db, claimer.name),
    )
    refuse_where_against(held_in, told, shown)
    give_deals(run, [Giving(deal, claimer.name, None, workspace.actor, "person", claimed_from(held_in.name))])
    run.counts["opportunities"] = 1
    customer = record_number("customer", home["id"]) if home else None
    name = record_number("opportunity", number)
    return Claimed(run.shown_id, customer, deal["name"] or "", claimer.name, held_in.name, (name,), claimed=name)


def _home(db: Database, deal: Record) -> Record | None:
    """Return a deal's customer, None where it has none."""
    return fetch(db, "customer", [deal["customer_id"]] if deal["customer_id"] else []).get(deal["customer_id"])


def _shown(deal: Record) -> str:
    return " ".join([record_number("opportunity", deal["id"]), deal["name"] or ""]).strip()


def _pool_of(workspace: Workspace, deal: Record, shown: str, wanted: str) -> PublicPool:
    if deal["status"] != "open":
        raise ClaimRefused(shown, [msg("it is closed")])
    if owner := everybody(workspace).person(deal["owner"]):
        raise ClaimRefused(shown, [msg("{owner} has it", owner=owner)])
    name = _named_pool(workspace, deal)
    if not name:
        raise ClaimRefused(shown, [msg("it is in no pool")])
    if wanted and fold(wanted) != fold(name):
        raise ClaimRefused(shown, [msg("it is in the pool {pool}", pool=name)])
    pools = {fold(pool.name): pool for pool in public_pools(workspace.settings)}
    return pools.get(fold(name)) or PublicPool(name)


def _has(workspace: Workspace, record: Record) -> str | None:
    """Return who has a record; None where nobody has it, or a sheet wrote a pool's name."""
    return everybody(workspace).person(record["owner"])


def _named_pool(workspace: Workspace, record: Record) -> str:
    """Return the pool that a record is in, by itself or because a sheet names it as the owner; "" for none."""
    return str(record["pool"] or (record["owner"] if not _has(workspace, record) else "") or "")


def _refuse_of_others(workspace: Workspace, home: Record | None, who: str, shown: str) -> None:
    """Refuse a deal whose customer somebody else has, or is in another pool."""
    if home is None:
        return
    staff, holder = everybody(workspace), _has(workspace, home)
    if holder and fold(holder) != fold(who) and (staff.is_active(holder) or not staff.knows(holder)):
        raise ClaimRefused(shown, [msg("{owner} has its customer", owner=holder)])
    if not holder and (pool := _named_pool(workspace, home)):
        number = record_number("customer", home["id"])
        raise ClaimRefused(shown, [msg("its customer {customer} is in the pool {pool}", customer=number, pool=pool)])


def _fell(db: Database, deal: Record) -> tuple[date | None, str | None]:
    """Return the day on which a deal came to nobody, and who had it before; None unknown."""
    events = fetch_where(db, "event", "opportunity_id = ? AND field = 'owner'", (deal["id"],))
    events.sort(key=lambda event: (event["at"] or "", event["id"]))
    if not events or events[-1]["value"]:
        return None, None
    return date.fromisoformat(events[-1]["at"][:_DAY]), events[-1]["from_value"]
