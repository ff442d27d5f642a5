from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from crmcli.reports.marked_rows import MarkedRow, added_headers, write_marked

ROWS = [
    MarkedRow(["甲"], ["1", "1", "review", "80"]),
    MarkedRow(["乙", "多"], ["2", "2", "single", "0"]),
    MarkedRow(["甲公司"], ["3", "1", "review", "80"]),
    MarkedRow(["合计"], []),
    MarkedRow(["丙"], ["5", "5", "auto", "99"]),
    MarkedRow(["丙"], ["5", "5", "auto", "99"]),
]


def test_added_columns_never_clash_with_the_inputs() -> None:
    assert added_headers(["tier", "tier_2"], reasons=True) == [
        "cluster_id",
        "review_group",
        "tier_3",
        "score",
        "reason",
    ]


def test_csv_keeps_the_order_and_every_cell(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_marked(path, ["名称", ""], ROWS, reasons=False)
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines[0] == "名称,,cluster_id,review_group,tier,score"
    assert lines[2] == "乙,多,2,2,single,0"
    assert lines[4] == "合计,,,,,"


def test_workbook_groups_have_colours_by_tier_and_in_turn(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_marked(path, ["名称", ""], ROWS, reasons=False)
    sheet = load_workbook(path).worksheets[0]
    cells = [sheet.cell(row, 1) for row in range(2, 8)]
    assert [cell.value for cell in cells] == ["甲", "甲公司", "乙", "合计", "丙", "丙"]
    colours = [cell.fill.start_color.rgb if cell.fill.fill_type else "" for cell in cells]
    assert colours == ["00FFF2CC", "00FFF2CC", "", "", "00BDD7EE", "00BDD7EE"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:F7")
