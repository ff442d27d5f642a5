"""What people type into records: add, set, log, and the moves of an opportunity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crmcli.domain.fields import catalogue
from crmcli.domain.intake import columns_from
from crmcli.domain.problem import Problem
from crmcli.domain.records import ENTITIES, Record
from crmcli.errors import CrmError, ExitCode
from crmcli.i18n import Message, msg
from crmcli.importers.extract import parse_text
from crmcli.jobs.listing import show_records
from crmcli.jobs.refs import find_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run, open_run
from crmcli.store.records import fetch

_OWN_SYSTEM = "default"
_BY_COMMAND = {"opportunity": {"stage", "status", "closed_at", "loss_reason", "stage_text"}}


class BadValue(CrmError):
    """A FIELD=VALUE cannot be taken."""

    code = "usage.value"
    exit_code = ExitCode.USAGE

    def __init__(self, text: str, reason: Message) -> None:
        super().__init__(reason, where=text, hint=msg("`crmcli fields` lists the fields and their types"))


def add_record(workspace: Workspace, entity: str, values: Sequence[str], *, dry_run: bool = False) -> dict[str, Any]:
    """Return the new record as lists show it.

    Raises:
        BadValue: an unknown field, a value that cannot be read, or nothing that names the record.
    """
    columns = _columns(workspace, entity, values)
    if not columns.get("name"):
        raise BadValue("name=", msg("a new record needs a name"))
    if "created_at" in ENTITIES[entity].columns:
        columns.setdefault("created_at", workspace.now())
    with open_run(workspace.db, workspace.start("add", dry_run=dry_run)) as run:
        status = {"status": "open"} if entity == "opportunity" else {}
        number = run.insert(entity, [ENTITIES[entity].blank() | status | columns])[0]
        return show_records(workspace.db, entity, list(fetch(workspace.db, entity, [number]).values()))[0]


def set_fields(
    workspace: Workspace, entity: str, ref: str, values: Sequence[str], *, dry_run: bool = False
) -> dict[str, Any]:
    """Return the changed record as lists show it; an empty value empties a field.

    Raises:
        BadValue: an unknown field, or a value that cannot be read.
        CrmError: the reference finds nothing or several.
    """
    columns = _columns(workspace, entity, values)
    kind, number = find_record(workspace.db, ref, (entity,))
    with open_run(workspace.db, workspace.start("set", dry_run=dry_run)) as run:
        present = fetch(workspace.db, kind, [number])[number]
        write_fields(run, kind, present, columns)
        return show_records(workspace.db, kind, list(fetch(workspace.db, kind, [number]).values()))[0]


def write_fields(run: Run, entity: str, present: Record, columns: Record) -> None:
    """Write what a person set; a deal's amount, owner and expected close are kept as events too."""
    run.update(entity, present, columns)
    if entity != "opportunity":
        return
    for key in ("amount_fen", "owner", "expected_close"):
        if key in columns and columns[key] != present[key]:
            was, now = (None if value is None else str(value) for value in (present[key], columns[key]))
            event = {"opportunity_id": present["id"], "field": key, "at": run.started, "recorded": run.started}
            event |= {"from_value": was, "value": now, "inferred": 0}
            run.insert("event", [ENTITIES["event"].blank() | event])


def _columns(workspace: Workspace, entity: str, values: Sequence[str]) -> Record:
    part: dict[str, Any] = {}
    cleared: list[str] = []
    for text in values:
        key, equals, value = text.partition("=")
        path = f"{entity}.{key.strip()}"
        field = catalogue().get(path)
        if not equals or field is None or field.type == "id":
            raise BadValue(text, msg("there is no field {key}", key=key.strip()))
        if key in _BY_COMMAND.get(entity, set()):
            raise BadValue(text, msg("{key} changes by opp move, win, lose, void or reopen", key=key))
        if not value.strip():
            cleared.append(field.key)
            continue
        parsed = parse_text(field.type, value, workspace.zone)
        if isinstance(parsed, Problem):
            raise BadValue(text, parsed.message)
        part[field.key] = parsed
    columns = columns_from(entity, part, _OWN_SYSTEM) | _links(workspace, entity, part)
    kinds = ENTITIES[entity].columns
    for key in cleared:
        column = {"amount": "amount_fen", "price": "price_fen", "customer": "customer_id"}.get(key, key)
        columns[column] = {"list": [], "dict": {}}.get(kinds[column])
    if entity == "opportunity" and "owner" in columns:
        columns["owner_by"] = "person"
    return columns


def _links(workspace: Workspace, entity: str, part: Mapping[str, Any]) -> Record:
    parents = [parent for parent in ENTITIES[entity].parents if parent in part]
    return {f"{parent}_id": find_record(workspace.db, part[parent], (parent,))[1] for parent in parents}
