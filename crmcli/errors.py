"""What can fail, and the exit code it fails with."""

from __future__ import annotations

from enum import IntEnum

from crmcli.i18n import Message, msg


class ExitCode(IntEnum):
    """What a command's end says to cron and scripts."""

    OK = 0
    FAILURE = 1
    USAGE = 2
    ATTENTION = 3
    DUE = 10
    INTERRUPTED = 130


class CrmError(Exception):
    """A failed operation: what happened, where, and what to do next.

    Subclasses are named for the failure, set `code` and build `message` and `hint` from typed arguments.
    """

    code = "error"
    exit_code = ExitCode.FAILURE

    def __init__(self, message: Message, *, where: str = "", hint: Message | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        """Return the translated message, its place in front."""
        return str(msg("{where}: {message}", where=self.where, message=self.message) if self.where else self.message)
