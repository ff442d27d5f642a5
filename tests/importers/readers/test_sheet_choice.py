"""Which sheet, and which of several tables in it, a person asks for."""

from __future__ import annotations

import pytest

from crmcli.importers.readers.sheet_choice import ANOTHER, HIDDEN, sheet_of, table_wanted, why_left_out


@pytest.mark.parametrize(
    ("name", "wanted", "table"),
    [
        ("报表", None, None),
        ("报表", "报表", None),
        ("报表", "报表 #2", 2),
        ("报表 #2", "报表 #2", None),  # a sheet that is called so
        ("b.xlsx/报表", "b.xlsx/报表 #3", 3),
        ("b.xlsx/报表", "报表 #3", 3),
        ("b.xlsx/报表", "b.xlsx", None),
        ("a.csv", "a.csv #2", 2),
        ("", "#2", 2),
        ("", "报表 #2", None),  # a csv file has no sheets to choose from
        ("报表", "#2", None),
        ("报表", "报表 #0", None),
    ],
)
def test_the_table_of_a_sheet_that_is_wanted(name: str, wanted: str | None, table: int | None) -> None:
    assert table_wanted(name, wanted) == table


def test_the_sheet_of_a_table() -> None:
    assert [sheet_of(wanted) for wanted in ("报表 #2", "报表", "#2", "A # 2")] == ["报表", "报表", "", "A # 2"]


def test_a_sheet_is_left_out_unless_it_or_a_table_of_it_is_wanted() -> None:
    why = [why_left_out(name, "hidden", "报表 #2", include_hidden=False) for name in ("报表", "报表 #2", "报表 #3")]
    assert why == [None, None, ANOTHER]
    assert why_left_out("报表", "hidden", None, include_hidden=False) == HIDDEN
