from __future__ import annotations

from crmcli.importers.tables.columns import ColumnBuilder


def test_texts_are_kept_once_and_white_space_is_blank() -> None:
    builder = ColumnBuilder(["a", "b"])
    for number, cells in enumerate([["x", " "], ["x", "y"], ["z"]], start=2):
        builder.add(number, cells)
    first, second = builder.columns()
    assert (first.values, list(first.codes)) == (["x", "z"], [0, 0, 1])
    assert list(second.texts()) == ["", "y", ""]
    assert list(builder.rows) == [2, 3, 4]


def test_a_column_that_begins_after_many_rows_is_blank_above() -> None:
    builder = ColumnBuilder(["a"])
    for number in range(9000):
        builder.add(number + 2, ["x"])
    builder.add(9002, ["x", "late"])
    column = builder.columns()[1]
    assert (column.header, column.position, column[0], column[9000]) == ("", 2, "", "late")
    assert len(column.codes) == 9001
