from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.owners.holding import reason_of
from crmcli.jobs.pool.claim import claim_customer
from crmcli.jobs.pool.plan import plan_pool
from crmcli.jobs.pool.recycle import run_pool
from crmcli.jobs.pool.standings import standings
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch, fetch_where

Office = Callable[..., Workspace]


def silent(office: Office) -> None:
    """Make a customer whom nobody contacts, with an open deal."""
    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳"])
    add_record(office("2026-05-01"), "opportunity", ["name=改造", "customer=C1", "owner=王芳", "stage=初步接触"])


def test_a_customer_falls_with_its_reason_and_its_last_owner_is_kept(office: Office) -> None:
    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳"])
    workspace = office()
    planned = plan_pool(workspace, 0)
    done = run_pool(workspace)
    assert [one.customer for one in done.fallen] == [one.document()["customer"] for one in planned.falling] == ["C1"]
    customer = fetch(workspace.db, "customer", [1])[1]
    assert (customer["owner"], customer["pool"]) == (None, "公海")
    kept = fetch_where(workspace.db, "holding", "pool = '公海'")[0]
    assert (kept["from_owner"], kept["by"], kept["kind"]) == ("王芳", "rule:公海", "pool")
    assert str(reason_of(kept)) == "no follow-up since it was received on 2026-05-01: 60 days of 30"
    assert run_pool(workspace).fallen == [], "what is in a pool does not fall again"


def test_a_dry_run_says_the_same_and_leaves_everything(office: Office) -> None:
    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳"])
    tried = run_pool(office(), dry_run=True)
    assert (tried.run, [one.customer for one in tried.fallen]) == (None, ["C1"])
    assert fetch(office().db, "customer", [1])[1]["owner"] == "王芳"


@pytest.mark.parametrize(
    ("choice", "owner", "pool", "stage", "status"),
    [
        ("keep", "王芳", None, "初步接触", "open"),
        ("move", None, "公海", "初步接触", "open"),
        ("close", "王芳", None, "无效", "void"),
    ],
)
def test_open_deals_go_by_the_pool_s_choice(
    office: Office, choice: str, owner: str | None, pool: str | None, stage: str, status: str
) -> None:
    silent(office)
    workspace = office(more=f'protect = []\nopen_deals = "{choice}"')
    (fallen,) = run_pool(workspace).fallen
    deal = fetch(workspace.db, "opportunity", [1])[1]
    assert (fallen.open_deals, fallen.deals) == (choice, ("O1",))
    assert (deal["owner"], deal["pool"], deal["stage"], deal["status"]) == (owner, pool, stage, status)


def test_an_open_deal_protects_unless_crm_toml_says_otherwise(office: Office) -> None:
    silent(office)
    done = run_pool(office())
    assert (done.fallen, done.protected) == ([], {"open_deal": 1})


@pytest.mark.parametrize("choice", ["keep", "move", "close"])
def test_a_run_can_be_taken_back_whole(office: Office, choice: str) -> None:
    silent(office)
    workspace = office(more=f'protect = []\nopen_deals = "{choice}"')
    before = [fetch_where(workspace.db, kind) for kind in ("customer", "opportunity", "holding", "event")]
    done = run_pool(workspace)
    back = undo_run(workspace, done.run or "")
    assert back.kept == []
    assert [fetch_where(workspace.db, kind) for kind in ("customer", "opportunity", "holding", "event")] == before


def test_an_undo_leaves_a_customer_to_whom_it_was_given_since(office: Office) -> None:
    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳"])
    done = run_pool(office())
    set_fields(office("2026-07-01"), "customer", "C1", ["owner=李强"])
    back = undo_run(office("2026-07-02"), done.run or "")
    assert fetch(office().db, "customer", [1])[1]["owner"] == "李强"
    assert [(kept.record, kept.field) for kept in back.kept] == [("C1", "owner")]


def test_whom_a_sheet_calls_the_pool_s_is_put_into_it(office: Office, desk: Any) -> None:
    desk.load(desk.write("客户.csv", ("客户名称", "负责人"), ("华东精密", "公海"), ("昆山五金", "王芳")))
    assert [one.customer for one in standings(office())] == [2]
    done = run_pool(office())
    customer = fetch(office().db, "customer", [1])[1]
    assert (done.named, done.fallen, customer["owner"], customer["pool"]) == (1, [], None, "公海")
    assert run_pool(office()).named == 0


def test_a_pool_that_is_off_takes_nobody(office: Office) -> None:
    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳"])
    assert run_pool(office(more="enabled = false")).fallen == []


def test_contacts_have_no_owner_in_a_pool_and_the_claimer_after_it(office: Office) -> None:
    add_record(office("2026-05-01"), "customer", ["name=华东精密", "owner=王芳"])
    for name, owner in (("李总", "王芳"), ("韩工", "李强"), ("小赵", "")):
        add_record(office("2026-05-01"), "contact", [f"name={name}", "customer=C1", f"owner={owner}"])

    def contacts() -> list[str | None]:
        return [contact["owner"] for contact in fetch_where(office().db, "contact")]

    run = run_pool(office()).run or ""
    assert contacts() == [None, "李强", None]
    assert undo_run(office(), run).kept == []
    assert contacts() == ["王芳", "李强", None]
    run_pool(office())
    claimed = claim_customer(office("2026-07-20"), "C1", "李强")
    assert contacts() == ["李强", "李强", "李强"]
    undo_run(office("2026-07-20"), claimed.run or "")
    assert contacts() == [None, "李强", None]
