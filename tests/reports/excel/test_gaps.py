from __future__ import annotations

from typing import Any

from crmcli.i18n import msg
from crmcli.reports.excel.charts import draw
from crmcli.reports.excel.style import new_workbook
from crmcli.reports.excel.table import place
from crmcli.reports.model import Chart, Column, Table


def test_a_line_is_broken_where_a_value_is_unknown() -> None:
    columns = (Column("month", msg("Month"), "text"), Column("days", msg("Days"), "days"))
    table = Table("t", msg("T"), columns, (("2026-01", 3.0), ("2026-02", None), ("2026-03", 5.0)), msg("T"))
    book = new_workbook()
    placed = place(book.create_sheet("T"), table, 2, 1, lambda _link: None)
    picture: Any = draw(Chart("line", msg("T"), "t", "month", ("days",)), placed, 1)
    assert picture.series[0].val.numRef.f == "'waterfalls'!$A$2:$A$4"
    assert [row[0].value for row in book["waterfalls"]["A1:A4"]] == ["Days", 3.0, None, 5.0]
    assert placed.sheet["B4"].value == "—"
