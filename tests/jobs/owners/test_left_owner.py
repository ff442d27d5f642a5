from __future__ import annotations

from typing import Any

import pytest

from crmcli.jobs.deals.moves import reopen_deal, void_deal
from crmcli.jobs.records.editing import add_record, set_fields
from crmcli.jobs.workspace import Workspace
from crmcli.store.records import fetch


@pytest.fixture
def workspace(desk: Any) -> Workspace:
    found: Workspace = desk.workspace
    for name in ("王芳", "李强"):
        add_record(found, "owner", [f"name={name}"])
    add_record(found, "customer", ["name=华东精密", "owner=王芳"])
    add_record(found, "opportunity", ["name=质检系统", "customer=C1", "owner=王芳"])
    void_deal(found, "O1")
    return found


def owner(workspace: Workspace) -> tuple[str | None, str | None]:
    deal = fetch(workspace.db, "opportunity", [1])[1]
    return deal["owner"], deal["owner_by"]


def test_a_deal_that_comes_back_stays_with_an_owner_who_is_there(workspace: Workspace) -> None:
    reopen_deal(workspace, "O1")
    assert owner(workspace) == ("王芳", "person")


def test_a_leavers_deal_comes_back_to_the_customers_owner(workspace: Workspace) -> None:
    set_fields(workspace, "owner", "王芳", ["active=否"])
    set_fields(workspace, "customer", "C1", ["owner=李强"])
    reopen_deal(workspace, "O1")
    assert owner(workspace) == ("李强", "rule")


def test_else_it_is_nobodys_until_it_is_assigned(workspace: Workspace) -> None:
    set_fields(workspace, "owner", "王芳", ["active=否"])
    reopen_deal(workspace, "O1")
    assert owner(workspace) == (None, None)
