from __future__ import annotations

from collections.abc import Callable

from crmcli.jobs.assigning.assign import assign_opportunities
from crmcli.jobs.journal.history import record_history
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.pool.contents import pooled, pooled_deals
from crmcli.jobs.pool.recycle import run_pool
from crmcli.jobs.records.editing import add_record
from crmcli.jobs.records.showing import show_record
from crmcli.jobs.workspace import Workspace

Office = Callable[..., Workspace]


def test_what_is_in_a_pool_is_shown_masked_with_since_why_and_whose_it_was(office: Office) -> None:
    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳", "phones=13812345678"])
    log_activity(office("2026-05-02"), "C1", "打过电话")
    add_record(office("2026-06-29"), "customer", ["name=昆山五金", "owner=王芳"])
    run_pool(office())
    (shown,) = pooled(office(), "公海")
    assert shown["customer"] == "C1"
    assert shown["phones"] == ["138****5678"]
    assert shown["since"] == "2026-06-30T10:00:00+08:00"
    assert shown["reason"] == "no follow-up since 2026-05-02: 59 days of 30"
    assert (shown["previous_owners"], shown["last_activity"]) == (["王芳"], "2026-05-02")
    assert pooled(office(), "别的") == []
    assert pooled(office(), limit=0) == []


def test_a_pool_written_as_the_owner_is_the_pool_and_was_never_anybody(office: Office) -> None:
    add_record(office("2026-06-01"), "customer", ["name=华东精密", "owner=公海"])
    (waiting,) = pooled(office(), "公海")
    assert (waiting["customer"], waiting["pool"], waiting["previous_owners"]) == ("C1", "公海", [])
    run_pool(office())
    (put_in,) = pooled(office())
    assert (put_in["previous_owners"], put_in["reason"]) == ([], "公海 was written as its owner")


def test_deals_in_a_pool_are_listed_and_shown(office: Office) -> None:
    workspace = office(settings='[assign]\nfallback = "公海"\n')
    add_record(workspace, "opportunity", ["name=年框"])
    assign_opportunities(workspace)
    (deal,) = pooled_deals(workspace, "公海")
    assert (deal["opportunity"], deal["name"], deal["pool"]) == ("O1", "年框", "公海")
    assert show_record(workspace, "opportunity", "O1")["pool"] == "公海"
    assert pooled_deals(workspace, "别的") == []


def test_a_customer_s_own_card_and_history_say_who_had_it_and_why(office: Office) -> None:
    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳"])
    run_pool(office())
    shown = show_record(office(), "customer", "C1")
    assert shown["pool"] == "公海"
    why = "no follow-up since it was received on 2026-05-01: 60 days of 30"
    assert [(row["from_owner"], row["pool"], row["reason"]) for row in shown["holdings"]] == [("王芳", "公海", why)]
    assert [entry["why"] for entry in record_history(office(), "C1")] == [None, why]
