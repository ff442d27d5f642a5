"""The one write path for who has an opportunity, people's own edits apart: its owner or pool, and the event of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from crmcli.domain.records import ENTITIES, Record
from crmcli.domain.values.text import fold
from crmcli.store.journal import Run

STANDS_IN = "代管"  # what a deal's `extra` says of the absent owner whom its owner stands in for


@dataclass(frozen=True, slots=True)
class Giving:
    """A deal on its way to an owner, or to a pool where `owner` is None; `by` is a person or `rule:NAME`.

    `deputy_for` is the absent owner whom `owner` stands in for; the deal says so under 代管.
    """

    deal: Record
    owner: str | None
    pool: str | None
    by: str
    owner_by: Literal["rule", "person"] = "rule"
    reason: str | None = None
    deputy_for: str | None = None

    @property
    def changes(self) -> bool:
        """Return whether it gives the deal to anybody or any pool that does not have it."""
        same_owner = fold(self.deal["owner"] or "") == fold(self.owner or "")
        return not same_owner or bool(self.deal["pool"] != self.pool)


def give_deals(run: Run, givings: Sequence[Giving]) -> None:
    """Write who gets which deal; stage, amount and follow-ups stay as they are."""
    changing = [giving for giving in givings if giving.changes]
    run.insert("event", [_event(run, giving) for giving in changing if giving.owner or giving.deal["owner"]])
    run.update_all("opportunity", [(giving.deal, _owned(giving)) for giving in changing])


def _owned(giving: Giving) -> Record:
    owned = {"owner": giving.owner, "owner_by": giving.owner_by if giving.owner else None, "pool": giving.pool}
    return owned | stood_in_for(giving.deal, giving.deputy_for)


def stood_in_for(deal: Record, absent: str | None) -> Record:
    """Return the column of a deal that says for whom its owner stands in; None: for nobody."""
    extra = {key: value for key, value in deal["extra"].items() if key != STANDS_IN}
    return {"extra": extra | ({STANDS_IN: absent} if absent else {})}


def _event(run: Run, giving: Giving) -> Record:
    return ENTITIES["event"].blank() | {
        "opportunity_id": giving.deal["id"],
        "field": "owner",
        "at": run.started,
        "recorded": run.started,
        "from_value": giving.deal["owner"],
        "value": giving.owner,
        "by": giving.by,
        "reason": giving.reason,
        "inferred": 0,
    }
