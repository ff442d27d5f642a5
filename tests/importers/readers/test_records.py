from __future__ import annotations

import csv
import io
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.importers.readers.dialect import Dialect
from crmcli.importers.readers.grid import NumberedRow
from crmcli.importers.readers.records import Records
from crmcli.importers.sheet import OddRow


def read(text: str, dialect: Dialect, chunk: int) -> tuple[list[NumberedRow], list[OddRow]]:
    lines = iter(io.StringIO(text, newline="").readlines())
    rejected: list[OddRow] = []
    return list(Records(lambda: list(islice(lines, chunk)), dialect, 1, rejected).rows()), rejected


def tables(alphabet: str) -> st.SearchStrategy[list[list[str]]]:
    cells = st.text(alphabet=alphabet, max_size=6)
    return st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6)


@given(tables("ab,\"';客") | tables('ab"\n客'), st.integers(1, 8))
def test_every_record_of_a_well_written_csv_is_read_as_it_is(table: list[list[str]], chunk: int) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(table)
    rows, rejected = read(written.getvalue(), Dialect(",", 3), chunk)
    assert [row for _number, row in rows] == table
    assert rejected == []


@given(tables("ab,\\\t客") | tables('ab"\\\n'), st.integers(1, 8))
def test_every_record_that_escapes_with_backslashes_is_read_as_it_is(table: list[list[str]], chunk: int) -> None:
    written = io.StringIO(newline="")
    out = csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL, doublequote=False, escapechar="\\")
    out.writerows(table)
    rows, rejected = read(written.getvalue(), Dialect(",", 3, escape="\\"), chunk)
    assert [row for _number, row in rows] == table
    assert rejected == []


@pytest.mark.parametrize("chunk", [1, 2, 3, 100])
def test_chunks_change_nothing(chunk: int) -> None:
    text = 'a,b,c\n1,"x\ny\n\nz",2\n"3,y,4\n5,z,6\n7,"q",8\n'
    rows, rejected = read(text, Dialect(",", 3), chunk)
    assert rows == [(1, ["a", "b", "c"]), (2, ["1", "x\ny\n\nz", "2"]), (7, ["5", "z", "6"]), (8, ["7", "q", "8"])]
    assert [(bad.row, bad.cells) for bad in rejected] == [(6, ['"3,y,4'])]


def test_many_quotes_that_are_never_closed_cost_no_more_than_their_lines() -> None:
    text = "a,b\n" + 'x,"5 inch\n' * 3000 + "y,1\n"
    rows, rejected = read(text, Dialect(",", 2), 1024)
    assert [cells for _number, cells in rows] == [["a", "b"], ["y", "1"]]
    assert len(rejected) == 3000
