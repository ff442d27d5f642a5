"""Polluted csv files: one clean table, written in every wrong way that exports know, each with its right answer.

Modelled on the pollutions of Pollock (Vitagliano et al., VLDB 2023), with those of Chinese offices added.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from types import SimpleNamespace

import pytest

Row = list[str]
Table = tuple[Row, list[Row]]


@dataclass(frozen=True)
class Way:
    """How a table is written."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    always: bool = False
    ending: str = "\r\n"

    def cell(self, text: str) -> str:
        escape = self.escape or self.quote
        special = (self.delimiter, self.quote, "\n", "\r") if self.quote else ()
        if not self.quote and self.escape:
            for char in (self.escape, self.delimiter, "\n"):
                text = text.replace(char, self.escape + char)
            return text
        inner = text.replace(self.escape, self.escape * 2) if self.escape else text
        inner = inner.replace(self.quote, escape + self.quote) if self.quote else inner
        return f"{self.quote}{inner}{self.quote}" if self.always or any(s in text for s in special) else text

    def line(self, cells: Row) -> str:
        return self.delimiter.join(map(self.cell, cells)) + self.ending


@dataclass
class Polluted:
    """A file's bytes and what stands in it: per line number, the cells; `damaged` lines may be given up."""

    name: str
    content: bytes = b""
    encoding: str = "utf-8"
    rows: dict[int, Row] = field(default_factory=dict)
    headers: set[int] = field(default_factory=set)
    damaged: set[int] = field(default_factory=set)
    around: set[int] = field(default_factory=set)
    refused: bool = False


class Writer:
    """Builds one file line by line, and its right answer beside it."""

    def __init__(self, name: str, way: Way) -> None:
        self.file = Polluted(name)
        self.way = way
        self._text: list[str] = []
        self._line = 1

    def raw(self, text: str, cells: Row | None = None, into: set[int] | None = None) -> None:
        """Write text as it is; `cells` are what it means."""
        if cells is not None:
            self.file.rows[self._line] = cells
        if into is not None:
            into.add(self._line)
        self._text.append(text)
        self._line += len([c for c in text.replace("\r\n", "\n") if c in "\r\n"])

    def header(self, cells: Row) -> None:
        self.raw(self.way.line(cells), cells, self.file.headers)

    def row(self, cells: Row) -> None:
        self.raw(self.way.line(cells), cells)

    def table(self, table: Table) -> None:
        self.header(table[0])
        for row in table[1]:
            self.row(row)

    def beside(self, text: str) -> None:
        """Write a line that stands around the table, or a blank one."""
        self.raw(self.way.cell(text) + self.way.ending, [text], self.file.around)

    def damage(self, text: str, cells: Row) -> None:
        """Write a line that no reader can be sure of."""
        self.raw(text + self.way.ending, cells, self.file.damaged)

    def done(self, encoding: str = "utf-8", change: Callable[[bytes], bytes] = bytes) -> Polluted:
        self.file.encoding = encoding
        self.file.content = change("".join(self._text).encode(encoding))
        return self.file


def customers() -> Table:
    dice = random.Random(1)
    header = ["客户编号", "客户名称", "联系人", "手机", "金额", "创建时间", "地址", "备注"]
    notes = ["", "老客户", "价格高，再谈", 'said "no", twice', "第一行\n第二行", "it's ok", "a;b|c", "要货5吨, 下周"]
    rows = [
        [f"C{n:03d}", f"{dice.choice('华东北南')}{dice.choice('信诚达远')}{n}有限公司", dice.choice("王李张") + "伟",
         f"138{dice.randrange(10**8):08d}", f"{dice.randrange(10**5)}.{n % 100:02d}", f"2026-0{n % 9 + 1}-1{n % 9}",
         f"上海市人民路{n}号", notes[n % len(notes)]]
        for n in range(1, 61)
    ]  # fmt: skip
    return header, rows


def products() -> Table:
    dice = random.Random(2)
    header = ["DATE", "TIME", "Qty", "PRODUCTID", "Price", "ProductType", "ProductDescription", "URL", "Comments"]
    words = ["", "Fun for kids", 'The 5" drive, black', "two\nlines", "don't stack", "old; new", "A, B and C"]
    rows = [
        [f"{n % 9 + 1}/1{n % 9}/2026", f"1{n % 9}:0{n % 6}:00", str(n % 7), f"FE-{n:04d}", f"{dice.randrange(9000)}.99",
         dice.choice(["Toys", "Disks", "Books"]), words[n % len(words)], f"http://shop.example/?p={n}&x=1",
         words[(n + 2) % len(words)]]
        for n in range(1, 85)
    ]  # fmt: skip
    return header, rows


Make = Callable[[Table], Polluted]


def _plain(
    table: Table, name: str = "plain", way: Way | None = None, encoding: str = "utf-8",
    change: Callable[[bytes], bytes] = bytes, before: str = "",
) -> Polluted:  # fmt: skip
    out = Writer(name, way or Way())
    if before:
        out.raw(before)
    out.table(table)
    return out.done(encoding, change)


