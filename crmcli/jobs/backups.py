"""Backups: a copy beside the workspace, and back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from crmcli.jobs.workspace import Workspace
from crmcli.store.copies import check_copy, copy_database, swap_in
from crmcli.store.database import open_database, writer_lock
from crmcli.store.errors import DatabaseMissing


def backup(workspace: Workspace, out: Path | None = None) -> Path:
    """Return the path of a new, checked backup; by default in `backups/`, named by the time.

    Raises:
        CrmError: it cannot be written, or the copy does not check out.
    """
    target = out or _place(workspace.db.path, workspace.clock())
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    copy_database(workspace.db, target)
    return target


def restore(source: Path, db: Path, now: datetime) -> Path | None:
    """Return where the replaced database was put aside (None where there was none); `source` takes its place.

    Raises:
        CrmError: the backup is missing, damaged or foreign: then nothing is changed.
    """
    if not source.is_file():
        raise DatabaseMissing(source)
    check_copy(source)
    with writer_lock(db, "restore"):
        aside = None
        if db.exists():
            aside = _place(db, now, "before-restore")
            aside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            db.replace(aside)
        swap_in(source, db)
    with open_database(db):
        return aside


def _place(db: Path, now: datetime, name: str = "") -> Path:
    stamp = f"{now:%Y%m%d-%H%M%S}"
    name = "-".join(part for part in (db.stem, stamp, name) if part)
    return db.parent / "backups" / f"{name}.db"


def newest_backup(db: Path) -> Path | None:
    """Return the newest backup beside a workspace, None where there is none."""
    found = sorted((db.parent / "backups").glob(f"{db.stem}-*.db"))
    return found[-1] if found else None
