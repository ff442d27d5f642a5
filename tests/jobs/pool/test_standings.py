from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crmcli.domain.pool import Standing
from crmcli.i18n import msg
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.owners.holding import hold
from crmcli.jobs.pool.standings import standings
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import open_run
from crmcli.store.records import fetch

Office = Callable[..., Workspace]
HEAD = ("客户编号", "客户名称", "负责人", "创建时间")


def only(workspace: Workspace) -> Standing:
    (found,) = standings(workspace)
    return found


def since(workspace: Workspace) -> str | None:
    found = only(workspace).since
    return found.isoformat() if found else None


def test_migrated_customers_count_from_the_import_at_the_earliest(office: Office, desk: Any) -> None:
    desk.load(desk.write("客户.csv", HEAD, ("K1", "华东精密", "王芳", "2019-01-05")))
    assert since(office("2026-08-15")) == "2026-06-30"


def test_an_import_never_resets_a_silence_clock(office: Office, desk: Any) -> None:
    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳"])
    log_activity(office("2026-05-10"), "C1", "打过电话")
    desk.load(desk.write("客户.csv", ("客户名称", "负责人", "行业"), ("华东精密", "王芳", "机械")))
    assert desk.one("customer")["industry"] == "机械"
    assert since(office("2026-08-15")) == "2026-05-10"
    head = ("客户名称", "跟进时间", "跟进内容", "跟进人")
    desk.load(desk.write("跟进.csv", head, ("华东精密", "2026-04-02", "拜访", "王芳")))
    assert since(office("2026-08-15")) == "2026-05-10", "what it tells of is older"


def test_an_edit_resets_no_clock(office: Office) -> None:
    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳"])
    set_fields(office("2026-06-20"), "customer", "C1", ["industry=机械", "owner=王芳"])
    assert since(office("2026-08-15")) == "2026-05-01"


def test_a_new_owner_starts_the_clock_whoever_says_it(office: Office, desk: Any) -> None:
    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳"])
    set_fields(office("2026-05-20"), "customer", "C1", ["owner=李强"])
    assert since(office("2026-08-15")) == "2026-05-20"
    add_record(office("2026-05-01"), "customer", ["name=昆山五金"])
    desk.load(desk.write("客户.csv", ("客户名称", "负责人"), ("昆山五金", "王芳")))
    assert [str(one.since) for one in standings(office("2026-08-15"))] == ["2026-05-20", "2026-06-30"]


def test_a_follow_up_of_a_contact_or_a_deal_is_one_of_the_customer(office: Office) -> None:
    workspace = office("2026-05-01")
    add_record(workspace, "customer", ["name=华东精密", "owner=王芳"])
    add_record(workspace, "contact", ["name=陈工", "customer=C1"])
    add_record(workspace, "opportunity", ["name=改造", "customer=C1"])
    log_activity(office("2026-05-07"), "P1", "微信聊过")
    assert since(office("2026-08-15", "protect = []")) == "2026-05-07"
    log_activity(office("2026-05-09"), "O1", "报价")
    assert since(office("2026-08-15", "protect = []")) == "2026-05-09"
    assert since(office("2026-05-08", "protect = []")) == "2026-05-07", "as of a day only what had happened counts"


def test_a_follow_up_without_a_date_makes_nothing_recyclable(office: Office, desk: Any) -> None:
    desk.load(desk.write("客户.csv", HEAD, ("K1", "华东精密", "王芳", "2019-01-05")))
    head = ("客户名称", "跟进时间", "跟进内容")
    desk.load(desk.write("跟进.csv", head, ("华东精密", "", "拜访")))
    assert (only(office("2027-08-15")).state, only(office("2027-08-15")).falls) == ("undated", False)


def test_nobody_s_customers_and_merged_ones_have_no_clock(office: Office) -> None:
    workspace = office()
    add_record(workspace, "customer", ["name=华东精密"])
    assert standings(workspace) == []


def test_what_was_given_back_by_an_undo_counts_as_before(office: Office) -> None:
    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳"])
    workspace = office("2026-07-01")
    with open_run(workspace.db, workspace.start("pool")) as run:
        hold(run, fetch(run.db, "customer", [1])[1], None, "公海", by="rule:公海", kind="pool", reason=msg("silent"))
    undo_run(office("2026-07-02"), "R2")
    assert since(office("2026-08-15")) == "2026-05-01"
