from __future__ import annotations

from typing import Any

from crmcli.i18n import msg
from crmcli.jobs.owners.holding import hold
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.workspace import Workspace
from crmcli.store.journal import open_run
from crmcli.store.records import fetch, fetch_where


def test_a_customer_s_owners_are_kept_with_who_and_when(desk: Any) -> None:
    workspace: Workspace = desk.workspace
    add_record(workspace, "customer", ["name=华东精密"])
    set_fields(workspace, "customer", "C1", ["owner=王芳"])
    set_fields(workspace, "customer", "C1", ["owner=王芳", "note=又写一遍"])
    set_fields(workspace, "customer", "C1", ["owner="])
    kept = fetch_where(workspace.db, "holding")
    assert [(row["from_owner"], row["owner"], row["kind"]) for row in kept] == [
        (None, "王芳", "set"),
        ("王芳", None, "set"),
    ]
    assert {row["by"] for row in kept} == {workspace.actor}
    assert all(row["at"] for row in kept)


def test_an_owner_takes_a_customer_out_of_its_pool(desk: Any) -> None:
    workspace: Workspace = desk.workspace
    add_record(workspace, "customer", ["name=华东精密"])
    with open_run(workspace.db, workspace.start("pool")) as run:
        customer = fetch(workspace.db, "customer", [1])[1]
        hold(run, customer, None, "公海", by="rule:公海", kind="pool", reason=msg("nobody"))
    assert fetch(workspace.db, "customer", [1])[1]["pool"] == "公海"
    set_fields(workspace, "customer", "C1", ["owner=王芳"])
    held = fetch(workspace.db, "customer", [1])[1]
    assert (held["owner"], held["pool"]) == ("王芳", None)
