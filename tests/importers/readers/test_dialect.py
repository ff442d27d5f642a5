from __future__ import annotations

from crmcli.importers.readers.dialect import Dialect, delimiter_of_sep_line


def test_the_sep_line_of_excel() -> None:
    assert delimiter_of_sep_line("sep=;\r\n") == ";"
    assert delimiter_of_sep_line("separate,x\n") is None


def test_nulls_are_blank_and_only_where_they_are_a_whole_cell() -> None:
    mysql = Dialect("\t", 3, nulls=True)
    assert mysql.prepared(["\\N\tC:\\New\t\\N\n"]) == ["\tC:\\New\t\n"]


def test_a_backslash_that_escapes_nothing_stays() -> None:
    dialect = Dialect(",", 3, escape="\\")
    lines = dialect.prepared(['C:\\dir,"a \\"b\\"",x\\,y\\\\z\n'])
    assert list(dialect.reader(lines, strict=True)) == [["C:\\dir", 'a "b"', "x,y\\z"]]
