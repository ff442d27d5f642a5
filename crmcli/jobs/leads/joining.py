"""Records that a lead's values go into: one that is there by the keys of imports, else a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crmcli.domain.identity import keys_of
from crmcli.domain.intake import area_to_add
from crmcli.domain.records import ENTITIES, Record, record_number
from crmcli.domain.settle import Mode, Modes, settle
from crmcli.jobs.importing.batch import Batch
from crmcli.jobs.importing.context import ImportContext
from crmcli.jobs.importing.identify import Verdict, identify
from crmcli.jobs.vocabulary import loss_reasons, pipelines
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import Run
from crmcli.store.records import fetch, fetch_where

_SYSTEM = "default"


@dataclass(frozen=True, slots=True)
class Joined:
    """A record as a lead leaves it; `made` tells that it is new."""

    entity: str
    record: Record
    made: bool

    @property
    def id(self) -> int:
        """Return the record's number without its prefix."""
        return int(self.record["id"])

    def shown(self) -> dict[str, Any]:
        """Return number, name, owner and whether it is new."""
        number = record_number(self.entity, self.id)
        return {"id": number, "name": self.record["name"], "owner": self.record["owner"], "made": self.made}


def look_for(workspace: Workspace, run: Run, entity: str, columns: Record) -> Verdict:
    """Return which records of a kind these columns mean, by the keys that imports go by."""
    settings = workspace.settings
    words = (pipelines(workspace), loss_reasons(workspace))
    batch = Batch(ImportContext(run, Modes(Mode.FILL), *words, settings.workspace.currency), entity)
    record = ENTITIES[entity].blank() | columns
    batch.load(keys_of(entity, record))
    return identify(batch, record)


def make(run: Run, entity: str, columns: Record) -> Joined:
    """Return a new record with these columns."""
    record = ENTITIES[entity].blank() | {"created_at": run.started} | columns
    if entity == "customer":
        record |= area_to_add(record)
    number = run.insert(entity, [record])[0]
    return Joined(entity, {"id": number, **record}, made=True)


def join(run: Run, entity: str, number: int, columns: Record) -> Joined:
    """Return a record that is there with what was empty filled and lists united; other values are kept beside it."""
    present = fetch(run.db, entity, [number])[number]
    settled = settle(entity, present, columns, Modes(Mode.FILL), lambda _column: True)
    after = run.update(entity, present, settled.changes)
    known = {
        (one["field"], one["value"])
        for one in fetch_where(run.db, "alternate", "entity = ? AND entity_id = ?", (entity, number))
    }
    about = ENTITIES["alternate"].blank() | {"entity": entity, "entity_id": number, "system": _SYSTEM}
    untaken = [(key, str(value)) for key, value in settled.untaken.items()]
    fresh = [pair for pair in untaken if pair not in known]
    run.insert("alternate", [about | {"field": key, "value": value} for key, value in fresh])
    return Joined(entity, after, made=False)
