"""One SQLite file: opened safely, read as mappings, its failures named."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crmcli.errors import CrmError
from crmcli.store.errors import DatabaseMissing, ValueNotKept, WorkspaceBusy, damaged, foreign, newer, not_writable
from crmcli.store.locks import BUSY_SECONDS, writer_of
from crmcli.store.schema import APPLICATION_ID, CHANGE, SCHEMA_VERSION, columns_of_tables, migrate

_CACHE_KB = 131_072  # of a large import, the pages that are written to again and again
_SMALL_CACHE_KB = 2_048
_HEADER = b"SQLite format 3\x00"


@contextmanager
def named_failures(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into the named failure.

    Raises:
        CrmError: damaged, busy or not writable, by SQLite's own word.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if text.startswith("Could not decode"):
            raise damaged(path, "not UTF-8") from error
        if "locked" in text:
            raise WorkspaceBusy(path, writer_of(path)) from error
        if "readonly" in text or "full" in text or "I/O" in text or "unable to open" in text:
            raise not_writable(path, text) from error
        raise
    except sqlite3.DatabaseError as error:
        if "malformed" in str(error) or "not a database" in str(error) or "corrupt" in str(error):
            raise damaged(path, str(error)) from error
        raise


@contextmanager
def statement(path: Path) -> Iterator[None]:
    """Turn what one statement raises into the named failure.

    Raises:
        CrmError: as `named_failures`; a value that SQLite cannot keep; a text in the file that is none.
    """
    with named_failures(path):
        try:
            yield
        except UnicodeDecodeError as error:
            raise damaged(path, error.reason) from error
        except UnicodeEncodeError as error:
            raise ValueNotKept(path, repr(error.object)) from error
        except OverflowError as error:
            raise ValueNotKept(path, str(error)) from error


@contextmanager
def stored_json(path: Path) -> Iterator[None]:
    """Turn what reading a stored list or mapping raises into the named failure.

    Raises:
        CrmError: the text is no JSON: the file is damaged.
    """
    try:
        yield
    except json.JSONDecodeError as error:
        raise damaged(path, error.msg) from error


class Database:
    """An open workspace file. Close it, or use it in a `with`."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.connection = connection

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    @property
    def in_transaction(self) -> bool:
        """Return whether a run is under way, or a state of the file is held."""
        return self.connection.in_transaction

    @property
    def shows_the_past(self) -> bool:
        """Return whether views stand before the tables (store/past.py)."""
        return bool(self.value("SELECT count(*) FROM temp.sqlite_master"))

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """Hold the file's present state as long as the context lasts: others may read, a writer waits."""
        with statement(self.path):
            self.connection.execute("BEGIN")
            self.connection.execute("SELECT 1 FROM run LIMIT 1").fetchone()
        try:
            yield
        finally:
            self.connection.execute("COMMIT")

    def keep_few_pages(self) -> None:
        """Keep few pages of the file from now on: who reads all of it once does not read them again."""
        with statement(self.path):
            self.connection.execute(f"PRAGMA cache_size = -{_SMALL_CACHE_KB}")

    def let_pages_go(self) -> None:
        """Free what was kept of the file's pages: who has read all of it does not read them again."""
        with statement(self.path):
            self.connection.execute("PRAGMA shrink_memory")

    def rows(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        """Return the rows of a query as mappings, in the query's order."""
        with statement(self.path):
            cursor = self.connection.execute(sql, values)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Return the first column of the first row, or None."""
        with statement(self.path):
            row = self.connection.execute(sql, values).fetchone()
        return row[0] if row else None

    def values(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the first column of every row."""
        with statement(self.path):
            return [row[0] for row in self.connection.execute(sql, values)]


def create_database(path: Path) -> None:
    """Make an empty workspace file that only its owner can read (0600).

    Raises:
        CrmError: the folder cannot be written.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise not_writable(path, error.strerror or str(error)) from error
    with Database(path, _connect(path)) as db:
        _migrate(db)


def open_database(path: Path) -> Database:
    """Return the open workspace at `path`, brought to today's format.

    Raises:
        CrmError: missing, foreign, newer, damaged, or not readable.
    """
    if not path.is_file():
        raise DatabaseMissing(path)
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise not_writable(path, error.strerror or str(error)) from error
    if not head.startswith(_HEADER):
        raise foreign(path) if head else damaged(path, "0 bytes")
    if int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        raise foreign(path)
    version = int.from_bytes(head[60:64], "big")
    if version > SCHEMA_VERSION:
        raise newer(path, version)
    db = Database(path, _connect(path))
    try:
        if version < SCHEMA_VERSION:
            _migrate(db)
        _check_tables(db)
    except CrmError:
        db.connection.close()
        raise
    return db


def _check_tables(db: Database) -> None:
    """Check that the tables and columns are those of today's format.

    Raises:
        CrmError: one is missing: the file is damaged.
    """
    found: dict[str, set[str]] = {}
    sql = "SELECT t.name AS name, c.name AS column FROM sqlite_master t, pragma_table_info(t.name) c"
    for row in db.rows(f"{sql} WHERE t.type = 'table'"):
        found.setdefault(row["name"], set()).add(row["column"])
    for table, columns in columns_of_tables().items():
        if not columns <= found.get(table, set()):
            raise damaged(db.path, f"table {table}")
    if db.value("SELECT sql FROM sqlite_master WHERE type = 'view' AND name = 'change'") != CHANGE:
        raise damaged(db.path, "view change")


def _connect(path: Path) -> sqlite3.Connection:
    with statement(path):
        # SQLite itself lets threads wait for each other (store/beside.py)
        connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False)
    try:
        for setting in (
            "journal_mode = DELETE",
            "synchronous = FULL",
            "foreign_keys = ON",
            f"cache_size = -{_CACHE_KB}",
        ):
            with statement(path):
                connection.execute(f"PRAGMA {setting}")
    except CrmError:
        connection.close()
        raise
    return connection


def _migrate(db: Database) -> None:
    from sqlite_utils import Database as Tables

    with named_failures(db.path):
        migrate(Tables(db.connection))
