from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crmcli.domain.identity import keys_of
from crmcli.domain.records import ENTITIES, references
from crmcli.store.database import Database
from crmcli.store.journal import RunStart, open_run
from crmcli.store.records import chunks, count, fetch, fetch_where, find_by_keys, survivors

Starts = Callable[..., RunStart]
SAMPLES: dict[str, Any] = {
    "text": "甲 '公司' {x}",
    "int": 7,
    "real": 0.5,
    "list": ["二", "一"],
    "dict": {"列.一": "值", "b": ""},
}


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_column_of_every_kind_comes_back_as_it_went_in(db: Database, start: Starts, entity: str) -> None:
    parents = references(entity)
    full = {column: SAMPLES[kind] for column, kind in ENTITIES[entity].columns.items()}
    with open_run(db, start()) as run:
        for column, parent in parents.items():
            full[column] = run.insert(parent, [ENTITIES[parent].blank()])[0]
        numbers = run.insert(entity, [full, ENTITIES[entity].blank()])
    found = fetch(db, entity, numbers)
    assert found[numbers[0]] == {"id": numbers[0], **full}
    assert found[numbers[1]] == {"id": numbers[1], **ENTITIES[entity].blank()}


def test_more_records_than_a_statement_takes_are_fetched(db: Database, start: Starts) -> None:
    blank = ENTITIES["customer"].blank()
    with open_run(db, start()) as run:
        run.insert("customer", [blank | {"name": f"客户{i}"} for i in range(1201)])
    assert len(fetch(db, "customer", range(1, 5000))) == 1201
    keys = [key for record in fetch_where(db, "customer") for key in keys_of("customer", record)]
    assert list(find_by_keys(db, "customer", keys).values()) == [[i] for i in range(1, 1202)]


def test_keys_find_all_that_have_them_in_order(db: Database, start: Starts) -> None:
    blank = ENTITIES["customer"].blank()
    with open_run(db, start()) as run:
        run.insert("customer", [blank | {"name": name} for name in ("甲公司", "乙公司", "甲 公司")])
    (key,) = keys_of("customer", blank | {"name": "甲公司"})
    assert find_by_keys(db, "customer", [key, key, ("name", "nobody")]) == {key: [1, 3]}
    assert find_by_keys(db, "lead", [key]) == {}


def test_merged_records_are_not_counted(db: Database, start: Starts) -> None:
    blank = ENTITIES["customer"].blank()
    with open_run(db, start()) as run:
        run.insert("customer", [blank, blank | {"merged_into": 1}])
        run.insert("owner", [ENTITIES["owner"].blank()])
    assert (count(db, "customer"), count(db, "owner")) == (1, 1)


def test_keys_of_merged_records_find_the_last_of_the_chain(db: Database, start: Starts) -> None:
    blank = ENTITIES["customer"].blank()
    with open_run(db, start()) as run:
        named = [("甲", 2), ("乙", 3), ("丙", None), ("丁", None)]
        run.insert("customer", [blank | {"name": name, "merged_into": into} for name, into in named])
    assert survivors(db, "customer", [1, 2, 4]) == {1: 3, 2: 3, 4: 4}
    assert find_by_keys(db, "customer", [("name", "甲"), ("name", "丁")]) == {("name", "甲"): [3], ("name", "丁"): [4]}
    assert survivors(db, "lead", [1]) == {1: 1}


def test_chunks_lose_nothing() -> None:
    assert [list(part) for part in chunks([1, 2, 3, 4, 5], 2)] == [[1, 2], [3, 4], [5]]
    assert list(chunks([])) == []
