"""Cells with an error (#N/A ...) or a formula without a result: blank to the first engine, so they are looked up."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from crmcli.importers.readers.cell_text import error_name
from crmcli.importers.readers.marks import CellErrors
from crmcli.importers.sheet import NO_RESULT

# how a worksheet part marks a cell that holds an error, and one that holds a formula
XLSX_MARKS = (b't="e"', b"<f>", b"<f ")

_CELL = re.compile(rb'<(?:\w+:)?c\b(?P<attributes>[^>]*\bt="e"[^>]*)>(?P<body>.*?)</(?:\w+:)?c>', re.DOTALL)
# a formula that no program has computed yet: no stored result stands beside it
_NO_RESULT = re.compile(
    rb"<c\b(?P<attributes>[^>]*)>\s*<f(?:\s[^>]*)?>(?P<formula>[^<]*)</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)
_ERROR = re.compile(rb't="e"')
_BARE_END = re.compile(rb"</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
# BIFF8 BOOLERR record with its error flag set, or a FORMULA record whose result is an error
_BIFF = re.compile(
    rb"\x05\x02\x08\x00.{6}[\x00\x07\x0f\x17\x1d\x24\x2a]\x01"
    rb"|\x06\x00[\x16-\xff].{7}\x02\x00[\x00\x07\x0f\x17\x1d\x24\x2a]\x00\x00\x00\xff\xff",
    re.DOTALL,
)


def errors_of_xlsx(path: Path, parts: frozenset[str]) -> CellErrors:
    """Return the error cells of the worksheets among `parts` (those in which one of `XLSX_MARKS` was seen)."""
    if not parts:
        return {}
    with zipfile.ZipFile(path) as archive:
        sheets = _sheet_parts(archive)
        return {name: _errors_in(archive.read(part)) for name, part in sheets.items() if part in parts}


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return sheet name -> its part's name; empty where the package is not laid out as usual."""
    from defusedxml import ElementTree

    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {r.get("Id"): posixpath.normpath(posixpath.join("/xl", r.get("Target", ""))) for r in relations}
    found = {}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        relation = next((value for key, value in element.items() if key.endswith("}id")), None)
        if element.tag.endswith("}sheet") and relation in targets:
            found[element.get("name", "")] = targets[relation].lstrip("/")
    return found


def _errors_in(part: bytes) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for cell in _cells_around(part, _ERROR, b"<", _CELL):
        place, value = _PLACE.search(cell["attributes"]), _VALUE.search(cell["body"])
        if place and value:
            column = _column_index(place.group(1).decode())
            found.setdefault(int(place.group(2)), {})[column] = value.group(1).decode("utf-8", "replace")
    for cell in _cells_around(part, _BARE_END, b"<c", _NO_RESULT):
        if place := _PLACE.search(cell["attributes"]):
            column = _column_index(place.group(1).decode())
            formula = unescape(cell["formula"].decode("utf-8", "replace"))
            found.setdefault(int(place.group(2)), {})[column] = f"{NO_RESULT}={formula}"
    return found


def _cells_around(
    part: bytes, mark: re.Pattern[bytes], start: bytes, cell: re.Pattern[bytes]
) -> Iterator[re.Match[bytes]]:
    """Yield the cells in which a mark stands; looking for the few marks is much faster than for cells."""
    for found in mark.finditer(part):
        matched = cell.match(part, part.rfind(start, 0, found.start()))
        if matched:
            yield matched


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def may_hold_errors(content: bytes) -> bool:
    """Return whether an .xls file's bytes look as if some cell held an error."""
    return _BIFF.search(content) is not None


def errors_of_xls(path: Path) -> CellErrors:
    """Return the error cells of an .xls file (read a second time, by xlrd)."""
    from crmcli.importers.readers.xlrd_engine import open_book

    book = open_book(path)
    found: CellErrors = {}
    for sheet in book.sheets():
        for row in range(sheet.nrows):
            for column, kind in enumerate(sheet.row_types(row)):
                if kind == 5:  # noqa: PLR2004 - xlrd.XL_CELL_ERROR
                    text = error_name(sheet.cell_value(row, column))
                    found.setdefault(sheet.name, {}).setdefault(row + 1, {})[column] = text
    return found
