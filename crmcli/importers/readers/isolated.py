"""`read_file`: a file that nobody has looked at is read in a child process under limits.

Source: trust.md; some files make native parsers abort the whole interpreter.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import NamedTuple

import crmcli
from crmcli.i18n import msg
from crmcli.importers.readers.container import first_bytes, is_streamed, is_workbook
from crmcli.importers.readers.failures import FileDamaged, FileLimit, FileNameGarbled, FileNotReadable, NoRoom
from crmcli.importers.readers.handover import request_bytes, sheets_of
from crmcli.importers.readers.options import ReadOptions
from crmcli.importers.readers.spool import SPOOL_FAILED, Spool, settled
from crmcli.importers.sheet import Sheet

_MEGABYTE = 1 << 20
_STREAM_MB = 512


class Limits(NamedTuple):
    """What the child may use."""

    memory_mb: int
    cpu_seconds: int
    wall_seconds: float


class _Died(Exception):
    """The child ended without an answer; `failure` is what to say if nothing else reads the file."""

    def __init__(self, failure: FileNotReadable) -> None:
        super().__init__(failure)
        self.failure = failure


def read_file(path: Path, options: ReadOptions) -> list[Sheet]:
    """Return every sheet of a file, those left out included, in the file's order.

    Raises:
        FileNotReadable: one of its subclasses names why the file gives no table (failures.py).
    """
    if any("\ud800" <= sign <= "\udfff" for sign in str(path)):
        raise FileNameGarbled(str(path))
    head = first_bytes(path)
    limits = limits_for(path.stat().st_size, options, streamed=is_streamed(head))
    try:
        return _read_in_child(path, options, limits, second=False)
    except _Died as death:
        if not is_workbook(head):
            raise death.failure from None
        first = death.failure
    try:
        return _read_in_child(path, options, limits, second=True)
    except (_Died, FileDamaged):
        raise first from None


def limits_for(size_bytes: int, options: ReadOptions, *, streamed: bool) -> Limits:
    """Return the limits for a file: those asked for, else what real files of its size need, with a margin.

    The memory that a `streamed` file needs does not grow with it.
    """
    size_mb = size_bytes / _MEGABYTE
    memory_mb = options.memory_mb or (_STREAM_MB if streamed else min(round(448 + 40 * size_mb), 6144))
    seconds = min(round(8 + 3 * size_mb), 900)
    return Limits(memory_mb, options.cpu_seconds or seconds, options.wall_seconds or seconds * 1.2 + 4)


def _read_in_child(path: Path, options: ReadOptions, limits: Limits, *, second: bool) -> list[Sheet]:
    arguments = [str(limits.memory_mb), str(limits.cpu_seconds)]
    command = [sys.executable, "-P", "-X", "utf8", "-m", "crmcli.importers.readers.child", *arguments]
    package = str(Path(crmcli.__file__).parent.parent)
    spool = _new_spool(path)
    try:
        with TemporaryDirectory(prefix="crmcli-") as scratch:  # what it decrypts goes away however it ends
            child = subprocess.run(  # noqa: S603 - our own module, no shell
                command,
                input=request_bytes(str(path), options, second=second),
                stdout=spool.file,
                stderr=subprocess.PIPE,
                timeout=limits.wall_seconds,
                env={**os.environ, "PYTHONPATH": package, "TMPDIR": scratch},
                check=False,
            )
    except subprocess.TimeoutExpired:
        raise _out_of_time(path, limits.wall_seconds) from None
    if child.returncode == 0:
        answer, length = spool.answer()
        return sheets_of(answer, *settled(spool, length))
    if child.returncode == -getattr(signal, "SIGXCPU", 0):
        raise _out_of_time(path, limits.cpu_seconds)
    last_words = child.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    if last_words.startswith(SPOOL_FAILED):
        raise NoRoom(str(path), gettempdir(), last_words.removeprefix(SPOOL_FAILED))
    if child.returncode == -getattr(signal, "SIGKILL", 0) or "memory" in last_words.casefold():
        raise _Died(FileLimit(str(path), msg("{mb} MB of memory", mb=limits.memory_mb)))
    raise _Died(FileDamaged(str(path), last_words or f"exit {child.returncode}"))


def _new_spool(path: Path) -> Spool:
    try:
        return Spool()
    except OSError as error:
        raise NoRoom(str(path), gettempdir(), error.strerror or str(error)) from None


def _out_of_time(path: Path, seconds: float) -> FileLimit:
    return FileLimit(str(path), msg("{seconds} seconds of time", seconds=round(seconds)))
