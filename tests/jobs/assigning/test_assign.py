from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from crmcli.config.findings import ConfigError
from crmcli.jobs.assigning.assign import Assignment, assign_opportunities
from crmcli.jobs.deals.gates import Passing
from crmcli.jobs.deals.moves import lose_deal, win_deal
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch_where

SIGNED = Passing(force=True, because="合同已签")

TEAM = """
[[owner]]
name = "张伟"
team = "华东"
weight = 2
[[owner]]
name = "王芳"
team = "华东"
[[owner]]
name = "赵磊"
active = false
"""
BY_WEIGHT = '[[assign.rule]]\nname = "轮流"\nto = { team = "华东" }\nstrategy = "weighted"\n'
Office = Callable[..., Workspace]


@pytest.fixture
def office(desk: Any) -> Office:
    """Return a workspace with these settings and so many open deals, one a customer."""

    def make(settings: str = TEAM + BY_WEIGHT, deals: int = 0) -> Workspace:
        workspace: Workspace = desk.workspace
        assert workspace.config_path is not None
        workspace.config_path.write_text(settings, encoding="utf-8")
        for number in range(1, deals + 1):
            add_record(workspace, "customer", [f"name=客户{number}"])
            add_record(
                workspace,
                "opportunity",
                ["stage=", f"name=商机{number}", f"customer=C{number}", "created_at=2026-01-05"],
            )
        return workspace

    return make


def on(workspace: Workspace, day: str) -> Workspace:
    return replace(workspace, clock=lambda: datetime.fromisoformat(f"{day}T10:00:00+08:00"))


def owners(workspace: Workspace) -> list[str | None]:
    return [deal["owner"] for deal in fetch_where(workspace.db, "opportunity")]


def skipped(done: Assignment) -> list[tuple[str, str]]:
    return [(skip.name, str(skip.why)) for decision in done.decisions for skip in decision.skipped]


def test_weights_decide_and_the_same_state_gives_the_same_answer(office: Office) -> None:
    workspace = office(deals=6)
    tried = assign_opportunities(workspace, dry_run=True)
    done = assign_opportunities(workspace)
    assert tried.decisions == done.decisions
    assert (tried.run, done.unassigned, done.by_owner) == (None, 0, {"张伟": 4, "王芳": 2})
    assert Counter(owners(workspace)) == {"张伟": 4, "王芳": 2}
    assert {deal["owner_by"] for deal in fetch_where(workspace.db, "opportunity")} == {"rule"}


def test_undo_gives_back_the_cursor_and_the_next_run_decides_the_same(office: Office) -> None:
    workspace = office(deals=1)
    assign_opportunities(workspace)
    cursor = fetch_where(workspace.db, "cursor")
    for number in (2, 3):
        add_record(workspace, "opportunity", ["stage=", f"name=商机{number}"])
    done = assign_opportunities(workspace)
    assert fetch_where(workspace.db, "cursor") != cursor
    assert undo_run(workspace, str(done.run)).kept == []
    assert fetch_where(workspace.db, "cursor") == cursor
    assert owners(workspace) == ["张伟", None, None]
    assert assign_opportunities(workspace).decisions == done.decisions


def test_other_weights_begin_the_round_anew_and_undo_gives_back_where_it_stood(office: Office) -> None:
    workspace = office(deals=4)
    assign_opportunities(workspace)
    cursor = fetch_where(workspace.db, "cursor")
    other = replace(workspace, settings=office(TEAM.replace("weight = 2", "weight = 3") + BY_WEIGHT).settings)
    for number in range(5, 9):
        add_record(workspace, "opportunity", ["stage=", f"name=商机{number}"])
    done = assign_opportunities(other)
    assert done.by_owner == {"张伟": 3, "王芳": 1}
    undo_run(workspace, str(done.run))
    assert fetch_where(workspace.db, "cursor") == cursor
    assert assign_opportunities(other).decisions == done.decisions


