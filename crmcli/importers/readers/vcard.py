"""Contacts of a telephone (.vcf): every card a row, every kind of entry a column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crmcli.i18n import msg
from crmcli.importers.readers.encoding import encoding_of
from crmcli.importers.readers.grid import Grid, NumberedRow
from crmcli.importers.readers.markup import text_lines
from crmcli.importers.readers.vcard_fields import ORDER, PICTURES, fields_of
from crmcli.importers.readers.vcard_lines import Property, property_of, unfolded
from crmcli.importers.sheet import OddRow

BROKEN = "card.broken"
_HEADER_ROW = 0  # a file of cards has none; the columns' names stand above its first line


def vcard_grid(path: Path, encoding: str | None) -> Grid:
    """Return the cards; the row number is the line on which a card begins.

    Raises:
        FileEncoding: no encoding fits.
    """
    found = encoding_of(path, encoding)
    headers, pictures = _headers(path, found.name)
    grid = Grid("", iter(()), encoding=found.name)
    if found.guessed:
        grid.notes.append(msg("the encoding was guessed: {encoding} (--encoding overrides)", encoding=found.name))
    if pictures:
        grid.notes.append(msg("{count} pictures, sounds or keys in the cards were left out", count=pictures))
    grid.rows = _rows(path, found.name, headers, grid.rejected)
    return grid


def _headers(path: Path, encoding: str) -> tuple[list[str], int]:
    """Return the columns that the cards fill, in their order, and how many pictures stand in them."""
    seen: dict[str, None] = {}
    pictures = 0
    for _line, card, _is_whole in _cards(path, encoding):
        seen.update(dict.fromkeys(fields_of(card)))
        pictures += sum(1 for entry in card if entry.name in PICTURES or entry.is_binary)
    known = [header for header in ORDER if header in seen]
    return known + [header for header in seen if header not in ORDER], pictures


def _rows(path: Path, encoding: str, headers: list[str], rejected: list[OddRow]) -> Iterator[NumberedRow]:
    yield _HEADER_ROW, list(headers)
    for line, card, is_whole in _cards(path, encoding):
        fields = fields_of(card)
        cells = [fields.get(header, "") for header in headers]
        if is_whole:
            yield line, cells
        else:
            rejected.append(OddRow(line, BROKEN, cells))


def _cards(path: Path, encoding: str) -> Iterator[tuple[int, list[Property], bool]]:
    """Yield (line of BEGIN, properties, whether END closes it) of each card; a line outside is a broken card."""
    card: list[Property] | None = None
    start = 0
    for number, line in unfolded(text_lines(path, encoding)):
        if not line.strip():
            continue
        entry = property_of(line)
        mark = (entry.name, entry.value.strip().upper()) if entry else ("", "")
        if mark == ("BEGIN", "VCARD"):
            if card is not None:
                yield start, card, False
            card, start = [], number
        elif mark == ("END", "VCARD") and card is not None:
            yield start, card, True
            card = None
        elif card is None:
            yield number, [entry or Property("NOTE", value=line)], False
        elif entry is not None:
            card.append(entry)
        elif card:  # the rest of a text that was not folded as it should be
            card[-1] = card[-1]._replace(value=f"{card[-1].value}\n{line}")
    if card is not None:
        yield start, card, False
