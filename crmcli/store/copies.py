"""Copies of a workspace file: made whole, checked before they count, private."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from crmcli.store.database import Database, open_database
from crmcli.store.errors import damaged, not_writable


def copy_database(db: Database, target: Path) -> None:
    """Write a consistent copy of an open workspace to `target` (0600), through a part file.

    Raises:
        CrmError: the target cannot be written, or the copy does not check out.
    """
    if target.is_dir():
        raise not_writable(target, os.strerror(errno.EISDIR))
    part = target.with_name(f".{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        copy = sqlite3.connect(part)
        try:
            db.connection.backup(copy)
        finally:
            copy.close()
        check_copy(part)
        part.replace(target)
    except (OSError, sqlite3.OperationalError) as error:
        part.unlink(missing_ok=True)
        raise not_writable(target, str(error)) from error


def check_copy(path: Path) -> None:
    """Check that a file is a whole workspace.

    Raises:
        CrmError: it is damaged, foreign or newer.
    """
    with open_database(path) as copy:
        found = integrity(copy)
    if found:
        raise damaged(path, found[0])


def integrity(db: Database) -> list[str]:
    """Return what SQLite finds wrong with the file's structure and references; empty where it is sound."""
    pages = [str(text) for text in db.values("PRAGMA integrity_check(5)") if text != "ok"]
    broken = db.rows("PRAGMA foreign_key_check")
    return pages + [f"{row['table']} {row['rowid']} -> {row['parent']}" for row in broken[:5]]


def swap_in(source: Path, target: Path) -> None:
    """Put a checked copy in the place of `target`, in one step.

    Raises:
        CrmError: the target cannot be written.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(source.read_bytes())
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise not_writable(target, error.strerror or str(error)) from error
