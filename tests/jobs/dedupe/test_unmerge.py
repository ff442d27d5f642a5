from __future__ import annotations

from typing import Any

import pytest

from crmcli.jobs.dedupe.run import dedupe_customers
from crmcli.jobs.dedupe.unmerge import MergedFurther, NotMerged, SeveralMerged, find_merge, unmerge

_DECIDED = ("pair", "relation")
SAME = {"name": "合肥启辰自动化设备有限公司"}


@pytest.mark.parametrize("number", ["C1", "C2", "c1", "上海鼎信贸易有限公司"])
def test_a_merge_is_taken_back_by_either_number(three: Any, number: str) -> None:
    before = three.tables()
    dedupe_customers(three.workspace)
    done = unmerge(three.workspace, find_merge(three.workspace, number))
    assert (done.restored, done.survivor, done.kept, done.born_since) == ("C1", "C2", [], [])
    after = three.tables()
    assert {kind: rows for kind, rows in after.items() if kind not in _DECIDED} == {
        kind: rows for kind, rows in before.items() if kind not in _DECIDED
    }


def test_the_next_run_does_not_merge_them_again(three: Any) -> None:
    dedupe_customers(three.workspace)
    unmerge(three.workspace, find_merge(three.workspace, "C1"))
    (pair,) = three.all("pair")
    assert (pair["decision"], pair["decided_by"]) == ("different", "tester")
    assert pair["reasons"]
    assert dedupe_customers(three.workspace).merged == 0


def test_later_edits_stay_and_are_named(three: Any) -> None:
    dedupe_customers(three.workspace)
    three.set("customer", 2, city="苏州")
    done = unmerge(three.workspace, find_merge(three.workspace, "C1"))
    assert [(kept.record, kept.field) for kept in done.kept] == [("C2", "city")]
    assert three.get("customer", 2)["city"] == "苏州"
    assert three.get("customer", 1)["city"] == "上海"


def test_later_children_stay_with_the_survivor_or_go_where_a_person_says(three: Any) -> None:
    dedupe_customers(three.workspace)
    stays, goes = three.add("opportunity", {"name": "续签", "customer_id": 2}, {"name": "新单", "customer_id": 2})
    merge = find_merge(three.workspace, "C1")
    assert [(kind, record["id"]) for kind, record in merge.born_since] == [
        ("opportunity", stays),
        ("opportunity", goes),
    ]
    done = unmerge(three.workspace, merge, [("opportunity", goes)])
    assert [deal["customer_id"] for deal in three.all("opportunity")] == [1, 2, 1]
    assert [(born["record"], born["customer"]) for born in done.born_since] == [("O2", "C2"), ("O3", "C1")]


def test_the_survivor_keeps_what_the_others_in_it_say(office: Any) -> None:
    office.add("customer", SAME | {"city": "合肥", "phones": ["+8613800138000"]}, SAME | {"city": "合肥"}, SAME)
    office.set("customer", 3, industry="机械", level="A", address="黄山路1号")
    dedupe_customers(office.workspace)
    assert [customer["merged_into"] for customer in office.all("customer")] == [3, 3, None]
    unmerge(office.workspace, find_merge(office.workspace, "C1"))
    survivor = office.get("customer", 3)
    assert (survivor["city"], survivor["phones"]) == ("合肥", [])
    assert office.get("customer", 1)["phones"] == ["+8613800138000"]


def test_a_dry_run_leaves_the_merge(three: Any) -> None:
    dedupe_customers(three.workspace)
    before = three.tables()
    done = unmerge(three.workspace, find_merge(three.workspace, "C1"), dry_run=True)
    assert (done.run, done.restored) == (None, "C1")
    assert three.tables() == before


def test_what_cannot_be_taken_back_is_said(office: Any) -> None:
    office.add("customer", SAME, SAME, SAME, {"name": "北京恒远物流有限公司"})
    with pytest.raises(NotMerged):
        find_merge(office.workspace, "C4")
    dedupe_customers(office.workspace)
    with pytest.raises(SeveralMerged, match=r"C2 .*C3"):
        find_merge(office.workspace, "C1")
    office.set("customer", 1, merged_into=4)
    with pytest.raises(MergedFurther, match="C4"):
        find_merge(office.workspace, "C2")
