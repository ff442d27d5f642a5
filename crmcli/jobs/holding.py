"""The one write path for who has a customer: its owner or pool, and the history of both."""

from __future__ import annotations

from crmcli.domain.records import ENTITIES, Record
from crmcli.i18n import Message
from crmcli.store.journal import Run


def hold(
    run: Run, customer: Record, owner: str | None, pool: str | None, *, by: str, kind: str, reason: Message
) -> Record:
    """Return the customer after an owner or a pool got it; what changes nothing writes nothing.

    `by` is who did it (a person, or `rule:NAME`), `kind` the kind of run that people know it by: set, claim, pool,
    assign, handover. An owner takes it out of every pool.
    """
    pool = None if owner else pool
    if (customer["owner"], customer["pool"]) == (owner, pool):
        return customer
    told = {"text": reason.text, "args": {key: str(value) for key, value in reason.args.items()}}
    kept = ENTITIES["holding"].blank() | {
        "customer_id": customer["id"],
        "owner": owner,
        "pool": pool,
        "from_owner": customer["owner"],
        "from_pool": customer["pool"],
        "at": run.started,
        "by": by,
        "kind": kind,
        "reason": told,
    }
    run.insert("holding", [kept])
    return run.update("customer", customer, {"owner": owner, "pool": pool})
