from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from crmcli.domain.handover import Heir, Item
from crmcli.i18n import msg
from crmcli.reports.excel.handover import write_handover

HOSTILE = '=HYPERLINK("http://example.invalid","点我")'
WHY = msg("handed over by {leaver}", leaver="张强")
ITEMS = (
    Item("customer", "C1", HOSTILE, Heir("王芳", why=WHY), stage="A", deals=2, fen=6_000_00, currency="CNY"),
    Item("customer", "C2", "乙公司", Heir(None, "公海", WHY)),
    Item(
        "opportunity", "O1", "年框", Heir("王芳", why=WHY), customer="甲公司", stage="方案报价", fen=5_000_00,
        currency="CNY", last_contact="2026-06-30", next_step="回访", next_at="2026-07-05",
    ),
    Item("opportunity", "O2", "配件", Heir("王芳", why=WHY), fen=1_000_00),
    Item("opportunity", "O3", "出口", Heir(None, "公海", WHY), fen=700, currency="USD"),
    Item("task", "T1", "寄样", Heir(None, why=WHY), next_at="2026-07-02"),
)  # fmt: skip


def _rows(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_what_everybody_got_adds_up_to_what_was_there(tmp_path: Path) -> None:
    write_handover(tmp_path / "交接.xlsx", "张强", "2026-06-30", ITEMS, "CNY")
    book = load_workbook(tmp_path / "交接.xlsx")
    assert book.sheetnames == ["Handover", "Customers", "Deals", "Tasks"]
    head, *rows, before = _rows(book["Handover"])[3:]
    assert head[:4] == ["New owner", "Customers", "Deals", "Contacts"]
    assert [row[0] for row in (*rows, before)] == ["公海", "王芳", "nobody", "Before: 张强"]
    for column in range(1, len(head)):
        assert sum(row[column] for row in rows) == before[column]
    assert before[-2:] == [6000, 7]


def test_each_kind_has_its_sheet_and_texts_are_data(tmp_path: Path) -> None:
    write_handover(tmp_path / "交接.xlsx", "张强", "2026-06-30", ITEMS, "CNY")
    book = load_workbook(tmp_path / "交接.xlsx")
    customer = book["Customers"]["B4"]
    assert (customer.value, customer.data_type) == (HOSTILE, "s")
    deal = dict(zip(*_rows(book["Deals"])[2:4], strict=True))
    assert (deal["Stage"], deal["Amount"], deal["Next step"], deal["New owner"]) == ("方案报价", 5000, "回访", "王芳")
    assert str(deal["Last contact"])[:10] == "2026-06-30"


def test_who_has_nothing_has_an_empty_workbook(tmp_path: Path) -> None:
    write_handover(tmp_path / "交接.xlsx", "张强", "2026-06-30", (), "CNY")
    book = load_workbook(tmp_path / "交接.xlsx")
    assert book.sheetnames == ["Handover"]
    assert _rows(book["Handover"])[4][:2] == ["Before: 张强", 0]
