from __future__ import annotations

from typing import Any

from crmcli.jobs.dedupe.candidates import load_candidates
from crmcli.jobs.dedupe.pairs import pairs_to_review
from crmcli.jobs.dedupe.run import dedupe_customers
from crmcli.jobs.journal.undo import undo_run

ONE_NAME = "合肥启辰自动化设备有限公司"


def test_the_sure_ones_become_one(three: Any) -> None:
    done = dedupe_customers(three.workspace)
    assert (done.run, done.customers, done.merged, done.clusters, done.review) == ("R5", 3, 1, 1, 0)
    assert [customer["merged_into"] for customer in three.all("customer")] == [2, None, None]


def test_a_second_run_changes_nothing(three: Any) -> None:
    dedupe_customers(three.workspace)
    before = three.tables()
    again = dedupe_customers(three.workspace)
    assert three.tables() == before
    assert three.db.value("SELECT count(*) FROM change WHERE run_id = 6") == 0
    assert (again.customers, again.merged) == (2, 0)


def test_undo_restores_every_table(three: Any) -> None:
    before = three.tables()
    done = dedupe_customers(three.workspace)
    undone = undo_run(three.workspace, str(done.run))
    assert three.tables() == before
    assert undone.kept == []


def test_a_dry_run_tells_and_leaves_nothing(three: Any) -> None:
    before = three.tables()
    done = dedupe_customers(three.workspace, dry_run=True)
    assert (done.run, done.merged) == (None, 1)
    assert three.tables() == before


def test_review_only_merges_nothing_and_keeps_the_sure_pair_for_a_person(three: Any) -> None:
    done = dedupe_customers(three.workspace, review_only=True)
    assert (done.merged, done.review) == (0, 1)
    (pair,) = pairs_to_review(three.db)
    assert (pair["a_id"], pair["b_id"], pair["tier"]) == (1, 2, "auto")
    assert dedupe_customers(three.workspace).merged == 1


def test_doubtful_pairs_are_stored_with_their_reasons(office: Any) -> None:
    office.add("customer", {"name": "昆山沐钰自动化设备有限公司"}, {"name": "昆山沐钰自动化设备集团有限公司"})
    assert dedupe_customers(office.workspace).review == 1
    (pair,) = office.all("pair")
    assert (pair["tier"], pair["decision"]) == ("review", None)
    assert {"field", "level", "weight", "text", "args"} == set(pair["reasons"][0])
    assert pair["score"] > 50


def test_a_branch_is_related_and_never_merged(office: Any) -> None:
    office.add("customer", {"name": ONE_NAME}, {"name": f"{ONE_NAME}南京分公司"})
    done = dedupe_customers(office.workspace)
    assert (done.merged, done.review) == (0, 0)
    assert [(r["a_id"], r["b_id"], r["kind"]) for r in office.all("relation")] == [(1, 2, "related")]


def test_what_was_called_different_stays_apart_through_chains(office: Any) -> None:
    twins = [{"name": ONE_NAME, "city": city} for city in ("合肥", None, None)]
    office.add("customer", *twins)
    office.add("pair", {"a_id": 1, "b_id": 3, "tier": "review", "decision": "different"}, kind="decide")
    for _ in range(2):
        dedupe_customers(office.workspace)
        alive = load_candidates(office.db).survivor
        assert alive[1] != alive[3]
    assert office.get("customer", 2)["merged_into"] in (1, 3)


def test_what_was_called_the_same_is_merged_whatever_the_score(office: Any) -> None:
    office.add("customer", {"name": "甲骨文"}, {"name": "上海雅苒贸易有限公司"})
    office.add("pair", {"a_id": 1, "b_id": 2, "tier": "review", "decision": "same"}, kind="decide")
    assert dedupe_customers(office.workspace).merged == 1


def test_an_alias_is_evidence(office: Any) -> None:
    office.add("customer", {"name": "大蓝鲸"}, {"name": "上海雅苒贸易有限公司"})
    office.add("alias", {"short": "大藍鯨", "full": "上海雅苒贸易有限公司"}, kind="alias")
    assert dedupe_customers(office.workspace).merged == 1


def test_a_pair_that_an_import_noted_stays_for_a_person_while_the_phone_is_shared(office: Any) -> None:
    phone = {"phones": ["+8613800138000"]}
    office.add("customer", {"name": "北京恒远物流有限公司"} | phone, {"name": "上海雅苒贸易有限公司"} | phone)
    office.add("pair", {"a_id": 1, "b_id": 2, "tier": "review"})
    assert dedupe_customers(office.workspace).review == 1
    assert office.all("pair")[0]["score"] is not None
    office.set("customer", 2, phones=[])
    assert dedupe_customers(office.workspace).review == 0


def test_a_contradiction_with_a_former_name_keeps_a_customer_out(office: Any) -> None:
    office.add("customer", {"name": "鼎信贸易", "phones": ["+8613800138000"], "credit_code": "91310000MA1K35BN5R"})
    office.add("customer", {"name": "上海鼎信贸易有限公司", "phones": ["+8613800138000"]})
    assert dedupe_customers(office.workspace).merged == 1
    office.add("customer", {"name": "上海鼎信贸易有限公司", "credit_code": "91330206MA030309125"[:18]})
    dedupe_customers(office.workspace)
    assert office.get("customer", 3)["merged_into"] is None
