"""What stands in an .xls file: an OLE container with one stream of records. Source: MS-XLS 2.1."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from olefile import OleFileIO

STREAMS = ("Workbook", "Book")
# a FilePass record right behind the first record; one that says "protected against changes" may stand between
_FILE_PASS = re.compile(
    rb"\x09\x08(?:\x10\x00[\x00\x06]{2}.{14}|\x08\x00.{8})(?:\x86\x00\x00\x00)?\x2f\x00[\x04-\xff]", re.DOTALL
)


def records_of(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (kind, place of its content, size of its content) of the records of a stream, up to a cut-off one."""
    at = 0
    while at + 4 <= len(content):
        kind, size = struct.unpack_from("<HH", content, at)
        if at + 4 + size > len(content):
            return
        yield kind, at + 4, size
        at += 4 + size


def stream_name(ole: OleFileIO) -> str:
    """Return the name of the stream that holds the workbook, as the file writes it."""
    names = {entry[0].casefold(): entry[0] for entry in ole.listdir() if len(entry) == 1}
    return next((names[name.casefold()] for name in STREAMS if name.casefold() in names), STREAMS[0])


def is_encrypted(content: bytes) -> bool:
    """Return whether the bytes of an .xls file say that its records are encrypted."""
    return _FILE_PASS.search(content) is not None
