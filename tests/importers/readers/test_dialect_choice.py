from __future__ import annotations

import pytest

from crmcli.importers.readers.dialect import Dialect
from crmcli.importers.readers.dialect_choice import dialect_of


def unknown(_text: str) -> bool:
    return False


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "^", "`", "\x01", "，"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    lines = [delimiter.join(row) + "\n" for row in (["a", "b", "c"], ["1", "2", "3"], ["4", "5,5", "6"])]
    lines[2] = lines[2].replace("5,5", '"5,5"')
    assert dialect_of(lines, unknown) == Dialect(delimiter, 3)


def test_header_words_count_before_evenness() -> None:
    lines = ["客户名称;金额\n", "甲,乙;1,5\n", "丙,丁;2,5\n", "戊,己;3,5\n"]
    assert dialect_of(lines, {"客户名称", "金额"}.__contains__).delimiter == ";"


def test_one_column_has_width_one() -> None:
    assert dialect_of(["手机\n", "1\n"], unknown).width == 1


@pytest.mark.parametrize("cell", ["10:30", "王 小 明", "甲，乙", "https://a.example"])
def test_a_mark_inside_the_cells_of_one_column_is_no_delimiter(cell: str) -> None:
    assert dialect_of(["内容\n", *[cell + "\n"] * 9], unknown).width == 1


def test_single_quotes_and_backslashes_are_found_where_they_are_used() -> None:
    lines = ["a,b\n", "'x, y','it\\'s'\n", "'z, 1','it\\'s'\n"]
    assert dialect_of(lines, unknown) == Dialect(",", 2, "'", "\\")


def test_the_mark_that_protects_numbers_and_a_folder_are_no_quoting() -> None:
    lines = ["a,b\n", *["'13800000000,C:\\New\n"] * 9]
    assert dialect_of(lines, unknown) == Dialect(",", 2)


def test_nulls_of_mysql_and_blanks_behind_the_delimiter() -> None:
    assert dialect_of(["a\tb\n", "\\N\t1\n"], unknown).nulls
    assert dialect_of(["a, b\n", '1, "x, y"\n'], unknown) == Dialect(",", 2, spaced=True)
