"""Made-up exports, read and understood in this process: what the preset tests look at."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crmcli.domain.fields import known_headers, normalise_header
from crmcli.importers.extract import drafts
from crmcli.importers.identification import identifying_headers
from crmcli.importers.mapping import LEFT_OUT, MappingChoices, SheetMapping, map_sheet
from crmcli.importers.parsing import column_parsers, parse_block
from crmcli.importers.presets import preset_words, shipped_presets
from crmcli.importers.readers.child import read_sheets
from crmcli.importers.readers.options import ReadOptions

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Seen:
    """A sheet as understood: `rows` are the parts of each row by kind, `junk` the first cells of rows left out."""

    mapping: SheetMapping
    rows: list[dict[str, dict[str, Any]]] = field(default_factory=list)
    extra: list[dict[str, str]] = field(default_factory=list)
    junk: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def preset(self) -> tuple[str | None, str | None]:
        """Return the preset's name and the sheet's kind."""
        return self.mapping.preset.name if self.mapping.preset else None, self.mapping.kind

    @property
    def fields(self) -> dict[str, str]:
        """Return header -> field, without the columns that are no field's."""
        return {c.header: c.path for c in self.mapping.columns if c.path}

    @property
    def dropped(self) -> list[str]:
        """Return the headers of columns that are kept nowhere."""
        return [c.header for c in self.mapping.columns if c.type == LEFT_OUT]


Look = Callable[..., Seen]


@cache
def _options() -> ReadOptions:
    presets = shipped_presets()
    return ReadOptions(
        known_headers=known_headers() | preset_words(presets), identifying_headers=identifying_headers(presets)
    )


def _look(path: Path, sheet: str = "", **choices: Any) -> Seen:
    found = read_sheets(str(path), _options())
    chosen = next(s for s in found if s.name == sheet) if sheet else found[0]
    headers = [column.header for column in chosen.columns]
    called = chosen.name or path.stem
    mapping = map_sheet(headers, MappingChoices(presets=shipped_presets(), **choices), called)
    parsers = column_parsers(chosen, mapping, ZONE)
    seen = Seen(mapping, notes=[str(parser.note) for parser in parsers if parser.note])
    skip = mapping.preset.skip if mapping.preset else {}
    for block in chosen.blocks():
        for draft in drafts(block, parse_block(block, parsers), mapping):
            cells = block.cells(draft.index)
            pairs = zip(headers, cells, strict=True)
            if any((junk := skip.get(normalise_header(header))) and junk.search(cell) for header, cell in pairs):
                seen.junk.append(cells[0])
            else:
                seen.rows.append(draft.parts)
                seen.extra.append(draft.extra)
    return seen


@pytest.fixture
def look_csv(tmp_path: Path) -> Look:
    """Return what reads rows written as csv: `look(name, *rows, encoding=, **choices)`; a text is a line as it is."""

    def look(name: str, *rows: Sequence[str] | str, encoding: str = "utf-8", **choices: Any) -> Seen:
        text = "".join(f"{row}\n" if isinstance(row, str) else _line(row) for row in rows)
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return _look(path, **choices)

    return look


def _line(row: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(row)
    return out.getvalue()


@pytest.fixture
def look_xlsx(tmp_path: Path) -> Look:
    """Return what reads rows of a workbook's sheet: `look(sheet name, *rows, merge="A1:C1", **choices)`."""

    def look(sheet: str, *rows: Sequence[Any], merge: str = "", **choices: Any) -> Seen:
        from openpyxl import Workbook

        book = Workbook()
        table = book.worksheets[0]
        table.title = sheet
        for row in rows:
            table.append(list(row))
        if merge:
            table.merge_cells(merge)
        path = tmp_path / "book.xlsx"
        book.save(path)
        return _look(path, sheet, **choices)

    return look
