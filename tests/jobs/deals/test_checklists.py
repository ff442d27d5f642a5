from __future__ import annotations

from typing import Any

import pytest

from crmcli.jobs.deals.checklists import UnknownItem, checklist, tick
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.records.editing import add_record
from crmcli.jobs.workspace import Workspace


@pytest.fixture
def workspace(desk: Any, settle: Any) -> Workspace:
    found: Workspace = settle(desk)
    add_record(found, "opportunity", ["name=年框"])
    return found


def _ticked(found: dict[str, Any]) -> list[str]:
    return [one["item"] for one in found["items"] if one["ticked"]]


def test_items_are_ticked_unticked_and_taken_back(workspace: Workspace) -> None:
    assert [(one["stage"], one["item"]) for one in checklist(workspace, "年框")["items"]] == [
        ("报价", "报价单已发"),
        ("报价", "现场勘察"),
    ]
    assert _ticked(tick(workspace, "O1", "勘察")) == ["现场勘察"]
    done = tick(workspace, "O1", "报价单已发")
    assert _ticked(done) == ["报价单已发", "现场勘察"]
    assert _ticked(tick(workspace, "O1", "现场勘察", undo=True)) == ["报价单已发"]
    undo_run(workspace, done["run"])
    assert "报价单已发" not in _ticked(checklist(workspace, "O1"))


@pytest.mark.parametrize("item", ["没有这条", "场勘察报", ""])
def test_an_unknown_item_is_refused_with_those_that_are_there(workspace: Workspace, item: str) -> None:
    with pytest.raises(UnknownItem, match="报价单已发, 现场勘察"):
        tick(workspace, "O1", item)
    assert _ticked(checklist(workspace, "O1")) == []


def test_a_dry_run_ticks_nothing(workspace: Workspace) -> None:
    assert tick(workspace, "O1", "勘察", dry_run=True)["run"] is None
    assert _ticked(checklist(workspace, "O1")) == []
