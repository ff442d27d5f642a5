"""Sheets out of a file that is read once, from front to back."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from crmcli.i18n import Message
from crmcli.importers.readers.grid import Grid, Merge, NumberedRow, left_out


@dataclass(slots=True)
class SheetStart:
    """The rows that follow stand in this sheet. A merged range is in `merges` before its first row comes."""

    name: str
    merges: list[Merge] = field(default_factory=list)
    left_out: Message | None = None


def grids_of(events: Iterator[SheetStart | NumberedRow]) -> Iterator[Grid]:
    """Yield a grid for each sheet; its rows are read from `events` while the caller asks for them."""
    following: list[SheetStart] = []

    def rows() -> Iterator[NumberedRow]:
        for event in events:
            if isinstance(event, SheetStart):
                following.append(event)
                return
            yield event

    deque(rows(), maxlen=0)  # rows before the first sheet belong to none
    while following:
        start = following.pop()
        own = rows()
        yield left_out(start.name, start.left_out) if start.left_out else Grid(start.name, own, start.merges)
        deque(own, maxlen=0)  # what the caller left
