from __future__ import annotations

from typing import Any

import pytest

from crmcli.config import load_settings
from crmcli.domain.handover import shares
from crmcli.domain.records import ENTITIES
from crmcli.jobs.deals.gates import Passing
from crmcli.jobs.deals.moves import lose_deal, move_deal
from crmcli.jobs.handover.handing_over import HandedOver, NoHeir, UnknownLeaver, hand_over
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.leads.decided import disqualify_lead
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.store.journal import open_run
from crmcli.store.records import fetch_where

BOTH = ("王芳", "李伟")


@pytest.fixture
def leaving(desk: Any) -> Any:
    """Return a workspace in which 张强 has five customers, deals in two of them, a lead, a task and plans."""
    workspace = desk.workspace
    for name in ("张强", *BOTH):
        add_record(workspace, "owner", [f"name={name}"])
    for number in range(1, 6):
        add_record(workspace, "customer", [f"name=客户{number}", "owner=张强"])
    add_record(workspace, "customer", ["name=别人的", "owner=王芳"])
    add_record(workspace, "contact", ["name=韩梅梅", "customer=C1", "owner=张强"])
    for name, customer, amount in (
        ("年框", "C1", "5万"),
        ("配件", "C1", "1万"),
        ("试用", "C2", "3万"),
        ("旧单", "C3", "9万"),
    ):
        add_record(workspace, "opportunity", [f"name={name}", f"customer={customer}", f"amount={amount}", "owner=张强"])
    move_deal(workspace, "O1", "方案报价", passing=Passing(force=True, because="已报价"))
    lose_deal(workspace, "O4", "价格")
    add_record(workspace, "lead", ["name=李雷", "company=新公司", "owner=张强"])
    add_record(workspace, "lead", ["name=李四", "company=空公司", "owner=张强"])
    disqualify_lead(workspace, "L2", "无需求")
    log_activity(workspace, "O1", "报价已发", next_at="2026-07-05", action="回访")
    with open_run(workspace.db, workspace.start("task")) as run:
        tasks = [{"title": "寄样", "owner": "张强", "due": "2026-07-02", "opportunity_id": 1, "customer_id": 1}]
        tasks += [{"title": "报销", "owner": "张强", "due": None, "opportunity_id": None, "customer_id": None}]
        run.insert("task", [ENTITIES["task"].blank() | task for task in tasks])
    return workspace


def _counts(done: HandedOver) -> list[int]:
    return [done.count(kind) for kind in ("customer", "contact", "lead", "opportunity", "task", "plan")]


def _owners(workspace: Any, kind: str) -> list[str | None]:
    return [record["owner"] for record in fetch_where(workspace.db, kind)]


def test_one_person_gets_all_that_is_open(leaving: Any) -> None:
    done = hand_over(leaving, "张强", ["王芳"])
    assert _counts(done) == [5, 1, 1, 3, 2, 1]
    assert done.fen == {"CNY": 9_000_000}
    assert done.unplaced == ()
    assert _owners(leaving, "customer") == ["王芳"] * 6
    assert _owners(leaving, "opportunity") == ["王芳"] * 3 + ["张强"]
    assert _owners(leaving, "lead") == ["王芳", "张强"]
    assert _owners(leaving, "task") == ["王芳", "王芳"]
    holdings = [(one["from_owner"], one["owner"], one["kind"]) for one in fetch_where(leaving.db, "holding")]
    assert holdings[-5:] == [("张强", "王芳", "handover")] * 5


def test_stage_amount_and_follow_ups_are_not_touched(leaving: Any) -> None:
    def untouched() -> list[Any]:
        deals = fetch_where(leaving.db, "opportunity")
        kept = [
            {key: value for key, value in deal.items() if key not in ("owner", "owner_by", "pool")} for deal in deals
        ]
        stages = fetch_where(leaving.db, "event", "field = 'stage'")
        return [kept, stages, fetch_where(leaving.db, "activity")]

    before = untouched()
    hand_over(leaving, "张强", BOTH)
    assert untouched() == before


def test_several_share_evenly_and_a_customer_s_records_stay_together(leaving: Any) -> None:
    hand_over(leaving, "张强", BOTH)
    got = _owners(leaving, "customer")[:5]
    assert sorted([got.count("王芳"), got.count("李伟")]) == [2, 3]
    deals = {deal["name"]: deal["owner"] for deal in fetch_where(leaving.db, "opportunity")}
    assert deals["年框"] == deals["配件"] == got[0]
    assert deals["试用"] == got[1] != got[0]
    assert _owners(leaving, "contact") == [got[0]]
    assert _owners(leaving, "task")[0] == got[0]


