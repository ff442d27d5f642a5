"""The child process: reads one file under limits and writes its rows to its standard output, which is a file.

Run as `python -m crmcli.importers.readers.child MEMORY_MB CPU_SECONDS`, the request on standard input. Behind the
rows stands the answer (what the sheets are, or why there are none), and behind that its length.
"""

from __future__ import annotations

import gc
import hashlib
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from crmcli.domain.fields import normalise_header
from crmcli.i18n import msg
from crmcli.importers.readers.engine import EngineFailed
from crmcli.importers.readers.failures import FileDamaged, FileLimit, FileMissing, FileNotReadable, SheetMissing
from crmcli.importers.readers.grid import Grid, left_out
from crmcli.importers.readers.handover import failure_bytes, request_of, sheets_bytes
from crmcli.importers.readers.options import ReadOptions
from crmcli.importers.readers.plain_grids import PLAIN, plain_grids
from crmcli.importers.readers.sheet_choice import ANOTHER, table_wanted
from crmcli.importers.readers.spool import SPOOL_FAILED, BlockWriter, SpoolFailed, append_answer
from crmcli.importers.readers.unwrapped import Part, parts_of, renamed
from crmcli.importers.sheet import Sheet
from crmcli.importers.tables.asked import FileFacts, Store, TableOptions
from crmcli.importers.tables.stacked import tables_in
from crmcli.importers.tables.table import table_of

_BUFFER_BYTES = 1 << 20


def main() -> None:
    """Read the file that standard input asks for; the answer is JSON, a failure included."""
    memory_mb, cpu_seconds = (int(argument) for argument in sys.argv[1:3])
    _limit(memory_mb, cpu_seconds)
    spool = os.fdopen(os.dup(1), "wb", buffering=_BUFFER_BYTES)
    os.dup2(2, 1)  # a parser that prints does not spoil the answer
    gc.disable()  # short-lived, and what it makes goes without
    try:
        with spool:
            append_answer(spool, _answer(spool, memory_mb))
    except (SpoolFailed, OSError) as error:
        sys.exit(f"{SPOOL_FAILED}{error}")


def _answer(spool: IO[bytes], memory_mb: int) -> bytes:
    path, options, second = request_of(sys.stdin.buffer.read())
    try:
        return sheets_bytes(read_sheets(path, options, second=second, new_store=partial(BlockWriter, spool)))
    except FileNotReadable as failure:
        return failure_bytes(failure)
    except MemoryError:
        return failure_bytes(FileLimit(path, msg("{mb} MB of memory", mb=memory_mb)))
    except OSError as error:
        return failure_bytes(FileMissing(path, error.strerror or str(error)))


def _limit(memory_mb: int, cpu_seconds: int) -> None:
    """Set the platform's limits; Windows has none, there the parent's wall limit remains."""
    if sys.platform == "win32":
        return
    import resource

    limits = ((resource.RLIMIT_AS, memory_mb << 20), (resource.RLIMIT_CPU, cpu_seconds), (resource.RLIMIT_CORE, 0))
    for kind, wanted in limits:
        _soft, hard = resource.getrlimit(kind)
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(kind, (soft, hard))
        except (ValueError, OSError):  # macOS refuses some of them
            continue


def read_sheets(
    path: str, options: ReadOptions, *, second: bool = False, new_store: Callable[[], Store] = list
) -> list[Sheet]:
    """Return every sheet of a file, read in this process; each sheet's blocks go into a store of its own.

    Raises:
        FileNotReadable: why it cannot be read. MemoryError: the limit.
    """
    file, sheets = Path(path), list[Sheet]()
    tables = TableOptions(
        lambda text: normalise_header(text) in options.known_headers,
        lambda text: normalise_header(text) in options.identifying_headers,
        options.header_row,
        options.limit,
        new_store=new_store,
    )
    sha256 = _sha256(file)
    with TemporaryDirectory() as folder:
        for part in parts_of(file, options.password, Path(folder)):
            try:
                facts = FileFacts(path, sha256, part.container)
                sheets += _part_sheets(part, facts, options, tables, second=second)
            except FileNotReadable as failure:
                raise renamed(failure, part.shown(file)) from None
    if options.sheet is not None and sheets and all(sheet.left_out == ANOTHER for sheet in sheets):
        raise SheetMissing(path, options.sheet, ", ".join(sheet.name for sheet in sheets if sheet.name))
    return sheets


def _part_sheets(
    part: Part, facts: FileFacts, options: ReadOptions, tables: TableOptions, *, second: bool
) -> list[Sheet]:
    if part.failure:
        return _tables([left_out(part.name, part.failure.message)], facts, tables, None)
    if facts.container not in PLAIN:
        return _workbook_sheets(part, facts, options, tables, second=second)
    inner = replace(options, sheet=part.wanted(options.sheet))
    grids = plain_grids(part.path, facts.container, inner, tables.is_known)
    return _tables(part.named(grids, options.sheet), facts, tables, options.sheet)


def _workbook_sheets(
    part: Part, facts: FileFacts, options: ReadOptions, tables: TableOptions, *, second: bool
) -> list[Sheet]:
    from crmcli.importers.readers.workbook import HAS_SECOND_ENGINE, first_engine, second_engine

    words: list[str] = []
    inner = replace(options, sheet=part.wanted(options.sheet))
    for engine in (first_engine, second_engine):
        if (engine is first_engine and second) or (words and facts.container not in HAS_SECOND_ENGINE):
            continue
        try:
            grids = part.named(engine(part.path, facts.container, inner), options.sheet)
            return _tables(grids, facts, tables, options.sheet)
        except EngineFailed as failure:
            words.append(str(failure))
    raise FileDamaged(facts.file, words[0])


def _tables(grids: Iterable[Grid], facts: FileFacts, options: TableOptions, wanted: str | None) -> list[Sheet]:
    """Return the tables of each grid; the header row that a person names is the wanted table's, else the first's."""
    below, found = options._replace(header_row=None), list[Sheet]()
    for grid in grids:
        only = table_wanted(grid.name, wanted)
        split = tables_in(grid, options.is_known, None if only else options.header_row)
        for number, table in enumerate(split, start=1):
            if only and number != only and table.left_out is None:
                deque(table.rows, maxlen=0)  # passed over
                found.append(table_of(left_out(table.name, ANOTHER), facts, below))
            else:
                found.append(table_of(table, facts, options if number == (only or 1) else below))
    return found


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


if __name__ == "__main__":
    main()
