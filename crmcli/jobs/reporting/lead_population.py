"""The database's leads -> what the report on them is computed from."""

from __future__ import annotations

from crmcli.domain.leads import QUALIFIED, is_open
from crmcli.domain.metrics.leads import Lead, State
from crmcli.domain.records import Record
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_columns

_COLUMNS = (
    "name",
    "company",
    "source",
    "status",
    "reason",
    "owner",
    "created_at",
    "decided_at",
    "opportunity_id",
)


def load_leads(workspace: Workspace, as_of: str) -> tuple[Lead, ...]:
    """Return the leads as they were at `as_of` (ISO): later ones are not there, later decisions are not taken yet."""
    found = fetch_columns(workspace.db, "lead", _COLUMNS)
    return tuple(_lead(record, as_of) for record in found if not record["created_at"] or record["created_at"] <= as_of)


def _lead(record: Record, as_of: str) -> Lead:
    decided = None if is_open(record) else record["decided_at"]
    waiting = is_open(record) or bool(decided and decided > as_of)
    state: State = "open" if waiting else "qualified" if record["status"] == QUALIFIED else "disqualified"
    return Lead(
        id=record["id"],
        state=state,
        name=record["name"],
        company=record["company"],
        source=record["source"],
        owner=record["owner"],
        created=record["created_at"],
        decided=None if waiting else decided,
        reason=None if waiting else record["reason"],
        deal=None if waiting else record["opportunity_id"],
    )
