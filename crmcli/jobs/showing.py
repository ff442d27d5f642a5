"""One record with what belongs to it."""

from __future__ import annotations

from typing import Any

from crmcli.domain.records import children
from crmcli.jobs.listing import show_records
from crmcli.jobs.refs import find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch, fetch_where

_SHOWN = ("contact", "opportunity", "activity")


def show_record(workspace: Workspace, entity: str, ref: str) -> dict[str, Any]:
    """Return a record by the catalogue's keys, with `alternates` and `belonging` (kind -> records).

    An opportunity has its `events`, oldest first.

    Raises:
        CrmError: the reference finds nothing or several.
    """
    db = workspace.db
    kind, number = find_record(db, ref, (entity,))
    shown = show_records(db, kind, list(fetch(db, kind, [number]).values()))[0]
    values = (kind, number)
    alternates = fetch_where(db, "alternate", "entity = ? AND entity_id = ?", values)
    shown["alternates"] = [{key: row[key] for key in ("field", "value", "system")} for row in alternates]
    belonging = {}
    for child, column in children(kind).items():
        if child in _SHOWN:
            belonging[child] = show_records(db, child, fetch_where(db, child, f"{column} = ?", (number,)))
    if kind == "opportunity":
        keys = ("field", "at", "from_value", "value", "kind", "by", "reason", "inferred")
        events = fetch_where(db, "event", "opportunity_id = ?", (number,))
        shown["events"] = [{key: event[key] for key in keys} for event in sorted(events, key=lambda e: e["at"] or "")]
    return shown | {"belonging": belonging}