def test_the_rounds_go_on_when_the_first_run_is_taken_back_under_later_ones(office: Office) -> None:
    workspace = office(deals=1)
    first = str(assign_opportunities(workspace).run)
    add_record(workspace, "opportunity", ["stage=", "name=商机2"])
    assign_opportunities(workspace)
    cursor = fetch_where(workspace.db, "cursor")
    undone = undo_run(workspace, first)
    assert (owners(workspace)[0], fetch_where(workspace.db, "cursor")) == (None, cursor)
    undo_run(workspace, str(undone.run))
    assert (owners(workspace)[0], fetch_where(workspace.db, "cursor")) == ("张伟", cursor)


def test_a_persons_later_word_stays_when_assignment_is_undone(office: Office) -> None:
    workspace = office(deals=3)
    run = str(assign_opportunities(workspace).run)
    set_fields(workspace, "opportunity", "O2", ["owner=赵磊"])
    kept = undo_run(workspace, run).kept
    assert {(one.record, one.field) for one in kept} == {("O2", "owner"), ("O2", "owner_by")}
    assert owners(workspace) == [None, "赵磊", None]


def test_limits_hold_over_runs_and_days(office: Office) -> None:
    limited = TEAM.replace('name = "王芳"', 'name = "王芳"\nmax_per_day = 1\nmax_per_month = 2').replace(
        'name = "张伟"', 'name = "张伟"\nmax_open = 1'
    )
    workspace = office(limited + BY_WEIGHT, deals=4)
    first = assign_opportunities(on(workspace, "2026-06-10"))
    assert (first.by_owner, first.unassigned) == ({"张伟": 1, "王芳": 1}, 2)
    assert ("王芳", "full: 1 of 1 today") in skipped(first)
    assert assign_opportunities(on(workspace, "2026-06-10")).unassigned == 2
    assert assign_opportunities(on(workspace, "2026-06-11")).by_owner == {"王芳": 1}
    month = assign_opportunities(on(workspace, "2026-06-12"))
    assert ("王芳", "full: 2 of 2 this month") in skipped(month)
    win_deal(on(workspace, "2026-06-12"), f"O{1 + owners(workspace).index('张伟')}", passing=SIGNED)
    assert assign_opportunities(on(workspace, "2026-06-13")).by_owner == {"张伟": 1}
    add_record(workspace, "opportunity", ["stage=", "name=商机5"])
    assert assign_opportunities(on(workspace, "2026-07-01")).by_owner == {"王芳": 1}


def test_a_deal_in_the_pool_is_looked_at_again(office: Office) -> None:
    away = TEAM.replace('name = "王芳"', 'name = "王芳"\nactive = false').replace(
        'name = "张伟"', 'name = "张伟"\nleave = [["2026-06-01", "2026-06-15"]]'
    )
    workspace = office(away + BY_WEIGHT, deals=1)
    fallen = assign_opportunities(on(workspace, "2026-06-10"))
    assert [(d.owner, d.pool, d.rule) for d in fallen.decisions] == [(None, "公海", "fallback")]
    assert ("张伟", "on leave from 2026-06-01 to 2026-06-15") in skipped(fallen)
    assert fetch_where(workspace.db, "opportunity")[0]["pool"] == "公海"
    assert assign_opportunities(on(workspace, "2026-06-16")).by_owner == {"张伟": 1}
    assert fetch_where(workspace.db, "opportunity")[0]["pool"] is None


def test_a_customers_owner_comes_first_its_own_before_that_of_its_deals(office: Office) -> None:
    workspace = office(deals=2)
    set_fields(workspace, "opportunity", "O1", ["owner=王芳"])
    set_fields(workspace, "customer", "C2", ["owner=王芳"])
    for customer in ("C1", "C2"):
        add_record(workspace, "opportunity", ["stage=", "name=二期", f"customer={customer}"])
    done = assign_opportunities(workspace)
    assert [(d.opportunity, d.owner, d.rule) for d in done.decisions] == [
        (2, "王芳", "sticky"),
        (3, "王芳", "sticky"),
        (4, "王芳", "sticky"),
    ]


