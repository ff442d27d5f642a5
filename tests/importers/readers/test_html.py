from __future__ import annotations

from pathlib import Path

import pytest

from crmcli.importers.readers.failures import FileNotATable
from crmcli.importers.readers.grid import Grid, Merge, NumberedRow
from crmcli.importers.readers.html import html_grids

PAGE = """<html><head><meta charset="gb2312"><style>td{x}</style></head><body><table>
<tr><th colspan=2>客户表</th></tr><tr><td rowspan="2">甲&amp;乙<br>二厂</td><td> 1 </td></tr><tr><td>2</td></tr>
</table></body></html>"""


def read(path: Path, page: str, encoding: str = "utf-8") -> list[tuple[Grid, list[NumberedRow]]]:
    path.write_bytes(page.encode(encoding))
    return [(grid, list(grid.rows)) for grid in html_grids(path, None)]


def test_cells_spans_and_the_declared_charset(tmp_path: Path) -> None:
    ((grid, rows),) = read(tmp_path / "a.xls", PAGE, "gb18030")
    assert rows == [(1, ["客户表", ""]), (2, ["甲&乙\n二厂", "1"]), (3, ["", "2"])]
    assert grid.merges == [Merge(1, 0, 1, 1), Merge(2, 0, 3, 0)]
    assert (grid.name, grid.encoding) == ("", "gb18030")


def test_each_table_is_a_sheet_and_a_page_without_one_is_named(tmp_path: Path) -> None:
    found = read(tmp_path / "a.html", "<table><tr><td>a</table><p><table><tr><td>b</table>")
    assert [(grid.name, rows) for grid, rows in found] == [("table 1", [(1, ["a"])]), ("table 2", [(1, ["b"])])]
    with pytest.raises(FileNotATable):
        read(tmp_path / "a.html", "<html><p>no</p></html>")


def test_a_table_in_a_cell_is_text_in_a_table_and_a_table_in_a_layout(tmp_path: Path) -> None:
    inner = "<table><tr><td>姓名<td>手机<tr><td>张三<td>1</table>"
    ((_grid, rows),) = read(tmp_path / "a.html", f"<table><tr><td>甲<td>乙<tr><td>丙<td>{inner}</table>")[:1]
    assert rows == [(1, ["甲", "乙"]), (2, ["丙", "姓名 手机\n张三 1"])]
    found = read(tmp_path / "b.html", f"<table><tr><td>报表</td></tr><tr><td>{inner}</td></tr></table>")
    assert [rows for _grid, rows in found] == [
        [(1, ["报表"]), (2, [""])],
        [(1, ["姓名", "手机"]), (2, ["张三", "1"])],
    ]


def test_a_cell_that_reaches_down_keeps_its_columns(tmp_path: Path) -> None:
    page = "<table><tr><td rowspan=3>甲<td>1<tr><td rowspan=2 colspan=2>2<tr><tr><td>乙<td>3</table>"
    ((_grid, rows),) = read(tmp_path / "a.html", page)
    assert rows == [(1, ["甲", "1"]), (2, ["", "2", ""]), (3, []), (4, ["乙", "3"])]
