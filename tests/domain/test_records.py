from __future__ import annotations

import pytest

from crmcli.domain.fields import catalogue
from crmcli.domain.records import ENTITIES, KINDS, children, parse_number, record_number, references


@pytest.mark.parametrize("entity", ENTITIES)
def test_numbers_are_read_as_they_are_shown(entity: str) -> None:
    assert parse_number(record_number(entity, 12)) == (entity, 12)


@pytest.mark.parametrize("text", ["", "C", "12", "C0", "C01", "c1", "C1 ", "C1\n", "C１", "R1", "C-1", f"C{'9' * 19}"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text) is None


def test_the_contract_s_prefixes() -> None:
    shown = [record_number(kind, 1) for kind in ("customer", "contact", "lead", "opportunity", "activity")]
    assert shown == ["C1", "P1", "L1", "O1", "A1"]


def test_prefixes_are_told_apart() -> None:
    prefixes = [entity.prefix for entity in ENTITIES.values()]
    assert len(set(prefixes)) == len(prefixes)
    assert "R" not in prefixes


def test_parents_stand_before_their_children() -> None:
    seen: set[str] = set()
    for name in ENTITIES:
        assert set(references(name).values()) <= seen
        seen.add(name)


def test_references_and_children_are_one_relation() -> None:
    assert references("activity") == {
        "customer_id": "customer",
        "contact_id": "contact",
        "opportunity_id": "opportunity",
        "lead_id": "lead",
    }
    assert children("opportunity").items() >= {("event", "opportunity_id"), ("activity", "opportunity_id")}
    for parent in ENTITIES:
        assert all(references(child)[column] == parent for child, column in children(parent).items())


def test_a_blank_record_knows_nothing_and_shares_nothing() -> None:
    blank = ENTITIES["customer"].blank()
    assert set(blank) == set(ENTITIES["customer"].columns)
    assert all(value in (None, [], {}) for value in blank.values())
    blank["phones"].append("1")
    assert ENTITIES["customer"].blank()["phones"] == []


def test_every_kind_that_people_import_has_fields() -> None:
    assert {field.entity for field in catalogue().values()} >= set(KINDS)
