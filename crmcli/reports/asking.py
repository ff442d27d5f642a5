"""Workbooks that ask a person something and come back: a row a question, columns to fill in, a hidden key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmcli.i18n import _
from crmcli.reports.files import save_workbook, write_text

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_FONT = "微软雅黑"
_DARK, _WHITE, _ASK, _LINE = "1F3864", "FFFFFF", "FFF2CC", "D0D7E2"
_LINE_HEIGHT = 16
_TERM, _SENTENCE = 24, 110  # widths of the columns of the sheet of terms
_LONGEST_LIST = 250  # Excel takes 255 characters of choices in a cell's own list


@dataclass(frozen=True, slots=True)
class AskColumn:
    """A column: its heading, how wide it is, whether a person fills it in, and its cells' number format if any."""

    title: str
    width: int = 14
    asked: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class AskRow:
    """A row: a cell a column, the hidden `key` that tells which question it is, colours by column from 0.

    `choices` names the list of `Asking.lists` that its choosing cell drops down, None where it has none. `offered` are
    columns (from 0) whose cells drop down what stands above them in so many rows. `begins` draws a line over the row.
    """

    cells: Sequence[str | float]
    key: str
    fills: Mapping[int, str] = field(default_factory=dict)
    choices: str | None = ""
    offered: Mapping[int, int] = field(default_factory=dict)
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """A sheet of questions. `chooses` is the column (from 0) whose cells have a list of answers to choose from.

    `key_header` heads the hidden last column and tells this kind of workbook from others; `strict` refuses other
    answers than those of the list. `terms` are (term, sentence) of a second sheet that says what is asked.
    """

    title: str
    columns: Sequence[AskColumn]
    key_header: str
    lists: Mapping[str, Sequence[str]]
    chooses: int = 0
    frozen: str = "C2"
    strict: bool = True
    terms: Sequence[tuple[str, str]] = ()


def write_asking(path: Path, asking: Asking, rows: Sequence[AskRow]) -> None:
    """Write the workbook; the rows stand in the order given.

    Raises:
        FileNotWritten: the file cannot be written; what was there before is left as it was.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = asking.title
    titles = [column.title for column in asking.columns]
    for column, text in enumerate([*titles, asking.key_header], 1):
        _put(sheet, 1, column, text, _HEAD)
    for place, row in enumerate(rows, 2):
        _write_row(sheet, place, asking, row)
    _dress(sheet, asking, len(rows))
    _offer(book, sheet, asking, rows)
    _offer_above(sheet, rows)
    if asking.terms:
        _add_terms(book, asking.terms)
    save_workbook(book, path)


def _write_row(sheet: Worksheet, place: int, asking: Asking, row: AskRow) -> None:
    from openpyxl.styles import Alignment

    lines = [2]
    for number, (column, value) in enumerate(zip(asking.columns, row.cells, strict=True), 1):
        asked = column.asked and row.choices is not None
        fill = _ASK if asked else row.fills.get(number - 1, "")
        text = value if isinstance(value, str) else ""
        _put(sheet, place, number, text, _Look(fill, bold=column.asked, begins=row.begins))
        if isinstance(value, str):
            lines.append(_lines(value, column.width))
        else:
            cell = sheet.cell(place, number)
            cell.value, cell.number_format = value, column.number
            cell.alignment = Alignment(horizontal="center", vertical="center")
    _put(sheet, place, len(asking.columns) + 1, row.key)
    sheet.row_dimensions[place].height = max(lines) * _LINE_HEIGHT


def _lines(text: str, width: int) -> int:
    """Return how many lines a text fills; a full-width character is two columns wide."""
    return sum(1 + sum(1 if char.isascii() else 2 for char in line) // width for line in text.split("\n"))


@dataclass(frozen=True, slots=True)
class _Look:
    """How a cell looks: its colour; bold or not; a heading or not; whether its row is the first of a group."""

    fill: str = ""
    bold: bool = False
    head: bool = False
    begins: bool = False

    @property
    def name(self) -> str:
        """Return the name of the style."""
        marks = [name for name in ("bold", "begins") if getattr(self, name)]
        return " ".join(["ask", "head" if self.head else self.fill, *marks])


_PLAIN, _HEAD = _Look(), _Look(_DARK, bold=True, head=True)


def _put(sheet: Worksheet, row: int, column: int, text: str, look: _Look = _PLAIN) -> None:
    cell: Any = sheet.cell(row, column)
    cell.style = _style(sheet.parent, look)
    write_text(cell, text)


def _style(book: Any, look: _Look) -> str:
    """Return the name of a style, made the first time it is used: one a cell would take long in many rows."""
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

    if look.name not in book.named_styles:
        style = NamedStyle(look.name)
        style.font = Font(name=_FONT, size=10, bold=look.bold, color=_WHITE if look.head else "000000")
        style.alignment = Alignment(vertical="center", wrap_text=True, horizontal="center" if look.head else None)
        top = Side(style="medium", color=_DARK) if look.begins else None
        style.border = Border(bottom=Side(style="hair", color=_LINE), top=top)
        if look.fill:
            style.fill = PatternFill("solid", start_color=look.fill)
        book.add_named_style(style)
    return look.name


def _dress(sheet: Worksheet, asking: Asking, rows: int) -> None:
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(asking.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.column_dimensions[get_column_letter(len(asking.columns) + 1)].hidden = True
    sheet.row_dimensions[1].height = 2 * _LINE_HEIGHT
    sheet.freeze_panes = asking.frozen
    # the hidden key is sorted with the rest of its row
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(asking.columns) + 1)}{rows + 1}"
    sheet.sheet_view.showGridLines = False
    _set_page(sheet, paper=8)
    sheet.print_title_rows = "1:1"


def _set_page(sheet: Worksheet, *, paper: int) -> None:
    """Set up landscape pages of a size (8: A3, 9: A4), as wide as the sheet, with page numbers."""
    from openpyxl.worksheet.header_footer import HeaderFooterItem
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", paper
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.8, 0.35
    footer = HeaderFooterItem()
    footer.left.text, footer.right.text = "&A", _("page {page} of {pages}").format(page="&P", pages="&N")
    sheet.HeaderFooter.oddFooter = footer


def _offer(book: Workbook, sheet: Worksheet, asking: Asking, rows: Sequence[AskRow]) -> None:
    """Give each row's choosing cell its list; a long one stands on a hidden sheet of its own."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    letter = get_column_letter(asking.chooses + 1)
    for name, words in asking.lists.items():
        choice = DataValidation(type="list", allow_blank=True, formula1=_formula(book, name, words))
        choice.error = _("choose one from the list, or leave it empty")
        choice.errorStyle = "stop" if asking.strict else "warning"
        places = [place for place, row in enumerate(rows, 2) if row.choices in ("", name)] or [2]
        for first, last in _stretches(places):
            choice.add(f"{letter}{first}:{letter}{last}")
        sheet.add_data_validation(choice)


