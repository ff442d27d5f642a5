from __future__ import annotations

import pytest

from crmcli.importers.tables.batches import Batch, batch_of, doubtful

HEADER = frozenset({"客户", "电话"})
FULL = ["甲公司", "138", "沪", "2", "无"]


def batch(*rows: list[str]) -> Batch:
    return batch_of(list(enumerate(rows, start=2)))


def test_short_rows_are_blank_at_their_end_in_the_columns() -> None:
    made = batch(["a", "b"], ["c"], [])
    assert [list(column) for column in made.columns] == [["a", "c", ""], ["b", "", ""]]
    assert (list(made.numbers), list(made.rows)) == ([2, 3, 4], [["a", "b"], ["c"], []])


def test_rows_are_dropped_from_rows_and_columns() -> None:
    made = batch(["a"], ["b"], ["c"]).without([1])
    assert (list(made.numbers), [list(column) for column in made.columns]) == ([2, 4], [["a", "c"]])
    assert batch(["a"]).without([0]).numbers == ()


def test_full_rows_need_no_look() -> None:
    assert list(doubtful(batch(FULL, FULL), HEADER)) == []


@pytest.mark.parametrize(
    "row",
    [
        ["", "", "", "", ""],
        [" ", "\u3000", " ", " ", " "],
        ["甲公司", "", "", "", ""],
        ["合 计", "1", "2", "3", "4"],
        ["Grand TOTAL", "1", "2", "3", "4"],
        ["", "", "小计", "3", "4"],
        ["客户", "电话", "省", "数", "注"],
    ],
)
def test_a_row_that_may_be_no_record_is_among_those_to_look_at(row: list[str]) -> None:
    assert 1 in doubtful(batch(FULL, row, FULL), HEADER)


def test_the_characters_of_a_batch_are_estimated() -> None:
    assert batch(*(["x" * 100, "y"] for _row in range(160))).chars() == 16_160
