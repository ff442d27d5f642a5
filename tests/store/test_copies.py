from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from crmcli.domain.records import ENTITIES
from crmcli.errors import CrmError
from crmcli.store.copies import check_copy, copy_database, integrity, swap_in
from crmcli.store.database import Database, open_database
from crmcli.store.journal import RunStart, open_run
from crmcli.store.records import fetch_where

Starts = Callable[..., RunStart]


@pytest.fixture
def filled(db: Database, start: Starts) -> Database:
    """Return a workspace with one customer."""
    with open_run(db, start()) as run:
        run.insert("customer", [ENTITIES["customer"].blank() | {"name": "甲公司"}])
    return db


def test_a_copy_is_whole_and_private(filled: Database, tmp_path: Path) -> None:
    copy_database(filled, tmp_path / "copy.db")
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    with open_database(tmp_path / "copy.db") as copy:
        assert [record["name"] for record in fetch_where(copy, "customer")] == ["甲公司"]
    assert sorted(file.suffix for file in tmp_path.iterdir()) == [".db", ".db", ".lock"]


def test_a_folder_takes_no_copy_and_is_named(filled: Database, tmp_path: Path) -> None:
    with pytest.raises(CrmError) as refused:
        copy_database(filled, tmp_path)
    assert refused.value.code == "db.not_writable"


def test_a_damaged_copy_is_refused(filled: Database, tmp_path: Path) -> None:
    copy_database(filled, tmp_path / "copy.db")
    whole = (tmp_path / "copy.db").read_bytes()
    (tmp_path / "copy.db").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CrmError) as refused:
        check_copy(tmp_path / "copy.db")
    assert refused.value.code == "db.damaged"


def test_a_copy_takes_the_place_of_the_workspace(filled: Database, path: Path, start: Starts) -> None:
    copy_database(filled, path.with_name("copy.db"))
    with open_run(filled, start()) as run:
        run.insert("customer", [ENTITIES["customer"].blank() | {"name": "乙公司"}])
    swap_in(path.with_name("copy.db"), path, path.with_name("aside.db"))
    with open_database(path.with_name("aside.db")) as aside:
        assert len(fetch_where(aside, "customer")) == 2
    with open_database(path) as back:
        assert [record["name"] for record in fetch_where(back, "customer")] == ["甲公司"]
        assert integrity(back) == []


def test_a_broken_reference_is_found(filled: Database) -> None:
    filled.connection.execute("PRAGMA foreign_keys = OFF")
    filled.connection.execute("INSERT INTO contact (id, customer_id) VALUES (1, 99)")
    assert integrity(filled) == ["contact 1 -> customer"]
