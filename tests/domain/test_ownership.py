from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcli.domain.ownership import Ownership, ownership
from crmcli.domain.records import ENTITIES
from crmcli.domain.settle import Modes, settle

OWNED = ownership({"旧CRM": ["industry"], "ERP": ["industry"]})
WORDS = st.tuples(
    st.sampled_from(["旧CRM", "ERP", "表格", "新CRM"]), st.sampled_from(["机械", "机械设备", "化工", "电子"])
)


def _after(owned: Ownership, words: Sequence[tuple[str, str]]) -> str | None:
    """Return what a customer's industry is after sources said it one after another, as an import settles it."""
    record = ENTITIES["customer"].blank()
    said_by: dict[str, set[str]] = {}
    for system, word in words:
        sayers = said_by.get(record["industry"], set())
        told = settle(
            "customer",
            record,
            {"industry": word},
            Modes(),
            lambda _column: False,
            lambda column, system=system, sayers=sayers: owned.standing("customer", column, system, sayers),  # type: ignore[misc]
        )
        record |= told.changes
        said_by.setdefault(word, set()).add(system)
    industry: str | None = record["industry"]
    return industry


@given(st.lists(WORDS, max_size=4))
def test_the_order_of_arrival_does_not_decide(words: list[tuple[str, str]]) -> None:
    assert len({_after(OWNED, order) for order in permutations(words)}) == 1


@given(st.lists(WORDS, min_size=1, max_size=5))
def test_what_a_deciding_source_says_stands_whoever_else_speaks(words: list[tuple[str, str]]) -> None:
    deciding = {word for system, word in words if system in ("旧CRM", "ERP")}
    assert _after(OWNED, words) in (deciding or {word for _, word in words})


@pytest.mark.parametrize(
    ("key", "columns"),
    [
        ("amount", {"opportunity.amount_fen", "contract.amount_fen", "target.amount_fen"}),
        ("stage", {"opportunity.stage"}),
        ("customer.owner", {"customer.owner"}),
        ("opportunity.customer", {"opportunity.customer_id"}),
    ],
)
def test_a_field_is_owned_where_it_is_stored(key: str, columns: set[str]) -> None:
    assert set(ownership({"旧CRM": [key]}).sources) == columns


def test_a_key_of_several_kinds_is_owned_in_all() -> None:
    owned = ownership({"旧CRM": ["owner"]})
    assert [owned.decides(kind, "owner", "旧CRM") for kind in ("customer", "contact", "lead", "opportunity")] == [
        True
    ] * 4
    assert not owned.decides("customer", "owner", "表格")


def test_where_nobody_decides_all_are_equal() -> None:
    assert Ownership().standing("customer", "owner", "表格", ["旧CRM"]) == 0
