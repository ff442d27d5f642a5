from __future__ import annotations

from crmcli.importers.sheet import SAMPLE_TEXTS, Block
from crmcli.importers.tables.columns import ColumnBuilder, sheet_of


def cells(block: Block) -> list[list[str]]:
    return [block.cells(index) for index in range(len(block.rows))]


def test_texts_are_kept_once_and_white_space_is_blank() -> None:
    builder = ColumnBuilder(["a", "b"])
    builder.add([2, 3], [["x", "x"], [" ", "y"]])
    builder.add([4], [["z"], [""]])
    block = builder.block([], [])
    assert (block.columns[0].values, list(block.columns[0].codes)) == (["x", "z"], [0, 0, 1])
    assert cells(block) == [["x", ""], ["x", "y"], ["z", ""]]
    assert (list(block.rows), block.columns[1].values.count("")) == ([2, 3, 4], 1)
    assert [(column.sample, column.filled) for column in builder.columns()] == [(["x", "z"], 3), (["y"], 1)]


def test_a_column_that_begins_or_ends_within_a_block_is_blank_elsewhere() -> None:
    builder = ColumnBuilder(["a"])
    builder.add([2], [["x"]])
    builder.add([3], [["x"], ["late"]])
    builder.add([4], [["x"]])
    assert cells(builder.block([], [])) == [["x", ""], ["x", "late"], ["x", ""]]


def test_each_block_has_codes_of_its_own() -> None:
    builder = ColumnBuilder(["a"])
    builder.add([2], [["x"]])
    first = builder.block([], [])
    builder.add([3], [["y"]])
    second = builder.block([], [])
    assert (first.start, first.columns[0].values) == (0, ["x"])
    assert (second.start, second.columns[0].values) == (1, ["y"])
    assert builder.columns()[0].sample == ["x", "y"]


def test_a_column_without_a_label_is_dropped_where_it_is_never_filled() -> None:
    builder = ColumnBuilder(["", "b", ""])
    builder.add([2], [["x"], [""], [" "]])
    builder.block([], [])
    assert [(column.header, column.position) for column in builder.columns()] == [("", 1), ("b", 2)]


def test_the_sample_holds_the_first_distinct_texts() -> None:
    sheet = sheet_of(["a"], [[f"{n % 1500}"] for n in range(4000)], block_rows=700)
    assert sheet.columns[0].sample == [str(n) for n in range(SAMPLE_TEXTS)]
    assert (sheet.count, sheet.columns[0].filled) == (4000, 4000)


def test_a_sheet_of_rows_at_hand() -> None:
    sheet = sheet_of(["a", "b"], [["1", "2"], ["3"], ["5", "6"]], block_rows=2)
    assert [cells(block) for block in sheet.blocks()] == [[["1", "2"], ["3", ""]], [["5", "6"]]]
    assert [list(block.rows) for block in sheet.blocks()] == [[2, 3], [4]]
