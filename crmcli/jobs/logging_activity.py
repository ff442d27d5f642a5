"""Follow-ups that a person notes."""

from __future__ import annotations

from typing import Any

from crmcli.domain.records import ENTITIES, record_number, references
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import msg
from crmcli.jobs.records.listing import show_records
from crmcli.jobs.records.refs import find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import open_run
from crmcli.store.records import fetch


class NothingSaid(CrmError):
    """A follow-up without a word."""

    code = "log.empty"
    exit_code = ExitCode.USAGE

    def __init__(self) -> None:
        super().__init__(msg("the follow-up has no text"), hint=msg('crmcli log O7 "..."'))


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
    """Return the new follow-up, with its `run` and what it is `about`; a planned action is put on the opportunity too.

    Raises:
        NothingSaid: the text is empty.
        CrmError: the reference finds nothing or several.
    """
    if not text.strip():
        raise NothingSaid
    entity, number = find_record(workspace.db, ref, ("customer", "opportunity", "contact", "lead"))
    about = fetch(workspace.db, entity, [number])[number]
    links = {column: about[column] for column in references(entity)} | {f"{entity}_id": number}
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
