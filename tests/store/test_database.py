from __future__ import annotations

import hashlib
import os
import random
import sqlite3
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from crmcli.domain.records import ENTITIES
from crmcli.errors import CrmError
from crmcli.store import database, locks
from crmcli.store.changes import runs
from crmcli.store.database import Database, create_database, open_database
from crmcli.store.journal import RunStart, open_run
from crmcli.store.locks import writer_lock
from crmcli.store.records import fetch_where
from crmcli.store.schema import APPLICATION_ID, SCHEMA_VERSION

Starts = Callable[..., RunStart]


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _fill(db: Database, start: RunStart, number: int = 200) -> None:
    with open_run(db, start) as run:
        blank = ENTITIES["customer"].blank()
        named = [
            blank | {"name": f"客户{i}", "phones": [f"+86138{i:08}"], "extra": {"列": "值"}} for i in range(number)
        ]
        run.insert("customer", named)


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_files_are_private_whatever_the_umask(tmp_path: Path, start: Starts, mask: int) -> None:
    before = os.umask(mask)
    seen: dict[str, int] = {}
    try:
        create_database(tmp_path / "crm.db")
        with open_database(tmp_path / "crm.db") as db, open_run(db, start()) as run:
            run.insert("customer", [ENTITIES["customer"].blank() | {"name": "甲公司"}])
            seen = {file.name: _mode(file) for file in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert seen == dict.fromkeys(("crm.db", "crm.db-journal", "crm.db.lock", "crm.db.writer"), 0o600)


def test_creating_never_takes_the_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "crm.db").write_text("mine")
    with pytest.raises(CrmError) as refused:
        create_database(tmp_path / "crm.db")
    assert refused.value.code == "db.not_writable"
    assert (tmp_path / "crm.db").read_text() == "mine"


def _is_foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE run (id INTEGER)")
    other.close()


def _is_newer(path: Path) -> None:
    with sqlite3.connect(path) as same:
        same.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    same.close()