def test_closed_ones_go_along_where_that_is_asked(leaving: Any) -> None:
    hand_over(leaving, "张强", ["王芳"], closed=True)
    assert _owners(leaving, "opportunity") == ["王芳"] * 4
    assert _owners(leaving, "lead") == ["王芳"] * 2


def test_closed_deals_are_no_open_amount_and_an_unknown_amount_is_none(leaving: Any) -> None:
    add_record(leaving, "opportunity", ["name=金额未知", "customer=C4", "owner=张强"])
    done = hand_over(leaving, "张强", ["王芳"], closed=True)
    assert done.count("opportunity") == 5
    assert done.fen == {"CNY": 9_000_000}
    assert shares(done.items, "CNY")["王芳"].fen == {"CNY": 9_000_000}
    customers = {item.id: (item.deals, item.fen, item.currency) for item in done.items if item.kind == "customer"}
    assert customers == {
        "C1": (2, 6_000_000, "CNY"), "C2": (1, 3_000_000, "CNY"), "C3": (0, 0, "CNY"), "C4": (1, None, None),
        "C5": (0, 0, "CNY"),
    }  # fmt: skip


def test_the_last_contact_is_the_customer_s_or_the_deal_s(leaving: Any) -> None:
    log_activity(leaving, "C2", "打过电话")
    last = {item.id: item.last_contact for item in hand_over(leaving, "张强", ["王芳"]).items}
    day = "2026-06-30"
    assert [last[number] for number in ("C1", "O1", "C2", "O3", "C3")] == [day, day, day, day, None]


def test_who_has_more_than_they_may_is_told(leaving: Any) -> None:
    staff = '[[owner]]\nname = "王芳"\nmax_open = 2\n[[owner]]\nname = "李伟"\nmax_open = 3\n'
    workspace = _configured(leaving, staff)
    notes = [str(note) for note in hand_over(workspace, "张强", ["王芳"], keep_active=True, dry_run=True).notes]
    assert notes == ["王芳 has 3 open opportunities now, more than max_open = 2"]
    assert hand_over(workspace, "张强", ["李伟"], keep_active=True).notes == ()


def test_the_leaver_is_no_owner_any_more_unless_that_is_said(leaving: Any) -> None:
    hand_over(leaving, "张强", ["王芳"], keep_active=True)
    assert [one["active"] for one in fetch_where(leaving.db, "owner")] == [None, None, None]
    hand_over(leaving, "张强", ["王芳"])
    assert [one["active"] for one in fetch_where(leaving.db, "owner")] == [0, None, None]


def _configured(leaving: Any, text: str) -> Any:
    from dataclasses import replace

    leaving.config_path.write_text(text, encoding="utf-8")
    return replace(leaving, settings=load_settings(leaving.config_path))


def test_what_crm_toml_must_say_is_told(leaving: Any) -> None:
    workspace = _configured(
        leaving,
        '[[owner]]\nname = "张强"\nactive = true\n[[owner]]\nname = "王芳"\nmanager = "张强"\n'
        '[[owner]]\nname = "李伟"\ndeputy = "张强"\n',
    )
    with open_run(workspace.db, workspace.start("approve")) as run:
        asked = ENTITIES["approval"].blank() | {"subject": "折扣", "approver": "张强", "opportunity_id": 1}
        run.insert("approval", [asked, asked | {"decision": "approved"}])
    notes = [str(note) for note in hand_over(workspace, "张强", ["王芳"]).notes]
    assert notes == [
        'write active = false under [[owner]] name = "张强" in crm.toml',
        "张强 is the manager of 王芳: give them another",
        "张强 is the deputy of 李伟: give them another",
        "1 approvals wait for 张强: ask somebody else",
    ]


RULES = """
[[owner]]
name = "张强"
[[owner]]
name = "王芳"
[[owner]]
name = "李伟"
max_open = 2
[[assign.rule]]
name = "轮流"
to = "*"
"""


def test_by_rules_the_leaver_gets_nothing_and_customers_stay_together(leaving: Any) -> None:
    workspace = _configured(leaving, RULES)
    done = hand_over(workspace, "张强", ["rules"])
    assert _counts(done) == [5, 1, 1, 3, 2, 1]
    assert "张强" not in _owners(workspace, "customer")
    deals = {deal["name"]: (deal["owner"], deal["owner_by"]) for deal in fetch_where(workspace.db, "opportunity")}
    assert deals["年框"] == deals["配件"] == ("王芳", "rule")
    assert deals["试用"] == ("李伟", "rule")
    assert _owners(workspace, "customer")[:2] == ["王芳", "李伟"]
    assert [one["rule"] for one in fetch_where(workspace.db, "assignment")] == ["轮流", "sticky", "轮流"]
    assert undo_run(workspace, str(done.run)).kept == []
    assert set(_owners(workspace, "opportunity")) == {"张强"}
    assert fetch_where(workspace.db, "cursor") == []


