"""The child process: reads one file under limits and writes the answer to its standard output.

Run as `python -m crmcli.importers.readers.child MEMORY_MB CPU_SECONDS`, the request on standard input.
"""

from __future__ import annotations

import gc
import hashlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from crmcli.domain.fields import normalise_header
from crmcli.i18n import msg
from crmcli.importers.readers.container import container_of
from crmcli.importers.readers.engine import EngineFailed
from crmcli.importers.readers.failures import FileDamaged, FileLimit, FileMissing, FileNotReadable, SheetMissing
from crmcli.importers.readers.grid import Grid
from crmcli.importers.readers.handover import failure_bytes, request_of, sheets_bytes
from crmcli.importers.readers.options import ReadOptions
from crmcli.importers.sheet import Sheet
from crmcli.importers.tables.table import FileFacts, TableOptions, table_of


def main() -> None:
    """Read the file that standard input asks for; the answer is JSON, a failure included."""
    memory_mb, cpu_seconds = (int(argument) for argument in sys.argv[1:3])
    _limit(memory_mb, cpu_seconds)
    answer_to = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a parser that prints does not spoil the answer
    gc.disable()  # short-lived, and nearly all that it makes is kept
    path, options, second = request_of(sys.stdin.buffer.read())
    try:
        answer = sheets_bytes(read_sheets(path, options, second=second))
    except FileNotReadable as failure:
        answer = failure_bytes(failure)
    except MemoryError:
        answer = failure_bytes(FileLimit(path, msg("{mb} MB of memory", mb=memory_mb)))
    except OSError as error:
        answer = failure_bytes(FileMissing(path, error.strerror or str(error)))
    with answer_to:
        answer_to.write(answer)


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


def read_sheets(path: str, options: ReadOptions, *, second: bool = False) -> list[Sheet]:
    """Return every sheet of a file, read in this process.

    Raises:
        FileNotReadable: why it cannot be read. MemoryError: the limit.
    """
    file = Path(path)
    container = container_of(file)
    facts = FileFacts(path, _sha256(file), container)
    tables = TableOptions(
        lambda text: normalise_header(text) in options.known_headers,
        lambda text: normalise_header(text) in options.identifying_headers,
        options.header_row,
        options.limit,
    )
    if container == "text":
        from crmcli.importers.readers.text import text_grid

        return [table_of(text_grid(file, options.encoding, tables.is_known), facts, tables)]
    if container == "html":
        from crmcli.importers.readers.html import html_grids

        return _tables(html_grids(file, options.encoding), facts, tables)
    sheets = _workbook_sheets(file, facts, options, tables, second=second)
    if options.sheet is not None and options.sheet not in {sheet.name for sheet in sheets}:
        raise SheetMissing(path, options.sheet, ", ".join(sheet.name for sheet in sheets))
    return sheets


def _workbook_sheets(
    file: Path, facts: FileFacts, options: ReadOptions, tables: TableOptions, *, second: bool
) -> list[Sheet]:
    from crmcli.importers.readers.workbook import HAS_SECOND_ENGINE, first_engine, second_engine

    words: list[str] = []
    for engine in (first_engine, second_engine):
        if (engine is first_engine and second) or (words and facts.container not in HAS_SECOND_ENGINE):
            continue
        try:
            return _tables(engine(file, facts.container, options), facts, tables)
        except EngineFailed as failure:
            words.append(str(failure))
    raise FileDamaged(facts.file, words[0])


def _tables(grids: Iterable[Grid], facts: FileFacts, options: TableOptions) -> list[Sheet]:
    return [table_of(grid, facts, options) for grid in grids]


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


if __name__ == "__main__":
    main()
