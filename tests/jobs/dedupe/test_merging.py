from __future__ import annotations

from typing import Any

from crmcli.jobs.dedupe.run import dedupe_customers
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.records.refs import find_record
from crmcli.store.changes import set_by_person


def test_the_survivor_is_built_field_by_field_and_nothing_is_lost(three: Any) -> None:
    dedupe_customers(three.workspace)
    survivor = three.get("customer", 2)
    assert survivor["name"] == "上海鼎信贸易有限公司"
    assert (survivor["city"], survivor["note"], survivor["owner"]) == ("上海", "老客户", "王芳")
    assert sorted(survivor["external_ids"]) == ["new:7", "old:1"]
    lost = [(v["entity"], v["entity_id"], v["field"], v["value"]) for v in three.all("alternate")]
    assert lost == [("customer", 2, "name", "鼎信贸易")]


def test_children_move_and_one_person_becomes_one_contact(three: Any) -> None:
    dedupe_customers(three.workspace)
    assert {contact["customer_id"] for contact in three.all("contact")} == {2}
    alive = [contact for contact in three.all("contact") if not contact["merged_into"]]
    assert sorted(contact["name"] for contact in alive) == ["李雷", "韩梅梅"]
    person = next(contact for contact in alive if contact["name"] == "李雷")
    assert (person["title"], person["phones"]) == ("经理", ["+8613900139000"])
    assert three.all("opportunity")[0]["customer_id"] == 2
    assert three.all("activity")[0]["contact_id"] == person["id"]


def test_references_to_the_merged_one_mean_the_survivor(three: Any) -> None:
    dedupe_customers(three.workspace)
    for text in ("C1", "1", "7", "鼎信贸易", "+8613800138000"):
        assert find_record(three.db, text, ("customer",)) == ("customer", 2)


def test_contacts_that_one_system_numbers_apart_stay_apart(three: Any) -> None:
    three.set("contact", 1, external_ids=["crm:1"])
    three.set("contact", 2, external_ids=["crm:2"])
    dedupe_customers(three.workspace)
    assert [contact["merged_into"] for contact in three.all("contact")] == [None, None, None]


def test_what_a_person_set_wins_and_stays_a_persons(three: Any) -> None:
    three.set("customer", 1, owner="赵敏")
    three.set("customer", 1, industry="贸易")
    three.add("alternate", {"entity": "customer", "entity_id": 1, "field": "industry", "value": "批发零售"})
    dedupe_customers(three.workspace)
    survivor = three.get("customer", 2)
    assert (survivor["owner"], survivor["industry"]) == ("赵敏", "贸易")
    assert set_by_person(three.db, "customer", 2, "owner", "赵敏")
    assert not set_by_person(three.db, "customer", 2, "name", survivor["name"])
    kept = {(v["entity_id"], v["field"], v["value"]) for v in three.all("alternate")}
    assert kept == {(2, "name", "鼎信贸易"), (2, "owner", "王芳"), (2, "industry", "批发零售")}


def test_extra_columns_are_united(office: Any) -> None:
    office.add(
        "customer",
        {"name": "上海鼎信贸易有限公司", "extra": {"网址": "a.cn", "规模": "大"}},
        {"name": "上海鼎信贸易有限公司", "extra": {"网址": "a.com.cn", "序号": "7"}},
    )
    dedupe_customers(office.workspace)
    (survivor,) = (customer for customer in office.all("customer") if not customer["merged_into"])
    assert survivor["extra"] == {"网址": "a.com.cn", "规模": "大", "序号": "7"}
    assert [(v["field"], v["value"]) for v in office.all("alternate")] == [("extra.网址", "a.cn")]


def test_undoing_the_import_takes_the_merge_back_and_keeps_what_another_import_made(office: Any) -> None:
    office.add("customer", {"name": "上海鼎信贸易有限公司", "city": "上海"})
    alone = office.tables()["customer"]
    office.add("customer", {"name": "上海鼎信贸易有限公司", "industry": "贸易"}, {"name": "鼎信贸易"})
    dedupe_customers(office.workspace)
    undone = undo_run(office.workspace, "R2")
    assert undone.kept == []
    assert office.tables()["customer"] == alone
    assert office.all("pair") == office.all("alternate") == []


def test_one_in_a_pool_and_one_that_somebody_has_are_that_persons(three: Any) -> None:
    three.set("customer", 1, owner=None, pool="公海")
    three.set("customer", 2, owner="王芳")
    dedupe_customers(three.workspace)
    survivor = three.get("customer", 2)
    assert (survivor["owner"], survivor["pool"]) == ("王芳", None)