@pytest.mark.parametrize("limit", ["max_open", "max_per_day", "max_per_month"])
def test_by_rules_nobody_gets_more_than_they_may_and_a_customer_s_deals_stay_together(leaving: Any, limit: str) -> None:
    staff = f'[[owner]]\nname = "王芳"\n{limit} = 1\n[[owner]]\nname = "李伟"\nactive = false\n'
    workspace = _configured(leaving, staff + '[[assign.rule]]\nname = "全部"\nto = "*"\n')
    done = hand_over(workspace, "张强", ["rules"])
    told = fetch_where(leaving.db, "assignment")
    assert [(one["opportunity_id"], one["owner"], one["pool"], one["rule"]) for one in told] == [
        (1, None, "公海", "fallback"),
        (2, None, "公海", "sticky"),
        (3, "王芳", None, "全部"),
    ]
    assert told[1]["reason"]["text"] == "goes along with its customer"
    why = "no rule gives it to anybody: no room with 王芳 for 2 open opportunities together"
    assert {item.id: str(item.heir.why) for item in done.unplaced} == dict.fromkeys(("C1", "O1", "O2", "P1", "T1"), why)


def test_a_customer_goes_to_who_has_room_for_all_of_it(leaving: Any) -> None:
    staff = '[[owner]]\nname = "王芳"\nmax_open = 1\n[[owner]]\nname = "李伟"\nmax_open = 2\n'
    workspace = _configured(leaving, staff + '[[assign.rule]]\nname = "全部"\nto = "*"\n')
    done = hand_over(workspace, "张强", ["rules"])
    assert done.notes == ()
    assert _owners(workspace, "opportunity") == ["李伟", "李伟", "王芳", "张强"]


def test_who_finds_nobody_is_in_the_pool_and_listed(leaving: Any) -> None:
    workspace = _configured(leaving, '[[assign.rule]]\nname = "大单"\nwhen = { amount = ">= 40000" }\nto = "王芳"\n')
    done = hand_over(workspace, "张强", ["rules"])
    assert {item.id: item.heir.pool for item in done.unplaced} == {
        "C2": "公海", "C3": "公海", "C4": "公海", "C5": "公海", "O3": "公海", "L1": None, "T2": None,
    }  # fmt: skip
    assert [(one["owner"], one["pool"]) for one in fetch_where(workspace.db, "customer")][:2] == [
        ("王芳", None), (None, "公海"),
    ]  # fmt: skip
    assert [(one["owner"], one["pool"]) for one in fetch_where(workspace.db, "opportunity")] == [
        ("王芳", None), ("王芳", None), (None, "公海"), ("张强", None),
    ]  # fmt: skip


def test_undo_keeps_what_a_person_did_since(leaving: Any, dump: Any) -> None:
    before = dump(leaving.db.path)
    done = hand_over(leaving, "张强", BOTH)
    assert undo_run(leaving, str(done.run)).kept == []
    assert dump(leaving.db.path) == before
    done = hand_over(leaving, "张强", ["王芳"])
    set_fields(leaving, "customer", "C5", ["owner=李伟"])
    kept = {(one.record, one.field) for one in undo_run(leaving, str(done.run)).kept}
    assert kept == {("C5", "owner")}
    assert _owners(leaving, "customer") == ["张强"] * 4 + ["李伟", "王芳"]


def test_a_dry_run_says_the_same_and_leaves_nothing(leaving: Any, dump: Any) -> None:
    before = dump(leaving.db.path)
    tried = hand_over(leaving, "张强", BOTH, dry_run=True)
    assert dump(leaving.db.path) == before
    done = hand_over(leaving, "张强", BOTH)
    assert (tried.run, tried.items) == (None, done.items)


@pytest.mark.parametrize("to", ["张强", "谁也不是", "赵离"])
def test_nobody_takes_over_who_cannot(leaving: Any, to: str, dump: Any) -> None:
    add_record(leaving, "owner", ["name=赵离", "active=否"])
    before = dump(leaving.db.path)
    with pytest.raises(NoHeir):
        hand_over(leaving, "张强", [to])
    assert dump(leaving.db.path) == before


def test_who_is_nobody_hands_over_nothing(leaving: Any) -> None:
    with pytest.raises(UnknownLeaver):
        hand_over(leaving, "谁也不是", ["王芳"])
    assert _counts(hand_over(leaving, "李伟", ["王芳"])) == [0] * 6