def _lacks_a_table(path: Path) -> None:
    with sqlite3.connect(path) as same:
        same.execute("DROP TABLE counter")
    same.close()


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "empty": (lambda path: path.write_bytes(b""), "db.damaged"),
    "a text": (lambda path: path.write_text("id,name\n1,x\n" * 99), "db.foreign"),
    "half a header": (lambda path: path.write_bytes(path.read_bytes()[:50]), "db.foreign"),
    "half": (lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]), "db.damaged"),
    "zeroes": (lambda path: path.write_bytes(path.read_bytes()[:100] + bytes(8000)), "db.damaged"),
    "another program's": (_is_foreign, "db.foreign"),
    "newer": (_is_newer, "db.newer"),
    "without a table": (_lacks_a_table, "db.damaged"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_used_is_named_and_left_alone(path: Path, name: str) -> None:
    break_it, code = BROKEN[name]
    break_it(path)
    before = _hash(path)
    with pytest.raises(CrmError) as refused:
        open_database(path)
    assert (refused.value.code, refused.value.where) == (code, str(path))
    assert str(refused.value.hint)
    assert _hash(path) == before
    assert [file.name for file in path.parent.iterdir()] == ["crm.db"]


def test_a_folder_and_nothing_are_no_database(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "crm.db", tmp_path / "nowhere" / "crm.db"):
        with pytest.raises(CrmError) as refused:
            open_database(path)
        assert refused.value.code == "db.missing"
    assert list(tmp_path.iterdir()) == []


def _damage(whole: bytes, seed: int) -> bytes:
    """Return the file with bits flipped, its end cut off, or pages zeroed."""
    dice, broken = random.Random(seed), bytearray(whole)
    if seed % 3 == 0:
        for _ in range(dice.choice((1, 5, 50))):
            broken[dice.randrange(100, len(broken))] ^= 1 << dice.randrange(8)
    elif seed % 3 == 1:
        del broken[dice.randrange(100, len(broken)) :]
    else:
        first = dice.randrange(len(broken) // 4096) * 4096
        broken[max(first, 100) : first + 4096] = bytes(4096 - max(0, 100 - first))
    return bytes(broken)


def _failure(path: Path, start: RunStart) -> CrmError | None:
    try:
        with open_database(path) as db:
            runs(db)
            fetch_where(db, "customer")
            _fill(db, start, 5)
    except CrmError as failure:
        return failure
    return None


def _try_damaged(path: Path, start: Starts, seeds: range) -> int:
    """Return how many of the damaged files were refused; every refusal is named and changes nothing."""
    with open_database(path) as db:
        _fill(db, start())
    whole, refused = path.read_bytes(), 0
    for seed in seeds:
        path.write_bytes(_damage(whole, seed))
        before = _hash(path)
        failure = _failure(path, start())
        if failure is not None:
            refused += 1
            assert failure.code in ("db.damaged", "db.foreign", "db.newer"), seed
            assert _hash(path) == before, seed
    return refused


def test_damage_is_named_wherever_it_is(path: Path, start: Starts) -> None:
    assert _try_damaged(path, start, range(30)) > 10


@pytest.mark.slow
def test_damage_is_named_wherever_it_is_often(path: Path, start: Starts) -> None:
    assert _try_damaged(path, start, range(30, 400)) > 100


@contextmanager
def _without_rights() -> Iterator[None]:
    """Act as nobody where the tests run as root, whom no rights stop."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@pytest.fixture
def open_folder(start: Starts) -> Iterator[Path]:
    """Return a folder that anybody may enter, with a used workspace that anybody may read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        create_database(folder / "crm.db")
        with open_database(folder / "crm.db") as db:
            _fill(db, start(), 3)
        (folder / "crm.db.lock").chmod(0o666)
        (folder / "crm.db").chmod(0o444)
        folder.chmod(0o777)
        yield folder
        folder.chmod(0o700)


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
@pytest.mark.parametrize("folder_mode", [0o777, 0o555])
def test_a_read_only_file_or_folder_is_read_and_not_written(open_folder: Path, start: Starts, folder_mode: int) -> None:
    open_folder.chmod(folder_mode)
    before = _hash(open_folder / "crm.db")
    with _without_rights(), open_database(open_folder / "crm.db") as db:
        assert len(fetch_where(db, "customer")) == 3
        with pytest.raises(CrmError) as refused:
            _fill(db, start())
    assert refused.value.code == "db.not_writable"
    assert _hash(open_folder / "crm.db") == before


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_a_file_that_may_not_be_read_is_named(open_folder: Path) -> None:
    (open_folder / "crm.db").chmod(0)
    with _without_rights(), pytest.raises(CrmError) as refused:
        open_database(open_folder / "crm.db")
    assert refused.value.code == "db.not_writable"


def test_the_second_writer_waits_and_goes_on(path: Path, start: Starts) -> None:
    held, free = threading.Event(), threading.Event()

    def hold() -> None:
        with writer_lock(path, "crmcli import 大.xlsx"):
            held.set()
            free.wait(5)

    first = threading.Thread(target=hold)
    first.start()
    assert held.wait(5)
    threading.Timer(0.2, free.set).start()
    with open_database(path) as db:
        _fill(db, start(), 1)
        assert len(fetch_where(db, "customer")) == 1
    first.join()


def test_the_second_writer_is_told_for_whom_it_waited(
    path: Path, start: Starts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "BUSY_SECONDS", 0.1)
    with open_database(path) as db, writer_lock(path, "crmcli import 大.xlsx"):
        with pytest.raises(CrmError) as refused, open_run(db, start()):
            pytest.fail("two writers at a time")
        assert refused.value.code == "db.busy"
        assert f"crmcli import 大.xlsx (pid {os.getpid()})" in str(refused.value)
    assert not path.with_name("crm.db.writer").exists()


def test_a_reader_waits_with_a_bound(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with suppress(sqlite3.Error), pytest.raises(CrmError) as refused:
        open_database(path)
    other.close()
    assert refused.value.code == "db.busy"


def test_a_dead_writer_holds_nobody_up(path: Path, start: Starts) -> None:
    path.with_name("crm.db.writer").write_text('{"pid": 1, "command": "crmcli import"}')
    path.with_name("crm.db.lock").touch()
    with open_database(path) as db:
        _fill(db, start(), 1)
        assert len(fetch_where(db, "customer")) == 1


def test_the_file_says_whose_it_is(db: Database) -> None:
    assert db.value("PRAGMA application_id") == APPLICATION_ID
    assert db.value("PRAGMA user_version") == SCHEMA_VERSION
    assert (db.value("PRAGMA journal_mode"), db.value("PRAGMA synchronous")) == ("delete", 2)
    assert db.value("PRAGMA foreign_keys") == 1


@pytest.mark.parametrize("value", ["\udcff", 2**63])
def test_a_value_that_cannot_be_stored_is_named(db: Database, start: Starts, value: object) -> None:
    column = "name" if isinstance(value, str) else "merged_into"
    with pytest.raises(CrmError) as refused, open_run(db, start()) as run:
        run.insert("customer", [ENTITIES["customer"].blank() | {column: value}])
    assert refused.value.code == "db.value"
    assert runs(db) == []
