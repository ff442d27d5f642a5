"""The one write path for who has a customer: its owner or pool, and the history of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.values.text import fold
from crmcli.i18n import Message
from crmcli.store.journal import Run


@dataclass(frozen=True, slots=True)
class Handing:
    """A customer on its way to an owner, or to a pool where `owner` is None. `by`, `kind`, `reason` as in `hold`."""

    customer: Record
    owner: str | None
    pool: str | None
    by: str
    kind: str
    reason: Message

    @property
    def held_by(self) -> tuple[str | None, str | None]:
        """Return (owner, pool) that the customer is to have: an owner takes it out of every pool."""
        return self.owner, None if self.owner else self.pool

    @property
    def changes(self) -> bool:
        """Return whether it gives the customer to anybody or any pool that does not have it."""
        return (self.customer["owner"], self.customer["pool"]) != self.held_by


def hold(
    run: Run, customer: Record, owner: str | None, pool: str | None, *, by: str, kind: str, reason: Message
) -> Record:
    """Return the customer after an owner or a pool got it; what changes nothing writes nothing.

    `by` is who did it (a person, or `rule:NAME`), `kind` the kind of run that people know it by: set, claim, pool,
    assign, handover. An owner takes it out of every pool.
    """
    return hold_all(run, [Handing(customer, owner, pool, by, kind, reason)])[0]


def hold_all(run: Run, handings: Sequence[Handing]) -> list[Record]:
    """Return customers after owners or pools got them, in order; see `hold`."""
    run.insert("holding", [_kept(run, handing) for handing in handings if handing.changes])
    return [
        run.update("customer", handing.customer, dict(zip(("owner", "pool"), handing.held_by, strict=True)))
        for handing in handings
    ]


def reason_of(holding: Record) -> Message | None:
    """Return why a customer came to whom it came, to be put into words; None where nobody said."""
    told = holding["reason"]
    return Message(told["text"], told.get("args", {})) if told else None


def _kept(run: Run, handing: Handing) -> Record:
    owner, pool = handing.held_by
    reason = handing.reason
    is_pool = not owner and fold(handing.customer["owner"] or "") == fold(pool or "")  # a pool was never anybody
    return ENTITIES["holding"].blank() | {
        "customer_id": handing.customer["id"],
        "owner": owner,
        "pool": pool,
        "from_owner": None if is_pool else handing.customer["owner"],
        "from_pool": handing.customer["pool"],
        "at": run.started,
        "by": handing.by,
        "kind": handing.kind,
        "reason": {"text": reason.text, "args": {key: str(value) for key, value in reason.args.items()}},
    }
