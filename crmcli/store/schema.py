"""The tables of a workspace and how older ones become newer ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmcli.domain.records import ENTITIES, references

if TYPE_CHECKING:
    from sqlite_utils import Database as Tables

APPLICATION_ID = 0x43524D43  # "CRMC": tells our file from another program's
SCHEMA_VERSION = 1

_TYPES: dict[str, Any] = {"text": str, "int": int, "real": float, "list": str, "dict": str}


def m001_first(db: Tables) -> None:
    """Create the journal and one table a kind of record."""
    _journal(db)
    for entity in ENTITIES.values():
        columns = {"id": int} | {key: _TYPES[kind] for key, kind in entity.columns.items()}
        keys = [(column, parent, "id") for column, parent in references(entity.name).items()]
        db.table(entity.name).create(columns, pk="id", foreign_keys=keys)
        for column in references(entity.name):
            db.table(entity.name).create_index([column])
    db.table("alternate").create_index(["entity", "entity_id"])
    db.table("pair").create_index(["a_id"])
    db.table("pair").create_index(["b_id"])
    db.execute(
        "CREATE TABLE record_key (entity TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL,"
        " record_id INTEGER NOT NULL, PRIMARY KEY (entity, kind, value, record_id)) WITHOUT ROWID"
    )


def _journal(db: Tables) -> None:
    run = {
        "id": int,
        "kind": str,
        "command": str,
        "actor": str,
        "started": str,
        "finished": str,
        "status": str,
    }
    db.table("run").create(run | {"config_hash": str, "version": str, "counts": str, "undoes": int}, pk="id")
    file = {"id": int, "run_id": int, "path": str, "sha256": str, "container": str, "encoding": str}
    db.table("source_file").create(file, pk="id", foreign_keys=[("run_id", "run", "id")])
    sheet = {"id": int, "source_file_id": int, "name": str, "kind": str, "preset": str, "system": str}
    sheet |= {"header_row": int, "headers": str, "report": str}
    db.table("source_sheet").create(sheet, pk="id", foreign_keys=[("source_file_id", "source_file", "id")])
    row = {
        "id": int,
        "source_sheet_id": int,
        "row": int,
        "cells": str,
        "outcome": str,
        "entity": str,
        "record_id": int,
    }
    db.table("source_row").create(row, pk="id", foreign_keys=[("source_sheet_id", "source_sheet", "id")])
    db.table("source_row").create_index(["source_sheet_id"])
    change = {
        "id": int,
        "run_id": int,
        "entity": str,
        "record_id": int,
        "op": str,
        "before": str,
        "after": str,
    }
    change |= {"source_row": int, "step": int}
    db.table("change").create(change, pk="id", foreign_keys=[("run_id", "run", "id")])
    db.table("change").create_index(["entity", "record_id"])
    db.table("change").create_index(["run_id"])
    db.table("counter").create({"name": str, "next": int}, pk="name")


_MIGRATIONS = (m001_first,)


def migrate(db: Tables) -> None:
    """Bring the file to `SCHEMA_VERSION`; each step is one transaction."""
    from sqlite_utils.migrations import Migrations

    steps = Migrations("crmcli")
    for step in _MIGRATIONS:
        steps()(step)
    steps.apply(db)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
