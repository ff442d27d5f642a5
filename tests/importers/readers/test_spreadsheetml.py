from __future__ import annotations

from pathlib import Path

import pytest

from crmcli.importers.readers.failures import FileDamaged, FileHostile
from crmcli.importers.readers.grid import Grid, Merge, NumberedRow
from crmcli.importers.readers.spreadsheetml import spreadsheetml_grids

SPACE = "urn:schemas-microsoft-com:office:spreadsheet"
HEAD = f'<?xml version="1.0" encoding="ENCODING"?>\n<Workbook xmlns="{SPACE}" xmlns:ss="{SPACE}">'
BOOK = f"""{HEAD}<Worksheet ss:Name="客户"><Table>
<Row><Cell ss:MergeAcross="3"><Data ss:Type="String">客户台账</Data></Cell>
<Cell><Data ss:Type="String">右</Data></Cell></Row>
<Row ss:Index="5" ss:Span="2"><Cell><ss:Data ss:Type="String"><B>甲</B>&amp;乙</ss:Data>
<Comment><ss:Data ss:Type="String">批注</ss:Data></Comment></Cell>
<Cell ss:Index="3" ss:MergeDown="1"><Data ss:Type="Number">13800000000.0</Data></Cell></Row>
<Row><Cell><Data ss:Type="Boolean">1</Data></Cell><Cell ss:Index="4"><Data ss:Type="Error">#N/A</Data></Cell></Row>
<Row><Cell><Data ss:Type="DateTime">2026-03-05T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="DateTime">1899-12-31T10:30:00.000</Data></Cell><Cell><Data ss:Type="Number">x</Data></Cell></Row>
</Table></Worksheet>
<Worksheet ss:Name="藏"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table>
<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel"><Visible>SheetHidden</Visible></WorksheetOptions>
</Worksheet></Workbook>"""


def read(path: Path, content: bytes, sheet: str | None = None) -> list[tuple[Grid, list[NumberedRow]]]:
    path.write_bytes(content)
    return [(grid, list(grid.rows)) for grid in spreadsheetml_grids(path, sheet, include_hidden=False)]


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "utf-16"])
def test_places_types_and_merged_cells(tmp_path: Path, encoding: str) -> None:
    (grid, rows), (hidden, nothing) = read(tmp_path / "a.xls", BOOK.replace("ENCODING", encoding).encode(encoding))
    assert grid.name == "客户"
    assert rows == [
        (1, ["客户台账", "", "", "", "右"]),
        (5, ["甲&乙", "", "13800000000"]),
        (8, ["TRUE", "", "", "#N/A"]),
        (9, ["2026-03-05", "10:30:00", "x"]),
    ]
    assert grid.merges == [Merge(1, 0, 1, 3), Merge(5, 2, 6, 2)]
    assert (hidden.name, str(hidden.left_out), nothing) == ("藏", "the sheet is hidden", [])


def test_one_sheet_can_be_asked_for_even_a_hidden_one(tmp_path: Path) -> None:
    found = read(tmp_path / "a.xls", BOOK.replace("ENCODING", "utf-8").encode(), "藏")
    assert [(grid.left_out is None, len(rows)) for grid, rows in found] == [(False, 0), (True, 1)]


def test_rows_that_nobody_asks_for_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(BOOK.replace("ENCODING", "utf-8").encode())
    names = []
    for grid in spreadsheetml_grids(path, None, include_hidden=True):
        next(grid.rows)
        names.append(grid.name)
    assert names == ["客户", "藏"]


CELL = '<Worksheet ss:Name="a"><Table><Row><Cell ss:Index="999999999"><Data>x</Data></Cell></Row></Table></Worksheet>'


@pytest.mark.parametrize(
    ("content", "failure"),
    [
        (f'<!DOCTYPE x [<!ENTITY e "a">]><Workbook xmlns="{SPACE}">&e;</Workbook>', FileHostile),
        (f'<Workbook xmlns="{SPACE}"><Worksheet>', FileDamaged),
        (f'<Workbook xmlns="{SPACE}" xmlns:ss="{SPACE}">{CELL}</Workbook>', FileDamaged),
    ],
)
def test_what_is_hostile_or_damaged_is_named(
    tmp_path: Path, content: str, failure: type[FileDamaged | FileHostile]
) -> None:
    with pytest.raises(failure):
        read(tmp_path / "a.xml", content.encode())


def test_blanks_before_the_first_element_are_no_damage(tmp_path: Path) -> None:
    ((_grid, rows), _hidden) = read(tmp_path / "a.xls", b"\r\n " + BOOK.replace("ENCODING", "utf-8").encode())
    assert len(rows) == 4
