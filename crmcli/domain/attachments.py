"""Files that belong to records: what one was when it was added, and whether it is that still."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crmcli.domain.records import Record

State = Literal["ok", "changed", "missing", "unreadable"]
STATES: tuple[State, ...] = ("ok", "changed", "missing", "unreadable")


@dataclass(frozen=True, slots=True)
class Print:
    """What a file is: its size in bytes and the SHA-256 of its bytes in hexadecimal."""

    size: int
    sha256: str


def print_of(attachment: Record) -> Print:
    """Return what a file was when it was added."""
    return Print(attachment["size"], attachment["sha256"])


def compare(attachment: Record, found: Print | None) -> State:
    """Return how a file stands to what it was; `found` is what it is now, None where there is no such file.

    >>> compare({"size": 3, "sha256": "ab"}, Print(3, "cd"))
    'changed'
    """
    if found is None:
        return "missing"
    return "ok" if found == print_of(attachment) else "changed"
