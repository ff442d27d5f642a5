"""One record with what belongs to it."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from crmcli.domain.moves import how_moved
from crmcli.domain.records import Record, children
from crmcli.domain.stage_history import effective
from crmcli.domain.values.money import fen_to_text
from crmcli.jobs.deals.stages import present_deals
from crmcli.jobs.owners.holding import reason_of
from crmcli.jobs.records.listing import show_records
from crmcli.jobs.records.refs import find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch, fetch_where

# kind of record that is shown with another -> which of them
_SHOWN = {
    "contact": "merged_into IS NULL",
    "opportunity": "1",
    "activity": "1",
    "task": "done_at IS NULL",
    "approval": "1",
    "attachment": "1",
    "contract": "1",
    "payment": "1",
}
# the approvals of a customer's deals
_OF_DEALS = "opportunity_id IN (SELECT id FROM opportunity WHERE customer_id = ?)"
_HOLDING = ("at", "owner", "pool", "from_owner", "from_pool", "by", "kind")
_EVENT = ("field", "at", "not_before", "not_after", "from_value", "value", "kind", "by", "reason", "note", "inferred")


def show_record(workspace: Workspace, entity: str, ref: str) -> dict[str, Any]:
    """Return a record by the catalogue's keys, with `alternates` and `belonging` (kind -> records, of tasks the open).

    An opportunity has its `events`, oldest first: what its stage, amount, owner and expected close were and became.
    An `inferred` one that better known ones overrule is not `in_effect`. One that lies between two versions of a sheet
    has `not_before`, one that the first version shows `not_after`. How a person moved it: `skipped`, `back`, `forced`.
    A customer and an opportunity have their `pool`; a customer its `holdings`, oldest first: who had it, and why.

    Raises:
        CrmError: the reference finds nothing or several.
    """
    db = workspace.db
    kind, number = find_record(db, ref, (entity,))
    shown = _shown(workspace, kind, list(fetch(db, kind, [number]).values()))[0]
    alternates = fetch_where(db, "alternate", "entity = ? AND entity_id = ?", (kind, number))
    keys = ("field", "value", "system")
    shown["alternates"] = [{key: row[key] for key in keys} | _in_yuan(row, "value") for row in alternates]
    if kind in ("customer", "opportunity"):
        shown["pool"] = fetch(db, kind, [number])[number]["pool"]
    if kind == "opportunity":
        shown["events"] = _events(workspace, number)
    if kind == "customer":
        shown["holdings"] = _holdings(workspace, number)
    return shown | {
        "belonging": {
            child: _shown(workspace, child, fetch_where(db, child, which, (number,)))
            for child, which in _belonging(kind).items()
        }
    }


def _belonging(entity: str) -> dict[str, str]:
    """Return kind of record that is shown with this one -> which of them, a question mark for its number."""
    own = {child: f"{column} = ? AND {_SHOWN[child]}" for child, column in children(entity).items() if child in _SHOWN}
    return own | ({"approval": _OF_DEALS} if entity == "customer" else {})


def _shown(workspace: Workspace, entity: str, records: list[Record]) -> list[dict[str, Any]]:
    if entity == "opportunity":
        records = present_deals(workspace.db, records, workspace.now())
    return show_records(workspace.db, entity, records)


def _holdings(workspace: Workspace, number: int) -> list[dict[str, Any]]:
    rows = sorted(fetch_where(workspace.db, "holding", "customer_id = ?", (number,)), key=lambda row: str(row["at"]))
    return [{key: row[key] for key in _HOLDING} | {"reason": str(reason_of(row) or "") or None} for row in rows]


def _events(workspace: Workspace, number: int) -> list[dict[str, Any]]:
    events = fetch_where(workspace.db, "event", "opportunity_id = ?", (number,))
    events.sort(key=lambda event: (event["at"] or "", event["id"]))
    counted = {event["id"] for event in effective(event for event in events if event["field"] == "stage")}
    return [
        {key: event[key] for key in _EVENT}
        | _in_yuan(event, "from_value", "value")
        | _sure(event, counted)
        | how_moved(event)
        for event in events
    ]


def _in_yuan(row: Record, *keys: str) -> dict[str, Any]:
    """Return the field and values of something said of an amount as people see them; {} for any other field."""
    if not row["field"].endswith("_fen"):
        return {}
    values = {key: None if row[key] is None else fen_to_text(int(row[key])) for key in keys}
    return {"field": row["field"].removesuffix("_fen")} | values


def _sure(event: Record, counted: Container[int]) -> dict[str, bool]:
    in_effect = event["field"] != "stage" or event["id"] in counted
    return {"inferred": bool(event["inferred"]), "in_effect": in_effect}
