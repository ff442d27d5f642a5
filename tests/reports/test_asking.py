from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

from crmcli.reports.asking import AskColumn, Asking, AskRow, write_asking

COLUMNS = [AskColumn("answer", asked=True), AskColumn("text", 20), AskColumn("number", 8, number="0.0")]


def _book(path: Path, rows: list[AskRow], **lists: list[str]) -> Path:
    write_asking(path, Asking("questions", COLUMNS, "crmcli:word", lists), rows)
    return path


def test_each_row_has_the_answers_of_its_kind(tmp_path: Path) -> None:
    rows = [AskRow(["", "甲", 1.0], str(i), choices=kind) for i, kind in enumerate(["a", "a", "b", "a"])]
    sheet = load_workbook(_book(tmp_path / "a.xlsx", rows, a=["1", "2"], b=["3"])).worksheets[0]
    found = {choice.formula1: str(choice.sqref) for choice in sheet.data_validations.dataValidation}
    assert found == {'"1,2"': "A2:A3 A5", '"3"': "A4"}


def test_many_answers_stand_on_a_hidden_sheet(tmp_path: Path) -> None:
    owners = [f"销售{number:03}" for number in range(90)]
    book = load_workbook(_book(tmp_path / "a.xlsx", [AskRow(["", "甲", 1.0], "1", choices="owner")], owner=owners))
    (choice,) = book.worksheets[0].data_validations.dataValidation
    assert choice.formula1 == "lists!$A$2:$A$91"
    assert (book["lists"].sheet_state, book["lists"]["A91"].value) == ("hidden", "销售089")


def test_texts_are_data_and_the_key_is_hidden(tmp_path: Path) -> None:
    sheet = load_workbook(_book(tmp_path / "a.xlsx", [AskRow(["", "=1+1", 7.25], '["x"]')])).worksheets[0]
    assert (sheet["B2"].data_type, sheet["B2"].value, sheet["C2"].value) == ("s", "=1+1", 7.25)
    assert (sheet["D1"].value, sheet["D2"].value, sheet.column_dimensions["D"].hidden) == ("crmcli:word", '["x"]', True)
