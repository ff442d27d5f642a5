"""Error cells and merged ranges of .xlsb files, which the first engine does not show. Source: MS-XLSB 2.1.4, 2.4."""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from crmcli.importers.readers.cell_text import error_name
from crmcli.importers.readers.grid import Merge
from crmcli.importers.readers.marks import Marks

_ROW, _ERROR, _FORMULA_ERROR, _SHEET, _MERGE = 0, 3, 11, 156, 176
# bytes that look like an error cell (its size and place, then a known code) or a merged range
_MARKED = re.compile(rb"[\x03\x0b][\x09-\x7f].{8}[\x00\x07\x0f\x17\x1d\x24\x2a\x2b]|\xb0\x01\x10", re.DOTALL)


def marks_of_xlsb(path: Path) -> Marks:
    """Return the error cells and merged ranges of every worksheet."""
    marks = Marks()
    with zipfile.ZipFile(path) as archive:
        for sheet, part in _sheet_parts(archive).items():
            content = archive.read(part)
            if _MARKED.search(content):
                _read_marks(sheet, content, marks)
    return marks


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return sheet name -> its part's name."""
    from defusedxml import ElementTree

    names = set(archive.namelist())
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.bin.rels"))
    targets = {r.get("Id"): posixpath.normpath(posixpath.join("/xl", r.get("Target", ""))) for r in relations}
    found = {}
    for kind, content in _records(archive.read("xl/workbook.bin")):
        if kind == _SHEET:
            relation, at = _text(content, 8)
            part = targets.get(relation, "").lstrip("/")
            if part in names:
                found[_text(content, at)[0]] = part
    return found


def _read_marks(sheet: str, content: bytes, marks: Marks) -> None:
    row = 0
    for kind, record in _records(content):
        if kind == _ROW:
            row = struct.unpack_from("<I", record)[0] + 1
        elif kind in (_ERROR, _FORMULA_ERROR):
            marks.add_error(sheet, row, struct.unpack_from("<I", record)[0], error_name(record[8]))
        elif kind == _MERGE:
            top, bottom, left, right = struct.unpack_from("<4I", record)
            marks.add_merge(sheet, Merge(top + 1, left, bottom + 1, right))


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (kind, content) of the records."""
    at, end = 0, len(content)
    while at < end:
        kind = content[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | content[at] << 7
            at += 1
        size = shift = 0
        while True:
            byte = content[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, content[at : at + size]
        at += size


def _text(content: bytes, at: int) -> tuple[str, int]:
    """Return a counted text and the place behind it."""
    end = at + 4 + 2 * struct.unpack_from("<I", content, at)[0]
    return content[at + 4 : end].decode("utf-16-le"), end
