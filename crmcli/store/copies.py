"""Copies of a workspace file: made whole, checked before they count, private."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crmcli.store.database import Database, named_failures, open_database
from crmcli.store.errors import damaged, not_writable


def copy_database(db: Database, target: Path) -> None:
    """Write a consistent copy of an open workspace to `target` (0600), through a part file.

    Raises:
        CrmError: the workspace cannot be read, the target not written, or the copy does not check out.
    """
    with _part_of(target) as part:
        with named_failures(db.path):
            copy = sqlite3.connect(part)
            try:
                db.connection.backup(copy)
            finally:
                copy.close()
        check_copy(part)
        part.replace(target)


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
    if pages:
        return pages
    broken = db.rows("PRAGMA foreign_key_check")
    return [f"{row['table']} {row['rowid']} -> {row['parent']}" for row in broken[:5]]


def swap_in(source: Path, target: Path, aside: Path) -> None:
    """Put a checked copy of `source` in the place of `target`, whose file, if there is one, goes to `aside`.

    What an interrupted command left to be rolled back goes with the old file: it must never meet the new one.

    Raises:
        CrmError: `source` does not check out, or a file cannot be written: then `target` is as it was.
    """
    with _part_of(target) as part:
        shutil.copyfile(source, part)
        check_copy(part)
        moved = [(_journal_of(target), _journal_of(aside)), (target, aside)]
        moved = [(old, new) for old, new in moved if old.exists()]
        aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            for old, new in moved:
                old.replace(new)
            part.replace(target)
        except OSError:
            for old, new in reversed(moved):
                with suppress(FileNotFoundError):
                    new.replace(old)
            raise


def _journal_of(path: Path) -> Path:
    return path.with_name(path.name + "-journal")


@contextmanager
def _part_of(target: Path) -> Iterator[Path]:
    """Yield a new private file beside `target` for writing its future content; gone afterwards, unless moved.

    Raises:
        CrmError: a file cannot be written.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        yield part
    except OSError as error:
        raise not_writable(target, error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
