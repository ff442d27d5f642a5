"""What can be wrong with a workspace's file."""

from __future__ import annotations

from pathlib import Path

from crmcli.errors import CrmError
from crmcli.i18n import Message, msg


class DatabaseMissing(CrmError):
    """There is no database where one was expected."""

    code = "db.missing"

    def __init__(self, path: Path) -> None:
        super().__init__(
            msg("there is no database here"),
            where=str(path),
            hint=msg("make one with `crmcli init`, or name it with --db"),
        )


class DatabaseUnusable(CrmError):
    """The file is there and cannot be used: damaged, foreign, newer, read-only."""

    def __init__(self, path: Path, code: str, reason: Message, hint: Message) -> None:
        super().__init__(reason, where=str(path), hint=hint)
        self.code = code


def foreign(path: Path) -> DatabaseUnusable:
    """Return the failure for a file that another program made."""
    return DatabaseUnusable(
        path,
        "db.foreign",
        msg("this file is not a crmcli database"),
        msg("name the right file with --db, or make a new one with `crmcli init`"),
    )


def newer(path: Path, version: int) -> DatabaseUnusable:
    """Return the failure for a file of a later crmcli."""
    return DatabaseUnusable(
        path,
        "db.newer",
        msg("this database was written by a newer crmcli (format {version})", version=version),
        msg("update crmcli: pip install -U crmcli"),
    )


def damaged(path: Path, detail: str) -> DatabaseUnusable:
    """Return the failure for a file that SQLite cannot read."""
    return DatabaseUnusable(
        path,
        "db.damaged",
        msg("the database is damaged ({detail})", detail=detail),
        msg("look with `crmcli doctor`; go back to a copy with `crmcli restore`"),
    )


def not_writable(path: Path, detail: str) -> DatabaseUnusable:
    """Return the failure for a file or folder that cannot be written."""
    return DatabaseUnusable(
        path,
        "db.not_writable",
        msg("the database cannot be written ({detail})", detail=detail),
        msg("check the rights of the file and its folder, and the free space on the disk"),
    )


class WorkspaceBusy(CrmError):
    """Another process is writing."""

    code = "db.busy"

    def __init__(self, path: Path, holder: str) -> None:
        super().__init__(
            msg("another command is writing: {holder}", holder=holder or "?"),
            where=str(path),
            hint=msg("wait until it has finished and try again"),
        )


class RoundRunning(CrmError):
    """A daily or weekly round is under way."""

    code = "round.running"

    def __init__(self, path: Path, holder: str) -> None:
        super().__init__(
            msg("a round is under way: {holder}", holder=holder or "?"),
            where=str(path),
            hint=msg("it goes on by itself; what it leaves undone the next call does"),
        )


class ValueNotKept(CrmError):
    """A text that is no Unicode, or a number beyond SQLite's."""

    code = "db.value"

    def __init__(self, path: Path, value: str) -> None:
        super().__init__(
            msg("this value cannot be stored: {value}", value=value),
            where=str(path),
            hint=msg("correct it where it comes from; nothing was written"),
        )
