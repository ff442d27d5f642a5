"""The tables of a workspace and how older ones become newer ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crmcli.domain.records import ENTITIES, references

if TYPE_CHECKING:
    from sqlite_utils import Database as Tables

APPLICATION_ID = 0x43524D43  # "CRMC": tells our file from another program's
SCHEMA_VERSION = 9

_TYPES: dict[str, Any] = {"text": str, "int": int, "real": float, "list": str, "dict": str}


def _columns(ints: str, texts: str) -> dict[str, Any]:
    return dict.fromkeys(ints.split(), int) | dict.fromkeys(texts.split(), str)


# the journal's tables, parents before children; the first column is the key
_JOURNAL = {
    "run": _columns("id undoes", "kind command actor started finished status config_hash version counts"),
    "source_file": _columns("id run_id", "path sha256 container encoding"),
    "source_sheet": _columns("id source_file_id header_row", "name kind preset system headers report"),
    "source_row": _columns("id source_sheet_id row record_id", "cells outcome entity"),
    "change": _columns("id run_id record_id source_row step", "entity op before after"),
    "counter": {"name": str, "next": int},
}
# what the last comparison of all records of a kind left: no record, it can be made again (store/compared.py)
_COMPARED: dict[str, Any] = {
    "kind": str,
    "model": str,
    **dict.fromkeys(("ids", "prints", "pairs", "kept", "scores", "tiers"), bytes),
}
# what the journal's tables got later
_ADDED: dict[str, dict[str, Any]] = {"source_row": _columns("", "said"), "run": _columns("", "part_of")}


def m001_first(db: Tables) -> None:
    """Create the journal and one table a kind of record."""
    _journal(db)
    for name in ENTITIES:
        _create(db, name)
    db.table("alternate").create_index(["entity", "entity_id"])
    db.table("pair").create_index(["a_id"])
    db.table("pair").create_index(["b_id"])
    db.execute(
        "CREATE TABLE record_key (entity TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL,"
        " record_id INTEGER NOT NULL, PRIMARY KEY (entity, kind, value, record_id)) WITHOUT ROWID"
    )


def _create(db: Tables, name: str) -> None:
    columns = {"id": int} | {key: _TYPES[kind] for key, kind in ENTITIES[name].columns.items()}
    keys = [(column, parent, "id") for column, parent in references(name).items()]
    db.table(name).create(columns, pk="id", foreign_keys=keys)
    for column in references(name):
        db.table(name).create_index([column])


def _journal(db: Tables) -> None:
    parents = {"source_file": "run", "source_sheet": "source_file", "source_row": "source_sheet", "change": "run"}
    for table, columns in _JOURNAL.items():
        parent = parents.get(table)
        keys = [(f"{parent}_id", parent, "id")] if parent else []
        db.table(table).create(columns, pk=next(iter(columns)), foreign_keys=keys)
    db.table("source_row").create_index(["source_sheet_id"])
    db.table("change").create_index(["entity", "record_id"])
    db.table("change").create_index(["run_id"])


def m002_said(db: Tables) -> None:
    """Add what a source row was read as, beside its raw cells: a statement compares it with the database."""
    _add_columns(db, "source_row")


def _add_columns(db: Tables, table: str) -> None:
    for name, kind in _ADDED[table].items():
        db.table(table).add_column(name, kind)


def m003_catalogue(db: Tables) -> None:
    """Add the kinds of record and the columns that the catalogue got since the file was made."""
    for entity in ENTITIES.values():
        table = db.table(entity.name)
        if not table.exists():
            _create(db, entity.name)
        for key in sorted(entity.columns.keys() - {column.name for column in table.columns}):
            table.add_column(key, _TYPES[entity.columns[key]])
            if key in references(entity.name):
                table.create_index([key])


def m004_compared(db: Tables) -> None:
    """Add what the last comparison of records left."""
    db.table("compared").create(_COMPARED, pk="kind")


def m005_models(db: Tables) -> None:
    """Add the models that are fitted to the customers."""
    m003_catalogue(db)


def m006_closed_loop(db: Tables) -> None:
    """Add tasks, approvals, files, holdings, verdicts and snapshots, and which larger run a run is part of."""
    m003_catalogue(db)
    _add_columns(db, "run")


def m007_contracts(db: Tables) -> None:
    """Add contracts and payments."""
    m003_catalogue(db)


def m008_targets(db: Tables) -> None:
    """Add targets."""
    m003_catalogue(db)


# A creation whose values are in its source row is kept in `creation`, every other change in `entry`; `change` is both.
_CREATION = """
CREATE TABLE creation (
    entity TEXT NOT NULL, record_id INTEGER NOT NULL, id INTEGER NOT NULL, run_id INTEGER NOT NULL REFERENCES run(id),
    source_row INTEGER NOT NULL, PRIMARY KEY (entity, record_id)
) WITHOUT ROWID
"""
CHANGE = """CREATE VIEW change AS
SELECT id, run_id, entity, record_id, op, before, after, source_row, step FROM entry
UNION ALL
SELECT id, run_id, entity, record_id, 'create', NULL, NULL, source_row, NULL FROM creation"""


def m009_creations(db: Tables) -> None:
    """Keep creations by large imports in few bytes, apart from the other changes; both share one row of numbers."""
    db.execute("ALTER TABLE change RENAME TO entry")
    db.execute(_CREATION)
    db.execute(CHANGE)


_MIGRATIONS = (
    m001_first,
    m002_said,
    m003_catalogue,
    m004_compared,
    m005_models,
    m006_closed_loop,
    m007_contracts,
    m008_targets,
    m009_creations,
)


def migrate(db: Tables) -> None:
    """Bring the file to `SCHEMA_VERSION`; each step is one transaction."""
    from sqlite_utils.migrations import Migrations

    steps = Migrations("crmcli")
    for step in _MIGRATIONS:
        steps()(step)
    steps.apply(db)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def columns_of_tables() -> dict[str, set[str]]:
    """Return table -> its columns, as they are in a sound file of `SCHEMA_VERSION`."""
    records = {entity.name: {"id", *entity.columns} for entity in ENTITIES.values()}
    kept = {"compared": set(_COMPARED), "creation": {"entity", "record_id", "id", "run_id", "source_row"}}
    journal = {table: {*columns, *_ADDED.get(table, ())} for table, columns in _JOURNAL.items()}
    journal["entry"] = journal.pop("change")
    return records | kept | journal
