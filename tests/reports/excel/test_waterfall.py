from __future__ import annotations

from decimal import Decimal

from openpyxl.chart import BarChart
from openpyxl.workbook import Workbook

from crmcli.i18n import msg
from crmcli.reports.excel.charts import draw
from crmcli.reports.excel.style import new_workbook
from crmcli.reports.excel.table import Placed, place
from crmcli.reports.excel.waterfall import SHEET, bars, unit
from crmcli.reports.model import Chart, Column, Table


def _placed(book: Workbook, *amounts: int | None) -> Placed:
    columns = (Column("step", msg("Step"), "text"), Column("amount", msg("Amount"), "money"))
    rows = tuple((f"第{at}步", None if fen is None else Decimal(fen)) for at, fen in enumerate(amounts))
    table = Table("changes", msg("Changes"), columns, rows, msg("Changes"))
    return place(book.create_sheet("变化"), table, 3, 5, lambda _link: None)


def test_steps_stand_where_the_one_before_ended() -> None:
    found = bars([Decimal(10), Decimal(5), Decimal(15), Decimal(-8), None, Decimal(7)], (0, 2, 5))
    assert [bar.base for bar in found] == [0, 10, 0, 7, 7, 0]
    assert [(bar.level, bar.up, bar.down) for bar in found] == [
        (10, None, None), (None, 5, None), (15, None, None), (None, None, 8), (None, None, None), (7, None, None),
    ]  # fmt: skip
    assert (unit([Decimal(999_999), None]), unit([Decimal(-1_000_000)])) == (1, 10_000)


def test_the_parts_are_on_a_hidden_sheet_and_the_base_is_not_seen() -> None:
    book = new_workbook()
    chart = Chart("waterfall", msg("Changes"), "changes", "step", ("amount",))
    pictures = [draw(chart, _placed(book, *amounts), 5) for amounts in ((30, -10, 20), (5_000_000, 10_000, 5_010_000))]
    sheet = book[SHEET]
    assert sheet.sheet_state == "hidden"
    assert [cell.value for cell in sheet["A"]] == ["base", 0, 20, 0, None, "base", 0, 500, 0]
    assert [cell.value for cell in sheet["D"]][:4] == ["down", None, 10, None]
    for picture in pictures:
        assert isinstance(picture, BarChart)
        assert (picture.grouping, picture.overlap, len(picture.series)) == ("stacked", 100, 4)
        assert picture.series[0].graphicalProperties.noFill
    assert [str(one.series[1].val.numRef.f) for one in pictures] == ["'waterfalls'!$B$2:$B$4", "'waterfalls'!$B$7:$B$9"]