def test_an_active_owner_of_the_customer_goes_before_one_who_left(office: Office) -> None:
    workspace = office(deals=1)
    set_fields(workspace, "customer", "C1", ["owner=赵磊"])
    set_fields(workspace, "opportunity", "O1", ["owner=王芳"])
    add_record(workspace, "opportunity", ["stage=", "name=二期", "customer=C1"])
    assert [(d.owner, d.rule) for d in assign_opportunities(workspace).decisions] == [("王芳", "sticky")]


def test_an_owner_who_left_is_passed_over_and_named(office: Office) -> None:
    workspace = office(deals=1)
    set_fields(workspace, "customer", "C1", ["owner=赵磊"])
    done = assign_opportunities(workspace)
    assert [(d.owner, d.rule) for d in done.decisions] == [("张伟", "轮流")]
    assert skipped(done) == [("赵磊", "left the company")]


def test_deals_of_merged_customers_are_one_customers(office: Office) -> None:
    workspace = office(deals=2)
    set_fields(workspace, "customer", "C1", ["owner=王芳"])
    workspace.db.connection.execute("UPDATE customer SET merged_into = 1 WHERE id = 2")
    workspace.db.connection.execute("UPDATE opportunity SET customer_id = 1 WHERE id = 2")
    assert [d.owner for d in assign_opportunities(workspace).decisions] == ["王芳", "王芳"]


def test_an_owner_is_taken_only_on_reassign_and_never_where_nobody_knows_him(office: Office) -> None:
    only = TEAM + '[[assign.rule]]\nname = "专人"\nto = "王芳"\nstrategy = "fixed"\n'
    workspace = office(only, deals=3)
    for number, owner in ((1, "张伟"), (2, "老王")):
        set_fields(workspace, "opportunity", f"O{number}", [f"owner={owner}"])
    done = assign_opportunities(workspace)
    assert (done.by_owner, done.unknown_owners) == ({"王芳": 1}, ("老王",))
    again = assign_opportunities(workspace, reassign=True)
    assert [d.opportunity for d in again.decisions] == [1, 3]
    assert owners(workspace) == ["王芳", "老王", "王芳"]
    assert len(fetch_where(workspace.db, "assignment")) == 2


def test_a_pool_s_name_in_a_sheet_s_owner_column_is_nobody(office: Office) -> None:
    workspace = office()
    add_record(workspace, "opportunity", ["stage=", "name=甲", "owner=公海"])
    done = assign_opportunities(workspace)
    assert (done.unknown_owners, done.unassigned) == ((), 0)
    assert owners(workspace) == list(done.by_owner)
    assert owners(workspace) != ["公海"]


def test_reassign_leaves_a_deal_with_its_owner_where_no_rule_wants_it(office: Office) -> None:
    workspace = office(TEAM, deals=1)
    set_fields(workspace, "opportunity", "O1", ["owner=王芳"])
    assert assign_opportunities(workspace, reassign=True).by_owner == {"王芳": 1}
    assert fetch_where(workspace.db, "assignment") == []


def test_loads_count_names_however_they_are_written(office: Office) -> None:
    english = '[[owner]]\nname = "Anna Lee"\nmax_open = 1\n[[assign.rule]]\nname = "all"\nto = "*"\n'
    workspace = office(english, deals=2)
    workspace.db.connection.execute("UPDATE opportunity SET owner = 'ANNA  LEE' WHERE id = 1")
    done = assign_opportunities(workspace)
    assert (done.unassigned, done.unknown_owners) == (1, ())
    assert ("Anna Lee", "full: 1 of 1 open") in skipped(done)


