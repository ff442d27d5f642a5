from __future__ import annotations

from typing import Any

from crmcli.jobs.deals.gates import Passing
from crmcli.jobs.deals.moves import lose_deal, move_deal, win_deal
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.office.approvals import request_approval
from crmcli.jobs.office.attachments import attach_files
from crmcli.jobs.office.tasks import add_task, finish_task
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.records.showing import show_record

SIGNED = Passing(force=True, because="合同已签")


def test_a_customer_with_all_that_belongs_to_it(desk: Any) -> None:
    add_record(desk.workspace, "customer", ["name=甲公司"])
    add_record(desk.workspace, "contact", ["name=李雷", "customer=甲公司"])
    add_record(desk.workspace, "opportunity", ["stage=", "name=年框", "customer=甲公司"])
    log_activity(desk.workspace, "李雷", "寄样品")
    add_task(desk.workspace, "C1", "拜访")
    add_task(desk.workspace, "O1", "发报价")
    finish_task(desk.workspace, "T1")
    request_approval(desk.workspace, "O1", "九折", approver="王芳")
    contract = desk.folder / "合同.txt"
    contract.write_text("合同", encoding="utf-8")
    attach_files(desk.workspace, "O1", [contract])
    add_record(desk.workspace, "contract", ["external_id=HT-1", "amount=30万", "customer=C1", "opportunity=O1"])
    add_record(desk.workspace, "payment", ["contract=HT-1", "customer=C1", "due_on=2026-08-01", "due_amount=10万"])
    shown = show_record(desk.workspace, "customer", "甲公司")
    names = {kind: [one["id"] for one in records] for kind, records in shown["belonging"].items()}
    first = {"contact": ["P1"], "opportunity": ["O1"], "activity": ["A1"]}
    work = {"task": ["T2"], "approval": ["Q1"], "attachment": ["F1"]}
    assert names == first | work | {"contract": ["J1"], "payment": ["I1"]}
    assert (shown["belonging"]["payment"][0]["due_amount"], shown["belonging"]["payment"][0]["contract_id"]) == (
        "100000.00",
        "J1",
    )
    assert shown["alternates"] == []
    assert show_record(desk.workspace, "opportunity", "O1")["belonging"].keys() == {
        "activity",
        *work,
        "contract",
        "payment",
    }


def test_a_merged_contact_does_not_belong_any_more(desk: Any) -> None:
    add_record(desk.workspace, "customer", ["name=甲公司"])
    for name in ("李雷", "李雷雷"):
        add_record(desk.workspace, "contact", [f"name={name}", "customer=C1"])
    desk.workspace.db.connection.execute("UPDATE contact SET merged_into = 1 WHERE id = 2")
    belonging = show_record(desk.workspace, "customer", "C1")["belonging"]
    assert [contact["id"] for contact in belonging["contact"]] == ["P1"]


def test_the_events_of_a_deal_in_order_money_in_yuan(desk: Any) -> None:
    add_record(desk.workspace, "opportunity", ["stage=", "name=年框", "amount=100"])
    set_fields(desk.workspace, "opportunity", "O1", ["amount=200"])
    move_deal(desk.workspace, "O1", "需求确认", at="2026-06-01")
    lose_deal(desk.workspace, "O1", "价格", note="贵")
    events = show_record(desk.workspace, "opportunity", "O1")["events"]
    keys = ("field", "from_value", "value", "reason", "note", "inferred")
    assert [tuple(event[key] for key in keys) for event in events] == [
        ("stage", None, "需求确认", None, None, False),
        ("amount", "100.00", "200.00", None, None, False),
        ("stage", "需求确认", "输单", "价格", "贵", False),
    ]


def test_other_values_that_files_gave(desk: Any) -> None:
    add_record(desk.workspace, "opportunity", ["stage=", "name=年框", "amount=100"])
    desk.workspace.db.connection.execute(
        "INSERT INTO alternate (entity, entity_id, field, value, system)"
        " VALUES ('opportunity', 1, 'amount_fen', '25000', '旧CRM'), ('opportunity', 1, 'owner', '王芳', '旧CRM')"
    )
    assert show_record(desk.workspace, "opportunity", "O1")["alternates"] == [
        {"field": "amount", "value": "250.00", "system": "旧CRM"},
        {"field": "owner", "value": "王芳", "system": "旧CRM"},
    ]


def test_an_inferred_event_that_a_known_one_overrules_is_not_in_effect(desk: Any) -> None:
    for number, name in ((1, "年框"), (2, "二期")):
        add_record(desk.workspace, "opportunity", ["stage=", f"name={name}"])
        desk.workspace.db.connection.execute(
            "INSERT INTO event (id, opportunity_id, field, value, kind, rank, inferred)"
            " VALUES (?, ?, 'stage', '初步接触', 'open', 1, 1)",
            (90 + number, number),
        )
    win_deal(desk.workspace, "O1", at="2026-06-01", passing=SIGNED)
    known, alone = (show_record(desk.workspace, "opportunity", ref)["events"] for ref in ("O1", "O2"))
    assert [(event["inferred"], event["in_effect"]) for event in known] == [(True, False), (False, True)]
    assert [(event["inferred"], event["in_effect"]) for event in alone] == [(True, True)]
