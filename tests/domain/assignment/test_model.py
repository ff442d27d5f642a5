from __future__ import annotations

from decimal import Decimal

import pytest

from crmcli.domain.assignment.model import Owner, Whom, deal_fields

OWNERS = [
    Owner("Ann", team="East", region="North", manager="Joe"),
    Owner("Bob", team="East", region="South", manager="Joe"),
    Owner("Cid", team="West", region="North", manager="Kim"),
]


@pytest.mark.parametrize(
    ("whom", "names"),
    [
        (Whom(), ["Ann", "Bob", "Cid"]),
        (Whom(names=("Cid", "ann", "Cid", "Nobody")), ["Cid", "Ann"]),
        (Whom(team=("east",)), ["Ann", "Bob"]),
        (Whom(team=("East",), region=("North",)), ["Ann"]),
        (Whom(manager=("Joe", "Kim"), region=("North",)), ["Ann", "Cid"]),
        (Whom(team=("Nowhere",)), []),
    ],
)
def test_members(whom: Whom, names: list[str]) -> None:
    assert [owner.name for owner in whom.members(OWNERS)] == names


def test_a_deals_own_fields_come_before_its_customers() -> None:
    opportunity = {"name": "扩容", "amount_fen": 12_345, "source": None, "tags": [], "owner": "Ann"}
    customer = {"name": "甲公司", "source": "展会", "tags": ["重点"], "owner": "Bob", "province": "江苏"}
    assert deal_fields(opportunity, customer) == {
        "name": "扩容",
        "customer": "甲公司",
        "amount": Decimal("123.45"),
        "source": "展会",
        "tags": ["重点"],
        "owner": "Ann",
        "province": "江苏",
    }


def test_an_unknown_amount_is_not_there() -> None:
    assert deal_fields({"name": "x", "amount_fen": None}) == {"name": "x"}
    assert deal_fields({"amount_fen": 0})["amount"] == 0
