from __future__ import annotations

from collections.abc import Callable

from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.pool.plan import plan_pool
from crmcli.jobs.records.editing import add_record
from crmcli.jobs.workspace import Workspace

Office = Callable[..., Workspace]


def test_a_plan_says_who_falls_when_and_counts_the_others(office: Office) -> None:
    for day, name, owner in (("2026-06-01", "甲", "王芳"), ("2026-06-04", "乙", "李强"), ("2026-06-25", "丙", "王芳")):
        add_record(office(day), "customer", [f"name={name}", f"owner={owner}"])
    add_record(office("2026-06-01"), "customer", ["name=丁", "owner=李强"])
    add_record(office("2026-06-01"), "opportunity", ["name=改造", "customer=C4"])
    plan = plan_pool(office("2026-06-30"))
    assert [(one.document()["customer"], one.standing.remaining_days, one.notice) for one in plan.falling] == [
        ("C1", 1, True),
        ("C2", 4, False),
    ]
    assert (plan.by_owner, plan.protected, plan.later) == ({"李强": 1, "王芳": 1}, {"open_deal": 1}, 1)
    assert plan.looked_at == len(plan.falling) + len(plan.undated) + plan.later + plan.unruled + 1
    first = plan.falling[0].document()
    assert (first["falls_on"], first["owner"], first["pool"]) == ("2026-07-02", "王芳", "公海")


def test_a_plan_of_one_owner_holds_only_theirs(office: Office) -> None:
    add_record(office("2026-06-01"), "customer", ["name=甲", "owner=王芳"])
    add_record(office("2026-06-01"), "customer", ["name=乙", "owner=李强"])
    log_activity(office("2026-06-28"), "C2", "打过电话")
    assert plan_pool(office(), 20, owner="李强").by_owner == {}
    assert plan_pool(office(), 60, owner="李强").by_owner == {"李强": 1}
