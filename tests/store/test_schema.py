from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database as Tables
from sqlite_utils.migrations import Migrations

from crmcli.domain.records import ENTITIES
from crmcli.store.database import create_database, open_database
from crmcli.store.journal import RunStart, open_run
from crmcli.store.schema import APPLICATION_ID, SCHEMA_VERSION, m001_first


def test_a_file_of_the_first_format_is_brought_to_todays(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    connection = sqlite3.connect(path, isolation_level=None)
    steps = Migrations("crmcli")
    steps()(m001_first)
    steps.apply(Tables(connection))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    connection.execute("INSERT INTO run (id, kind, status) VALUES (1, 'import', 'done')")
    connection.execute("INSERT INTO source_row (id, row, cells) VALUES (1, 2, '[]')")
    connection.close()
    with open_database(path) as db:
        assert db.rows("SELECT row, cells, said FROM source_row") == [{"row": 2, "cells": "[]", "said": None}]
        assert db.value("PRAGMA user_version") == SCHEMA_VERSION


def test_a_kind_of_record_that_came_later_gets_its_table(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    create_database(path)
    with open_database(path) as db:
        db.connection.execute("DROP TABLE synonym")
        db.connection.execute("ALTER TABLE alias DROP COLUMN full")
        db.connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'm003_catalogue'")
        db.connection.execute("PRAGMA user_version = 2")
    with open_database(path) as db:
        assert db.rows("SELECT kind, written, meaning FROM synonym") == []
        assert db.rows("SELECT short, full FROM alias") == []


def test_a_file_without_contracts_gets_their_tables_and_keeps_its_records(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    create_database(path)
    with open_database(path) as db:
        db.connection.execute("INSERT INTO customer (id, name) VALUES (1, '鼎信')")
        db.connection.execute("DROP TABLE payment")
        db.connection.execute("DROP TABLE contract")
        db.connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'm007_contracts'")
        db.connection.execute("PRAGMA user_version = 6")
    with open_database(path) as db:
        assert db.rows("SELECT name FROM customer") == [{"name": "鼎信"}]
        db.connection.execute("INSERT INTO contract (id, name, customer_id) VALUES (1, '采购', 1)")
        db.connection.execute("INSERT INTO payment (id, contract_id, due_amount_fen) VALUES (1, 1, 100)")
        found = "SELECT c.name, p.due_amount_fen FROM payment p JOIN contract c ON c.id = p.contract_id"
        assert db.rows(found) == [{"name": "采购", "due_amount_fen": 100}]
        assert db.value("PRAGMA user_version") == SCHEMA_VERSION


def test_a_file_with_one_table_of_changes_gets_a_view_of_two_and_keeps_its_changes(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    create_database(path)
    with open_database(path) as db:
        db.connection.execute("DROP VIEW change")
        db.connection.execute("DROP TABLE creation")
        db.connection.execute("ALTER TABLE entry RENAME TO change")
        db.connection.execute("DELETE FROM counter")
        db.connection.execute("INSERT INTO run (id, kind, started, status) VALUES (1, 'import', '2026-01-01', 'done')")
        db.connection.execute(
            "INSERT INTO change (id, run_id, entity, record_id, op, after) VALUES (41, 1, 'owner', 1, 'create', '{}')"
        )
        db.connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'm009_creations'")
        db.connection.execute("PRAGMA user_version = 8")
    with open_database(path) as db:
        with open_run(db, RunStart("set", "", "", lambda: "2026-01-02")) as run:
            run.insert("owner", [ENTITIES["owner"].blank() | {"name": "张伟"}])
        assert db.values("SELECT id FROM change ORDER BY id") == [41, 42]
        assert db.value("PRAGMA user_version") == SCHEMA_VERSION
