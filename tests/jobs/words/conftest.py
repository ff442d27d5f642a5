"""What the tests of words share: files with stages, reasons and owners of their own, and a workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

DEALS = "商机编号,客户名称,商机名称,阶段,商机金额,负责人,成交日期,丢单原因,创建时间"


class Desk:
    """A workspace and its command line."""

    def __init__(self, crm: Any) -> None:
        self.crm = crm

    def load(self, *rows: str, heads: str = DEALS, name: str = "deals.csv") -> dict[str, Any]:
        """Import a csv; returns the JSON document."""
        self.crm.write(name, heads, *rows)
        document: dict[str, Any] = self.crm("import", name, "--json", code=None).json
        return document

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Return the rows of a workbook by heading."""
        from openpyxl import load_workbook

        heads, *rows = load_workbook(path).worksheets[0].iter_rows(values_only=True)
        return [dict(zip(map(str, heads), row, strict=True)) for row in rows]

    def apply(self, path: str, code: int = 0, **meanings: str) -> dict[str, Any]:
        """Fill in what texts mean and take the workbook back; returns the JSON document."""
        from openpyxl import load_workbook

        book = load_workbook(path)
        for row in book.worksheets[0].iter_rows(min_row=2):
            row[5].value = meanings.get(str(row[1].value), row[5].value)
        book.save(path)
        document: dict[str, Any] = self.crm("apply", path, "--json", code=code).json
        return document

    def deals(self) -> list[dict[str, Any]]:
        """Return all deals as lists show them."""
        return list(self.crm("opp", "list", "--json").json)


@pytest.fixture
def desk(crm: Any) -> Desk:
    """Return a fresh workspace in which 王芳 and 张伟 sell."""
    path = Path(crm.folder) / "crm.toml"
    owners = '\n[[owner]]\nname = "王芳"\n\n[[owner]]\nname = "张伟"\n'
    path.write_text(path.read_text(encoding="utf-8") + owners, encoding="utf-8")
    return Desk(crm)
