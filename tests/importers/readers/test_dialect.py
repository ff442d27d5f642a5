from __future__ import annotations

import pytest

from crmcli.importers.readers.dialect import Dialect, delimiter_of_sep_line, dialect_of


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    lines = [delimiter.join(row) + "\n" for row in (["a", "b", "c"], ["1", "2", "3"], ["4", "5,5", "6"])]
    lines[2] = lines[2].replace("5,5", '"5,5"')
    assert dialect_of(lines, lambda _text: False) == Dialect(delimiter, 3)


def test_header_words_count_before_evenness() -> None:
    lines = ["客户名称;金额\n", "甲,乙;1,5\n", "丙,丁;2,5\n", "戊,己;3,5\n"]
    assert dialect_of(lines, {"客户名称", "金额"}.__contains__).delimiter == ";"


def test_one_column_has_width_one() -> None:
    assert dialect_of(["手机\n", "1\n"], lambda _text: False).width == 1


def test_the_sep_line_of_excel() -> None:
    assert delimiter_of_sep_line("sep=;\r\n") == ";"
    assert delimiter_of_sep_line("separate,x\n") is None
