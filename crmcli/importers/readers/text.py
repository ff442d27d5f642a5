"""csv, tsv and txt files -> rows; a record that cannot be read safely is rejected by its line number, not guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

from crmcli.i18n import Message, msg
from crmcli.importers.readers.dialect import Dialect, delimiter_of_sep_line
from crmcli.importers.readers.dialect_choice import dialect_of
from crmcli.importers.readers.encoding import encoding_of
from crmcli.importers.readers.failures import FileEmpty, FileNotATable
from crmcli.importers.readers.grid import Grid, NumberedRow
from crmcli.importers.readers.lines import Lines
from crmcli.importers.readers.records import Records

_SAMPLE_LINES = 400
_SAMPLE_CHARS = 200_000
_MAX_CONTROL_SHARE = 0.02


def text_grid(path: Path, encoding: str | None, is_known: Callable[[str], bool]) -> Grid:
    """Return the one grid of a text file; its rows carry the number of the line that each record starts on.

    Raises:
        FileEncoding: no encoding fits, at once or at a later row. FileMixedEncoding: some lines are in another one.
        FileEmpty: nothing but blanks. FileNotATable: the bytes are no text.
    """
    found = encoding_of(path, encoding)
    lines = Lines(path, found)
    sample = lines.take(_SAMPLE_LINES)
    text = "".join(sample)
    if not text.strip("\ufeff \t\r\n\u3000"):
        raise FileEmpty(str(path))
    if _control_share(text) > _MAX_CONTROL_SHARE:
        raise FileNotATable(str(path), "BINARY")
    declared = delimiter_of_sep_line(sample[0])
    content = sample[1:] if declared else sample
    dialect = dialect_of(list(_within(content, _SAMPLE_CHARS)), is_known, declared)
    grid = Grid("", iter(()), encoding=found.name, strict_width=True)
    if found.guessed:
        grid.notes.append(msg("the encoding was guessed: {encoding} (--encoding overrides)", encoding=found.name))
    if not dialect.is_usual:
        grid.notes.append(_dialect_note(dialect))
    grid.rows = _rows(grid, lines, content, dialect, start=2 if declared else 1)
    return grid


def _rows(grid: Grid, lines: Lines, first: list[str], dialect: Dialect, start: int) -> Iterator[NumberedRow]:
    chunks = chain([first], iter(lines.take, []))
    records = Records(lambda: next(chunks, []), dialect, start, grid.rejected, mixed=lines.mixed)
    return chain(records.rows(), _notes_at_end(grid, lines))


def _notes_at_end(grid: Grid, lines: Lines) -> Iterator[NumberedRow]:
    """Yield no row, but take the notes that stand fast once all lines are read."""
    grid.notes.extend(lines.notes())
    yield from ()


def _dialect_note(dialect: Dialect) -> Message:
    named = {"\t": "TAB", " ": "SPACE"}
    delimiter = named.get(dialect.delimiter, dialect.delimiter)
    shown = delimiter if delimiter.isprintable() else f"0x{ord(delimiter):02X}"
    if dialect.escape:
        return msg("cells are separated by {mark}, quoted by {quote}, escaped by \\", mark=shown, quote=dialect.quote)
    return msg("cells are separated by {mark}, quoted by {quote}", mark=shown, quote=dialect.quote)


def _within(lines: Iterable[str], max_chars: int) -> Iterator[str]:
    """Yield lines until they hold `max_chars` characters."""
    for line in lines:
        yield line
        max_chars -= len(line)
        if max_chars < 0:
            return


def _control_share(text: str) -> float:
    allowed = "\t\r\n\x0b\x0c\x1a\x1b\x01\x1f"
    return sum(1 for char in text if char < " " and char not in allowed) / len(text)
