"""The locks of a workspace: one writer at a time, one round at a time, and whom the others wait for."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crmcli.store.errors import RoundRunning, WorkspaceBusy, not_writable

BUSY_SECONDS = 15


@contextmanager
def writer_lock(path: Path, holder: str) -> Iterator[None]:
    """Hold the workspace's one writer lock; `holder` is what a waiting command is told.

    Raises:
        WorkspaceBusy: somebody else held it for `BUSY_SECONDS`.
    """
    with _locked(path, path.with_name(path.name + ".lock"), _note(path), holder, BUSY_SECONDS) as got:
        if not got:
            raise WorkspaceBusy(path, writer_of(path))
        yield


@contextmanager
def round_lock(path: Path, holder: str) -> Iterator[None]:
    """Hold the lock of a workspace's daily and weekly rounds; nobody waits for it, and others may write meanwhile.

    Raises:
        RoundRunning: a round is under way.
    """
    note = path.with_name(path.name + ".round")
    with _locked(path, path.with_name(path.name + ".round.lock"), note, holder, 0) as got:
        if not got:
            raise RoundRunning(path, _holder(note))
        yield


@contextmanager
def _locked(path: Path, lock: Path, note: Path, holder: str, seconds: float) -> Iterator[bool]:
    """Yield whether the lock was got within `seconds`; meanwhile `note` says who has it."""
    from filelock import FileLock, Timeout

    held = FileLock(lock, mode=0o600)
    try:
        held.acquire(timeout=seconds)
        _write_private(note, json.dumps({"pid": os.getpid(), "command": holder}))
    except Timeout:
        yield False
        return
    except PermissionError as error:
        held.release()
        raise not_writable(path, error.strerror or str(error)) from error
    try:
        yield True
    finally:
        note.unlink(missing_ok=True)
        held.release()


def writer_of(path: Path) -> str:
    """Return the command that writes to a workspace, with its process; "" where nobody does."""
    return _holder(_note(path))


def _note(path: Path) -> Path:
    return path.with_name(path.name + ".writer")


def _holder(note: Path) -> str:
    try:
        told = json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return f"{told['command']} (pid {told['pid']})"


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
