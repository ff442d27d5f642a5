"""A compressed file (.gz, .bz2, .xz): the one file in it."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from crmcli.i18n import msg
from crmcli.importers.readers.failures import FileDamaged, FileHostile
from crmcli.importers.readers.zip_check import MAX_ENTRY_MB, MIN_RATIO, RATIO_FROM_BYTES

_OPENERS: dict[str, Callable[[Path], object]] = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}
_CHUNK = 1 << 20


def inflated(path: Path, container: str, folder: Path) -> Path:
    """Return the content as a file in `folder` that only this user can read.

    Raises:
        FileHostile: it inflates over 100 times, or beyond the limit. FileDamaged: it cannot be inflated.
    """
    most = min(max(path.stat().st_size / MIN_RATIO, RATIO_FROM_BYTES), MAX_ENTRY_MB << 20)
    size = 0
    with cast("BinaryIO", _OPENERS[container](path)) as stream, NamedTemporaryFile(dir=folder, delete=False) as copy:
        while chunk := _read(path, stream):
            size += len(chunk)
            if size > most:
                raise FileHostile(str(path), msg("it inflates to over {mb} MB", mb=round(most / _CHUNK)))
            copy.write(chunk)
    return Path(copy.name)


def _read(path: Path, stream: BinaryIO) -> bytes:
    try:
        return stream.read(_CHUNK)
    except (EOFError, OSError, lzma.LZMAError, zlib.error) as error:
        raise FileDamaged(str(path), f"{type(error).__name__}: {error}") from None
