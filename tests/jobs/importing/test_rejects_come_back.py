"""The rejects workbook, fixed and imported again: its rows enter as they would have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import load_workbook

DEAL = ("商机编号", "客户名称", "商机名称", "金额(万元)", "幸运数字")


def _fix(path: Path, **cells: str | None) -> None:
    book = load_workbook(path)
    for place, value in cells.items():
        book.worksheets[0][place] = value
    book.save(path)


def _counts(result: Any) -> dict[str, int]:
    return {key: number for key, number in result.sheets[0].tally.counts.items() if number}


def test_a_fixed_row_enters_as_it_would_have(desk: Any, new_desk: Any) -> None:
    good, bad, fixed = ("1", "甲公司", "年框", "3.5", "7"), ("", "", "", "2", "8"), ("2", "乙公司", "试点", "2", "8")
    result = desk.load(desk.csv("商机.csv", DEAL, good, bad))
    assert _counts(result) == {"new": 1, "rejected": 1}
    assert result.rejects == desk.folder / "rejects-R1.xlsx"
    sheet = load_workbook(result.rejects).worksheets[0]
    head, row = ([cell.value for cell in line] for line in sheet.iter_rows(max_row=2))
    assert head[:5] == list(DEAL)
    assert row[5:10] == ["商机.csv", None, "3", None, "row.no_identity"]
    _fix(result.rejects, A2="2", B2="乙公司", C2="试点")
    again = desk.load(str(result.rejects))
    assert _counts(again) == {"new": 1}
    assert desk.records("opportunity")[1]["extra"] == {"幸运数字": "8"}
    other = new_desk()
    other.load(other.csv("商机.csv", DEAL, good, fixed))
    assert other.dump() == desk.dump()
    sql = "SELECT row FROM change JOIN source_row ON source_row.id = source_row WHERE change.entity = 'opportunity'"
    origin = desk.db.rows(f"{sql} AND change.record_id = 2")
    assert origin == [{"row": 2}]


def test_the_options_of_the_first_import_come_along(desk: Any) -> None:
    rows = (("甲方", "单据", "多少"), ("甲公司", "1", "5"), ("", "", "6"))
    named = {"甲方": "customer.name", "单据": "opportunity.external_id", "多少": "opportunity.amount"}
    result = desk.load(desk.csv("a.csv", *rows), map=named, source="旧系统")
    _fix(result.rejects, A2="乙公司", B2="2")
    desk.load(str(result.rejects))
    assert [deal["external_ids"] for deal in desk.records("opportunity")] == [["旧系统:1"], ["旧系统:2"]]
    assert [customer["name"] for customer in desk.records("customer")] == ["甲公司", "乙公司"]


def test_rows_of_several_sheets_come_back_each_as_its_own_kind(desk: Any) -> None:
    history = (("商机编号", "阶段", "变更时间"), ("9", "初步接触", "2026-01-01"), ("9", "赢单", "2026-02-01"))
    result = desk.load(desk.csv("a.csv", DEAL, ("", "", "", "1", "")), desk.csv("h.csv", *history))
    book = load_workbook(result.rejects)
    assert len(book.worksheets) == 2
    book.worksheets[0]["A2"] = "9"
    book.save(result.rejects)
    again = desk.load(str(result.rejects))
    assert [dict(sheet.tally.counts)["new"] for sheet in again.sheets] == [1, 2]
    assert desk.one("opportunity")["status"] == "won"


def test_unfixed_rows_are_rejected_again(desk: Any) -> None:
    result = desk.load(desk.csv("a.csv", DEAL, ("", "", "", "1", "")))
    again = desk.load(str(result.rejects))
    assert _counts(again) == {"rejected": 1}
    assert again.rejects == desk.folder / "rejects-R2.xlsx"


def test_an_unsafe_line_can_be_put_right(desk: Any) -> None:
    path = desk.folder / "q.csv"
    path.write_text("客户编号,客户名称,行业\n1,甲公司,电子\n2,乙公司,食品,多了\n3,丙公司,建材\n", encoding="utf-8")
    result = desk.load(str(path))
    assert _counts(result) == {"new": 2, "rejected": 1}
    _fix(result.rejects, D2=None)
    assert _counts(desk.load(str(result.rejects))) == {"new": 1}
    assert [customer["industry"] for customer in desk.records("customer")] == ["电子", "建材", "食品"]


def test_no_rejects_no_workbook_and_none_in_a_dry_run(desk: Any) -> None:
    assert desk.load(desk.csv("a.csv", DEAL, ("1", "甲公司", "年框", "1", ""))).rejects is None
    assert desk.load(desk.csv("b.csv", DEAL, ("", "", "", "1", "")), dry_run=True).rejects is None
    assert list(desk.folder.glob("rejects*")) == []


def test_where_the_workbook_goes(desk: Any) -> None:
    target = desk.folder / "坏行.xlsx"
    result = desk.load(desk.csv("a.csv", DEAL, ("", "", "", "1", "")), rejects=target)
    assert result.rejects == target
    assert target.stat().st_mode & 0o777 == 0o600