def _offer_above(sheet: Worksheet, rows: Sequence[AskRow]) -> None:
    """Give cells a list of what stands above them; anything else may be typed too."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for place, row in enumerate(rows, 2):
        for column, above in row.offered.items():
            letter = get_column_letter(column + 1)
            values = f"${letter}${place - above}:${letter}${place - 1}"
            sheet.add_data_validation(
                DataValidation(type="list", allow_blank=True, formula1=values, sqref=f"{letter}{place}")
            )


def _add_terms(book: Workbook, terms: Sequence[tuple[str, str]]) -> None:
    """Add the sheet that says what is asked and what becomes of the answers."""
    sheet = book.create_sheet(_("Definitions"))
    for row, (term, sentence) in enumerate(terms, 1):
        _put(sheet, row, 1, term, _Look(bold=True))
        _put(sheet, row, 2, sentence)
        sheet.row_dimensions[row].height = _lines(sentence, _SENTENCE) * _LINE_HEIGHT + 4
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = _TERM, _SENTENCE
    sheet.sheet_view.showGridLines = False
    _set_page(sheet, paper=9)


def _stretches(places: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and last of each stretch of numbers that follow each other."""
    known = set(places)
    starts = [place for place in places if place - 1 not in known]
    ends = [place for place in places if place + 1 not in known]
    return list(zip(starts, ends, strict=True))


def _formula(book: Workbook, name: str, words: Sequence[str]) -> str:
    from openpyxl.utils import get_column_letter

    inline = ",".join(words)
    if len(inline) <= _LONGEST_LIST and not any("," in word or '"' in word for word in words):
        return f'"{inline}"'
    if "lists" not in book.sheetnames:
        book.create_sheet("lists").sheet_state = "hidden"
    lists = book["lists"]
    column = sum(cell.value is not None for cell in lists[1]) + 1
    for row, text in enumerate([name, *words], 1):
        write_text(lists.cell(row, column), text)
    letter = get_column_letter(column)
    return f"lists!${letter}$2:${letter}${len(words) + 1}"
