from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crmcli.errors import CrmError
from crmcli.jobs.records.editing import add_record
from crmcli.jobs.safety.backups import BackupExists, NoBackup, backup, daily_backup, newest_backup, restore
from crmcli.store.database import open_database
from crmcli.store.records import fetch_where

NOW = datetime.fromisoformat("2026-07-01T08:30:00+08:00")


def names(db: Path) -> list[str]:
    with open_database(db) as opened:
        return [record["name"] for record in fetch_where(opened, "customer")]


def test_there_and_back(desk: Any) -> None:
    db = desk.workspace.db.path
    add_record(desk.workspace, "customer", ["name=甲"])
    made = backup(desk.workspace)
    assert made == db.parent / "backups" / "crm-20260630-090000.db"
    add_record(desk.workspace, "customer", ["name=乙"])
    aside = restore(made, db, NOW)
    assert aside == db.parent / "backups" / "crm-20260701-083000-before-restore.db"
    assert aside is not None
    assert (names(db), names(aside)) == (["甲"], ["甲", "乙"])


@pytest.mark.skipif(os.name != "posix", reason="file rights are POSIX's")
def test_copies_are_private(desk: Any) -> None:
    made = backup(desk.workspace)
    aside = restore(made, desk.workspace.db.path, NOW)
    assert aside is not None
    paths = (made, aside, desk.workspace.db.path)
    assert [stat.S_IMODE(path.stat().st_mode) for path in paths] == [0o600] * 3
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700


def test_two_of_one_second_are_two(desk: Any) -> None:
    first, second = backup(desk.workspace), backup(desk.workspace)
    assert (first.name, second.name) == ("crm-20260630-090000.db", "crm-20260630-090000-2.db")
    assert newest_backup(desk.workspace.db.path) == second


def test_a_backup_overwrites_nothing(desk: Any) -> None:
    sheet = desk.folder / "客户表.xlsx"
    sheet.write_bytes(b"mine")
    with pytest.raises(BackupExists):
        backup(desk.workspace, sheet)
    assert sheet.read_bytes() == b"mine"


def test_a_backup_that_cannot_be_written_is_named(desk: Any) -> None:
    (desk.folder / "file").touch()
    with pytest.raises(CrmError, match="cannot be written"):
        backup(desk.workspace, desk.folder / "file" / "crm.db")
    assert sorted(path.name for path in desk.folder.iterdir()) == ["crm.db", "crm.toml", "file"]


def test_the_newest_is_none_that_a_restore_put_aside(desk: Any) -> None:
    db = desk.workspace.db.path
    with pytest.raises(NoBackup):
        newest_backup(db)
    made = backup(desk.workspace)
    restore(made, db, NOW)
    assert newest_backup(db) == made
    later = replace(desk.workspace, db=open_database(db), clock=lambda: NOW + timedelta(days=1))
    assert backup(later) == newest_backup(db)
    later.db.connection.close()


def test_the_newest_is_the_one_written_last_whatever_it_is_named(desk: Any) -> None:
    ahead = replace(desk.workspace, clock=lambda: NOW + timedelta(days=200))
    named_later = backup(ahead)
    os.utime(named_later, ns=(1, 1))
    made = backup(desk.workspace)
    assert newest_backup(desk.workspace.db.path) == made


def test_the_daily_round_keeps_those_written_last(desk: Any) -> None:
    ahead = replace(desk.workspace, clock=lambda: NOW + timedelta(days=200))
    old, _none = daily_backup(ahead, 1)
    os.utime(old, ns=(1, 1))
    made, dropped = daily_backup(desk.workspace, 1)
    assert (dropped, made.exists(), old.exists()) == ([old], True, False)


def test_backups_are_named_in_the_time_zone_of_the_workspace(desk: Any) -> None:
    elsewhere = replace(desk.workspace, clock=lambda: datetime.fromisoformat("2026-06-30T20:00:00+00:00"))
    assert backup(elsewhere).name == "crm-20260701-040000.db"


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\x00" + bytes(200)])
def test_a_bad_backup_changes_nothing(desk: Any, content: bytes) -> None:
    add_record(desk.workspace, "customer", ["name=甲"])
    bad = desk.folder / "bad.db"
    bad.write_bytes(content)
    before = desk.workspace.db.path.read_bytes()
    with pytest.raises(CrmError):
        restore(bad, desk.workspace.db.path, NOW)
    assert desk.workspace.db.path.read_bytes() == before
    assert not (desk.folder / "backups").exists()


def test_a_damaged_backup_changes_nothing(desk: Any) -> None:
    add_record(desk.workspace, "customer", ["name=甲"])
    made = backup(desk.workspace)
    content = bytearray(made.read_bytes())
    content[8192:-4096] = b"\x07" * (len(content) - 8192 - 4096)
    made.write_bytes(content)
    before = desk.workspace.db.path.read_bytes()
    with pytest.raises(CrmError, match="damaged"):
        restore(made, desk.workspace.db.path, NOW)
    assert desk.workspace.db.path.read_bytes() == before


def test_a_missing_backup_is_named(desk: Any) -> None:
    with pytest.raises(NoBackup, match=r"none\.db"):
        restore(desk.folder / "none.db", desk.workspace.db.path, NOW)


def test_where_there_is_no_database_nothing_is_put_aside(desk: Any) -> None:
    made = backup(desk.workspace)
    other = desk.folder / "other.db"
    assert restore(made, other, NOW) is None
    assert names(other) == []
