from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from crmcli.config import load_settings
from crmcli.jobs.deals.verdicts import decide_collision
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.owners.collisions import Found, collisions
from crmcli.jobs.records.editing import add_record
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import open_run
from crmcli.store.records import fetch

Office = Callable[..., Workspace]
_STAFF = '[collision]\ndays = 30\n[[owner]]\nname = "王芳"\n[[owner]]\nname = "李强"\n'


@pytest.fixture
def office(desk: Any) -> Office:
    """Return what gives the workspace on a day, somebody acting in it."""

    def make(day: str = "2026-06-30", actor: str = "王芳") -> Workspace:
        workspace: Workspace = desk.workspace
        assert workspace.config_path is not None
        workspace.config_path.write_text(_STAFF, encoding="utf-8")
        clock = datetime.fromisoformat(f"{day}T10:00:00+08:00")
        return replace(workspace, settings=load_settings(workspace.config_path), clock=lambda: clock, actor=actor)

    return make


def only(workspace: Workspace, kind: str = "", *, decided: bool = False) -> Found:
    (found,) = collisions(workspace, [kind] if kind else [], decided=decided)
    return found


def test_two_who_contact_one_customer_within_the_days_collide(office: Office) -> None:
    add_record(office("2026-01-05"), "customer", ["name=华东精密", "owner=王芳"])
    add_record(office("2026-01-05"), "contact", ["name=陈工", "customer=C1"])
    log_activity(office("2026-06-10"), "C1", "打过电话")
    log_activity(office("2026-06-20", "李强"), "P1", "微信聊过")
    log_activity(office("2026-06-20", "陈工"), "P1", "客户自己说的")
    told = only(office()).document()
    assert (told["key"], told["suggestion"], told["open"]) == ("a:C1", "王芳", True)
    assert [(side["owner"], side["reported"], side["last_activity"]) for side in told["sides"]] == [
        ("王芳", "2026-01-05", "2026-06-10"),
        ("李强", "2026-06-20", "2026-06-20"),
    ]
    assert collisions(office("2026-07-15")) == [], "31 days later only one of them has been there"


def test_open_deals_of_one_customer_and_product_collide_and_a_verdict_moves_only_them(office: Office) -> None:
    add_record(office(), "customer", ["name=华东精密", "owner=王芳"])
    add_record(office(), "opportunity", ["name=一期", "customer=C1", "owner=王芳", "product=伺服"])
    add_record(office(), "opportunity", ["name=二期", "customer=C1", "owner=李强", "product=伺服"])
    add_record(office(), "opportunity", ["name=三期", "customer=C1", "owner=李强"])
    found = only(office(), "b")
    done = decide_collision(office(), found.collision.subject, "王芳", transfer=True)
    assert done.moved == ("O2",)
    deals = fetch(office().db, "opportunity", [1, 2, 3])
    assert [deal["owner"] for deal in deals.values()] == ["王芳", "王芳", "李强"]


def test_open_deals_of_no_known_customer_collide_with_nobody(office: Office) -> None:
    add_record(office(), "opportunity", ["name=一期", "owner=王芳", "product=伺服"])
    add_record(office(), "opportunity", ["name=二期", "owner=李强", "product=伺服"])
    assert collisions(office()) == []


def test_a_shared_phone_collides_through_contacts_too(office: Office) -> None:
    add_record(office("2026-02-01"), "customer", ["name=华东精密", "owner=王芳", "phones=13812345678"])
    add_record(office("2026-01-01"), "customer", ["name=昆山五金", "owner=李强"])
    add_record(office(), "contact", ["name=陈工", "customer=C2", "phones=13812345678"])
    add_record(office(), "customer", ["name=同一人的", "owner=王芳", "wechat=chen"])
    told = only(office()).document()
    assert (told["key"], told["reason"], told["suggestion"]) == ("c:C1+C2", "the same phone", "李强")
    assert told["customers"] == [{"id": "C1", "name": "华东精密"}, {"id": "C2", "name": "昆山五金"}]
    assert "13812345678" not in str(told)


def test_a_group_is_a_hint_by_relation_and_by_parent_company(office: Office) -> None:
    for name, owner in (("华东集团", "王芳"), ("华东精密", "李强"), ("昆山五金", "李强")):
        add_record(office(), "customer", [f"name={name}", f"owner={owner}"])
    with open_run(office().db, office().start("set")) as run:
        run.update("customer", fetch(run.db, "customer", [2])[2], {"parent": "华东集团"})
        run.insert("relation", [{"kind": "related", "a_id": 1, "b_id": 3}])
    found = collisions(office(), ["d"])
    assert [one.collision.subject for one in found] == ["d:C1+C2", "d:C1+C3"]
    assert all(one.document()["hint_only"] for one in found)
