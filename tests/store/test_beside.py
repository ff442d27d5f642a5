"""Large writes beside: what SQLite takes out of JSON is what a statement a row would write, failures included."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from crmcli.errors import CrmError
from crmcli.store.beside import Beside
from crmcli.store.database import create_database, open_database

TEXTS = ["华东机械", "", 'a"b\\c/\n\t\x01', "😀 𠮷", "null", "[1]", "1e5"]


@pytest.mark.parametrize(("odd", "threadsafety"), [("", 3), ("\x00", 3), ("a\x00b", 3), ("", 1)])
def test_rows_come_back_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: str, threadsafety: int
) -> None:
    """A NUL ends a JSON text for SQLite: such rows are written one by one."""
    monkeypatch.setattr(sqlite3, "threadsafety", threadsafety)
    create_database(tmp_path / "crm.db")
    with open_database(tmp_path / "crm.db") as db:
        beside = Beside(db)
        rows = [(number, text, [text, 1], {text: None}) for number, text in enumerate([*TEXTS, odd], 1)]
        beside.insert("customer", ["id", "name", "phones", "extra"], rows, {"owner": "'张伟'"})
        beside.insert("customer", ["id", "name"], [(100, None), (2**53 - 1, "last")])
        beside.settle()
        beside.close()
        kept = db.rows("SELECT id, name, json_extract(phones, '$[0]') AS phone, phones, owner FROM customer")
        assert [row["name"] for row in kept] == [*TEXTS, odd, None, "last"]
        assert [row["id"] for row in kept] == [*range(1, len(rows) + 1), 100, 2**53 - 1]
        assert [row["owner"] for row in kept] == ["张伟"] * len(rows) + [None, None]
        assert [row["phone"] for row in kept][: len(TEXTS)] == TEXTS
        assert kept[0]["phones"] == '["华东机械",1]'


def test_a_number_too_large_for_sqlite_is_named(tmp_path: Path) -> None:
    create_database(tmp_path / "crm.db")
    with open_database(tmp_path / "crm.db") as db:
        beside = Beside(db)
        beside.insert("opportunity", ["id", "amount_fen"], [(1, 2**60)])
        beside.settle()
        assert db.value("SELECT amount_fen FROM opportunity") == 2**60
        beside.insert("opportunity", ["id", "amount_fen"], [(2, 2**63)])
        with pytest.raises(CrmError):
            beside.settle()
        beside.close()


def test_keys_of_several_records_are_all_kept(tmp_path: Path) -> None:
    create_database(tmp_path / "crm.db")
    with open_database(tmp_path / "crm.db") as db:
        beside = Beside(db)
        beside.insert_keys("customer", "name", [("乙", 2), ("甲", 1)])
        beside.insert_keys("customer", "name", [("甲", 3), ("甲", 1), ("丙", 4)])
        beside.settle()
        beside.close()
        kept = db.rows("SELECT value, record_id FROM record_key ORDER BY value, record_id")
        assert [(row["value"], row["record_id"]) for row in kept] == [("丙", 4), ("乙", 2), ("甲", 1), ("甲", 3)]


def test_what_waits_is_dropped_when_it_is_closed(tmp_path: Path) -> None:
    create_database(tmp_path / "crm.db")
    with open_database(tmp_path / "crm.db") as db:
        beside = Beside(db)
        beside.execute("INSERT INTO nowhere VALUES (?)", (1,))
        beside.close()
        beside.insert("customer", ["id", "name"], [(1, "甲")])
        beside.settle()
        beside.close()
        assert db.value("SELECT name FROM customer") == "甲"
