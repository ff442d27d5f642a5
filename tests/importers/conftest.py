"""Polluted csv files: one clean table, written in every wrong way that exports know, each with its right answer.

Modelled on the pollutions of Pollock (Vitagliano et al., VLDB 2023), with those of Chinese offices added.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import pytest

Row = list[str]


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

    def beside(self, text: str) -> None:
        """Write a line that stands around the table."""
        self.raw(self.way.cell(text) + self.way.ending, [text], self.file.around)

    def damage(self, text: str, cells: Row) -> None:
        """Write a line that no reader can be sure of."""
        self.raw(text + self.way.ending, cells, self.file.damaged)

    def blank(self) -> None:
        self.raw(self.way.ending)

    def done(self, encoding: str = "utf-8", change: Callable[[bytes], bytes] = bytes) -> Polluted:
        self.file.encoding = encoding
        self.file.content = change("".join(self._text).encode(encoding))
        return self.file


def customers() -> tuple[Row, list[Row]]:
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


def products() -> tuple[Row, list[Row]]:
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


Table = tuple[Row, list[Row]]
Make = Callable[[Table], Polluted]


def _plain(
    table: Table, name: str = "plain", way: Way | None = None, encoding: str = "utf-8",
    change: Callable[[bytes], bytes] = bytes, before: str = "",
) -> Polluted:  # fmt: skip
    out = Writer(name, way or Way())
    if before:
        out.raw(before)
    out.header(table[0])
    for row in table[1]:
        out.row(row)
    return out.done(encoding, change)


def _ways() -> Iterator[Make]:
    for delimiter in (",", ";", "\t", "|", "^", "`", "~", ":", " ", "\x01", "，", "§"):
        yield partial(_plain, name=f"delimiter {delimiter!r}", way=Way(delimiter))
    for delimiter in (";", "\t", "|"):
        yield partial(_plain, name=f"single quotes {delimiter!r}", way=Way(delimiter, "'"))
    yield partial(_plain, name="single quotes", way=Way(quote="'"))
    yield partial(_plain, name="all quoted", way=Way(always=True))
    yield partial(_plain, name="all in single quotes", way=Way(quote="'", always=True))
    yield partial(_plain, name="backslash", way=Way(escape="\\"))
    yield partial(_plain, name="backslash, all quoted", way=Way(";", escape="\\", always=True))
    yield partial(_plain, name="backslash, single quotes", way=Way(quote="'", escape="\\"))
    yield partial(_plain, name="backslash without quotes", way=Way(quote="", escape="\\"))
    yield partial(_plain, name="tab, backslash without quotes", way=Way("\t", quote="", escape="\\"))
    for ending in ("\n", "\r"):
        yield partial(_plain, name=f"ends {ending!r}", way=Way(ending=ending))
    yield partial(_plain, name="sep line", way=Way(";"), before="sep=;\r\n")
    yield partial(_plain, name="no last line end", change=lambda b: b.removesuffix(b"\r\n"))
    yield partial(_plain, name="two last line ends", change=lambda b: b + b"\r\n")
    yield partial(_plain, name="Ctrl-Z", change=lambda b: b + b"\x1a")
    yield partial(_plain, name="NUL", change=lambda b: b.replace(b"2026", b"20\x0026", 9))
    yield partial(_plain, name="utf-16", way=Way("\t"), encoding="utf-16")
    yield partial(_plain, name="utf-16-le", encoding="utf-16-le")
    yield partial(_plain, name="utf-16-be", encoding="utf-16-be")
    yield partial(_plain, name="gb18030", encoding="gb18030")
    yield partial(_plain, name="utf-8-sig", encoding="utf-8-sig")
    yield partial(_plain, name="two marks", encoding="utf-8-sig", change=lambda b: b"\xef\xbb\xbf" + b)


def _mixed_ends(table: Table) -> Polluted:
    out = Writer("mixed line ends", Way())
    out.header(table[0])
    for number, row in enumerate(table[1]):
        out.way = Way(ending=("\n", "\r\n")[number % 2])
        out.row(row)
    return out.done()


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
    out = Writer(f"{first} with lines in {second}", Way())
    lines = [out.way.line(table[0]).encode(first)]
    for number, row in enumerate(table[1]):
        named = [*row[:-1], f"华东诚信公司{number}"]
        lines.append(out.way.line(named).encode(second if number % 20 == 19 else first))
    out.file.refused = True
    out.done()
    out.file.content = b"".join(lines)
    return out.file


def _preamble(table: Table, lines: int, *, blank: bool) -> Polluted:
    out = Writer(f"preamble of {lines}{' and a blank' if blank else ''}", Way())
    texts = [
        "2026年客户台账",
        "导出人：张三",
        "声明：本数据仅供参考，不作依据。",
        "Report, all regions",
        "导出时间：2026-03-01 10:00",
    ]
    for number in range(lines):
        out.beside(texts[number % len(texts)])
    if blank:
        out.blank()
    out.header(table[0])
    for row in table[1]:
        out.row(row)
    return out.done()


def _footer(table: Table, name: str, lines: list[str]) -> Polluted:
    out = Writer(f"footer {name}", Way())
    out.header(table[0])
    for row in table[1]:
        out.row(row)
    for line in lines:
        if line:
            out.beside(line)
        else:
            out.blank()
    return out.done()


SALESFORCE = [
    "", "", "Opportunity Report", "Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.",
    "Confidential Information - Do Not Distribute", "Generated By:  Zhang Wei  2026/3/1 10:00",
    "Example Trading",
]  # fmt: skip
OFFICE = ["合计60家", "备注：金额为含税价", "制表人：李四", "以下空白"]


def _stacked(table: Table, others: list[Table], *, title: str = "") -> Polluted:
    out = Writer(f"{len(others) + 1} tables, the second of {len(others[0][0])} columns{title}", Way())
    for number, (header, rows) in enumerate([table, *others]):
        if number:
            out.blank()
            if title:
                out.beside(title)
        out.header(header)
        for row in rows:
            out.row(row)
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


def _more(way: Way, row: Row) -> str:
    return way.line([*row[:2], row[2] + "x", "y", *row[3:]]).rstrip("\r\n")


def _less(way: Way, row: Row) -> str:
    return way.line([*row[:2], row[2] + row[3], *row[4:]]).rstrip("\r\n")


def _open(way: Way, row: Row) -> str:
    return (
        way.line(["\x00" + row[0], *(cell.replace('"', "").replace("\n", " ") for cell in row[1:])])
        .rstrip("\r\n")
        .replace("\x00", '"')
    )


def _after(way: Way, row: Row) -> str:
    return way.line([row[0], "\x00", *row[2:]]).rstrip("\r\n").replace("\x00", f'"{row[1]}" x')


def _comma(way: Way, row: Row) -> str:
    return way.line([row[0], row[1], row[2], "\x00", *row[4:]]).rstrip("\r\n").replace("\x00", "甲,乙")


def _broken(way: Way, row: Row) -> str:
    return way.line([*row[:5], "\x00", *row[6:]]).rstrip("\r\n").replace("\x00", "ab\r\ncd")


def _single(way: Way, row: Row) -> str:
    return way.line(["\x00", *row[1:]]).rstrip("\r\n").replace("\x00", "'x, y'")


def _damages() -> Iterator[Make]:
    touches = {"more": _more, "less": _less, "open quote": _open, "text after a quote": _after,
               "comma without quotes": _comma, "line end without quotes": _broken,
               "other quotes": _single}  # fmt: skip
    for name, touch in touches.items():
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
            out.blank()
            out.raw(out.way.line(table[0]), table[0], out.file.around)
        out.row(row)
    return out.done()


def _others() -> Iterator[Make]:
    few: Table = (["姓名", "电话", "职务"], [["王五", "13800000001", "经理"], ["赵六", "13800000002", "采购"]])
    names = ["商机名称", "客户名称", "金额", "阶段", "负责人", "预计成交日期", "来源", "备注", "产品", "省份"]
    deal = ["甲公司", "5", "报价", "张三", "2026-01-01", "官网", "", "泵", "上海"]
    wide: Table = (names, [[f"项目{n}", *deal] for n in range(5)])
    yield _mixed_ends
    yield _concatenated
    yield _repeated
    yield partial(_mixed_encodings, first="utf-8", second="gb18030")
    yield partial(_mixed_encodings, first="gb18030", second="utf-8")
    for lines, blank in ((1, False), (3, True), (8, False), (15, True)):
        yield partial(_preamble, lines=lines, blank=blank)
    yield partial(_footer, name="of Salesforce", lines=SALESFORCE)
    yield partial(_footer, name="of an office", lines=OFFICE)
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


@pytest.fixture(scope="session")
def polluted() -> list[Polluted]:
    return polluted_files()


@pytest.fixture(scope="session")
def f1_of_cells() -> Callable[[dict[int, Row], dict[int, Row]], float]:
    return cell_f1


@pytest.fixture(scope="session")
def wrong_lines() -> Callable[[dict[int, Row], dict[int, Row]], set[int]]:
    """Give the function that names the lines with a cell too many, missing or different."""
    return lambda wanted, read: {line for line, _column, _text in cells_of(wanted) ^ cells_of(read)}