def test_only_open_deals_are_looked_at(office: Office) -> None:
    workspace = office(deals=2)
    lose_deal(workspace, "O1", "价格")
    win_deal(workspace, "O2", at="2026-07-05", passing=SIGNED)
    assert [d.opportunity for d in assign_opportunities(workspace, dry_run=True).decisions] == [2]
    assert assign_opportunities(on(workspace, "2026-07-06")).decisions == ()


def test_a_rule_that_names_nobody_stops_everything(office: Office) -> None:
    workspace = office(TEAM + '[[assign.rule]]\nname = "错"\nto = "王方"\n', deals=1)
    with pytest.raises(ConfigError, match="王芳"):
        assign_opportunities(workspace)
    assert owners(workspace) == [None]


def test_assignment_is_kept_with_its_reason_and_as_an_event(office: Office) -> None:
    workspace = office(deals=1)
    assign_opportunities(workspace)
    (kept,) = fetch_where(workspace.db, "assignment")
    assert (kept["owner"], kept["rule"], kept["reason"]["args"]) == ("张伟", "轮流", {"rule": "轮流", "owner": "张伟"})
    (event,) = fetch_where(workspace.db, "event")
    assert [event[key] for key in ("field", "from_value", "value", "by")] == ["owner", None, "张伟", "rule:轮流"]


def test_a_run_that_brings_nothing_new_leaves_no_trace_but_itself(office: Office) -> None:
    workspace = office("", deals=1)
    assert assign_opportunities(workspace).unassigned == 1
    before = [fetch_where(workspace.db, kind) for kind in ("assignment", "event", "opportunity", "cursor")]
    assert assign_opportunities(workspace).unassigned == 1
    assert [fetch_where(workspace.db, kind) for kind in ("assignment", "event", "opportunity", "cursor")] == before


def test_no_rules_and_no_owners(office: Office) -> None:
    workspace = office("")
    assert assign_opportunities(workspace).decisions == ()


def test_a_deputy_is_named_on_the_deal_and_the_customer_stays_the_absent_owners(office: Office) -> None:
    away = TEAM.replace('name = "王芳"', 'name = "王芳"\ndeputy = "张伟"\nleave = [["2026-06-10", "2026-06-12"]]')
    workspace = office(away + BY_WEIGHT, deals=1)
    set_fields(workspace, "opportunity", "O1", ["owner=王芳"])
    add_record(workspace, "opportunity", ["stage=", "name=二期", "customer=C1"])
    done = assign_opportunities(on(workspace, "2026-06-11"))
    assert [(d.owner, d.deputy_for) for d in done.decisions] == [("张伟", "王芳")]
    assert fetch_where(workspace.db, "opportunity")[1]["extra"] == {"代管": "王芳"}
    assert fetch_where(workspace.db, "event")[-1]["reason"] == "代管 王芳"
    add_record(workspace, "opportunity", ["stage=", "name=三期", "customer=C1"])
    assert assign_opportunities(on(workspace, "2026-06-15")).by_owner == {"王芳": 1}
    set_fields(workspace, "opportunity", "O2", ["owner=王芳"])
    assert fetch_where(workspace.db, "opportunity")[1]["extra"] == {}


def test_the_territory_comes_from_the_address_else_the_area_code_else_it_is_unknown(office: Office) -> None:
    rules = (
        '[[assign.rule]]\nname = "江苏"\nwhen = { province = "江苏" }\nto = "王芳"\n'
        '[[assign.rule]]\nname = "不明"\nwhen = { province = "" }\nto = "张伟"\n'
    )
    workspace = office(TEAM + rules)
    for number, said in enumerate(("address=江苏省苏州市吴中区", "phones=0512-62345678", "phones=13800000000"), 1):
        add_record(workspace, "customer", [f"name=客户{number}", said])
        add_record(workspace, "opportunity", ["stage=", f"name=商机{number}", f"customer=C{number}"])
    done = assign_opportunities(workspace)
    assert [(d.owner, d.rule) for d in done.decisions] == [("王芳", "江苏"), ("王芳", "江苏"), ("张伟", "不明")]
