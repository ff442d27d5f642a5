from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from crmcli.i18n import set_language
from crmcli.jobs.dedupe.review import review_workbook


@pytest.fixture
def office_of_two(office: Any) -> Any:
    """Return an office with two customers that may be one."""
    office.add(
        "customer",
        {"name": "昆山沐钰设备有限公司", "city": "苏州", "owner": "王芳", "phones": ["+8613800138000"]},
        {"name": "昆山沐钰自动化设备有限公司", "city": "苏州", "owner": "李强", "phones": ["+8613900139000"]},
    )
    office.add("opportunity", {"name": "年框", "customer_id": 2, "status": "open", "amount_fen": 500})
    reason = {"field": "city", "level": "same", "weight": 0.5, "text": "the city is the same: {a}"}
    reasons = [reason | {"args": {"a": "苏州", "b": "苏州"}}]
    office.add("pair", {"a_id": 1, "b_id": 2, "tier": "review", "score": 81.0, "reasons": reasons})
    return office


def _rows(path: Path) -> list[dict[str, Any]]:
    sheet = load_workbook(path).worksheets[0]
    heads = [str(cell.value) for cell in sheet[1]]
    return [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=2)]


def test_records_stand_under_each_other_with_what_stays(office_of_two: Any, tmp_path: Path) -> None:
    assert review_workbook(office_of_two.workspace, tmp_path / "r.xlsx") == 1
    first, second, kept = _rows(tmp_path / "r.xlsx")
    assert (first["number"].value, second["number"].value, kept["number"].value) == ("C1", "C2", None)
    assert second["reasons"].value == "+0.5 the city is the same: 苏州"
    assert "5.00 in open and won deals" in first["reasons"].value
    assert (second["score"].value, first["score"].value) == (81.0, None)
    assert kept["Customer"].value == "昆山沐钰自动化设备有限公司"
    assert kept["Company phone"].value.split("\n") == ["13900139000", "13800138000"]
    colours = {head: first[head].fill.start_color.rgb[2:] for head in ("Customer", "City", "Customer owner")}
    assert colours == {"Customer": "FCE4D6", "City": "E2F0D9", "Customer owner": "FCE4D6"}
    assert kept["Customer owner"].fill.start_color.rgb[2:] == "FFF2CC"
    assert kept["City"].fill.start_color.rgb[2:] == "EDEDED"
    assert "Level" not in first


def test_it_can_be_filled_in_and_printed(office_of_two: Any, tmp_path: Path) -> None:
    review_workbook(office_of_two.workspace, tmp_path / "r.xlsx")
    book = load_workbook(tmp_path / "r.xlsx")
    sheet = book.worksheets[0]
    offers = {choice.formula1: str(choice.sqref) for choice in sheet.data_validations.dataValidation}
    assert offers['"same,different,related,unsure"'] == "A2:A3"
    assert {"$G$2:$G$3": "G4"}.items() <= offers.items()
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.page_setup.fitToWidth) == ("D2", "$1:$1", 1)
    assert sheet["A2"].font.name == "微软雅黑"
    assert book.sheetnames == ["possible duplicates", "Definitions"]
    terms = [row[0].value for row in book["Definitions"].iter_rows()]
    assert {"same", "different", "related", "unsure"} <= set(terms)


def test_a_chinese_workbook_asks_in_chinese(office_of_two: Any, tmp_path: Path) -> None:
    set_language("zh")
    review_workbook(office_of_two.workspace, tmp_path / "r.xlsx")
    sheet = load_workbook(tmp_path / "r.xlsx").worksheets[0]
    assert sheet["A1"].value == "决定"
    assert '"相同,不同,关联,不确定"' in [choice.formula1 for choice in sheet.data_validations.dataValidation]
