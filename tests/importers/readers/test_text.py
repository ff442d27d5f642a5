from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.importers.readers.dialect import Dialect
from crmcli.importers.readers.failures import FileEmpty, FileEncoding, FileNotATable
from crmcli.importers.readers.text import Records, text_grid
from crmcli.importers.sheet import OddRow


def read(
    tmp_path: Path, content: str | bytes, encoding: str | None = None
) -> tuple[list[tuple[int, list[str]]], list[OddRow]]:
    path = tmp_path / "a.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    grid = text_grid(path, encoding, lambda _text: False)
    return list(grid.rows), grid.rejected


def test_rows_carry_the_line_that_they_start_on(tmp_path: Path) -> None:
    rows, rejected = read(tmp_path, 'a,b\n1,"x\ny"\n\n2,z\n')
    assert rows == [(1, ["a", "b"]), (2, ["1", "x\ny"]), (4, []), (5, ["2", "z"])]
    assert rejected == []


def test_bare_carriage_returns_and_nul_characters(tmp_path: Path) -> None:
    assert read(tmp_path, "a,b\r1,2\r3,4")[0] == [(1, ["a", "b"]), (2, ["1", "2"]), (3, ["3", "4"])]
    assert read(tmp_path, "a,b\n1,\x002\n")[0][1] == (2, ["1", "2"])


def test_the_sep_line_is_obeyed_and_not_read(tmp_path: Path) -> None:
    assert read(tmp_path, "sep=;\r\na;b\r\n1,5;2\r\n")[0] == [(2, ["a", "b"]), (3, ["1,5", "2"])]


def test_utf16_tab_text_of_excel(tmp_path: Path) -> None:
    rows, _rejected = read(tmp_path, "客户名称\t手机\r\n甲\t1\r\n".encode("utf-16"))
    assert rows == [(1, ["客户名称", "手机"]), (2, ["甲", "1"])]


@pytest.mark.parametrize(
    ("content", "read_lines", "rejected_lines"),
    [
        ('a,b,c\n1,"x,2\n3,y,4\n5,z,6\n', [1, 3, 4], [2]),  # never closed
        ('a,b,c\n1,"x,2\n3,y",4\n5,z,6\n', [1, 4], [2, 3]),  # closed by a stray quote: two records in one
        ('a,b,c\n1,"x" y,2\n3,y,4\n', [1, 3], [2]),  # text after the closing quote
        ('a,b,c\n1,"x,2\n3,"y",4\n5,z,6\n', [1, 3, 4], [2]),
    ],
)
def test_an_unclosed_quote_rejects_its_line_and_not_the_file(
    tmp_path: Path, content: str, read_lines: list[int], rejected_lines: list[int]
) -> None:
    rows, rejected = read(tmp_path, content)
    assert [number for number, _cells in rows] == read_lines
    assert [bad.row for bad in rejected] == rejected_lines
    assert {bad.code for bad in rejected} == {"line.unclosed_quote"}
    assert all(len(cells) == 3 for _number, cells in rows)


def test_what_is_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileEmpty):
        read(tmp_path, "\ufeff\n \n")
    with pytest.raises(FileNotATable):
        read(tmp_path, bytes(range(1, 32)) * 20)
    with pytest.raises(FileEncoding):
        read(tmp_path, b"a,b\n\xff\xff\n", "utf-8")


def tables(alphabet: str) -> st.SearchStrategy[list[list[str]]]:
    cells = st.text(alphabet=alphabet, max_size=6)
    return st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6)


@given(tables("ab,\"';客") | tables('ab"\n客'))
def test_every_record_of_a_well_written_csv_is_read_as_it_is(table: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(table)
    rejected: list[OddRow] = []
    records = Records(iter(written.getvalue().splitlines(keepends=True)), Dialect(",", 3), 1, rejected)
    assert [row for _number, row in records.rows()] == table
    assert rejected == []
