from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crmcli.domain.records import ENTITIES, Record
from crmcli.store import reminding
from crmcli.store.database import Database, create_database, open_database
from crmcli.store.journal import RunStart, open_run

NOW = "2026-06-30T09:00:00+08:00"
ORIGINS = ("human", "import")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    create_database(tmp_path / "crm.db")
    with open_database(tmp_path / "crm.db") as opened:
        yield opened


def put(db: Database, at: str = NOW, **records: list[dict[str, Any]]) -> None:
    with open_run(db, RunStart("add", "crmcli", "tester", lambda: at)) as run:
        for entity, found in records.items():
            made: list[Record] = [ENTITIES[entity].blank() | record for record in found]
            run.insert(entity, made)


def test_the_last_contact_is_of_people_until_now_and_of_the_customer_where_no_deal_is_named(db: Database) -> None:
    put(
        db,
        customer=[{"name": "甲"}],
        opportunity=[{"name": name, "customer_id": 1, "status": "open", "stage": "报价"} for name in ("一", "二")],
        activity=[
            {"opportunity_id": 1, "customer_id": 1, "at": "2026-06-01", "origin": "human"},
            {"opportunity_id": 1, "customer_id": 1, "at": "2026-06-20", "origin": "rule"},
            {"opportunity_id": 1, "customer_id": 1, "at": "2026-07-20", "origin": "human"},
            {"customer_id": 1, "at": "2026-05-01", "origin": "import"},
        ],
    )
    (rows,) = reminding.open_deal_pages(db, NOW, ORIGINS)
    assert [(row["own_contact"], row["customer_contact"]) for row in rows] == [
        ("2026-06-01", "2026-05-01"),
        (None, "2026-05-01"),
    ]
    (customers,) = reminding.owned_customer_pages(db, NOW, ORIGINS)
    assert (customers[0]["own_contact"], customers[0]["deal_contact"]) == ("2026-06-01", "2026-06-01")


def test_a_stage_is_entered_by_its_last_real_event(db: Database) -> None:
    event = {"opportunity_id": 1, "field": "stage", "inferred": 0}
    put(
        db,
        opportunity=[{"name": "一", "status": "open", "stage": "报价", "owner": "张伟", "pool": "公海"}],
        event=[
            event | {"value": "报价", "at": "2026-03-01"},
            event | {"value": "谈判", "at": "2026-04-01"},
            event | {"value": "报价", "at": "2026-05-01"},
            event | {"value": "报价", "at": "2026-05-20", "inferred": 1},
            event | {"value": "报价", "at": "2026-05-25", "not_before": "2026-05-18"},
        ],
    )
    (rows,) = reminding.open_deal_pages(db, NOW, ORIGINS)
    assert rows[0]["entered"] == "2026-05-01"


def test_what_is_not_yet_there_is_not_read(db: Database) -> None:
    deal = {"name": "一", "status": "open"}
    put(db, opportunity=[deal | {"created_at": "2026-07-01"}, deal | {"created_at": "2026-06-30"}, deal])
    (rows,) = reminding.open_deal_pages(db, NOW, ORIGINS)
    assert [row["id"] for row in rows] == [2, 3]


def test_pages_hold_all_in_order(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminding, "_PAGE", 2)
    put(db, opportunity=[{"name": str(number), "status": "open"} for number in range(5)])
    pages = list(reminding.open_deal_pages(db, NOW, ORIGINS))
    assert [[row["id"] for row in page] for page in pages] == [[1, 2], [3, 4], [5]]


def test_only_the_newest_follow_up_with_a_next_step_counts(db: Database) -> None:
    plan = {"customer_id": 1, "opportunity_id": 1, "origin": "human"}
    put(
        db,
        customer=[{"name": "甲", "owner": "张伟"}, {"name": "乙", "owner": "张伟"}],
        opportunity=[{"name": "一", "customer_id": 1, "status": "open"}],
        activity=[
            plan | {"at": "2026-06-02", "next_at": "2026-06-09", "next_action": "新"},
            plan | {"at": "2026-06-01", "next_at": "2026-06-20", "next_action": "旧"},
            plan | {"at": "2026-06-05"},
            {"customer_id": 2, "at": "2026-06-05", "next_at": "2026-07-01", "origin": "human"},
        ],
    )
    found = reminding.follow_up_plans(db, "opportunity", 1, 1, NOW)
    assert found == {1: {"id": 1, "made": "2026-06-02", "next_at": "2026-06-09", "next_action": "新"}}
    assert list(reminding.follow_up_plans(db, "customer", 1, 2, NOW)) == [2]
    (planned,) = reminding.owned_customer_pages(db, NOW, ORIGINS, only_planned=True)
    assert [row["id"] for row in planned] == [2]


def test_when_a_deals_next_step_was_set(db: Database) -> None:
    put(db, "2026-06-01T09:00:00+08:00", opportunity=[{"name": "一", "next_at": "2026-07-01"}, {"name": "二"}])
    with open_run(db, RunStart("set", "crmcli", "tester", lambda: "2026-06-10T09:00:00+08:00")) as run:
        deal = db.rows("SELECT * FROM opportunity WHERE id = 2")[0]
        present = ENTITIES["opportunity"].blank() | {"id": 2, "name": deal["name"]}
        run.update("opportunity", present, {"next_at": "2026-08-01"})
        run.update("opportunity", present | {"next_at": "2026-08-01"}, {"note": "x"})
        run.confirm("opportunity", 1, {"next_at": "2026-07-01"}, None)
    assert reminding.plans_made(db, [1, 2], NOW) == {
        1: "2026-06-01T09:00:00+08:00",
        2: "2026-06-10T09:00:00+08:00",
    }


def test_tasks_until_a_day_with_the_customer_of_their_deal(db: Database) -> None:
    put(
        db,
        customer=[{"name": "甲"}],
        opportunity=[{"name": "一", "customer_id": 1}],
        task=[
            {"title": "a", "due": "2026-06-30T18:00:00+08:00", "opportunity_id": 1},
            {"title": "b", "due": "2026-07-01", "customer_id": 1},
            {"title": "c", "due": "2026-06-01", "done_at": "2026-06-01"},
            {"title": "d"},
        ],
    )
    assert [(row["title"], row["customer"]) for row in reminding.due_tasks(db, "2026-06-30")] == [("a", "甲")]


def test_leads_that_are_open_and_have_a_next_step(db: Database) -> None:
    plan = {"at": "2026-06-01", "next_at": "2026-06-09", "origin": "human"}
    put(
        db,
        lead=[
            {"name": "李四", "company": "甲", "owner": "张伟"},
            {"name": "赵", "status": "disqualified"},
            {"name": "钱"},
        ],
        activity=[plan | {"lead_id": 1}, plan | {"lead_id": 2}, {"lead_id": 3, "at": "2026-06-01", "origin": "human"}],
    )
    (lead,) = reminding.planned_leads(db, NOW, ORIGINS)
    assert (lead["name"], lead["company"], lead["next_at"], lead["contact"]) == (
        "李四",
        "甲",
        "2026-06-09",
        "2026-06-01",
    )


def test_customers_with_somebody_in_a_role(db: Database) -> None:
    put(
        db,
        customer=[{"name": "甲"}, {"name": "乙"}],
        contact=[
            {"name": "李", "customer_id": 1, "role": "决策人"},
            {"name": "王", "customer_id": 2, "role": "使用者"},
        ],
    )
    assert reminding.roles_in_use(db) == ["使用者", "决策人"]
    assert reminding.customers_with_role(db, ["决策人"]) == {1}
