from __future__ import annotations

import pytest

from crmcli.jobs.worklists.base import RowBase, in_cell, parse_base


def test_a_hidden_cell_comes_back_as_it_was() -> None:
    base = RowBase(7, "张三", "2026-06-30T09:00:00+08:00", {"note": "a\nb", "amount_fen": "1.00"})
    assert parse_base(base.text()) == base


@pytest.mark.parametrize("text", ["", "[]", "{}", '["O7","x","y",{},"0"]', "7", '["C7","","",{}]', "[[1],2,3,4,5]"])
def test_one_that_is_not_ours_is_nothing(text: str) -> None:
    assert parse_base(text) is None


def test_a_changed_one_is_nothing() -> None:
    assert parse_base(RowBase(7, "", "", {"note": "a"}).text().replace("O7", "O8")) is None


def test_a_long_text_is_kept_as_a_fingerprint() -> None:
    one, other = in_cell("note", "长" * 40_000), in_cell("note", "长" * 30_000 + "短" * 10_000)
    assert one != other
    assert max(len(one), len(other)) < 600
