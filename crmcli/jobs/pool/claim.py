"""Taking a customer out of a public pool: looked at and written in one transaction, so the first who comes has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crmcli.config.parts import owners, public_pools
from crmcli.domain.assignment.model import Owner
from crmcli.domain.pool import PublicPool
from crmcli.domain.pool_claims import Claim, allowed_from, refusals
from crmcli.domain.records import Record, record_number
from crmcli.domain.values.text import fold
from crmcli.errors import CrmError
from crmcli.i18n import Message, enumerated, msg
from crmcli.jobs.deals.owner import Giving, give_deals
from crmcli.jobs.owners.holding import hold
from crmcli.jobs.owners.staff import everybody
from crmcli.jobs.pool.contacts import take_along
from crmcli.jobs.pool.contents import fell_in, holdings_of
from crmcli.jobs.pool.naming import put_named
from crmcli.jobs.pool.standings import today_of
from crmcli.jobs.records.refs import find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.database import Database
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch, fetch_where

_DAY = len("2026-03-05")


class ClaimRefused(CrmError):
    """A customer cannot be claimed by whom it was asked for; it says why and, where a day ends it, from when on."""

    code = "pool.refused"

    def __init__(self, customer: str, reasons: list[Message], until: date | None = None) -> None:
        hint = msg("possible from {day} on", day=until.isoformat()) if until else None
        super().__init__(msg("not claimed: {reasons}", reasons=enumerated(reasons)), where=customer, hint=hint)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A customer with its deals in the same pool, or a deal alone, now `owner`'s; `run` is None for a dry run.

    `claimed` is the number of what was claimed and `name` its name; `customer` is the deal's where it is a deal.
    """

    run: str | None
    customer: str | None
    name: str
    owner: str
    pool: str
    deals: tuple[str, ...]
    claimed: str

    def document(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {key: getattr(self, key) for key in ("run", "claimed", "customer", "name", "owner", "pool")} | {
            "opportunities": list(self.deals)
        }


def claim_customer(workspace: Workspace, ref: str, who: str = "", *, pool: str = "", dry_run: bool = False) -> Claimed:
    """Return what `who` (the one who types it where nobody is named) has claimed; `pool` "" takes it from any.

    Raises:
        ClaimRefused: it is in no pool or in another one, or the pool's limits are against it.
        CrmError: the reference finds nothing or several.
    """
    with open_run(workspace.db, workspace.start("claim", dry_run=dry_run)) as run:
        number = find_record(run.db, ref, ("customer",))[1]
        put_named(run, public_pools(workspace.settings), {number})
        customer = fetch(run.db, "customer", [number])[number]
        shown = " ".join([record_number("customer", number), customer["name"] or ""]).strip()
        held_in = _pool_of(workspace, customer, shown, pool)
        claimer = claimer_named(workspace, who or workspace.actor, shown)
        refuse_where_against(held_in, _claim(workspace, customer, held_in, claimer), shown)
        return _take(workspace, run, customer, claimer.name)


def refuse_where_against(pool: PublicPool, claim: Claim, shown: str) -> None:
    """Let a claim pass that nothing of the pool's limits stands against; `shown` names what is claimed.

    Raises:
        ClaimRefused: something does.
    """
    found = refusals(pool, claim)
    if found:
        raise ClaimRefused(shown, [refusal.reason for refusal in found], allowed_from(found))


def _pool_of(workspace: Workspace, customer: Record, shown: str, wanted: str) -> PublicPool:
    if customer["owner"]:
        raise ClaimRefused(shown, [msg("{owner} has it", owner=customer["owner"])])
    name = customer["pool"]
    if not name:
        raise ClaimRefused(shown, [msg("it is in no pool")])
    if wanted and fold(wanted) != fold(name):
        raise ClaimRefused(shown, [msg("it is in the pool {pool}", pool=name)])
    pools = {fold(pool.name): pool for pool in public_pools(workspace.settings)}
    return pools.get(fold(name)) or PublicPool(name)


def claimer_named(workspace: Workspace, who: str, shown: str) -> Owner:
    """Return who claims; where nobody is known as an owner anybody may.

    Raises:
        ClaimRefused: nobody is known by that name, or they have left.
    """
    staff = owners(workspace.settings, fetch_where(workspace.db, "owner"))
    known = next((owner for owner in staff if fold(owner.name) == fold(who)), None)
    if known is None and staff:
        raise ClaimRefused(shown, [msg("nobody is known as the owner {who}", who=who)])
    if known is not None and not known.active:
        raise ClaimRefused(shown, [msg("{who} is not active", who=known.name)])
    return known or Owner(who)


def _claim(workspace: Workspace, customer: Record, pool: PublicPool, claimer: Owner) -> Claim:
    holdings = holdings_of(workspace.db, [customer["id"]]).get(customer["id"], [])
    fell = fell_in(holdings, customer["pool"])
    before = next((row["from_owner"] for row in reversed(holdings) if row["from_owner"]), None)
    today = today_of(workspace)
    return Claim(
        claimer.name,
        today,
        claimer.team,
        fell_on=date.fromisoformat(fell["at"][:_DAY]) if fell else None,
        last_owner=before,
        claimed_today=claims(workspace.db, pool.name, claimer.name, today),
        owned=owned(workspace.db, claimer.name),
    )


def claimed_from(pool: str) -> str:
    """Return what the history of a deal that was claimed alone says of why its owner changed."""
    return f"领取自{pool}"


def claims(db: Database, pool: str, who: str, today: date) -> int:
    """Return how many customers, and deals alone, somebody claimed from a pool on a day."""
    customers = (
        "SELECT count(*) FROM holding WHERE kind = 'claim' AND from_pool = ? AND owner = ? AND substr(at, 1, 10) = ?"
    )
    deals = "SELECT count(*) FROM event WHERE field = 'owner' AND reason = ? AND value = ? AND substr(at, 1, 10) = ?"
    day = today.isoformat()
    return int(db.value(customers, (pool, who, day))) + int(db.value(deals, (claimed_from(pool), who, day)))


def owned(db: Database, who: str) -> int:
    """Return how many customers somebody has."""
    return int(db.value("SELECT count(*) FROM customer WHERE merged_into IS NULL AND owner = ?", (who,)))


def _take(workspace: Workspace, run: Run, customer: Record, who: str) -> Claimed:
    words = msg("claimed from {pool} by {who}", pool=customer["pool"], who=who)
    hold(run, customer, who, None, by=workspace.actor, kind="claim", reason=words)
    staff, pool = everybody(workspace), fold(customer["pool"])
    found = fetch_where(run.db, "opportunity", "status = 'open' AND customer_id = ?", (customer["id"],))
    # a sheet may have written the pool's name where a deal's owner belongs
    deals = [one for one in found if not staff.person(one["owner"]) and fold(one["pool"] or one["owner"] or "") == pool]
    give_deals(run, [Giving(deal, who, None, workspace.actor, "person") for deal in deals])
    take_along(run, customer["id"], who)
    run.counts["customers"] = 1
    numbers = tuple(record_number("opportunity", deal["id"]) for deal in deals)
    number = record_number("customer", customer["id"])
    return Claimed(run.shown_id, number, customer["name"] or "", who, customer["pool"], numbers, claimed=number)
