"""Columns that dedupe compares and no import takes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from crmcli.config import Settings
from crmcli.jobs.dedupe.spreadsheet import FileChoices, dedupe_file
from crmcli.jobs.importing.plan import ReadChoices

SETTINGS = Settings.model_validate({})


def clusters(tmp_path: Path, rows: list[list[str]], **named: str) -> list[str]:
    """Return the cluster of each row of a sheet (the row of its first), its first row being the header."""
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    dedupe_file(path, out, FileChoices(ReadChoices(map=named)), SETTINGS)
    with out.open(encoding="utf-8-sig", newline="") as file:
        return [row["cluster_id"] for row in csv.DictReader(file)]


@pytest.mark.parametrize("header", ["dob", "Date of Birth", "出生日期"])
def test_people_are_told_apart_by_their_date_of_birth(header: str, tmp_path: Path) -> None:
    rows = [
        ["first_name", "surname", header],
        ["Robert", "Allen", "1951-06-24"],
        ["Robrt", "Allen", "24.06.1951"],
        ["Robert", "Allen", "1988-02-13"],
        ["Allen", "Robert", "1951-06-24"],
    ]
    assert clusters(tmp_path, rows, first_name="contact.first_name", surname="contact.name") == ["2", "2", "4", "2"]


def test_a_whole_name_is_parted_and_a_chinese_one_is_not(tmp_path: Path) -> None:
    rows = [
        ["姓名", "手机", "生日"],
        ["Mary Ann Smith", "", "1971-06-24"],
        ["Mary-Ann Smith", "", "1971-06-24"],
        ["张伟", "13800138000", ""],
        ["张伟", "138 0013 8000", ""],
    ]
    assert clusters(tmp_path, rows) == ["2", "2", "4", "4"]


def test_a_street_a_postcode_and_any_name_are_compared(tmp_path: Path) -> None:
    rows = [
        ["Program name", "Site name", "addr", "zip", "phone"],
        ["", "Ada McKinley Trumbull Park", "10530 S. Oglesby", "60617-1234", ""],
        ["Head Start", "ADA MCKINLEY TRUMBULL PARK", "10530 South Oglesby Ave", "60617", "978-5341"],
        ["", "Beethoven", "25 W. 47th St.", "60609", ""],
    ]
    assert clusters(tmp_path, rows) == ["2", "2", "4"]
