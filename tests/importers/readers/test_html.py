from __future__ import annotations

from pathlib import Path

import pytest

from crmcli.importers.readers.failures import FileNotATable
from crmcli.importers.readers.grid import Merge
from crmcli.importers.readers.html import html_grids

PAGE = """<html><head><meta charset="gb2312"><style>td{x}</style></head><body><table>
<tr><th colspan=2>客户表</th></tr><tr><td rowspan="2">甲&amp;乙<br>二厂</td><td> 1 </td></tr><tr><td>2</td></tr>
</table></body></html>"""


def test_cells_spans_and_the_declared_charset(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(PAGE.encode("gb18030"))
    (grid,) = html_grids(path, None)
    assert list(grid.rows) == [(1, ["客户表", ""]), (2, ["甲&乙\n二厂", "1"]), (3, ["", "2"])]
    assert grid.merges == [Merge(1, 0, 1, 1), Merge(2, 0, 3, 0)]
    assert grid.encoding == "gb18030"


def test_each_table_is_a_sheet_and_a_page_without_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<table><tr><td>a</table><p><table><tr><td>b</table>", encoding="utf-8")
    assert [grid.name for grid in html_grids(path, None)] == ["table 1", "table 2"]
    path.write_text("<html><p>no</p></html>", encoding="utf-8")
    with pytest.raises(FileNotATable):
        html_grids(path, None)
