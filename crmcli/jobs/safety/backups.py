"""Backups: a copy beside the workspace, and back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from crmcli.errors import CrmError
from crmcli.i18n import msg
from crmcli.jobs.workspace import Workspace
from crmcli.store.copies import check_copy, copy_database, swap_in
from crmcli.store.locks import writer_lock

_ASIDE = "before-restore"
_DAILY = "daily"


class BackupExists(CrmError):
    """A backup would overwrite a file."""

    code = "backup.exists"

    def __init__(self, path: Path) -> None:
        super().__init__(msg("there is such a file already"), where=str(path), hint=msg("give another name with --out"))


class NoBackup(CrmError):
    """There is nothing to go back to."""

    code = "backup.missing"

    def __init__(self, place: Path) -> None:
        super().__init__(
            msg("there is no backup here"), where=str(place), hint=msg("name the file: crmcli restore FILE")
        )


def backup(workspace: Workspace, out: Path | None = None) -> Path:
    """Return the path of a new, checked backup; by default in `backups/`, named by the time.

    Raises:
        BackupExists: `out` is there already.
        CrmError: it cannot be written, or the copy does not check out.
    """
    target = out or _free_place(workspace.db.path, _local(workspace))
    if target.exists():
        raise BackupExists(target)
    copy_database(workspace.db, target)
    return target


def daily_backup(workspace: Workspace, keep: int) -> tuple[Path, list[Path]]:
    """Return the path of a new, checked backup of the daily round, and those dropped: all but the last `keep`.

    The last are those that were written last, whatever day `--as-of` named them after.

    Raises:
        CrmError: it cannot be written, or the copy does not check out: then none is dropped.
    """
    db = workspace.db.path
    made = backup(workspace, _free_place(db, _local(workspace), _DAILY))
    own = sorted((db.parent / "backups").glob(f"{db.stem}-*-{_DAILY}*.db"), key=_written)
    old = own[:-keep]
    for path in old:
        path.unlink()
    return made, old


def restore(source: Path, db: Path, now: datetime) -> Path | None:
    """Return where the replaced database was put aside (None where there was none); `source` takes its place.

    Raises:
        CrmError: the backup is missing, damaged or foreign: then nothing is changed.
    """
    if not source.is_file():
        raise NoBackup(source)
    check_copy(source)
    with writer_lock(db, "crmcli restore"):
        aside = _free_place(db, now, _ASIDE)
        replaced = db.exists()
        swap_in(source, db, aside)
    return aside if replaced else None


def newest_backup(db: Path) -> Path:
    """Return the backup beside a workspace that was written last; what a restore put aside is none.

    Raises:
        NoBackup: there is none.
    """
    folder = db.parent / "backups"
    found = [path for path in folder.glob(f"{db.stem}-*.db") if _ASIDE not in path.stem]
    if not found:
        raise NoBackup(folder)
    return max(found, key=_written)


def _written(path: Path) -> tuple[int, str]:
    """Return what orders backups by when they were written; those of one moment by name."""
    return path.stat().st_mtime_ns, path.stem


def _local(workspace: Workspace) -> datetime:
    """Return the present instant in the workspace's time zone, by which backups are named."""
    return workspace.clock().astimezone(workspace.zone)


def _free_place(db: Path, now: datetime, name: str = "") -> Path:
    """Return a path in `backups/` that no file has: named by the second, then numbered."""
    folder = db.parent / "backups"
    stem = "-".join(part for part in (db.stem, f"{now:%Y%m%d-%H%M%S}", name) if part)
    number, place = 1, folder / f"{stem}.db"
    while place.exists():
        number += 1
        place = folder / f"{stem}-{number}.db"
    return place
