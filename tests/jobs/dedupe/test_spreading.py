from __future__ import annotations

import os

import pytest

from crmcli.jobs.dedupe.spreading import HERE, Spreading, spread_over


def process_of(_: int) -> int:
    return os.getpid()


def upper(text: str) -> str:
    return text.upper()


def test_much_is_spread_over_other_processes_and_comes_back_in_order() -> None:
    letters = [chr(ord("a") + i) for i in range(20)]
    with spread_over(2) as spread:
        assert list(spread(upper, letters)) == [letter.upper() for letter in letters]
        assert os.getpid() not in set(spread(process_of, range(8)))


@pytest.mark.parametrize("spread", [HERE, Spreading(2)])
def test_little_is_done_here(spread: Spreading) -> None:
    assert list(spread(process_of, range(3))) == [os.getpid()] * 3
    assert list(spread(upper, [])) == []


def test_one_process_does_all_of_it() -> None:
    assert set(HERE(process_of, range(30))) == {os.getpid()}
