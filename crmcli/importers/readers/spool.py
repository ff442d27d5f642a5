"""Blocks of rows in a temporary file: written by the child process, read by its parent as often as needed.

The file has no name (or, where the platform wants one, goes with the handle that holds it), so nothing is left of it
however the two processes end. A block is JSON for what is text, then plain numbers: nothing that can run.
"""

from __future__ import annotations

import os
import struct
import tempfile
import threading
import weakref
from array import array
from collections.abc import Iterator, Sequence
from typing import IO, NamedTuple

from crmcli.importers.sheet import Block, Column, OddRow
from crmcli.importers.tables.columns import CODE_TYPE, ROW_TYPE

_SMALL_BYTES = 1 << 20  # a spool so small moves into one that many files share, so that handles do not run out


# what the child's last words begin with where its standard output took no more
SPOOL_FAILED = "SPOOL: "
_LENGTH = struct.Struct("<Q")


class SpoolFailed(Exception):
    """The temporary file cannot take a block: no room, most likely."""


class Place(NamedTuple):
    """Where a block stands: its first byte, how many of JSON, how many in all."""

    start: int
    json: int
    length: int


class BlockWriter:
    """Puts the blocks of one sheet behind each other into a file; `places` says where."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.places: list[Place] = []

    def append(self, block: Block) -> None:
        """Write a block.

        Raises:
            SpoolFailed: the file cannot take it.
        """
        import orjson

        words = orjson.dumps(
            {
                "start": block.start,
                "rows": len(block.rows),
                "columns": [(column.header, column.position, column.values) for column in block.columns],
                "skipped": [(odd.row, odd.code, odd.cells) for odd in block.skipped],
                "rejected": [(odd.row, odd.code, odd.cells) for odd in block.rejected],
            }
        )
        numbers = [_bytes(ROW_TYPE, block.rows), *(_bytes(CODE_TYPE, column.codes) for column in block.columns)]
        try:
            place = Place(self._stream.tell(), len(words), len(words) + sum(map(len, numbers)))
            self._stream.writelines([words, *numbers])
        except OSError as error:
            raise SpoolFailed(error.strerror or str(error)) from None
        self.places.append(place)

    def __iter__(self) -> Iterator[Block]:
        """Yield nothing: who writes does not read."""
        return iter(())


def _bytes(kind: str, numbers: Sequence[int]) -> bytes:
    found = numbers if isinstance(numbers, array) and numbers.typecode == kind else array(kind, numbers)
    return found.tobytes()


def append_answer(stream: IO[bytes], answer: bytes) -> None:
    """Write what `Spool.answer` gives back."""
    stream.writelines([answer, _LENGTH.pack(len(answer))])


class Spool:
    """A temporary file that is closed, and so gone, when nobody refers to it any more."""

    def __init__(self) -> None:
        self.file: IO[bytes] = tempfile.TemporaryFile(prefix="crmcli-")  # noqa: SIM115 - closed by finalize
        self._close = weakref.finalize(self, self.file.close)
        self._lock = threading.Lock()

    def read(self, start: int, length: int) -> bytes:
        """Return `length` bytes from `start`."""
        with self._lock:
            self.file.seek(start)
            return self.file.read(length)

    def answer(self) -> tuple[bytes, int]:
        """Return the child's answer, and how many bytes of blocks stand before it."""
        end = self.file.seek(0, os.SEEK_END) - _LENGTH.size
        (length,) = _LENGTH.unpack(self.read(end, _LENGTH.size))
        return self.read(end - length, length), end - length

    def take(self, content: bytes) -> int:
        """Return where `content` begins, put behind what it holds."""
        with self._lock:
            start = self.file.seek(0, os.SEEK_END)
            self.file.write(content)
            return start

    def close(self) -> None:
        """Let go of the file at once."""
        self._close()


class StoredBlocks:
    """The blocks of one sheet, read from a spool one at a time, each time they are asked for."""

    def __init__(self, spool: Spool, places: Sequence[Place]) -> None:
        self._spool = spool
        self._places = places

    def __iter__(self) -> Iterator[Block]:
        """Yield the blocks in order."""
        for place in self._places:
            yield _block(self._spool.read(place.start, place.length), place.json)


def _block(content: bytes, end: int) -> Block:
    import orjson

    view = memoryview(content)
    words = orjson.loads(view[:end])
    count = words["rows"]
    rows, end = _numbers(ROW_TYPE, view, end, count)
    columns = []
    for header, position, values in words["columns"]:
        codes, end = _numbers(CODE_TYPE, view, end, count)
        columns.append(Column(header, position, values, codes))
    odd = ([OddRow(*row) for row in words[name]] for name in ("skipped", "rejected"))
    return Block(words["start"], rows, columns, *odd)


def _numbers(kind: str, view: memoryview, start: int, count: int) -> tuple[array[int], int]:
    """Return `count` numbers and where they end."""
    numbers = array(kind)
    end = start + count * numbers.itemsize
    numbers.frombytes(view[start:end])
    return numbers, end


_shared: weakref.ref[Spool] | None = None
_sharing = threading.Lock()


def settled(spool: Spool, length: int) -> tuple[Spool, int]:
    """Return the spool in which its first `length` bytes are from now on, and where they begin in it."""
    global _shared  # noqa: PLW0603 - one file for all small spools of the process
    if length > _SMALL_BYTES:
        return spool, 0
    with _sharing:
        shared = _shared() if _shared else None
        if shared is None:
            shared = Spool()
            _shared = weakref.ref(shared)
        start = shared.take(spool.read(0, length))
    spool.close()
    return shared, start
