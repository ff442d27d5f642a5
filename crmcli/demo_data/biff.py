"""A minimal writer of Excel 97-2003 workbooks (.xls): texts, numbers, merged cells, hidden sheets.

No maintained package writes this format any more, and the demo must make it wherever crmcli is installed.
Source: [MS-XLS] Excel Binary File Format, [MS-CFB] Compound File Binary Format.
"""

from __future__ import annotations

import struct

from crmcli.demo_data.model import Cell, Table

_SECTOR = 512
_SMALLEST_STREAM = 4096  # shorter ones would need the format's second, smaller allocation table
_FREE, _END, _FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_LONGEST_RECORD = 8224
_BOF, _EOF = 0x0809, 0x000A
_GLOBALS, _WORKSHEET = 0x0005, 0x0010
_PLAIN, _HEADING, _NOTE = 15, 16, 17  # cell formats, in the order that _formats writes them


def xls_bytes(tables: tuple[Table, ...]) -> bytes:
    """Return the workbook's bytes, one sheet a table."""
    texts: dict[str, int] = {}
    for table in tables:
        for row in table.rows:
            for cell in row.cells:
                if isinstance(cell, str):
                    texts.setdefault(cell, len(texts))
    sheets = [_sheet(table, texts) for table in tables]
    fronts = [_record(0x0042, "<H", 1200), _record(0x003D, "<9H", 0, 0, 20000, 12000, 0x38, 0, 0, 1, 600)]
    front = _start(_GLOBALS) + b"".join(fronts) + _formats()
    shared = _shared_texts(texts)
    names = [table.name.encode("utf-16-le") for table in tables]
    offset = len(front) + sum(4 + 8 + len(name) for name in names) + len(shared) + 4
    entries = b""
    for table, name, sheet in zip(tables, names, sheets, strict=True):
        head = struct.pack("<IBBBB", offset, int(table.hidden), 0, len(table.name), 1)
        entries += _raw(0x0085, head + name)
        offset += len(sheet)
    return _compound_file(front + entries + shared + _raw(_EOF, b"") + b"".join(sheets))


def _raw(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _record(kind: int, layout: str, *values: float) -> bytes:
    return _raw(kind, struct.pack(layout, *values))


def _start(kind: int) -> bytes:
    return _record(_BOF, "<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6)


def _formats() -> bytes:
    """Return fonts and cell formats: 15 that every file has, then plain, heading and note."""
    fonts = b"".join(_font(0x7FFF, 400) for _ in range(4)) + _font(10, 700)  # the fifth is red and bold
    styles = b"".join(_cell_format(0, 0xFFF5, 0x20) for _ in range(15))
    cells = _cell_format(0, 1, 0x20) + _cell_format(5, 1, 0x22) + _cell_format(0, 1, 0x08)
    return fonts + styles + cells + _record(0x0293, "<HBB", 0x8000, 0, 0xFF)


def _font(colour: int, weight: int) -> bytes:
    name = "宋体"
    head = struct.pack("<HHHHHBBBBBB", 220, 0, colour, weight, 0, 0, 0, 0x86, 0, len(name), 1)
    return _raw(0x0031, head + name.encode("utf-16-le"))


def _cell_format(font: int, kind: int, alignment: int) -> bytes:
    return _record(0x00E0, "<HHHBBBBIIH", font, 0, kind, alignment, 0, 0, 0xFC, 0, 0, 0x20C0)


def _shared_texts(texts: dict[str, int]) -> bytes:
    """Return the table of texts; a text never runs over the end of a record."""
    bodies = [struct.pack("<II", len(texts), len(texts))]
    for text in texts:
        units = text.encode("utf-16-le")
        packed = struct.pack("<HB", len(units) // 2, 1) + units
        if len(bodies[-1]) + len(packed) > _LONGEST_RECORD:
            bodies.append(b"")
        bodies[-1] += packed
    return _raw(0x00FC, bodies[0]) + b"".join(_raw(0x003C, body) for body in bodies[1:])


def _sheet(table: Table, texts: dict[str, int]) -> bytes:
    width = max(len(row.cells) for row in table.rows)
    out = [_start(_WORKSHEET)]
    out += [
        _record(0x007D, "<HHHHHH", column, column, characters * 256, _PLAIN, 0, 0)
        for column, characters in enumerate(table.widths)
    ]
    out.append(_record(0x0200, "<IIHHH", 0, len(table.rows), 0, width, 0))
    for number, row in enumerate(table.rows):
        look = {"header": _HEADING, "above": _NOTE}.get(row.tag, _PLAIN)
        if row.tag == "above":  # a note of several lines needs a high row
            out.append(_record(0x0208, "<HHHHHHI", number, 0, width, 2100, 0, 0, 0x0140))
        out += [_cell(number, column, look, cell, texts) for column, cell in enumerate(row.cells)]
    out.append(_record(0x023E, "<HHHIHHI", 0x06B6, 0, 0, 64, 0, 0, 0))
    if table.merges:
        ranges = [struct.pack("<4H", top - 1, low - 1, left - 1, right - 1) for top, left, low, right in table.merges]
        out.append(_raw(0x00E5, struct.pack("<H", len(ranges)) + b"".join(ranges)))
    return b"".join(out) + _raw(_EOF, b"")


def _cell(row: int, column: int, look: int, cell: Cell, texts: dict[str, int]) -> bytes:
    if cell is None:
        return b""
    if isinstance(cell, str):
        return _record(0x00FD, "<HHHI", row, column, look, texts[cell])
    if isinstance(cell, int | float):
        return _record(0x0203, "<HHHd", row, column, look, cell)
    raise TypeError(cell)


def _compound_file(stream: bytes) -> bytes:
    """Return the stream in the container that .xls files are: one stream, its directory, the allocation table."""
    size = max(len(stream), _SMALLEST_STREAM)
    size += -size % _SECTOR
    stream = stream.ljust(size, b"\0")
    used = size // _SECTOR
    tables = 1
    while tables * (_SECTOR // 4) < used + 1 + tables:
        tables += 1
    chain = [*range(1, used), _END, _END, *[_FAT_SECTOR] * tables]
    chain += [_FREE] * (tables * (_SECTOR // 4) - len(chain))
    first_table = used + 1
    places = [*range(first_table, first_table + tables)]
    header = struct.pack("<8s16xHHHHH6xIIIIIIIII", bytes.fromhex("D0CF11E0A1B11AE1"), 0x3E, 3, 0xFFFE, 9, 6,
                         0, tables, used, 0, _SMALLEST_STREAM, _END, 0, _END, 0)  # fmt: skip
    header += struct.pack("<109I", *(places + [_FREE] * (109 - tables)))
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 0, size)
    directory += (b"\0" * 68 + struct.pack("<III", _FREE, _FREE, _FREE)).ljust(128, b"\0") * 2
    return header + stream + directory + struct.pack(f"<{len(chain)}I", *chain)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII36xIQ", encoded, len(encoded), kind, 1, _FREE, _FREE, child, start, size)
