from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

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
