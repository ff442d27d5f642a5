from __future__ import annotations

from typing import Any

import pytest

from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.leads.qualify import LeadUnclear, Wanted, qualify_lead
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.store.records import fetch_where

_LEADS = (
    (
        "线索名称",
        "线索公司",
        "线索电话",
        "线索来源",
        "线索负责人",
        "行业",
        "职位",
        "预计金额",
        "网址",
        "线索备注",
        "线索标签",
    ),
    ("韩梅梅", "上海甲科技有限公司", "13900139000", "展会", "王芳", "机械", "经理", "5万", "x.cn", "要两台", "重点"),
)


@pytest.fixture
def lead(desk: Any) -> Any:
    desk.load(desk.write("线索.csv", *_LEADS))
    return desk


def test_nothing_is_typed_twice(lead: Any) -> None:
    log_activity(lead.workspace, "L1", "加了微信", next_at="2026-07-02", action="回访")
    made = qualify_lead(lead.workspace, "L1", Wanted())
    assert [made[kind]["made"] for kind in ("customer", "contact", "opportunity")] == [True, True, True]
    customer, contact, deal = (lead.one(kind) for kind in ("customer", "contact", "opportunity"))
    assert [customer[key] for key in ("name", "source", "industry", "owner", "tags")] == [
        "上海甲科技有限公司", "展会", "机械", "王芳", ["重点"],
    ]  # fmt: skip
    assert [contact[key] for key in ("name", "phones", "title", "customer_id")] == [
        "韩梅梅",
        ["+8613900139000"],
        "经理",
        1,
    ]
    assert [deal[key] for key in ("stage", "amount_fen", "owner", "source", "note", "next_at", "extra")] == [
        "初步接触", 5_000_000, "王芳", "展会", "要两台", "2026-07-02", {"网址": "x.cn"},
    ]  # fmt: skip
    (holding,) = fetch_where(lead.workspace.db, "holding")
    assert [holding[key] for key in ("owner", "from_owner", "kind", "by")] == ["王芳", None, "qualify", "tester"]


def test_the_lead_knows_what_it_became_and_its_follow_ups_belong_to_it(lead: Any) -> None:
    log_activity(lead.workspace, "L1", "加了微信")
    made = qualify_lead(lead.workspace, "L1", Wanted())
    keys = ("status", "decided_at", "decided_by", "customer_id", "contact_id", "opportunity_id")
    assert [made["lead"][key] for key in keys] == [
        "qualified", "2026-06-30T09:00:00+08:00", "tester", "C1", "P1", "O1",
    ]  # fmt: skip
    activity = lead.one("activity")
    assert [activity[f"{kind}_id"] for kind in ("lead", "customer", "contact", "opportunity")] == [1, 1, 1, 1]
    assert made["follow_ups"] == 1


def test_undo_takes_all_of_it_back(lead: Any, dump: Any) -> None:
    log_activity(lead.workspace, "L1", "加了微信")
    before = dump(lead.workspace.db.path)
    made = qualify_lead(lead.workspace, "L1", Wanted(amount="8万"))
    assert undo_run(lead.workspace, made["run"]).kept == []
    assert dump(lead.workspace.db.path) == before


def test_undo_keeps_what_a_person_did_since(lead: Any) -> None:
    made = qualify_lead(lead.workspace, "L1", Wanted())
    set_fields(lead.workspace, "opportunity", "O1", ["amount=9万"])
    kept = {one.record for one in undo_run(lead.workspace, made["run"]).kept}
    assert kept == {"O1", "C1"}
    assert lead.one("opportunity")["amount_fen"] == 9_000_000
    assert fetch_where(lead.workspace.db, "contact") == []
    assert lead.one("lead")["status"] is None


def test_it_joins_what_is_there_by_exact_keys(lead: Any) -> None:
    add_record(lead.workspace, "customer", ["name=上海甲科技有限公司", "owner=李伟", "industry=机床"])
    add_record(lead.workspace, "contact", ["name=韩梅梅", "customer=C1"])
    add_record(lead.workspace, "opportunity", ["name=年框", "customer=C1"])
    made = qualify_lead(lead.workspace, "L1", Wanted(opportunity="年框"))
    assert [made[kind]["made"] for kind in ("customer", "contact", "opportunity")] == [False, False, False]
    assert [lead.one("customer")[key] for key in ("owner", "industry", "source")] == ["李伟", "机床", "展会"]
    assert lead.one("contact")["phones"] == ["+8613900139000"]
    assert lead.one("opportunity")["amount_fen"] == 5_000_000
    assert made["notes"] == ["C1 is 李伟's"]


