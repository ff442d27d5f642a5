from __future__ import annotations

from collections.abc import Callable

from crmcli.jobs.editing import add_record
from crmcli.jobs.history import record_history
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.pool.contents import pooled
from crmcli.jobs.pool.recycle import run_pool
from crmcli.jobs.showing import show_record
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


def test_a_customer_s_own_card_and_history_say_who_had_it_and_why(office: Office) -> None:
    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳"])
    run_pool(office())
    shown = show_record(office(), "customer", "C1")
    assert shown["pool"] == "公海"
    why = "no follow-up since it was received on 2026-05-01: 60 days of 30"
    assert [(row["from_owner"], row["pool"], row["reason"]) for row in shown["holdings"]] == [("王芳", "公海", why)]
    assert [entry["why"] for entry in record_history(office(), "C1")] == [None, why]
