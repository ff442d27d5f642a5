from __future__ import annotations

import os
from itertools import count, islice

import pytest

from crmcli.jobs.dedupe.spreading import HERE, Spreading, everywhere


def process_of(_: int) -> int:
    return os.getpid()


def upper(text: str) -> str:
    return text.upper()


def refused(number: int) -> int:
    if number == 5:
        raise ValueError(str(number))
    return number


@pytest.mark.parametrize("processes", [2, 3])
def test_much_is_spread_over_several_processes_and_comes_back_in_order(processes: int) -> None:
    letters = [chr(ord("a") + i % 26) for i in range(200)]
    assert list(Spreading(processes, patience=0.0)(upper, letters)) == [letter.upper() for letter in letters]


def test_another_process_helps() -> None:
    assert set(Spreading(2, patience=0.0)(process_of, range(200))) - {os.getpid()}


def test_a_failure_is_told_wherever_it_happens() -> None:
    with pytest.raises(ValueError, match="5"):
        list(Spreading(2, patience=0.0)(refused, range(20)))


def test_what_is_given_is_taken_as_it_is_needed() -> None:
    assert list(islice(Spreading(2, patience=0.0)(abs, count()), 30)) == list(range(30))


@pytest.mark.parametrize("spread", [HERE, everywhere()])
def test_little_is_done_here(spread: Spreading) -> None:
    assert list(spread(process_of, range(3))) == [os.getpid()] * 3
    assert list(spread(upper, [])) == []


def test_one_process_does_all_of_it() -> None:
    assert set(Spreading(1, patience=0.0)(process_of, range(30))) == {os.getpid()}
