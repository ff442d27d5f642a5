"""What a reader makes of one sheet before anybody looks for a table in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from crmcli.i18n import Message
from crmcli.importers.sheet import OddRow

NumberedRow = tuple[int, list[str]]


class Merge(NamedTuple):
    """A merged range: rows from 1 as Excel shows them, columns from 0; both ends are inside."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Grid:
    """One sheet's texts, row by row, once.

    `rows` yields (row number, texts); blank cells are "" or white space. `rejected` and `skipped` hold what stands
    before the next row and has not been fetched from them yet; `notes` are complete only when `rows` is exhausted.
    `strict_width`: a row longer than the header cannot be read safely (csv).
    """

    name: str
    rows: Iterator[NumberedRow]
    merges: list[Merge] = field(default_factory=list)
    encoding: str | None = None
    strict_width: bool = False
    left_out: Message | None = None
    notes: list[Message] = field(default_factory=list)
    rejected: list[OddRow] = field(default_factory=list)
    skipped: list[OddRow] = field(default_factory=list)


def left_out(name: str, why: Message) -> Grid:
    """Return the grid of a sheet that is not read, with the reason."""
    return Grid(name, iter(()), left_out=why)
