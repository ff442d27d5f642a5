"""What will fall into the public pools, when and why, and what will not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from crmcli.config.parts import public_pools
from crmcli.domain.pool import Standing
from crmcli.domain.records import record_number
from crmcli.domain.values.text import fold
from crmcli.jobs.pool.standings import standings, today_of
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_columns


@dataclass(frozen=True, slots=True)
class Planned:
    """A customer on its way to a pool, or one that cannot get there: `notice` is whether its owner is to be told."""

    standing: Standing
    name: str
    notice: bool = False

    def document(self) -> dict[str, Any]:
        """Return it as JSON: days as text, None where it does not fall."""
        standing = self.standing
        return {
            "customer": record_number("customer", standing.customer),
            "name": self.name,
            "owner": standing.owner,
            "pool": standing.pool,
            "code": standing.code,
            "reason": str(standing.reason),
            "since": standing.since.isoformat() if standing.since else None,
            "remaining_days": standing.remaining_days,
            "falls_on": standing.falls_on.isoformat() if standing.falls_on else None,
            "notice": self.notice,
        }


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """What falls until a day, soonest first; what cannot for want of a date; and the others, counted by why.

    `kept` are those that something protects, `protected` their number by what does. `by_owner` counts what falls;
    `later` are those whose clock runs on beyond `until`.
    """

    until: date
    looked_at: int
    falling: list[Planned]
    undated: list[Planned]
    kept: list[Planned]
    by_owner: dict[str, int] = field(default_factory=dict)
    protected: dict[str, int] = field(default_factory=dict)
    unruled: int = 0
    later: int = 0


def plan_pool(workspace: Workspace, days: int = 7, owner: str = "") -> PoolPlan:
    """Return what will fall within `days` from now (0: what the next run takes), of one owner or of everybody."""
    found = [one for one in standings(workspace) if not owner or fold(one.owner) == fold(owner)]
    until = today_of(workspace) + timedelta(days=days)
    counting = [one for one in found if one.state == "counting"]
    falling = [one for one in counting if one.falls_on and one.falls_on <= until]
    falling.sort(key=lambda one: (one.remaining_days or 0, one.owner, one.customer))
    kept = [one for one in found if one.state == "protected"]
    return PoolPlan(
        until=until,
        looked_at=len(found),
        falling=_planned(workspace, falling),
        undated=_planned(workspace, [one for one in found if one.state == "undated"]),
        kept=_planned(workspace, kept),
        by_owner=dict(sorted(Counter(one.owner for one in falling).items())),
        protected=dict(sorted(Counter(one.code for one in kept).items())),
        unruled=sum(one.state == "unruled" for one in found),
        later=len(counting) - len(falling),
    )


def _planned(workspace: Workspace, found: Sequence[Standing]) -> list[Planned]:
    named = fetch_columns(workspace.db, "customer", ["name"], "merged_into IS NULL") if found else []
    names = {row["id"]: row["name"] or "" for row in named}
    notice = {pool.name: pool.notice_days for pool in public_pools(workspace.settings)}
    today = today_of(workspace)
    return [
        Planned(
            one,
            names[one.customer],
            one.falls_on is not None and (one.falls_on - today).days <= notice.get(one.pool or "", 0),
        )
        for one in found
    ]
