"""What is asked of a table: how to look for it, what it belongs to, where its rows go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

from crmcli.importers.sheet import BLOCK_ROWS, Block


class Store(Protocol):
    """Where a sheet's blocks are kept: a list, or a file."""

    def append(self, block: Block, /) -> None:
        """Keep a block behind the others."""

    def __iter__(self) -> Iterator[Block]:
        """Yield all blocks, in order."""


class TableOptions(NamedTuple):
    """How to look for the table: header words, a header row given by hand (0: none), a limit on records, the blocks."""

    is_known: Callable[[str], bool]
    identifies: Callable[[str], bool]
    header_row: int | None = None
    limit: int | None = None
    block_rows: int = BLOCK_ROWS
    new_store: Callable[[], Store] = list


class FileFacts(NamedTuple):
    """What all sheets of one file share."""

    file: str
    sha256: str
    container: str
