from __future__ import annotations

from typing import Any

import pytest

from crmcli.jobs.records.editing import add_record
from crmcli.jobs.records.refs import Ambiguous, NotFound, find_record
from crmcli.store.database import Database


@pytest.fixture
def db(desk: Any) -> Database:
    for values in (["name=华东精密", "external_id=KH001", "phones=021-55556666"], ["name=华南精密", "external_id=C1"]):
        add_record(desk.workspace, "customer", values)
    add_record(desk.workspace, "contact", ["name=李雷", "customer=C1", "phones=13800138000"])
    for customer in ("C1", "C2"):
        add_record(desk.workspace, "opportunity", ["name=年框", f"customer={customer}"])
    add_record(desk.workspace, "opportunity", ["name=独家"])
    found: Database = desk.workspace.db
    return found


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("C1", ("customer", 1)),
        ("o2", ("opportunity", 2)),
        (" KH001 ", ("customer", 1)),
        ("021-5555 6666", ("customer", 1)),
        ("138 0013 8000", ("contact", 1)),
        ("華東精密", ("customer", 1)),
        ("独家", ("opportunity", 3)),
    ],
)
def test_each_way_to_name_a_record(db: Database, text: str, record: tuple[str, int]) -> None:
    assert find_record(db, text) == record


def test_an_own_id_that_looks_like_a_number_is_found_where_no_record_has_the_number(db: Database) -> None:
    db.connection.execute("UPDATE record_key SET value = 'default:C12' WHERE value = 'default:C1'")
    assert find_record(db, "C12") == ("customer", 2)


def test_an_ambiguous_name_lists_the_candidates_with_their_customers(db: Database) -> None:
    with pytest.raises(Ambiguous, match=r"O1 年框 \(华东精密\), O2 年框 \(华南精密\)"):
        find_record(db, "年框", ("opportunity",))


@pytest.mark.parametrize("text", ["C9", "没有", "", "13900139000", "O1"])
def test_what_nothing_is_called(db: Database, text: str) -> None:
    with pytest.raises(NotFound):
        find_record(db, text, ("customer", "contact"))


def test_a_merged_record_leads_to_its_survivor(db: Database) -> None:
    db.connection.execute("UPDATE customer SET merged_into = 1 WHERE id = 2")
    assert find_record(db, "C2") == find_record(db, "华南精密") == ("customer", 1)


def test_a_survivor_and_what_was_merged_into_it_are_one(db: Database) -> None:
    db.connection.execute("UPDATE record_key SET value = '华东精密' WHERE value = '华南精密'")
    with pytest.raises(Ambiguous):
        find_record(db, "华东精密", ("customer",))
    db.connection.execute("UPDATE customer SET merged_into = 1 WHERE id = 2")
    assert find_record(db, "华东精密", ("customer",)) == ("customer", 1)
