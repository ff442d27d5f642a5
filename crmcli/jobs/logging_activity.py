"""Follow-ups that a person notes."""

from __future__ import annotations

from typing import Any

from crmcli.domain.records import ENTITIES, record_number
from crmcli.jobs.listing import show_records
from crmcli.jobs.refs import find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import open_run
from crmcli.store.records import fetch


def log_activity(
    workspace: Workspace,
    ref: str,
    text: str,
    *,
    kind: str = "",
    at: str | None = None,
    next_at: str | None = None,
    action: str = "",
    dry_run: bool = False,
) -> dict[str, Any]:
    """Return the new follow-up; a planned action is put on the opportunity too.

    Raises:
        CrmError: the reference finds nothing or several.
    """
    entity, number = find_record(workspace.db, ref, ("customer", "opportunity", "contact"))
    about = fetch(workspace.db, entity, [number])[number]
    links = {f"{entity}_id": number}
    if entity != "customer":
        links["customer_id"] = about["customer_id"]
    with open_run(workspace.db, workspace.start("log", dry_run=dry_run)) as run:
        plan = {"next_action": action or None, "next_at": next_at}
        activity = {
            "type": kind or None,
            "at": at or run.started,
            "by": workspace.actor,
            "text": text,
            "origin": "human",
        }
        made = run.insert("activity", [ENTITIES["activity"].blank() | links | activity | plan])[0]
        if entity == "opportunity" and (action or next_at):
            run.update("opportunity", about, plan)
        shown = show_records(workspace.db, "activity", list(fetch(workspace.db, "activity", [made]).values()))[0]
    return shown | {"run": run.shown_id, "about": record_number(entity, number)}
