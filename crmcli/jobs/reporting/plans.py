"""The database -> the next step that stands for each deal, as reminders know it."""

from __future__ import annotations

from typing import Any

from crmcli.domain.reminders.model import Plan
from crmcli.jobs.reminders.plans import standing_plans
from crmcli.jobs.workspace import Workspace
from crmcli.store.reminding import own_plans
from crmcli.store.reporting import before_later_edits

_ALL = (0, 2**63 - 1)
_NOTHING: dict[str, Any] = {"next_at": None, "next_action": None}


def load_plans(workspace: Workspace, as_of: str) -> dict[int, Plan]:
    """Return deal -> its next step at `as_of` (ISO), with when it was made where anybody knows."""
    own = own_plans(workspace.db)
    for number, earlier in before_later_edits(workspace.db, ("next_at", "next_action"), as_of).items():
        own[number] = own.get(number, _NOTHING) | earlier
    return standing_plans(workspace.db, own, _ALL, as_of)