def test_a_closed_deal_of_that_name_is_another(lead: Any) -> None:
    lead.load(
        lead.write("商机.csv", ("商机名称", "客户名称", "阶段"), ("上海甲科技有限公司", "上海甲科技有限公司", "赢单"))
    )
    assert qualify_lead(lead.workspace, "L1", Wanted())["opportunity"]["id"] == "O2"


def test_a_likeness_is_told_and_noted_for_review_not_joined(lead: Any) -> None:
    add_record(lead.workspace, "customer", ["name=上海甲科技股份有限公司", "owner=李伟"])
    add_record(lead.workspace, "customer", ["name=无关"])
    add_record(lead.workspace, "contact", ["name=小韩", "customer=C2", "phones=13900139000"])
    made = qualify_lead(lead.workspace, "L1", Wanted())
    assert made["customer"] == {"id": "C3", "name": "上海甲科技有限公司", "owner": "王芳", "made": True}
    assert {one["id"]: one["owner"] for one in made["alike"]} == {"C1": "李伟", "C2": None}
    pairs = fetch_where(lead.workspace.db, "pair")
    assert [(one["a_id"], one["b_id"], one["tier"]) for one in pairs] == [(1, 3, "review"), (2, 3, "review")]


def test_the_customer_and_the_owner_may_be_said(lead: Any) -> None:
    add_record(lead.workspace, "customer", ["name=甲集团"])
    made = qualify_lead(lead.workspace, "L1", Wanted(customer="甲集团", owner="李伟", opportunity="两台"))
    assert (made["customer"]["id"], made["customer"]["owner"]) == ("C1", "李伟")
    assert (made["opportunity"]["name"], made["opportunity"]["owner"]) == ("两台", "李伟")
    assert lead.one("customer")["name"] == "甲集团"


def test_without_an_opportunity_its_note_is_the_customer_s(lead: Any) -> None:
    made = qualify_lead(lead.workspace, "L1", Wanted(has_opportunity=False))
    assert (made["opportunity"], lead.one("lead")["opportunity_id"]) == (None, None)
    assert [lead.one("customer")[key] for key in ("note", "extra")] == ["要两台", {"网址": "x.cn"}]


def test_a_person_is_known_by_a_mobile_and_never_by_name_alone(desk: Any) -> None:
    add_record(desk.workspace, "customer", ["name=张伟"])
    add_record(desk.workspace, "contact", ["name=张先生", "customer=C1", "phones=13900139000"])
    add_record(desk.workspace, "lead", ["name=张伟", "phones=13900139000"])
    add_record(desk.workspace, "lead", ["name=张伟", "phones=13900139001"])
    assert qualify_lead(desk.workspace, "L1", Wanted())["customer"]["id"] == "C1"
    other = qualify_lead(desk.workspace, "L2", Wanted())
    assert (other["customer"]["id"], [one["id"] for one in other["alike"]]) == ("C2", ["C1"])


def test_a_customer_in_a_pool_stays_there(lead: Any) -> None:
    add_record(lead.workspace, "customer", ["name=上海甲科技有限公司"])
    lead.workspace.db.connection.execute("UPDATE customer SET pool = '公海'")
    made = qualify_lead(lead.workspace, "L1", Wanted())
    assert [lead.one("customer")[key] for key in ("owner", "pool")] == [None, "公海"]
    assert (made["opportunity"]["owner"], len(made["notes"])) == ("王芳", 1)


def test_who_is_nobody_is_refused(desk: Any) -> None:
    desk.load(desk.write("线索.csv", ("线索编号", "线索名称", "线索公司", "线索电话"), ("1", "", "", "13900139000")))
    with pytest.raises(LeadUnclear):
        qualify_lead(desk.workspace, "L1", Wanted())
    assert fetch_where(desk.workspace.db, "customer") == []


def test_a_dry_run_does_all_and_leaves_nothing(lead: Any, dump: Any) -> None:
    before = dump(lead.workspace.db.path)
    assert qualify_lead(lead.workspace, "L1", Wanted(), dry_run=True)["run"] is None
    assert dump(lead.workspace.db.path) == before


def test_a_later_sheet_does_not_take_a_decision_back(lead: Any) -> None:
    qualify_lead(lead.workspace, "L1", Wanted())
    rows = (("线索名称", "线索公司", "线索电话", "线索状态"), ("韩梅梅", "上海甲科技有限公司", "13900139000", "无效"))
    lead.load(lead.write("下周.csv", *rows))
    assert lead.one("lead")["status"] == "qualified"
