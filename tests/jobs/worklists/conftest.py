"""What the tests of worklists share: a workspace with some deals, a workbook that is filled in and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

DEALS = "商机编号,客户名称,商机名称,阶段,商机金额,预计成交日期,负责人,备注,创建时间"
ROWS = (
    "1,甲公司,甲的设备,方案报价,120000,2026-06-20,张三,老客户,2026-05-01",
    "2,乙公司,乙的软件,需求确认,8000.5,2026-09-30,张三,=1+1,2026-06-29",
    "3,丙公司,丙的产线,初步接触,,,张三,,2026-06-01",
    "4,丁公司,丁的机床,商务谈判,500000,2026-06-25,李四,,2026-05-10",
)


class Book:
    """A workbook on its way: cells by deal and heading."""

    def __init__(self, path: Path) -> None:
        from openpyxl import load_workbook

        self.path = path
        self.book = load_workbook(path)

    def rows(self, sheet: int = 1) -> list[dict[str, Any]]:
        """Return a sheet's rows by heading."""
        heads, *rows = self.book.worksheets[sheet].iter_rows(values_only=True)
        return [dict(zip(map(str, heads), row, strict=True)) for row in rows]

    def put(self, deal: str, sheet: int = 1, **cells: Any) -> Book:
        """Write cells of a deal's row; `follow_up` is the column "follow-up"."""
        page = self.book.worksheets[sheet]
        heads = [cell.value for cell in page[1]]
        row = next(r for r in range(2, page.max_row + 1) if page.cell(r, heads.index("number") + 1).value == deal)
        for name, value in cells.items():
            heading = {"follow_up": "follow-up", "next_at": "date of next step"}.get(name, name.replace("_", " "))
            page.cell(row, heads.index(heading) + 1).value = value
        return self

    def save(self) -> str:
        """Save the workbook and return its path."""
        self.book.save(self.path)
        return str(self.path)


class Sales:
    """A workspace with four deals of two people."""

    def __init__(self, crm: Any) -> None:
        self.crm = crm
        crm("import", crm.write("deals.csv", DEALS, *ROWS))

    def worklist(self, owner: str = "张三", *more: str) -> Book:
        """Write a worklist and open it."""
        path = Path(self.crm.folder) / f"{owner}.xlsx"
        self.crm("worklist", "--owner", owner, "--out", str(path), *more)
        return Book(path)

    def review(self, *more: str) -> Book:
        """Write the workbook of closed deals and open it."""
        path = Path(self.crm.folder) / "review.xlsx"
        self.crm("worklist", "--review", "--out", str(path), *more)
        return Book(path)

    def apply(self, path: str, code: int = 0, *more: str) -> dict[str, Any]:
        """Take a workbook back; returns the JSON document."""
        document: dict[str, Any] = self.crm("apply", path, "--json", *more, code=code).json
        return document

    def deal(self, ref: str) -> dict[str, Any]:
        """Return a deal as `show` tells it."""
        record: dict[str, Any] = self.crm("opp", "show", ref, "--json").json
        return record

    def notes(self) -> list[tuple[Any, ...]]:
        """Return the follow-ups: deal, author, text."""
        from crmcli.store.database import open_database

        with open_database(self.crm.db) as db:
            rows = db.rows("SELECT opportunity_id, by, text FROM activity ORDER BY id")
        return [tuple(row.values()) for row in rows]


@pytest.fixture
def sales(crm: Any) -> Sales:
    """Return a fresh workspace with deals."""
    return Sales(crm)
