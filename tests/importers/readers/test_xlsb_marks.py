from __future__ import annotations

import struct
import zipfile
from pathlib import Path

from crmcli.importers.readers.grid import Merge
from crmcli.importers.readers.xlsb_marks import marks_of_xlsb

RELATIONS = '<r><x Id="rId1" Target="worksheets/sheet1.bin"/><x Id="rId2" Target="/xl/worksheets/sheet2.bin"/></r>'


def record(kind: int, content: bytes) -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(content)
    return head + (bytes([size]) if size < 0x80 else bytes([size & 0x7F | 0x80, size >> 7])) + content


def text(words: str) -> bytes:
    return struct.pack("<I", len(words)) + words.encode("utf-16-le")


def cell(column: int, rest: bytes) -> bytes:
    return struct.pack("<II", column, 0) + rest


def test_error_cells_and_merged_ranges_by_sheet(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsb"
    sheet = record(0, struct.pack("<I", 4) + bytes(200)) + record(5, cell(0, bytes(8)))
    sheet += record(3, cell(2, b"\x2a")) + record(0, struct.pack("<I", 5)) + record(11, cell(1, b"\x07\x00\x00"))
    sheet += record(176, struct.pack("<4I", 4, 6, 1, 2))
    with zipfile.ZipFile(path, "w") as archive:
        sheets = [text(f"rId{n}") + text(name) for n, name in ((1, "客户"), (2, "空"))]
        archive.writestr("xl/workbook.bin", b"".join(record(156, struct.pack("<II", 0, 1) + each) for each in sheets))
        archive.writestr("xl/_rels/workbook.bin.rels", RELATIONS)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
        archive.writestr("xl/worksheets/sheet2.bin", record(0, bytes(4)))
    marks = marks_of_xlsb(path)
    assert marks.errors == {"客户": {5: {2: "#N/A"}, 6: {1: "#DIV/0!"}}}
    assert marks.merges == {"客户": [Merge(5, 1, 7, 2)]}
