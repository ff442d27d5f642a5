from __future__ import annotations

from typing import Any

import pytest

from crmcli.jobs.dedupe.questions import MOST_COMPARED, questions


def _pairs(office: Any, *ends: tuple[int, int], **more: Any) -> None:
    blank: dict[str, Any] = {"tier": "review", "score": 80.0, "reasons": []} | more
    office.add("pair", *({"a_id": a, "b_id": b} | blank for a, b in ends))


@pytest.fixture
def ten(office: Any) -> Any:
    """Return an office with ten customers."""
    office.add("customer", *({"name": f"甲{number}"} for number in range(10)))
    return office


def test_customers_are_compared_with_the_one_that_has_most_pairs(ten: Any) -> None:
    _pairs(ten, (1, 2), (2, 3), (1, 3), (4, 5))
    assert [group.customers for group in questions(ten.workspace)] == [[1, 2, 3], [4, 5]]


def test_every_pair_of_a_chain_is_asked(ten: Any) -> None:
    _pairs(ten, (1, 2), (2, 3), (3, 4))
    assert sorted(group.customers for group in questions(ten.workspace)) == [[2, 1, 3], [3, 4]]


def test_money_and_activity_come_first_and_the_unsure_last(ten: Any) -> None:
    _pairs(ten, (1, 2), (3, 4), (5, 6))
    _pairs(ten, (7, 8), decision="unsure", decided_by="x")
    ten.add("opportunity", {"customer_id": 3, "status": "open", "amount_fen": 90_000_00})
    ten.add("opportunity", {"customer_id": 5, "status": "lost", "amount_fen": 900_000_00})
    ten.add("opportunity", {"customer_id": 7, "status": "won", "amount_fen": 900_000_00})
    ten.add("activity", {"customer_id": 6, "text": "电话"})
    asked = questions(ten.workspace)
    assert [group.first for group in asked] == [3, 5, 1, 7]
    assert [(group.amount_fen, group.activities) for group in asked[:2]] == [(90_000_00, 0), (0, 1)]


def test_nobody_compares_more_than_a_few_at_once(office: Any) -> None:
    office.add("customer", *({"name": f"甲{number}"} for number in range(MOST_COMPARED + 3)))
    _pairs(office, *((1, other) for other in range(2, MOST_COMPARED + 4)))
    assert [len(group.pairs) for group in questions(office.workspace)] == [MOST_COMPARED, 2]
