"""What becomes of a deal that comes back to life when its owner has left."""

from __future__ import annotations

from crmcli.config.parts import owners
from crmcli.domain.records import Record
from crmcli.jobs.deals.owner import Giving, give_deals
from crmcli.jobs.owners.staff import Staff
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run
from crmcli.store.records import fetch, fetch_where


def give_back_from_leaver(workspace: Workspace, run: Run, deal: Record) -> None:
    """Give a deal whose owner has left to its customer's owner, else to nobody: then `assign run` decides."""
    staff = Staff(owners(workspace.settings, fetch_where(run.db, "owner")))
    if not deal["owner"] or not staff.knows(deal["owner"]) or staff.is_active(deal["owner"]):
        return
    customer = fetch(run.db, "customer", [deal["customer_id"]] if deal["customer_id"] else []).get(deal["customer_id"])
    held_by = customer["owner"] if customer else None
    heir = held_by if held_by and staff.is_active(held_by) else None
    give_deals(run, [Giving(deal, heir, None, workspace.actor, "rule", None)])
