from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from crmcli.jobs.returned import NothingAsked, read_returned


def _book(path: Path, *rows: tuple[str, ...]) -> Path:
    book = Workbook()
    book.create_sheet("别的")
    for row in rows:
        book.worksheets[1].append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("kind", ["crmcli:pair", "crmcli:conflict"])
def test_a_workbook_is_known_by_its_hidden_column(tmp_path: Path, kind: str) -> None:
    returned = read_returned(
        _book(tmp_path / "随便什么名字.xlsx", ("决定", "记录", kind), (" 采用对方 ", "C1", "k"), ("", "C2", "l"))
    )
    assert (returned.kind, [(row.row, row.key) for row in returned.rows]) == (kind, [(2, "k"), (3, "l")])
    assert [row.of("决定", "decision") for row in returned.rows] == ["采用对方", ""]
    assert returned.rows[0].of("nothing") == ""


def test_without_its_columns_it_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(NothingAsked):
        read_returned(_book(tmp_path / "a.xlsx", ("决定", "记录"), ("采用对方", "C1")))


def test_a_row_that_looks_like_a_total_is_a_row_where_it_has_a_key(tmp_path: Path) -> None:
    head, total = ("决定", "记录", "金额", "crmcli:conflict"), ("", "合计", "12", "")
    rows = [("同", f"公司{n}", "1", f"k{n}") for n in range(5)]
    returned = read_returned(_book(tmp_path / "a.xlsx", head, *rows, ("", "合计", "12", "k5"), total))
    assert sorted(row.key for row in returned.rows) == ["k0", "k1", "k2", "k3", "k4", "k5"]
    assert [(row.row, row.sheet, row.is_odd) for row in returned.strays] == [(8, "别的", True)]


def test_all_sheets_of_its_kind_are_read(tmp_path: Path) -> None:
    path = _book(tmp_path / "a.xlsx", ("决定", "记录", "crmcli:conflict"), ("采用对方", "C1", "k"))
    book = load_workbook(path)
    for row in (("决定", "crmcli:conflict"), ("保留我方", "l")):
        book.worksheets[0].append(row)
    book.save(path)
    returned = read_returned(path)
    assert [(row.sheet, row.key) for row in returned.rows] == [("Sheet", "l"), ("别的", "k")]
    assert set(returned.headers) == {"Sheet", "别的"}
