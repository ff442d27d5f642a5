from __future__ import annotations

import pytest

from crmcli.importers.tables.ragged import fills_its_width, lacks_last_name, pads_its_rows, pieces_of_one

MESSAGES = ["localId", "TalkerId", "StrContent", "StrTime"]


def numbered(rows: list[list[str]]) -> list[tuple[int, list[str]]]:
    return list(enumerate(rows, start=2))


def test_the_header_of_early_wechat_messages_lacks_its_last_name() -> None:
    rows = [[str(n), "1", "你好", f"2023-08-0{n} 10:00:00", f"729{n}"] for n in range(1, 8)]
    assert lacks_last_name(MESSAGES, numbered(rows))
    assert not lacks_last_name(MESSAGES, numbered([row[:4] for row in rows]))


@pytest.mark.parametrize(
    ("labels", "row"),
    [
        (["客户", "金额", "日期"], ["甲", "1", "200", "2026-01-01"]),  # a comma for thousands moved the date
        (["客户", "日期", "手机"], ["甲", "2026-01-01", "13800000000", "13900000000"]),  # two phones in one cell
        (["客户", "城市"], ["甲", "Shenzhen", " CN"]),
        (["客户", "备注"], ["甲", "好", "急"]),
        (["客户", "金额时间"], ["甲", "1", "200"]),
    ],
)
def test_a_comma_in_every_row_is_no_missing_name(labels: list[str], row: list[str]) -> None:
    assert not lacks_last_name(labels, numbered([row] * 9))


def test_rows_that_line_ends_have_cut_make_one() -> None:
    cut = numbered([["1", "ab"], ["cd", "3"], ["4", "5", "6"]])
    assert pieces_of_one(cut, 3) == 2
    assert pieces_of_one(numbered([["1", "a"], ["b"], ["c", "3"]]), 3) == 3
    assert pieces_of_one(cut[1:], 3) == 0
    assert pieces_of_one(numbered([["1"], ["2"]]), 3) == 0


def test_whether_rows_fill_their_width() -> None:
    full = [["1", "2", "3"]] * 9
    assert fills_its_width(numbered([*full, ["a", "b"], ["c", "d"], ["合计"], [], ["x", "y"]]), 3)
    assert not fills_its_width(numbered([*full, *[["1", "2"]] * 6]), 3)
    assert not fills_its_width(numbered([*full, *[["1", "2"], ["1", "2", "3"]] * 3]), 3)
    assert not fills_its_width([], 3)


def test_whether_rows_are_padded() -> None:
    assert pads_its_rows(numbered([["1", "2", ""]] * 3), 2)
    assert not pads_its_rows(numbered([*[["1", "2"]] * 20, ["1", "2", ""]]), 2)
