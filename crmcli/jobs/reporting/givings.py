"""The database -> what rules gave to whom, and who was there."""

from __future__ import annotations

from datetime import datetime

from crmcli.config.parts import assignment_rules, owners, switches
from crmcli.domain.metrics.fairness import Given, Givings
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_where


def load_givings(workspace: Workspace, as_of: str) -> Givings:
    """Return every decision of a rule up to `as_of` (ISO) that gave a deal to somebody, with the staff of crm.toml."""
    rows = workspace.db.rows(
        "SELECT opportunity_id, owner, rule, decided_at FROM assignment"
        " WHERE owner IS NOT NULL AND decided_at <= ? ORDER BY id",
        (as_of,),
    )
    given = tuple(
        Given(row["opportunity_id"], row["owner"], _local(workspace, row["decided_at"]), row["rule"]) for row in rows
    )
    settings = workspace.settings
    staff = owners(settings, fetch_where(workspace.db, "owner"))
    members = frozenset(owner.name for rule in assignment_rules(settings) for owner in rule.to.members(staff))
    return Givings(given, staff, switches(settings), members)


def _local(workspace: Workspace, at: str) -> str:
    return datetime.fromisoformat(at).astimezone(workspace.zone).isoformat(timespec="seconds")
