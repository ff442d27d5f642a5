"""Contacts of a telephone (.vcf): every card a row, every kind of entry a column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from crmcli.i18n import msg
from crmcli.importers.readers.encoding import Encoding, encoding_of, in_other_encoding
from crmcli.importers.readers.grid import Grid, NumberedRow
from crmcli.importers.readers.markup import text_lines
from crmcli.importers.readers.records import OTHER_ENCODING
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
    headers, pictures = _headers(path, found)
    grid = Grid("", iter(()), encoding=found.name)
    if found.guessed:
        grid.notes.append(msg("the encoding was guessed: {encoding} (--encoding overrides)", encoding=found.name))
    if pictures:
        grid.notes.append(msg("{count} pictures, sounds or keys in the cards were left out", count=pictures))
    grid.rows = _rows(path, found, headers, grid.rejected)
    return grid


def _headers(path: Path, encoding: Encoding) -> tuple[list[str], int]:
    """Return the columns that the cards fill, in their order, and how many pictures stand in them."""
    seen: dict[str, None] = {}
    pictures = 0
    for _line, card, _why in _cards(path, encoding):
        seen.update(dict.fromkeys(fields_of(card)))
        pictures += sum(1 for entry in card if entry.name in PICTURES or entry.is_binary)
    known = [header for header in ORDER if header in seen]
    return known + [header for header in seen if header not in ORDER], pictures


def _rows(path: Path, encoding: Encoding, headers: list[str], rejected: list[OddRow]) -> Iterator[NumberedRow]:
    yield _HEADER_ROW, list(headers)
    for line, card, why in _cards(path, encoding):
        fields = fields_of(card)
        cells = [fields.get(header, "").encode("utf-8", "replace").decode() for header in headers]
        if why is None:
            yield line, cells
        else:
            rejected.append(OddRow(line, why, cells))


def _cards(path: Path, encoding: Encoding) -> Iterator[tuple[int, list[Property], str | None]]:
    """Yield (line of BEGIN, properties, why it cannot be read safely) of each card; a line outside is a broken one."""
    card: list[Property] | None = None
    start, why = 0, None
    for number, line in unfolded(text_lines(path, encoding)):
        entry = property_of(line)
        mark = (entry.name, entry.value.strip().upper()) if entry else ("", "")
        if encoding.mixed and in_other_encoding(line, encoding.name) is not None:
            why = OTHER_ENCODING
        if mark == ("BEGIN", "VCARD"):
            if card is not None:
                yield start, card, BROKEN
            card, start, why = [], number, None
        elif mark == ("END", "VCARD") and card is not None:
            yield start, card, why
            card = None
        elif card is None:
            yield number, [entry or Property("NOTE", value=line)], BROKEN
        elif entry is not None:
            card.append(entry)
        elif card:  # the rest of a text that was not folded as it should be
            card[-1] = card[-1]._replace(value=f"{card[-1].value}\n{line}")
    if card is not None:
        yield start, card, BROKEN