def _ways() -> Iterator[Make]:
    for delimiter in (",", ";", "\t", "|", "^", "`", "~", ":", " ", "\x01", "，", "§"):
        yield partial(_plain, name=f"delimiter {delimiter!r}", way=Way(delimiter))
    for delimiter in (";", "\t", "|"):
        yield partial(_plain, name=f"single quotes {delimiter!r}", way=Way(delimiter, "'"))
    ways = {
        "single quotes": Way(quote="'"),
        "all quoted": Way(always=True),
        "all in single quotes": Way(quote="'", always=True),
        "backslash": Way(escape="\\"),
        "backslash, all quoted": Way(";", escape="\\", always=True),
        "backslash, single quotes": Way(quote="'", escape="\\"),
        "backslash without quotes": Way(quote="", escape="\\"),
        "tab, backslash without quotes": Way("\t", quote="", escape="\\"),
        "line feeds": Way(ending="\n"),
        "carriage returns": Way(ending="\r"),
    }
    for name, way in ways.items():
        yield partial(_plain, name=name, way=way)
    changes: dict[str, Callable[[bytes], bytes]] = {
        "no last line end": lambda content: content.removesuffix(b"\r\n"),
        "two last line ends": lambda content: content + b"\r\n",
        "mixed line ends": lambda content: content.replace(b"\r\n", b"\n", 30),
        "Ctrl-Z": lambda content: content + b"\x1a",
        "NUL": lambda content: content.replace(b"2026", b"20\x0026", 9),
        "two marks": lambda content: b"\xef\xbb\xbf" * 2 + content,
    }
    for name, change in changes.items():
        yield partial(_plain, name=name, change=change)
    for encoding in ("utf-16-le", "utf-16-be", "gb18030", "utf-8-sig"):
        yield partial(_plain, name=encoding, encoding=encoding)
    yield partial(_plain, name="utf-16", way=Way("\t"), encoding="utf-16")
    yield partial(_plain, name="sep line", way=Way(";"), before="sep=;\r\n")


def _concatenated(table: Table) -> Polluted:
    out = Writer("concatenated", Way())
    out.raw("\ufeff")
    out.header(table[0])
    half = len(table[1]) // 2
    for row in table[1][:half]:
        out.row(row)
    out.raw("\ufeff" + out.way.line(table[0]), table[0], out.file.around)
    for row in table[1][half:]:
        out.row(row)
    return out.done()


def _mixed_encodings(table: Table, first: str, second: str) -> Polluted:
    lines = [Way().line(table[0]).encode(first)]
    for number, row in enumerate(table[1]):
        named = [*row[:-1], f"华东诚信公司{number}"]
        lines.append(Way().line(named).encode(second if number % 20 == 19 else first))
    return Polluted(f"{first} with lines in {second}", b"".join(lines), refused=True)


PREAMBLE = [
    "2026年客户台账",
    "导出人：张三",
    "声明：本数据仅供参考，不作依据。",
    "Report, all regions",
    "时间：2026-03-01",
]
SALESFORCE = [
    "", "", "Opportunity Report", "Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.",
    "Confidential Information - Do Not Distribute", "Generated By:  Zhang Wei  2026/3/1 10:00",
    "Example Trading",
]  # fmt: skip
OFFICE = ["合计60家", "备注：金额为含税价", "制表人：李四", "以下空白"]


def _framed(table: Table, name: str, above: Sequence[str] = (), below: Sequence[str] = ()) -> Polluted:
    out = Writer(name, Way())
    for text in above:
        out.beside(text)
    out.table(table)
    for text in below:
        out.beside(text)
    return out.done()


def _stacked(table: Table, others: list[Table], *, title: str = "") -> Polluted:
    out = Writer(f"{len(others) + 1} tables, the second of {len(others[0][0])} columns{title}", Way())
    for number, other in enumerate([table, *others]):
        if number:
            out.beside("")
            if title:
                out.beside(title)
        out.table(other)
    return out.done()


def _touched(table: Table, name: str, at: list[int], touch: Callable[[Way, Row], str]) -> Polluted:
    """Write the table with some lines damaged by `touch`."""
    out = Writer(name, Way())
    out.header(table[0])
    for number, row in enumerate(table[1]):
        if number in at:
            out.damage(touch(out.way, row), row)
        else:
            out.row(row)
    return out.done()


def _put(way: Way, row: Row, at: int, text: str) -> str:
    """Return the row's line with a text, as it is, in the place of one cell."""
    return way.line([*row[:at], "\x00", *row[at + 1 :]]).rstrip("\r\n").replace("\x00", text)


def _open(way: Way, row: Row) -> str:
    return _put(way, [cell.replace('"', "").replace("\n", " ") for cell in row], 0, f'"{row[0]}')


