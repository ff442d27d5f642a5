"""How a workbook looks: fonts, colours, number formats, widths, print setup. Every text is written as data."""

from __future__ import annotations

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from crmcli.i18n import _
from crmcli.reports.files import write_text

FONT = "微软雅黑"
DARK, ACCENT, PALE, LINE, GREY = "1F3864", "2F5597", "EEF3FA", "D0D7E2", "7F7F7F"
GOOD, BAD, WARN, PALE_BAR = "2E7D32", "C00000", "B45F06", "BDD0EE"

FORMATS = {"text": "@", "int": "#,##0", "money": "#,##0.00", "rate": "0.0%", "date": "yyyy-mm-dd", "days": "0.0"}
SIGNED = {
    "int": "+#,##0;-#,##0;0", "money": "+#,##0.00;-#,##0.00;0.00", "days": "+0.0;-0.0;0.0", "rate": "+0.0%;-0.0%;0.0%",
}  # fmt: skip
"""Formats of changes by the type of their column."""
_HAIR = Border(bottom=Side(style="hair", color=LINE))


def _style(name: str, *, number: str = "General", horizontal: str = "left", border: Border = _HAIR, fill: str = "",
           wrap: bool = False, size: float = 10, color: str = "000000", bold: bool = False,
           indent: int = 0) -> NamedStyle:  # fmt: skip
    style = NamedStyle(f"crm {name}")
    style.font = Font(name=FONT, size=size, color=color, bold=bold)
    style.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=wrap, indent=indent)
    style.number_format, style.border = number, border
    if fill:
        style.fill = PatternFill("solid", fgColor=fill)
    return style


def new_workbook() -> Workbook:
    """Return an empty workbook with the styles of reports."""
    book = Workbook()
    book.remove(book.worksheets[0])
    add_styles(book)
    return book


def add_styles(book: Workbook) -> None:
    """Add the styles of reports, named `crm ...`, to a workbook that has none of them or all."""
    if "crm head" in book.named_styles:
        return
    none, top = Border(), Border(top=Side(style="thin", color=DARK))
    for kind, number in FORMATS.items():
        where, indent = ("left", 1) if kind in ("text", "date") else ("right", 0)  # so that it touches no number before
        book.add_named_style(_style(kind, number=number, horizontal=where, indent=indent))
        book.add_named_style(
            _style(f"total {kind}", number=number, horizontal=where, indent=indent, border=top, fill=PALE, bold=True)
        )
    for kind, number in SIGNED.items():
        book.add_named_style(_style(f"signed {kind}", number=number, horizontal="right"))
        book.add_named_style(
            _style(f"total signed {kind}", number=number, horizontal="right", border=top, fill=PALE, bold=True)
        )
    book.add_named_style(_style("parts", horizontal="left", size=8, color=GREY))
    book.add_named_style(_style("total parts", horizontal="left", size=8, color=GREY, border=top, fill=PALE))
    book.add_named_style(_style("unknown", horizontal="right", color=GREY))
    book.add_named_style(
        _style("head", horizontal="center", border=none, fill=DARK, color="FFFFFF", bold=True, wrap=True)
    )
    book.add_named_style(_style("title", size=16, bold=True, color=DARK, border=none))
    book.add_named_style(_style("heading", size=12, bold=True, color=DARK, border=none))
    book.add_named_style(_style("small", size=9, color=GREY, border=none))
    book.add_named_style(_style("holds", size=9, color=GREY, border=none, wrap=True))
    book.add_named_style(_style("warning", color=WARN, border=none, wrap=True))
    book.add_named_style(_style("note", size=9, color=WARN, border=none))
    book.add_named_style(_style("said", border=none, wrap=True, size=11))
    book.add_named_style(_style("plain", border=none, wrap=True))
    book.add_named_style(_style("link", border=none, color=ACCENT))
    book.add_named_style(_style("card label", size=10, color=GREY, border=none, fill=PALE, horizontal="center"))
    for kind, number in FORMATS.items():
        book.add_named_style(_style(f"card {kind}", number=number if kind != "money" else "#,##0", size=18, bold=True,
                                    color=DARK, border=none, fill=PALE, horizontal="center"))  # fmt: skip
    for name, color in (("same", GREY), ("good", GOOD), ("bad", BAD)):
        book.add_named_style(_style(f"card {name}", size=9, color=color, border=none, fill=PALE, horizontal="center"))


def put_text(cell: Cell | MergedCell, text: str, style: str) -> None:
    """Write `text` as data whatever it starts with: never a formula, exact when it is read back."""
    cell.style = style
    write_text(cell, text)


def set_widths(sheet: Worksheet, widths: dict[int, float]) -> None:
    """Set column widths by column number."""
    for column, size in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = size


def set_print(
    sheet: Worksheet, *, repeat: str | None = None, pages_high: int = 0, portrait: bool = False, percent: int = 0
) -> None:
    """Set up A4 pages, as wide as the sheet, with page numbers.

    Args:
        sheet: The sheet.
        repeat: Rows that stand on top of every page (`3:3`).
        pages_high: Pages that it is squeezed into; 0 is as many as it takes.
        portrait: Whether the pages stand upright.
        percent: How large it is printed; 0 makes it fit, where no row breaks are heeded.
    """
    sheet.page_setup.orientation = "portrait" if portrait else "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=not percent)
    if percent:
        sheet.page_setup.scale = percent
    else:
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, pages_high
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.8, 0.35
    sheet.print_options.horizontalCentered = True
    footer = HeaderFooterItem()
    footer.left.text, footer.right.text = "&A", _("page {page} of {pages}").format(page="&P", pages="&N")
    sheet.HeaderFooter.oddFooter = footer
    sheet.sheet_view.showGridLines = False
    if repeat:
        sheet.print_title_rows = repeat
