from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

pytestmark = pytest.mark.usefixtures("in_a_child")

PASSWORD = "秘密 Open-Sesame-4711"  # noqa: S105 - of a made-up file


@pytest.fixture
def locked(crm: Any) -> Path:
    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    for row in (["客户编号", "客户名称", "公司电话"], ["1", "甲公司", "021-62345678"], ["2", "甲公司", "021-62345678"]):
        page.append(row)
    plain, path = crm.folder / "plain.xlsx", crm.folder / "locked.xlsx"
    workbook.save(plain)
    with plain.open("rb") as source, path.open("wb") as target:
        OOXMLFile(source).encrypt(PASSWORD, target)
    plain.unlink()
    return Path(path)


@pytest.mark.parametrize("command", [("inspect",), ("import",), ("dedupe", "file", "--out", "out.csv")])
def test_an_encrypted_workbook_is_named_and_says_what_to_do(crm: Any, locked: Path, command: tuple[str, ...]) -> None:
    error = crm(*command, locked.name, "--json", code=1).json["error"]
    assert error["code"] == "file.encrypted"
    assert error["where"] == locked.name
    assert "--password-env VAR" in error["hint"]


def test_a_wrong_password_is_named_and_not_shown(crm: Any, locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOK_PASSWORD", "Close-Sesame-4711")
    result = crm("inspect", locked.name, "--password-env", "BOOK_PASSWORD", "--json", code=1)
    assert result.json["error"]["code"] == "file.password"
    assert "Close-Sesame" not in result.stdout + result.stderr


def test_a_variable_that_is_not_set_is_named(crm: Any, locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMPTY", "")
    for variable in ("EMPTY", "NO_SUCH_VARIABLE"):
        assert variable in crm("inspect", locked.name, "--password-env", variable, code=2).stderr


def test_with_its_password_it_is_read_and_the_password_stays_nowhere(
    crm: Any, locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOOK_PASSWORD", PASSWORD)
    seen = [crm(*words, locked.name, "--password-env", "BOOK_PASSWORD") for words in (("inspect",), ("import",))]
    seen.append(crm("dedupe", "file", locked.name, "--out", "out.csv", "--password-env", "BOOK_PASSWORD"))
    seen.append(crm("runs", "--json"))
    assert seen[-1].json[0]["command"] == "crmcli import locked.xlsx --password-env BOOK_PASSWORD"
    assert [customer["name"] for customer in crm("customer", "list", "--json").json] == ["甲公司", "甲公司"]
    everything = "".join(result.stdout + result.stderr for result in seen).encode()
    everything += b"".join(file.read_bytes() for file in crm.folder.iterdir() if file.is_file())
    assert b"Open-Sesame" not in everything
    assert "Open-Sesame".encode("utf-16-le") not in everything


def test_the_sheet_and_header_row_of_a_file_to_deduplicate(crm: Any) -> None:
    workbook = openpyxl.Workbook()
    for title, name in (("one", "甲公司"), ("two", "乙公司")):
        page = workbook.create_sheet(title)
        for row in (["客户编号", "客户名称"], ["1", name], ["2", name]):
            page.append(row)
    workbook.save(crm.folder / "a.xlsx")
    crm("dedupe", "file", "a.xlsx", "--out", "out.csv", "--sheet", "two", "--header-row", "1")
    assert "乙公司" in (crm.folder / "out.csv").read_text(encoding="utf-8-sig")


CUSTOMERS = (["客户编号", "客户名称"], ["1", "甲公司"], ["2", "乙公司"])
DEALS = (["商机编号", "商机名称", "客户名称", "商机金额"], ["7", "水泵", "甲公司", "500"])


def _stacked_book(folder: Path) -> str:
    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    page.title = "报表"
    for row in (*CUSTOMERS, [], *DEALS):
        page.append(list(row))
    workbook.create_sheet("two").append(["客户名称"])
    workbook.save(folder / "stacked.xlsx")
    return "stacked.xlsx"


def _stacked_csv(folder: Path) -> str:
    (folder / "stacked.csv").write_text("\n".join(map(",".join, (*CUSTOMERS, [], *DEALS))), encoding="utf-8")
    return "stacked.csv"


@pytest.mark.parametrize(("make", "table"), [(_stacked_book, "报表 #2"), (_stacked_csv, "#2")])
def test_one_of_several_tables_of_a_sheet(crm: Any, make: Callable[[Path], str], table: str) -> None:
    file = make(crm.folder)
    sheets = crm("inspect", file, "--sheet", table, "--json").json["sheets"]
    read = [(sheet["sheet"], sheet["kind"], sheet["rows"], sheet["header_row"]) for sheet in sheets if sheet["rows"]]
    assert read == [(table, "opportunity", 1, 5)]
    assert {sheet["left_out"] for sheet in sheets if not sheet["rows"]} == {"another sheet was asked for"}
    sheets = crm("import", file, "--sheet", table, "--json").json["sheets"]
    assert [(sheet["sheet"], sheet["new"]) for sheet in sheets if sheet["left_out"] is None] == [(table, 1)]
    assert [customer["name"] for customer in crm("customer", "list", "--json").json] == ["甲公司"]


def test_the_name_of_a_sheet_with_several_tables_means_them_all(crm: Any) -> None:
    sheets = crm("inspect", _stacked_book(crm.folder), "--sheet", "报表", "--json").json["sheets"]
    assert [(sheet["sheet"], sheet["rows"]) for sheet in sheets] == [("报表", 2), ("报表 #2", 1), ("two", 0)]


def test_a_header_row_named_with_a_table_is_that_tables(crm: Any) -> None:
    file = _stacked_book(crm.folder)
    named = crm("inspect", file, "--sheet", "报表 #2", "--header-row", "5", "--json").json["sheets"][1]
    assert (named["sheet"], named["header_row"], named["rows"]) == ("报表 #2", 5, 1)


def test_a_table_that_is_not_there_is_named_with_those_that_are(crm: Any) -> None:
    error = crm("import", _stacked_book(crm.folder), "--sheet", "报表 #3", "--json", code=1).json["error"]
    assert error["code"] == "file.no_sheet"
    assert "报表, 报表 #2, two" in error["hint"]


@pytest.mark.parametrize("sheet", ["报表 #2", "stacked.xlsx/报表 #2", "报表", "stacked.xlsx"])
def test_a_sheet_of_a_workbook_in_an_archive_goes_by_any_of_its_names(crm: Any, sheet: str) -> None:
    with zipfile.ZipFile(crm.folder / "all.zip", "w") as archive:
        archive.write(crm.folder / _stacked_book(crm.folder), "stacked.xlsx")
    sheets = crm("import", "all.zip", "--sheet", sheet, "--json").json["sheets"]
    assert [one["sheet"] for one in sheets if one["new"]][-1] == "stacked.xlsx/报表 #2"
