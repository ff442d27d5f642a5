from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from crmcli.jobs.deals.verdicts import NoCollision, NoSuchWinner, decide_collision
from crmcli.jobs.journal.undo import undo_run
from crmcli.jobs.logging_activity import log_activity
from crmcli.jobs.owners.collisions import collisions
from crmcli.jobs.records.editing import add_record
from crmcli.jobs.reporting.write_report import make_report
from crmcli.jobs.workspace import Workspace
from crmcli.reports.json import document
from crmcli.store.records import fetch, fetch_where


def on(workspace: Workspace, day: str, actor: str = "经理") -> Workspace:
    return replace(workspace, clock=lambda: datetime.fromisoformat(f"{day}T10:00:00+08:00"), actor=actor)


@pytest.fixture
def contested(desk: Any) -> Workspace:
    """Return a workspace in which 王芳 and 李强 both work on one customer of 王芳's with an open deal of 李强's."""
    workspace: Workspace = desk.workspace
    add_record(on(workspace, "2026-01-05"), "customer", ["name=华东精密", "owner=王芳"])
    add_record(on(workspace, "2026-06-01"), "opportunity", ["name=改造", "customer=C1", "owner=李强"])
    log_activity(on(workspace, "2026-06-10", "王芳"), "C1", "打过电话")
    log_activity(on(workspace, "2026-06-20", "李强"), "O1", "拜访")
    return on(workspace, "2026-06-30")


def test_a_verdict_is_recorded_with_what_was_known_and_moves_nothing_by_itself(contested: Workspace) -> None:
    done = decide_collision(contested, "A:c1", "李强", note="客户点名")
    assert (done.owner, done.moved) == ("李强", ())
    (kept,) = fetch_where(contested.db, "verdict")
    assert (kept["subject"], kept["decided_by"], kept["note"], kept["records"]) == ("a:C1", "经理", "客户点名", ["C1"])
    assert kept["evidence"]["suggestion"] == "王芳"
    assert fetch(contested.db, "customer", [1])[1]["owner"] == "王芳"


def test_a_decided_collision_is_left_out_until_the_loser_goes_on(contested: Workspace) -> None:
    decide_collision(contested, "a:C1", "王芳")
    assert collisions(contested) == []
    (shown,) = collisions(contested, decided=True)
    assert shown.document()["verdict"]["owner"] == "王芳"
    log_activity(on(contested, "2026-06-30", "王芳"), "C1", "又打过电话")
    assert collisions(contested) == []
    log_activity(on(contested, "2026-06-30", "李强"), "C1", "还在跟")
    (again,) = collisions(contested)
    assert again.is_open
    decide_collision(contested, "a:C1", "王芳")
    assert collisions(contested) == [], "the last verdict counts"


def test_a_transfer_gives_the_winner_the_customer_and_the_others_open_deals(contested: Workspace) -> None:
    done = decide_collision(contested, "a:C1", "李强", transfer=True)
    assert done.moved == ("C1",), "the deal is theirs already"
    assert fetch(contested.db, "customer", [1])[1]["owner"] == "李强"
    assert fetch_where(contested.db, "holding")[-1]["kind"] == "verdict"
    undo_run(contested, done.run or "")
    assert fetch(contested.db, "customer", [1])[1]["owner"] == "王芳"
    assert fetch_where(contested.db, "verdict") == []
    assert decide_collision(contested, "a:C1", "王芳", transfer=True).moved == ("O1",)


@pytest.fixture
def two_deals(contested: Workspace) -> Workspace:
    """Return it with two open deals for one product, of two owners: only that collides."""
    add_record(contested, "customer", ["name=西部机械", "owner=王芳"])
    for name, owner in (("一线", "王芳"), ("二线", "李强")):
        add_record(contested, "opportunity", [f"name={name}", "customer=C2", f"owner={owner}", "product=包装机"])
    return contested


def test_a_verdict_that_was_carried_out_stays_listed_and_counted(two_deals: Workspace) -> None:
    assert decide_collision(two_deals, "b:C2:包装机", "李强", transfer=True).moved == ("O2",)
    assert [one.collision.subject for one in collisions(two_deals)] == ["a:C1"]
    (done,) = collisions(two_deals, ["b"], decided=True)
    told = done.document()
    assert (told["key"], told["open"], told["customers"]) == (
        "b:C2:包装机", False, [{"id": "C2", "name": "西部机械"}],
    )  # fmt: skip
    assert [(side["owner"], side["records"]) for side in told["sides"]] == [("王芳", ["O2"]), ("李强", ["O3"])]
    assert (told["verdict"]["owner"], told["reason"]) == ("李强", "decided; it collides no more")
    assert collisions(on(two_deals, "2026-06-29"), ["b"], decided=True) == [], "not before it was decided"
    assert _counts(two_deals) == [(1, 1, 0), (1, 0, 1)]


def test_a_manager_may_decide_again_what_collides_no_more(two_deals: Workspace) -> None:
    decide_collision(two_deals, "b:C2:包装机", "李强", transfer=True)
    assert decide_collision(two_deals, "b:C2:包装机", "王芳", transfer=True).moved == ("O2", "O3")
    assert [deal["owner"] for deal in fetch_where(two_deals.db, "opportunity")][1:] == ["王芳", "王芳"]


def test_a_verdict_needs_a_collision_and_somebody_who_is_known(contested: Workspace) -> None:
    with pytest.raises(NoCollision):
        decide_collision(contested, "a:C9", "王芳")
    with pytest.raises(NoSuchWinner):
        decide_collision(contested, "a:C1", "谁")
    assert decide_collision(contested, "a:C1", "王芳", dry_run=True).run is None
    assert fetch_where(contested.db, "verdict") == []


def test_the_report_counts_what_waits_and_what_was_decided(contested: Workspace) -> None:
    assert _counts(contested)[0] == (1, 1, 0)
    decide_collision(contested, "a:C1", "王芳")
    assert _counts(contested)[0] == (1, 0, 1)


def _counts(workspace: Workspace) -> list[tuple[int, int, int]]:
    """Return (found, waiting, decided) of each kind of collision in the report."""
    table = document(make_report(workspace, "collisions"))["tables"][0]
    keys = [column["key"] for column in table["columns"]]
    rows = [dict(zip(keys, row, strict=True)) for row in table["rows"]]
    return [(row["found"], row["waiting"], row["decided"]) for row in rows]
