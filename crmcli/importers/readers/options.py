"""How a file is to be read; every default visible."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Options of `read_file`; every value can be written as JSON, for the child process.

    `encoding` overrides the guess (text and html). `sheet` is the only sheet wanted. `header_row` is the row
    number of the header as Excel shows it, 0 where the sheet has none. `known_headers` and
    `identifying_headers` are normalised header words: all that the field catalogue knows, and those that name a
    record (a name or an id). `password` opens encrypted files.
    `limit` is the number of records read per sheet, None for all.
    `memory_mb`, `cpu_seconds` and `wall_seconds` are None where the file's size decides.
    """

    encoding: str | None = None
    sheet: str | None = None
    header_row: int | None = None
    password: str | None = field(default=None, repr=False)
    known_headers: frozenset[str] = frozenset()
    identifying_headers: frozenset[str] = frozenset()
    include_hidden: bool = False
    limit: int | None = None
    memory_mb: int | None = None
    cpu_seconds: int | None = None
    wall_seconds: float | None = None
