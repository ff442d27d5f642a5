from __future__ import annotations

from typing import Any

import pytest
from openpyxl import load_workbook

HEAD = "商机编号,商机名称,客户名称,阶段,商机金额,负责人,创建时间"


@pytest.fixture
def outputs(crm: Any) -> tuple[str, str]:
    """Return two outputs of one report, with an import between them."""
    for number, name in enumerate("ab", 1):
        now = f"2026-06-{number:02d}T09:00:00+08:00"
        sheet = crm.write(f"{name}.csv", HEAD, f"S{number},产线,华东精密机械有限公司,需求确认,120000,张伟,2026-01-05")
        crm("import", sheet, "--quiet", now=now)
        crm("report", "pipeline", "--out", f"{name}.xlsx", now=now)
    return "a.xlsx", "b.xlsx"


def test_the_difference_as_json_as_text_and_as_a_workbook(crm: Any, outputs: tuple[str, str]) -> None:
    counts = crm("report", "diff", *outputs, "--json").json["tables"][0]
    keys = [column["key"] for column in counts["columns"]]
    row = dict(zip(keys, counts["rows"][0], strict=True))
    assert [row[key] for key in ("row", "old", "new", "difference", "late", "rest")] == ["需求确认", 1, 2, 1, 1, 0]
    assert "O2" in crm("report", "diff", *outputs).stdout
    crm("report", "diff", *outputs, "--out", "diff.xlsx")
    pages = load_workbook(crm.folder / "diff.xlsx")
    assert any(cell.value == "O2" for page in pages for line in page.iter_rows() for cell in line)


def test_a_file_that_is_no_report(crm: Any, outputs: tuple[str, str]) -> None:
    other = crm.write("other.json", "{}")
    found = crm("report", "diff", outputs[0], other, "--json", code=1).json
    assert found["error"]["code"] == "report.not_one"
