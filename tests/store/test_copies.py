from __future__ import annotations

from pathlib import Path

import pytest

from crmcli.errors import CrmError
from crmcli.store.copies import check_copy, copy_database, integrity, swap_in
from crmcli.store.database import create_database, open_database


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "crm.db"
    create_database(path)
    with open_database(path) as db:
        db.connection.execute("INSERT INTO customer (name) VALUES ('甲')")
    return path


def named(path: Path) -> list[str]:
    with open_database(path) as db:
        return [str(name) for name in db.values("SELECT name FROM customer")]


def test_a_copy_holds_the_same_and_leaves_no_part(source: Path, tmp_path: Path) -> None:
    with open_database(source) as db:
        copy_database(db, tmp_path / "a" / "copy.db")
    assert named(tmp_path / "a" / "copy.db") == ["甲"]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["copy.db"]


def test_a_sound_file_has_nothing_to_say(source: Path) -> None:
    with open_database(source) as db:
        assert integrity(db) == []


def test_a_reference_to_nothing_is_damage(source: Path) -> None:
    with open_database(source) as db:
        db.connection.execute("PRAGMA foreign_keys = OFF")
        db.connection.execute("INSERT INTO contact (name, customer_id) VALUES ('李雷', 99)")
        assert integrity(db) == ["contact 1 -> customer"]
    with pytest.raises(CrmError, match="contact 1 -> customer"):
        check_copy(source)


def test_what_was_left_to_roll_back_goes_with_the_old_file(source: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with open_database(source) as db:
        copy_database(db, copy)
        db.connection.execute("UPDATE customer SET name = '乙'")
    journal = source.with_name("crm.db-journal")
    journal.write_bytes(b"a journal of the old file")
    aside = tmp_path / "backups" / "old.db"
    swap_in(copy, source, aside)
    assert named(source) == ["甲"]
    assert not journal.exists()
    assert aside.with_name("old.db-journal").read_bytes() == b"a journal of the old file"


def test_where_the_old_file_cannot_be_put_aside_it_stays(source: Path, tmp_path: Path) -> None:
    copy, folder = tmp_path / "copy.db", tmp_path / "aside"
    with open_database(source) as db:
        copy_database(db, copy)
        db.connection.execute("UPDATE customer SET name = '乙'")
    folder.mkdir()
    (folder / "in the way").touch()
    with pytest.raises(CrmError, match="cannot be written"):
        swap_in(copy, source, folder)
    assert named(source) == ["乙"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["aside", "copy.db", "crm.db"]
