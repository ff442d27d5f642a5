"""What the tests of conflict sheets share: two systems that import into one workspace, and a workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

HEADS = "客户编号,客户名称,行业,客户级别"
DEALS = "商机编号,客户名称,商机名称,阶段,商机金额,备注"


class Office:
    """A workspace in which two systems speak of the same customer and deal."""

    def __init__(self, crm: Any) -> None:
        self.crm = crm

    def load(self, source: str, *rows: str, heads: str = HEADS, days: int = 0, **more: str) -> dict[str, Any]:
        """Import a csv as a source's, some days after 1 June; returns the JSON document."""
        name = self.crm.write(f"{source}.csv", heads, *rows)
        options = [word for key, value in more.items() for word in (f"--{key.replace('_', '-')}", value)]
        now = f"2026-06-{1 + days:02}T09:00:00+08:00"
        document: dict[str, Any] = self.crm(
            "import", name, "--source", source, "--json", *options, code=None, now=now
        ).json
        return document

    def rows(self, path: str) -> list[dict[str, Any]]:
        """Return the rows of a workbook by heading."""
        from openpyxl import load_workbook

        heads, *rows = load_workbook(path).worksheets[0].iter_rows(values_only=True)
        return [dict(zip(map(str, heads), row, strict=True)) for row in rows]

    def fill(self, path: str, *decisions: tuple[str, str], column: str = "decision") -> str:
        """Write decisions (and typed values) into a workbook's rows, in order."""
        from openpyxl import load_workbook

        book = load_workbook(path)
        sheet = book.worksheets[0]
        heads = [cell.value for cell in sheet[1]]
        for place, (decision, typed) in enumerate(decisions, 2):
            sheet.cell(place, heads.index(column) + 1).value = decision or None
            if typed:
                sheet.cell(place, heads.index("typed value") + 1).value = typed
        book.save(path)
        return path

    def apply(self, path: str, code: int = 0, *more: str) -> dict[str, Any]:
        """Take a workbook back; returns the JSON document."""
        document: dict[str, Any] = self.crm("apply", path, "--json", *more, code=code).json
        return document

    def one(self, kind: str) -> dict[str, Any]:
        """Return the only record of a kind as lists show it."""
        (record,) = self.crm(kind, "list", "--json").json
        return dict(record)

    def own(self, source: str, *keys: str) -> None:
        """Let a source decide on fields."""
        path = Path(self.crm.folder) / "crm.toml"
        path.write_text(
            path.read_text(encoding="utf-8") + f'\n[source."{source}"]\nowns = {list(keys)!r}\n', encoding="utf-8"
        )


@pytest.fixture
def office(crm: Any) -> Office:
    """Return a fresh workspace for two systems."""
    return Office(crm)
