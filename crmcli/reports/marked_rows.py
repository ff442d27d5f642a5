"""A spreadsheet's own rows with what de-duplication says of each: csv in the input's order, xlsx group by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crmcli.i18n import _
from crmcli.reports.files import csv_cell, csv_cells, save_lines, save_workbook, write_text

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

ADDED = ("cluster_id", "review_group", "tier", "score")
REASON = "reason"
_END = "\r\n"
_FONT = "微软雅黑"
_DARK, _WHITE = "1F3864", "FFFFFF"
# two shades for groups that may be merged at once, two for those that a person should look at
_SURE, _DOUBTFUL = ("DDEBF7", "BDD7EE"), ("FFF2CC", "FFE699")
_WIDEST, _NARROWEST = 46, 8


class MarkedRow(NamedTuple):
    """One row: its cells as read, and cluster, review group, tier, score (and reason); empty for a row left out."""

    cells: Sequence[str]
    marks: Sequence[str]

    @property
    def group(self) -> str:
        """Return the review group that the row belongs to, "" for a row that was left out."""
        return self.marks[1] if self.marks else ""


class MarkedBlock(NamedTuple):
    """Rows that follow each other: columns of cells as distinct texts and a code a row, and columns of marks."""

    columns: Sequence[tuple[list[str], Sequence[int]]]
    marks: Sequence[list[str]]

    def rows(self) -> Iterator[MarkedRow]:
        """Yield the rows one by one."""
        texts = [map(values.__getitem__, codes) for values, codes in self.columns]
        return map(MarkedRow, zip(*texts, strict=True), zip(*self.marks, strict=True))

    def lines(self) -> str:
        """Return the rows as lines of csv."""
        columns = [map(csv_cells(values).__getitem__, codes) for values, codes in self.columns]
        lines = map(",".join, zip(*columns, *map(csv_cells, self.marks), strict=True))
        return "".join(f"{line}{_END}" for line in lines)


def added_headers(headers: Sequence[str], *, reasons: bool) -> list[str]:
    """Return the names of the added columns; one that the input has already gets a number behind."""
    taken = set(headers)
    names = []
    for name in (*ADDED, *((REASON,) if reasons else ())):
        free, number = name, 2
        while free in taken:
            free, number = f"{name}_{number}", number + 1
        names.append(free)
    return names


def write_marked(path: Path, headers: Sequence[str], rows: Iterable[MarkedRow | MarkedBlock], *, reasons: bool) -> None:
    """Write the rows: as csv, or as a workbook with coloured groups for `.xlsx`; no row is wider than `headers`.

    Raises:
        FileNotWritten: the file cannot be written; what was there before is left as it was.
    """
    added = added_headers(headers, reasons=reasons)
    if path.suffix.lower() == ".xlsx":
        _write_workbook(path, [*headers, *added], len(headers), list(chain.from_iterable(map(_one_by_one, rows))))
    else:
        lines = (_lines(row, len(headers), len(added)) for row in rows)
        save_lines(path, map(str.encode, chain([_line([*headers, *added])], lines)))


def _one_by_one(rows: MarkedRow | MarkedBlock) -> Iterable[MarkedRow]:
    return rows.rows() if isinstance(rows, MarkedBlock) else (rows,)


def _lines(rows: MarkedRow | MarkedBlock, width: int, added: int) -> str:
    if isinstance(rows, MarkedBlock) and len(rows.columns) == width:
        return rows.lines()
    return "".join(_line(_cells(row, width, added)) for row in _one_by_one(rows))


def _line(cells: Sequence[str]) -> str:
    return ",".join(map(csv_cell, cells)) + _END


def _cells(row: MarkedRow, width: int, added: int) -> Sequence[str]:
    if row.marks and len(row.cells) == width:
        return (*row.cells, *row.marks)
    return (*row.cells, *([""] * (width - len(row.cells))), *(row.marks or [""] * added))


def _write_workbook(path: Path, headers: Sequence[str], width: int, rows: Sequence[MarkedRow]) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("duplicates")
    for column, text in enumerate(headers, 1):
        cell: Any = sheet.cell(1, column)
        write_text(cell, text)
        cell.font = Font(name=_FONT, size=10, bold=True, color=_WHITE)
        cell.fill = PatternFill("solid", start_color=_DARK)
    for place, (row, shade) in enumerate(_shaded(rows), 2):
        for column, text in enumerate(_cells(row, width, len(headers) - width), 1):
            cell = sheet.cell(place, column)
            write_text(cell, text)
            cell.font = Font(name=_FONT, size=10)
            if shade:
                cell.fill = PatternFill("solid", start_color=shade)
    _dress(sheet, headers, rows, width)
    save_workbook(book, path)


def _shaded(rows: Sequence[MarkedRow]) -> list[tuple[MarkedRow, str]]:
    """Return the rows with their colours, each group together where its first row stands."""
    sizes = Counter(row.group for row in rows if row.group)
    clusters = Counter(row.marks[0] for row in rows if row.marks)
    first: dict[str, int] = {}
    for place, row in enumerate(rows):
        first.setdefault(row.group or f" {place}", place)
    order = sorted(range(len(rows)), key=lambda i: (first[rows[i].group or f" {i}"], rows[i].marks[:1], i))
    shaded: list[tuple[MarkedRow, str]] = []
    seen: dict[str, int] = {}
    for row in (rows[i] for i in order):
        shade = ""
        if sizes[row.group] > 1:
            turn = seen.setdefault(row.group, len(seen)) % 2
            shade = (_SURE if clusters[row.marks[0]] > 1 else _DOUBTFUL)[turn]
        shaded.append((row, shade))
    return shaded


def _dress(sheet: Worksheet, headers: Sequence[str], rows: Sequence[MarkedRow], width: int) -> None:
    from openpyxl.utils import get_column_letter

    for column, header in enumerate(headers):
        texts = [header, *(_cells(row, width, len(headers) - width)[column] for row in rows[:200])]
        widest = max(sum(1 if char.isascii() else 2 for char in text) for text in texts)
        size = min(max(widest + 2, _NARROWEST), _WIDEST)
        sheet.column_dimensions[get_column_letter(column + 1)].width = size
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
