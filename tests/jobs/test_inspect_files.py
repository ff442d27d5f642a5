from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from crmcli.config import Settings
from crmcli.errors import CrmError
from crmcli.jobs.importing.plan import HeaderNotFound, ReadChoices
from crmcli.jobs.inspect_files import Inspection, inspect_files


def _inspect(*paths: Path, **choices: object) -> Inspection:
    return inspect_files(Settings.model_validate({}), [str(path) for path in paths], ReadChoices(**choices))  # type: ignore[arg-type]


def _write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_what_a_column_holds(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "a.csv",
        "客户名称,公司电话,金额(万元)",
        "甲公司,021-62345678,3.5",
        "乙公司,12,2",
        "丙公司,,",
        "合计,,5.5",
    )
    (sheet,) = _inspect(path).sheets
    assert not sheet.needs_attention
    name, phone, amount = sheet.columns
    assert [(facts.filled, facts.distinct, facts.total) for facts in sheet.columns] == [
        (3, 3, None), (2, 2, None), (2, 2, Decimal(55000))
    ]  # fmt: skip
    assert (name.problems, phone.problems) == ({}, {"phone.invalid": 1})
    assert amount.map.path == "opportunity.amount"


def test_a_sheet_that_cannot_be_imported_still_shows_its_columns(tmp_path: Path) -> None:
    (sheet,) = _inspect(_write(tmp_path / "a.csv", "日期,合计", "2026-01-01,5", "2026-01-02,7")).sheets
    assert sheet.needs_attention
    assert [facts.map.header for facts in sheet.columns] == ["日期", "合计"]


def test_a_hidden_sheet_needs_no_attention_an_empty_one_does(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (["客户名称", "行业"], ["甲公司", "电子"]):
        book.worksheets[0].append(row)
    hidden, _empty = book.create_sheet("列表"), book.create_sheet("空")
    hidden.append(["江苏"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert [sheet.needs_attention for sheet in _inspect(tmp_path / "a.xlsx").sheets] == [False, False, True]


def test_files_that_cannot_be_read_stand_beside_those_that_can(tmp_path: Path) -> None:
    good = _write(tmp_path / "a.csv", "客户名称,行业", "甲公司,电子")
    (tmp_path / "b.xlsx").write_bytes(b"%PDF-1.4")
    found = _inspect(tmp_path)
    assert [sheet.planned.sheet.file for sheet in found.sheets] == [str(good)]
    assert [path.name for path, _ in found.unread] == ["b.xlsx"]
    with pytest.raises(CrmError, match="PDF"):
        _inspect(tmp_path / "b.xlsx")


def test_a_header_that_is_not_there(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.csv", "客户名称,行业", "甲公司,电子")
    with pytest.raises(HeaderNotFound):
        _inspect(path, map={"名字": "customer.name"})
