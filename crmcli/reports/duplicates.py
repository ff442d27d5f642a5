"""The review workbook: two customers side by side a row, with reasons and a column for the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmcli.i18n import Message, _
from crmcli.reports.decisions import DECISION_HEADERS, DECISIONS, PAIR_HEADER, in_words
from crmcli.reports.files import save_workbook, write_text

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_FONT = "微软雅黑"
_DARK, _WHITE, _ASK, _LINE = "1F3864", "FFFFFF", "FFF2CC", "D0D7E2"
_SAME, _DIFFERENT = "E2F0D9", "FCE4D6"
_DECISION, _SCORE, _REASONS, _FIRST = 1, 2, 3, 4
_WIDTHS = {_DECISION: 11, _SCORE: 8, _REASONS: 46}
_LINE_HEIGHT = 16


@dataclass(frozen=True, slots=True)
class ReviewField:
    """One thing that both records say: its heading, the two texts, and the width of its columns."""

    title: Message
    a: str
    b: str
    width: int = 14


@dataclass(frozen=True, slots=True)
class ReviewPair:
    """One row: `key` is what `apply` needs to know it again; `decision` is set where a person was unsure before.

    The first field is the two numbers; of all others, those that agree and those that differ are coloured.
    """

    key: str
    score: float
    reasons: list[str]
    fields: list[ReviewField]
    decision: str = ""


def write_review(path: Path, pairs: Sequence[ReviewPair]) -> None:
    """Write the workbook; the rows stand in the order given.

    Raises:
        FileNotWritten: the file cannot be written; what was there before is left as it was.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = _("possible duplicates")
    heads = [in_words(DECISION_HEADERS), _("score"), _("reasons")]
    fields = pairs[0].fields if pairs else []
    heads += [f"{field.title} {side}" for field in fields for side in ("A", "B")]
    for column, text in enumerate([*heads, PAIR_HEADER], 1):
        _put(sheet, 1, column, text, fill=_DARK, colour=_WHITE, bold=True)
    for row, pair in enumerate(pairs, 2):
        _write_pair(sheet, row, pair)
    _dress(sheet, fields, len(pairs))
    save_workbook(book, path)


def _write_pair(sheet: Worksheet, row: int, pair: ReviewPair) -> None:
    from openpyxl.styles import Alignment

    decision = in_words(DECISIONS[pair.decision]) if pair.decision else ""
    _put(sheet, row, _DECISION, decision, fill=_ASK, bold=True)
    _put(sheet, row, _SCORE, "")
    sheet.cell(row, _SCORE).value = pair.score
    sheet.cell(row, _SCORE).number_format = "0.0"
    sheet.cell(row, _SCORE).alignment = Alignment(horizontal="center", vertical="center")
    _put(sheet, row, _REASONS, "\n".join(pair.reasons))
    for place, field in enumerate(pair.fields):
        fill = _colour(field.a, field.b) if place else ""
        _put(sheet, row, _FIRST + 2 * place, field.a, fill=fill)
        _put(sheet, row, _FIRST + 2 * place + 1, field.b, fill=fill)
    _put(sheet, row, _FIRST + 2 * len(pair.fields), pair.key)
    lines = [_lines("\n".join(pair.reasons), _WIDTHS[_REASONS])]
    lines += [_lines(text, field.width) for field in pair.fields for text in (field.a, field.b)]
    sheet.row_dimensions[row].height = max(2, *lines) * _LINE_HEIGHT


def _colour(a: str, b: str) -> str:
    if not a or not b:
        return ""
    return _SAME if a == b else _DIFFERENT


def _lines(text: str, width: int) -> int:
    """Return how many lines a text fills; a full-width character is two columns wide."""
    return sum(1 + sum(1 if char.isascii() else 2 for char in line) // width for line in text.split("\n"))


def _put(
    sheet: Worksheet, row: int, column: int, text: str, *, fill: str = "", colour: str = "000000", bold: bool = False
) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell: Any = sheet.cell(row, column)
    write_text(cell, text)
    cell.font = Font(name=_FONT, size=10, bold=bold, color=colour)
    cell.alignment = Alignment(vertical="center", wrap_text=True, horizontal="center" if row == 1 else None)
    cell.border = Border(bottom=Side(style="hair", color=_LINE))
    if fill:
        cell.fill = PatternFill("solid", start_color=fill)


def _dress(sheet: Worksheet, fields: Sequence[ReviewField], rows: int) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.properties import PageSetupProperties

    widths = dict(_WIDTHS)
    for place, field in enumerate(fields):
        widths[_FIRST + 2 * place] = widths[_FIRST + 2 * place + 1] = field.width
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    hidden = get_column_letter(_FIRST + 2 * len(fields))
    sheet.column_dimensions[hidden].hidden = True
    sheet.row_dimensions[1].height = 2 * _LINE_HEIGHT
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(_FIRST + 2 * len(fields) - 1, _REASONS))}{rows + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 8  # A3
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.print_title_rows = "1:1"
    choice = DataValidation(type="list", allow_blank=True, formula1=f'"{",".join(map(in_words, DECISIONS.values()))}"')
    choice.error = _("choose one from the list, or leave it empty")
    sheet.add_data_validation(choice)
    choice.add(f"A2:A{rows + 1 if rows else 2}")