TOUCHES: dict[str, Callable[[Way, Row], str]] = {
    "more": lambda way, row: way.line([*row[:2], row[2] + "x", "y", *row[3:]]).rstrip("\r\n"),
    "less": lambda way, row: way.line([*row[:2], row[2] + row[3], *row[4:]]).rstrip("\r\n"),
    "open quote": _open,
    "text after a quote": lambda way, row: _put(way, row, 1, f'"{row[1]}" x'),
    "comma without quotes": lambda way, row: _put(way, row, 3, "甲,乙"),
    "line end without quotes": lambda way, row: _put(way, row, 5, "ab\r\ncd"),
    "other quotes": lambda way, row: _put(way, row, 0, "'x, y'"),
}


def _damages() -> Iterator[Make]:
    for name, touch in TOUCHES.items():
        for place, at in (("one", [29]), ("first", [0]), ("many", [3, 11, 17, 33, 50])):
            yield partial(_touched, name=f"{name}, {place}", at=at, touch=touch)


def _headers() -> Iterator[Make]:
    def changed(name: str, header: Callable[[Row], list[Row]], widen: int = 0) -> Make:
        def make(table: Table) -> Polluted:
            out = Writer(name, Way())
            for cells in header(table[0]):
                out.header(cells)
            for number, row in enumerate(table[1]):
                out.row([*row, *([f"9{number:08d}"] if widen == 1 else [""] * widen)])
            return out.done()

        return make

    groups = ["甲组", "", "", "乙组", "", "丙组", "", "", ""]
    upper = ["全部", "", "", "", "", "其他", "", "", ""]
    yield changed("no header", lambda _header: [])
    yield changed("a trailing comma", lambda header: [[*header, ""]], 1)
    yield changed("the last name is missing", lambda header: [header], 1)
    yield changed("padding", lambda header: [[*header, "", "", "", ""]], 4)
    yield changed("padding of the rows only", lambda header: [header], 4)
    yield changed("two names alike", lambda header: [[*header[:-1], header[2]]])
    yield changed("groups", lambda header: [groups[: len(header)], header])
    yield changed("groups of groups", lambda header: [upper[: len(header)], groups[: len(header)], header])


def _repeated(table: Table) -> Polluted:
    out = Writer("the header again and blank lines", Way())
    out.header(table[0])
    for above, row in pairwise([[], *table[1]]):
        if above and above[0].endswith("0"):
            out.beside("")
            out.raw(out.way.line(table[0]), table[0], out.file.around)
        out.row(row)
    return out.done()


def _others() -> Iterator[Make]:
    few: Table = (["姓名", "电话", "职务"], [["王五", "13800000001", "经理"], ["赵六", "13800000002", "采购"]])
    names = ["商机名称", "客户名称", "金额", "阶段", "负责人", "预计成交日期", "来源", "备注", "产品", "省份"]
    deal = ["甲公司", "5", "报价", "张三", "2026-01-01", "官网", "", "泵", "上海"]
    wide: Table = (names, [[f"项目{n}", *deal] for n in range(5)])
    yield _concatenated
    yield _repeated
    yield partial(_mixed_encodings, first="utf-8", second="gb18030")
    yield partial(_mixed_encodings, first="gb18030", second="utf-8")
    for lines, blank in ((1, []), (3, [""]), (8, []), (15, [""])):
        yield partial(_framed, name=f"preamble of {lines}", above=[*(PREAMBLE * 3)[:lines], *blank])
    yield partial(_framed, name="footer of Salesforce", below=SALESFORCE)
    yield partial(_framed, name="footer of an office", below=OFFICE)
    yield partial(_stacked, others=[few])
    yield partial(_stacked, others=[wide])
    yield partial(_stacked, others=[few, wide], title="联系人")


def polluted_files() -> list[Polluted]:
    """Return the polluted files: each pollution of each of the two tables."""
    makes = [*_ways(), *_headers(), *_damages(), *_others()]
    return [make(table) for table in (customers(), products()) for make in makes]


def cells_of(rows: dict[int, Row]) -> set[tuple[int, int, str]]:
    """Return (line number, column from 0, text) for each cell that is not blank."""
    return {(line, column, text) for line, cells in rows.items() for column, text in enumerate(cells) if text.strip()}


def cell_f1(wanted: dict[int, Row], read: dict[int, Row]) -> float:
    """Return the F1 of the cells read, by line and column."""
    want, got = cells_of(wanted), cells_of(read)
    return 2 * len(want & got) / (len(want) + len(got)) if want or got else 1.0


def wrong_lines(wanted: dict[int, Row], read: dict[int, Row]) -> set[int]:
    """Return the lines with a cell too many, missing or different."""
    return {line for line, _column, _text in cells_of(wanted) ^ cells_of(read)}


@pytest.fixture(scope="session")
def pollution() -> SimpleNamespace:
    return SimpleNamespace(files=polluted_files(), cell_f1=cell_f1, wrong_lines=wrong_lines)
