from __future__ import annotations

import pytest

from crmcli.matching.worth import worth_of_answer

PLAIN = {"amount_fen": 100_000_00, "activities": 3, "records": 2, "score": 80.0, "threshold": 95.0}


@pytest.mark.parametrize(
    "more", [{"amount_fen": 200_000_00}, {"activities": 9}, {"records": 3}, {"score": 94.0}, {"score": 97.0}]
)
def test_more_money_activity_records_and_closeness_are_worth_more(more: dict[str, float]) -> None:
    assert worth_of_answer(**{**PLAIN, **more}) > worth_of_answer(**PLAIN)  # type: ignore[arg-type]


def test_it_lies_between_0_and_100() -> None:
    assert worth_of_answer(-5, 0, 1, 10.0, 95.0) == 0.0
    assert worth_of_answer(10**15, 10**6, 100, 95.0, 95.0) == 100.0
