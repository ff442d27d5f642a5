"""The database -> the next step that stands for each deal, as reminders know it."""

from __future__ import annotations

from crmcli.domain.reminders.model import Plan
from crmcli.jobs.reminders.plans import standing_plans
from crmcli.jobs.workspace import Workspace
from crmcli.store.reminding import own_plans

_ALL = (0, 2**63 - 1)


def load_plans(workspace: Workspace, as_of: str) -> dict[int, Plan]:
    """Return deal -> its next step at `as_of` (ISO), with when it was made where anybody knows."""
    return standing_plans(workspace.db, own_plans(workspace.db), _ALL, as_of)
